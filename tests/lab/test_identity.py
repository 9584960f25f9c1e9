# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whose words they are: the table of outcomes in doc/security.md, a story to each row."""
import re
import socket
import struct
import threading
import time

from xep174lab import FOOTER, LabTest, await_that, header, main
from xep174lab.mdns import Liar, name as domain_name, srv

ACCEPTED = 'accepted'
NAMELESS = 'answered without a name'


def outcome(stream):
    """What became of a stream whose header has been sent."""
    def settled():
        stream.rest()
        text = stream.received.decode('utf-8', 'replace')
        error = re.search(r'<stream:error><([a-z-]+) ', text)
        if error and '</stream:stream>' in text:
            return error.group(1)
        head = re.search(r'<stream:stream [^>]*>', text)
        if head and '</stream:features>' in text:
            return ACCEPTED if ' to=' in head.group() else NAMELESS
        return stream.ended
    return await_that(f'outcome of {stream.who}', settled)


class Identity(LabTest):
    """juliet listens on capulet; romeo and the nurse live on montague, the liar on padua."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', links=2, ipv6='global')
        cls.montague = lab.add('montague', links=2, ipv6='global')
        cls.padua = lab.add('padua')

    def setUp(self):
        super().setUp()
        self.romeo = self.peer(self.montague, 'romeo')
        self.liar = self.peer(self.padua, 'liar', publish=False)
        self.juliet = self.chat(self.capulet, 'juliet')
        self.juliet.meet(self.romeo)

    def say_who(self, caller, name, address=None):
        stream = caller.dial(self.juliet, address)
        stream.send(header(name, self.juliet.name))
        return stream

    def claim(self, caller, name, address=None):
        """The stream of a caller who says that it is @name, and its outcome."""
        stream = self.say_who(caller, name, address)
        return stream, outcome(stream)

    def refused(self, caller, claims, address=None):
        """Each name of the claims gets its condition."""
        streams = [self.say_who(caller, name, address) for name in claims]
        for (name, condition), stream in zip(claims.items(), streams):
            self.assertEqual(outcome(stream), condition, name)
            # Stanzas of who was refused reach nobody.
            stream.send(caller.message(self.juliet, 'forged') + FOOTER)
            stream.expect_end()
        self.juliet.forbid('message')
        self.juliet.forbid('session-opened')

    def accepted(self, caller, name, address=None, heard_as=None):
        stream, result = self.claim(caller, name, address)
        self.assertEqual(result, ACCEPTED, name)
        body = f'it is {name} over {address}'
        stream.send(f"<message type='chat'><body>{body}</body></message>".encode())
        self.juliet.hear(heard_as or caller, body)
        stream.send(FOOTER)
        stream.expect(FOOTER)
        stream.close()
        self.juliet.expect('session-closed')

    # Headers

    def test_right_address(self):
        """X13 D12 I1: a contact is believed from each of its addresses, IPv4-mapped ones too."""
        link = self.montague.links[0]
        for address in (self.capulet.ipv4[0], f'::ffff:{self.capulet.ipv4[0]}',
                        self.capulet.ipv6[0], self.capulet.ipv4[1],
                        f'{self.capulet.link_local(0)}%{link}'):
            self.accepted(self.romeo, self.romeo.name, address)

    def test_other_case(self):
        """X13 I2: a name in other ASCII case is the same contact."""
        self.accepted(self.romeo, self.romeo.name.upper(), heard_as=self.romeo)

    def test_wrong_address(self):
        """X13 I3: a contact's name from elsewhere is no one's."""
        self.refused(self.liar, {self.romeo.name: 'invalid-from'})

    def test_wrong_scope(self):
        """X13 I4: a link-local address counts on the link where the contact was seen only."""
        hermit = self.peer(self.montague, 'hermit', publish=False)
        hermit.publish(link=0)
        self.juliet.meet(hermit)
        self.accepted(hermit, hermit.name,
                      f'{self.capulet.link_local(0)}%{self.montague.links[0]}')
        self.juliet.take_all('session-opened')
        self.refused(hermit, {hermit.name: 'invalid-from'},
                     f'{self.capulet.link_local(1)}%{self.montague.links[1]}')

    def test_neighbours(self):
        """X13 I5: people on one host can take each other's names: an address is all there is."""
        nurse = self.peer(self.montague, 'nurse')
        self.juliet.meet(nurse)
        self.accepted(nurse, self.romeo.name, heard_as=self.romeo)

    def test_not_known_yet(self):
        """X13 I6: who calls before the first announcement is heard is looked up, and believed."""
        early = self.peer(self.montague, 'early', publish=False)
        early.publish(wait=False)
        self.accepted(early, early.name)

    def test_gone(self):
        """X13 D13 I7: a contact that has said goodbye is nobody."""
        self.romeo.withdraw()
        self.juliet.expect('contact-removed', name=self.romeo.name)
        self.refused(self.romeo, {self.romeo.name: 'host-unknown'})

    def test_strangers(self):
        """X13 D16 I8 I9 I10: a name that nobody has, ours, and none that can be one."""
        ours = (self.juliet.name, self.juliet.name.upper(), f'{self.juliet.name}/home')
        self.refused(self.liar, dict.fromkeys(ours, 'invalid-from'))
        for names in (
                ('x' * 64, '\u4e2d' * 40, 'x' * 4000, '@', '.', '&#10;'),
                ('nobody@padua', 'a&#9;b', self.liar.name + '&#x202e;', self.padua.ipv4[0],
                 '_presence._tcp.local', '&lt;x/&gt;')):
            self.refused(self.liar, dict.fromkeys(names, 'host-unknown'))

    def test_leads_nowhere(self):
        """X13 I8: an SRV record alone that leads nowhere is nobody's, from a link-local address too."""
        liar = Liar(self.padua)
        self.addCleanup(liar.close)
        embedded = self.chat(self.montague, 'benvolio', discovery='embedded')
        nowhere = {'evil@x': (domain_name('evil', 'local'), 0), 'root@x': (b'\0', 5298)}
        for victim in self.juliet, embedded:
            here = f'{victim.host.link_local(0)}%{self.padua.links[0]}'
            streams = []
            for _ in range(2):
                for each, (target, port) in nowhere.items():
                    streams.append(self.liar.dial(victim, here))
                    streams[-1].send(header(each, victim.name))
                    liar.say([srv(each, target, port)])
                time.sleep(0.5)
            for stream in streams:
                self.assertEqual(outcome(stream), 'host-unknown')
                stream.close()
            victim.forbid('session-opened')
        self.converse(self.juliet, embedded)

    def test_nameless(self):
        """X4 I11 I12 I13: no name is the contact's of that address, else its first stanza tells."""
        for name in (None, ''):
            stream, result = self.claim(self.romeo, name)
            self.assertEqual(result, ACCEPTED)
            stream.send(b"<message type='chat'><body>who?</body></message>" + FOOTER)
            self.juliet.hear(self.romeo, 'who?')
            stream.close()
            self.juliet.expect('session-closed')
        self.juliet.take_all('session-opened')
        cases = ((b"<message type='chat'><body>who?</body></message>", 'improper-addressing'),
                 (self.liar.message(self.juliet, 'forged'), 'host-unknown'),
                 (self.romeo.message(self.juliet, 'forged'), 'invalid-from'))
        streams = [self.say_who(self.liar, None) for _ in cases]
        for (first, condition), stream in zip(cases, streams):
            self.assertEqual(outcome(stream), NAMELESS)
            stream.send(first)
        for (first, condition), stream in zip(cases, streams):
            stream.expect(f'<stream:error><{condition} '.encode())
            stream.expect(FOOTER)
        self.juliet.forbid('message')
        self.juliet.forbid('session-opened')

    # Stanzas

    def test_stanzas(self):
        """X3 I14 I15 I16: on a stream only its contact speaks, from whichever address."""
        for sender, condition in (
                (self.romeo.name, None), (self.romeo.name + '/home', None), ('', None),
                (self.romeo.name.upper(), None),
                ('nurse@montague', 'invalid-from'), (self.juliet.name, 'invalid-from'),
                (self.romeo.name + 'x', 'invalid-from'), ('@', 'invalid-from'),
                ('&#10;', 'invalid-from')):
            stream, _ = self.claim(self.romeo, self.romeo.name)
            stream.send(f"<message from='{sender}' type='chat'><body>I say</body></message>"
                        .encode())
            if condition:
                stream.expect(f'<stream:error><{condition} '.encode())
                stream.expect(FOOTER)
            else:
                self.juliet.hear(self.romeo, 'I say')
                stream.send(FOOTER)
                stream.expect(FOOTER)
                self.juliet.expect('session-opened', contact=self.romeo.name)
                self.juliet.expect('session-closed', contact=self.romeo.name)
            stream.close()
        # Who answers an offer to encrypt with somebody else's words was never in a session (T5).
        self.juliet.forbid('session-opened')
        self.juliet.forbid('message')


