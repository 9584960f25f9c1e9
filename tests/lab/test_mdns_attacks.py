# SPDX-License-Identifier: LGPL-2.1-or-later
"""Somebody on the link tells lies over mDNS.  Both backends hear each of them."""
import os
import random
import socket
import struct
import time

from xep174lab import LabTest, Process, main
from xep174lab.chat import tool
from xep174lab.mdns import A, PTR, SERVICE, TXT, Liar, name, packet, person, ptr, record, txt

BIDI = '\u202e\u2066'       # what follows is shown backwards, or apart
TICKS = os.sysconf('SC_CLK_TCK')


def cpu(process):
    """Seconds that it has run."""
    with open(f'/proc/{process.pid}/stat', encoding='ascii') as stat:
        fields = stat.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Lies(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona')
        cls.padua = lab.add('padua', avahi=False)
        cls.venice = lab.add('venice', bus=False, avahi=False)

    def setUp(self):
        super().setUp()
        self.romeo = self.chat(self.verona, 'romeo')
        self.juliet = self.chat(self.padua, 'juliet', self.romeo, discovery='embedded')
        self.victims = self.romeo, self.juliet
        self.liar = Liar(self.venice)
        self.addCleanup(self.fall_silent)
        self.began = [(cpu(victim), victim.resident()) for victim in self.victims]

    def fall_silent(self):
        """The next story begins as this one did: nobody of the last one is in a cache."""
        self.liar.close()
        self.verona.stop_avahi()
        self.verona.start_avahi()
        self.verona.await_avahi()

    def leave(self, *names):
        self.liar.say([ptr(each, ttl=0) for each in names])
        for victim in self.victims:
            for each in names:
                victim.expect('contact-removed', name=each)

    def bounded(self, seconds, kilobytes):
        """Asserts what the lies have cost; a sanitizer's memory and time say nothing."""
        for victim, (ran, size) in zip(self.victims, self.began):
            ran, size = cpu(victim) - ran, victim.resident() - size
            self.note(f'{victim.name}: {self.liar.packets} packets cost {ran:.2f} s of CPU and '
                      f'{size} kB')
            if not victim.sanitized():
                self.assertLess(ran, seconds)
                self.assertLess(size, kilobytes)

    def test_txt(self):
        """D3 D6 D7: every way to write a TXT record wrong; each is a contact with what is right."""
        long = [f'k{i}=' + 'x' * 250 for i in range(30)]
        wrong = {
            'twice': (txt('status=away', 'status=dnd', 'STATUS=avail', 'nick=a', 'NICK=b'),
                      ('away', 'a')),
            'no-equals': (txt('status', 'nick=n'), ('available', 'n')),
            'only-equals': (txt('=x', '=', 'nick=n'), ('available', 'n')),
            'empty-strings': (b'\0\0\0' + txt('status=dnd') + b'\0', ('dnd', None)),
            'nothing': (b'\0', ('available', None)),
            'binary': (txt(b'status=\xff\xfe', b'nick=\xc3(\0\x80'), ('available', '\ufffd(\ufffd\ufffd')),
            'control-key': (txt(b'sta\0tus=dnd', 'st\u00e4tus=dnd'), ('available', None)),
            'long': (txt(*long, 'status=dnd'), ('dnd', None)),
        }
        for each, (rdata, _) in wrong.items():
            self.liar.say(person(each, rdata))
        # All that a datagram takes.
        wrong['huge'] = txt(*['y' * 255] * 250), ('available', None)
        self.liar.send(packet(person('huge', wrong['huge'][0])))
        for victim in self.victims:
            for each, (_, (status, nick)) in wrong.items():
                victim.expect('contact-added', name=each, status=status, nick=nick)
        self.leave(*wrong)
        self.converse(self.romeo, self.juliet)
        self.bounded(2, 4000)

    def test_names(self):
        """D16: names that are hard to read or to take apart; those that are no UTF-8 are nobody."""
        good = ['n' * 63, '\u0436' * 31, 'dots.in.it@x', 'back\\slash\\046@x', 'a b (c)',
                'escape\x1b[2J\x07@x', 'line\nbreak@x', BIDI + 'oemor@x', '\x7f\x01', '_presence', '@',
                'Romeo\u200b@verona']
        bad = [b'nul\0octet', b'\xff\xfe', b'cut\xe2\x82', b'overlong\xc0\xaf', b'half\xed\xa0\x80']
        browse = Process(self.padua, 'browse', [tool(), 'browse', '--discovery', 'embedded'])
        browse.await_that('Juliet', lambda: any('juliet' in line for line in browse.lines))
        for each in bad + good:
            self.liar.say(person(each, txt('nick=' + BIDI)))
        for victim in self.victims:
            for each in good:
                victim.expect('contact-added', name=each)
            victim.forbid('contact-added')
        # In front of a person: nothing that moves the cursor, begins a line or turns the text round.
        browse.await_that('everybody', lambda: len(browse.lines) >= len(good))
        browse.kill()
        text = ''.join(browse.lines)
        self.assertIn('oemor', text)
        self.assertEqual([c for c in text if ord(c) < 32 or 127 <= ord(c) < 160 or c in BIDI], [])
        self.leave(*good)
        self.bounded(2, 4000)

    def test_srv(self):
        """D8 D12: SRV records that lead nowhere, to ourselves or to the loopback interface."""
        listeners = [self.listen(victim.host, '127.0.0.1') for victim in self.victims]
        targets = {}
        self.say_address('liar', self.venice.ipv4[0])
        self.say_address('loopback', '127.0.0.1')
        self.say_address('zero', '0.0.0.0')
        self.say_address('all', '255.255.255.255')
        self.say_address('group', '224.0.0.251')
        for number, (victim, listener) in enumerate(zip(self.victims, listeners)):
            self.say_address(f'victim-{number}', victim.host.ipv4[0])
            targets[f'ourselves-{number}'] = (name(f'victim-{number}', 'local'), victim.port)
            targets[f'port-{number}'] = (name('liar', 'local'), 0)
            targets[f'root-{number}'] = (b'\0', 5298)
            targets[f'nobody-{number}'] = (name('nobody', 'local'), 5298)
            for host in ('loopback', 'zero', 'all', 'group'):
                targets[f'{host}-{number}'] = (name(host, 'local'), listener.getsockname()[1])
        for each, (target, port) in targets.items():
            self.liar.say(person(each, txt('txtvers=1'), target, port))
        for number, victim in enumerate(self.victims):
            for each in targets:
                victim.expect('contact-added', name=each)
                if each.endswith(f'-{number}'):
                    victim.say(each, 'hello')
        time.sleep(6)
        for victim, listener in zip(self.victims, listeners):
            self.assertRaises(BlockingIOError, listener.accept)
            victim.forbid('session-opened')
            victim.forbid('message')
            victim.forbid('sent')
        self.leave(*targets)
        self.converse(self.romeo, self.juliet)
        self.bounded(4, 6000)

    def listen(self, host, address):
        with host.network():
            listener = socket.create_server((address, 0))
        listener.setblocking(False)
        self.addCleanup(listener.close)
        return listener

    def say_address(self, host, address):
        self.liar.say([record(name(host, 'local'), A, socket.inet_aton(address), unique=True)])

    def test_flapping(self):
        """D14: twenty people come, change and go, fifty times a second."""
        people = [f'flap-{i}' for i in range(20)]
        packets = 0
        until = time.monotonic() + 4
        while time.monotonic() < until:
            for ttl in (4500, 0):
                for each in people:
                    self.liar.say(person(each, txt(f'msg={packets}'), ttl=ttl))
                packets += 1
                time.sleep(0.01)
        for victim in self.victims:
            self.note(f'{victim.name}: {len(victim.events)} events')
        self.bounded(4, 6000)
        self.say_until([each for one in people for each in person(one, txt('msg=last'))],
                       'last of all', lambda: all(self.saying(victim, 'last') >= set(people)
                                                  for victim in self.victims))
        self.converse(self.romeo, self.juliet)

    @staticmethod
    def saying(chat, message):
        """Those contacts of whom this is the last that is known."""
        with chat.changed:
            latest = {event.get('name'): event.get('message') for event in chat.events}
        return {name for name, last in latest.items() if last == message}

    def known(self, victim, people):
        with victim.changed:
            told = [(event['event'], event['name']) for event in victim.events
                    if event['event'] in ('contact-added', 'contact-removed')]
        here = set()
        for event, one in told:
            (here.add if event == 'contact-added' else here.discard)(one)
        return len(here & people)

    def say_until(self, records, what, check):
        """Nobody asks a liar again for what was lost on the way, and on a busy machine much is."""
        for _ in range(12):
            self.liar.say(records)
            until = time.monotonic() + 5
            while time.monotonic() < until:
                if check():
                    return
                time.sleep(0.05)
        self.fail(f'no {what}: {[len(victim.events) for victim in self.victims]}')

    def crowd(self, people, ttl):
        return [each for one in random.sample(sorted(people), len(people))
                for each in person(one, txt('status=away'), ttl=ttl)]

    def test_thousands(self):
        """D11 D13: 1,000 appear and vanish, then 2,000, which is more than the daemon remembers."""
        self.liar.pause = 0.008
        # How many are enough to go on: some of 2,000 are lost on the way each time on a busy machine.
        for number, romeos, juliets in ((1000, 950, 950), (2000, 1200, 1800)):
            people = {f'crowd-{number}-{i}' for i in range(number)}
            began = time.monotonic()
            self.say_until(self.crowd(people, 4500), f'{number} contacts',
                           lambda: self.known(self.romeo, people) >= romeos
                           and self.known(self.juliet, people) >= juliets)
            for victim in self.victims:
                self.note(f'{victim.name} knows {self.known(victim, people)} of {number} after '
                          f'{time.monotonic() - began:.1f} s in {victim.resident()} kB')
            if number == 2000:
                self.romeo.expect('error', message=lambda text: 'cache-entries-max' in text)
                # Two limits have that word, and each is told again when it is reached again. And while so
                # many packets wait the daemon may not answer for ten seconds, which is told, too.
                self.romeo.take_all('error', message=lambda text: 'cache-entries-max' in text
                                    or 'avahi-daemon does not answer' in text)
            self.romeo.forbid('error')
            self.juliet.forbid('error')
            self.say_until(self.crowd(people, 0), 'end of them',
                           lambda: not any(self.known(victim, people) for victim in self.victims))
            for victim in self.victims:
                del victim.events[:]
        self.converse(self.romeo, self.juliet)
        self.bounded(40, 40000)

    def test_goodbyes(self):
        """D13 D14: goodbyes that others say for us. Who is there still says so, and stays."""
        self.converse(self.romeo, self.juliet)
        for victim in self.victims:
            for _ in range(5):
                self.liar.say(person(victim.name, txt('status=dnd'), ttl=0))
                self.liar.say([ptr(victim.name, ttl=0)])
        time.sleep(3)
        for victim, other in (self.victims, self.victims[::-1]):
            victim.forbid('session-closed')
            gone = len(victim.take_all('contact-removed', name=other.name))
            back = len(victim.take_all('contact-added', name=other.name))
            self.note(f'{victim.name}: {other.name} went {gone} times')
            if gone > back:
                victim.expect('contact-added', name=other.name)
        self.converse(self.romeo, self.juliet)

    def test_strange_pointers(self):
        """D1 D10: pointers to other types and domains, to ourselves, to nothing."""
        browsed = name(*SERVICE)
        for each in (name('printer', '_http', '_tcp', 'local'),
                     name('far', '_presence', '_tcp', 'example', 'com'),
                     name('juliet@padua', '_presence', '_tcp', 'example', 'com'),
                     name('sub', '_x', '_sub', *SERVICE), browsed, b'\0', name('local')):
            self.liar.say([record(browsed, PTR, each)])
            # Had it been taken for somebody, this would be all that there is to know.
            self.liar.say([record(each, TXT, txt('nick=strange'), unique=True)])
        # What is said of another domain is no goodbye of hers.
        self.liar.say([record(browsed, PTR, name('juliet@padua', '_presence', '_tcp', 'example',
                                                 'com'), ttl=0)])
        self.liar.say([ptr(self.romeo.name), ptr(self.juliet.name)])
        self.liar.say(person('last', txt('txtvers=1')))
        for victim in self.victims:
            victim.expect('contact-added', name='last')
            victim.forbid('contact-added')
        time.sleep(1.5)
        for victim in self.victims:
            victim.forbid('contact-removed')
        self.leave('last')
        self.converse(self.romeo, self.juliet)

    def test_malformed(self):
        """Packets that lead a parser in circles or over the edge, and 3,000 mutilated ones."""
        head = struct.pack('!HHHHHH', 0, 0x8400, 0, 1, 0, 0)
        fixed = struct.pack('!HHIH', PTR, 1, 4500, 2)
        loops = [
            head + b'\xc0\x0c' + fixed + b'\xc0\x0c',                # a pointer to itself
            head + b'\xc0\x18' + fixed + b'\xc0\x0c',                # one to the other and back
            head + b'\x01a\xc0\x0c' + fixed + b'\xc0\x0c',           # ever longer
            head + name(*SERVICE) + fixed + b'\xff\xff',             # over the end
            head + b'\x40' + b'a' * 64 + b'\0' + fixed + b'\xc0\x0c',
            head + name(*['a' * 63] * 5) + fixed + b'\xc0\x0c',      # more than 255 octets
            head + name(*['a'] * 200) + fixed + b'\xc0\x0c',
            head + name(*SERVICE) + struct.pack('!HHIH', PTR, 1, 4500, 65535) + b'\x01a\0',
            head[:6] + b'\xff\xff' * 3 + name(*SERVICE), head[:7], b'', b'\0',
        ]
        for octets in loops * 20:
            self.liar.send(octets)
        valid = packet(person('mutilated', txt('nick=m', 'status=away')))
        choose = random.Random(174)
        for _ in range(3000):
            octets = bytearray(valid)
            for _ in range(choose.randint(1, 8)):
                octets[choose.randrange(len(octets))] = choose.randrange(256)
            self.liar.send(bytes(octets[:choose.randint(1, len(octets))]))
        self.liar.say(person('last', txt('txtvers=1')))
        for victim in self.victims:
            victim.expect('contact-added', name='last')
        self.converse(self.romeo, self.juliet)
        self.bounded(4, 6000)


if __name__ == '__main__':
    main()
