# SPDX-License-Identifier: LGPL-2.1-or-later
"""The attacks of tests/stream/test-stream-attacks.c, on a running program over a real network."""
import collections
import os
import re
import select
import socket
import subprocess
import time

from xep174lab import FOOTER, LabTest, await_that, main
from xep174lab.process import PATIENCE, Failure

# What the table puts before all that is said in a stream; here the header says who it is.
HEADER = b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
ENDLESS = 12 * 1024 * 1024
ANONYMOUS = re.compile(rb"<\?xml version='1\.0'\?><stream:stream xmlns='jabber:client' "
                       rb"xmlns:stream='http://etherx\.jabber\.org/streams' from='juliet@capulet' "
                       rb"id='[0-9a-f]{8}' version='1\.0'>")

# Sound XML, but nothing that a session knows.
UNKNOWN = {name: 'unsupported-stanza-type' for name in (
    'markup/header-again', 'namespaces/rebound-and-back', 'namespaces/stream-rebound')}

Attack = collections.namedtuple('Attack', 'name inside octets endless condition footer items')


def read_attack(line):
    name, *rest = line.rstrip('\n').split('\t')
    octets, endless, transcript = (bytes.fromhex(text) for text in rest)
    lines = transcript.decode().splitlines()
    last = lines[-1] if lines else ''
    return Attack(name, octets.startswith(HEADER), octets.removeprefix(HEADER), endless,
                  last[2:] if last.startswith('! ') else UNKNOWN.get(name), last == 'F',
                  any(line.startswith('E ') for line in lines))


def attacks():
    return [read_attack(line) for line in subprocess.run(
        [os.environ['STREAM_ATTACKS'], '--list'], check=True, stdout=subprocess.PIPE,
        encoding='ascii').stdout.splitlines()]


class Attacks(LabTest):
    """juliet and romeo talk; on montague is somebody who knows what one must not say."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')
        cls.attacks = attacks()

    def setUp(self):
        super().setUp()
        self.juliet = self.chat(self.capulet, 'juliet')
        self.romeo = self.chat(self.padua, self.fresh('romeo'), self.juliet)
        self.tybalt = self.peer(self.montague, self.fresh('tybalt'))
        self.juliet.meet(self.tybalt)
        self.converse(self.juliet, self.romeo)
        stream = self.open()
        self.end(stream)
        self.memory, self.files = self.juliet.resident(), self.juliet.open_files()

    def aftermath(self, what, memory):
        """The program is as it was, and talks to everybody, the attacker too."""
        grown = self.juliet.resident() - self.memory
        self.note(f'{what}; afterwards {grown} kB more memory')
        self.assertLess(grown, 40_000 if self.juliet.sanitized() else memory)
        await_that('end of the streams', lambda: self.juliet.open_files() == self.files)
        self.juliet.forbid('session-closed', contact=self.romeo.name)
        self.converse(self.juliet, self.romeo, 'all is well')
        self.end(self.open())

    def open(self):
        """A session, in which something sound was said already."""
        stream = self.tybalt.open(self.juliet)
        stream.send(self.tybalt.message(self.juliet, 'sound'))
        self.juliet.hear(self.tybalt, 'sound')
        self.juliet.expect('session-opened', contact=self.tybalt.name)
        return stream

    def end(self, stream):
        stream.send(FOOTER)
        stream.expect(FOOTER)
        self.closed(stream)

    def closed(self, stream, condition=None):
        """TCP ends, and the program has been told why."""
        self.assertEqual(stream.rest(), b'')
        stream.finish()
        self.assertEqual(stream.expect_end(), 'EOF')
        stream.close()
        event = self.juliet.expect('session-closed', contact=self.tybalt.name)
        self.assertEqual(event['reason'] == 'closed', condition is None, event['reason'])

    def refused(self, stream, condition, inside):
        """All that it hears is the one error."""
        said = stream.expect(FOOTER)
        if not inside:
            self.assertRegex(said, ANONYMOUS)
            said = ANONYMOUS.sub(b'', said, 1)
        self.assertEqual(said, b"<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                         b"</stream:error></stream:stream>" % condition.encode())

    def attack(self, attack, send):
        stream = self.open() if attack.inside else self.tybalt.dial(self.juliet)
        send(stream, attack)
        if attack.condition:
            self.refused(stream, attack.condition, attack.inside)
        elif attack.footer:
            stream.expect(FOOTER)
        elif attack.items:
            stream.send(self.tybalt.message(self.juliet, 'still here'))
            self.juliet.hear(self.tybalt, 'still here')
            stream.send(FOOTER)
            stream.expect(FOOTER)
        if attack.inside:
            self.closed(stream, attack.condition)
        else:
            stream.finish()
            self.assertEqual(stream.expect_end(), 'EOF')
            stream.close()
            self.juliet.forbid('session-opened', contact=self.tybalt.name)

    @staticmethod
    def whole(stream, attack):
        stream.send(attack.octets)

    @staticmethod
    def octets(stream, attack):
        for i in range(len(attack.octets)):
            try:
                stream.socket.sendall(attack.octets[i:i + 1])
            except OSError:
                break           # refused in the middle of it

    @staticmethod
    def endless(stream, attack):
        """Until the other side has said that it is enough."""
        piece = attack.endless * (65536 // len(attack.endless))
        left = attack.octets
        sent = 0
        while sent < ENDLESS and FOOTER not in stream.received:
            left = left or piece
            readable, writable, _ = select.select([stream.socket], [stream.socket], [], PATIENCE)
            if readable:
                stream.rest()
            elif writable:
                done = stream.socket.send(left, socket.MSG_DONTWAIT)
                left = left[done:]
                sent += done

    def for_all(self, wanted, send):
        refused = collections.Counter()
        begun = time.monotonic()
        for attack in filter(wanted, self.attacks):
            try:
                self.attack(attack, send)
            except AssertionError as error:
                raise Failure(f'{attack.name}: {error}') from error
            refused[attack.condition or 'none'] += 1
        took = time.monotonic() - begun
        return f'{sum(refused.values())} attacks in {took:.1f} s: ' + ', '.join(
            f'{count} {condition}' for condition, count in sorted(refused.items()))

    def test_table(self):
        """X7: each attack hears the error that the table names, and nothing else."""
        self.aftermath(self.for_all(lambda attack: not attack.endless, self.whole), 3000)

    def test_table_in_octets(self):
        """X7: the same, each octet in a packet of its own."""
        self.aftermath(self.for_all(lambda attack: not attack.endless, self.octets), 3000)

    def test_endless(self):
        """X8: what does not end is not kept."""
        self.aftermath(self.for_all(lambda attack: attack.endless, self.endless), 6000)


if __name__ == '__main__':
    main()