class Questions:
    """Counts the mDNS packets that a host sends, as its neighbours see them."""

    def __init__(self, host, address):
        with host.network():
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self._socket.settimeout(0.2)
        self._source = socket.inet_aton(address)
        self.count = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            try:
                frame = self._socket.recv(1 << 16)
            except TimeoutError:
                continue
            except OSError:
                return
            packet = frame[14:]
            if frame[12:14] == b'\x08\x00' and packet[9] == socket.IPPROTO_UDP \
                    and packet[12:16] == self._source:
                port, = struct.unpack_from('!H', packet, (packet[0] & 15) * 4 + 2)
                self.count += port == 5353

    def close(self):
        self._socket.close()


class Outsider(LabTest):
    """Somebody on the network who is no contact."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv6=None)
        cls.montague = lab.add('montague', ipv6=None)
        cls.padua = lab.add('padua', ipv6=None)

    def test_outsider_is_bounded(self):
        """X8 X13 I17: six hundred false names: few questions, little memory, and others are served."""
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.montague, 'romeo', juliet)
        self.converse(juliet, romeo)
        liar = self.peer(self.padua, 'liar', publish=False)
        questions = Questions(self.padua, self.capulet.ipv4[0])
        self.addCleanup(questions.close)
        memory, files = juliet.resident(), juliet.open_files()
        most, results = 0, {}
        for lot in range(3):
            streams = [liar.dial(juliet) for _ in range(200)]
            for i, stream in enumerate(streams):
                stream.send(header(f'liar-{lot}-{i}@padua', juliet.name))
            most = max(most, juliet.open_files() - files)
            self.converse(romeo, juliet, f'in spite of {lot}')
            for stream in streams:
                result = outcome(stream)
                results[result] = results.get(result, 0) + 1
                stream.close()
        grown = juliet.resident() - memory
        self.note(f'{sum(results.values())} calls under as many false names: {questions.count} mDNS packets asked, '
                  f'at most {most} descriptors held, memory grown by {grown} kB; {results}')
        self.assertLess(questions.count, 100)
        self.assertLess(most, 100)
        self.assertLess(grown, 80_000 if juliet.sanitized() else 2000)
        # Most are closed without a word; the others are told why.
        self.assertLessEqual(set(results), {'host-unknown', 'resource-constraint', 'EOF',
                                            'ConnectionResetError'})
        juliet.forbid('session-opened', contact=lambda name: name != romeo.name)
        await_that('end of the calls', lambda: juliet.open_files() <= files + 8)


if __name__ == '__main__':
    main()
