# SPDX-License-Identifier: LGPL-2.1-or-later
"""Too much of everything: connections, junk, and words for somebody who does not listen."""
import random
import re
import selectors
import socket
import struct

from xep174lab import PATIENCE, LabTest, await_that, header, main

FLOOD = 20_000
AT_ONCE = 500
JUNK = 300
UNREAD = 10_000
# The states of connections that a listener holds or may yet hold, at its end and at the other.
HELD = ('SYN_RECV', 'ESTABLISHED', 'CLOSE_WAIT')
COMING = ('SYN_SENT', 'ESTABLISHED', 'FIN_WAIT1')


class Flood(LabTest):
    """juliet and romeo talk; on montague is somebody who would rather they did not."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')
        # Whoever has a machine may have as many addresses as it likes.
        cls.capulet.ip('route', 'add', '10.98.0.0/16', 'dev', 'eth0')
        cls.sources = [f'10.98.7.{i}' for i in range(1, 101)]
        for source in cls.sources:
            cls.montague.ip('addr', 'add', f'{source}/16', 'dev', 'eth0')

    def setUp(self):
        super().setUp()
        self.juliet = self.chat(self.capulet, 'juliet')
        self.romeo = self.chat(self.padua, self.fresh('romeo'), self.juliet)
        self.gate = self.peer(self.montague, self.fresh('gate'))
        self.juliet.meet(self.gate)
        self.converse(self.juliet, self.romeo)
        self.memory, self.files = self.juliet.resident(), self.juliet.open_files()
        self.most = 0

    def look(self, what=None):
        self.most = max(self.most, self.juliet.open_files() - self.files)
        if what:
            self.converse(self.romeo, self.juliet, what)

    def aftermath(self, most, memory, what):
        """No more was held at a time, little is kept, and whoever is welcome is welcome again."""
        grown = self.juliet.resident() - self.memory
        self.note(f'{what}; at most {self.most} descriptors held, memory grown by {grown} kB')
        self.assertLess(self.most, most)
        self.assertLess(grown, 80_000 if self.juliet.sanitized() else memory)
        # A connection that the listener's full queue had no room for is complete for its caller only:
        # it comes to juliet when the kernels repeat themselves, later than those that followed it.
        await_that('end of the connections', lambda: not self.montague.connections(COMING)
                   and len(self.capulet.connections(HELD)) == 1, 2 * PATIENCE)
        await_that('end of the crowd', lambda: self.juliet.open_files() <= self.files)
        stream = self.gate.open(self.juliet)
        stream.send(self.gate.message(self.juliet, 'me too'))
        self.juliet.hear(self.gate, 'me too')
        self.converse(self.juliet, self.romeo, 'all is well')
        self.assertLessEqual(self.juliet.open_files(), self.files + 1)

    def connect(self, count, sources=('0.0.0.0',)):
        made = []
        with self.montague.network():
            for i in range(count):
                sock = socket.socket()
                sock.setblocking(False)
                sock.bind((sources[i % len(sources)], 0))
                sock.connect_ex((self.capulet.ipv4[0], self.juliet.port))
                made.append(sock)
        with selectors.DefaultSelector() as waiting:
            for sock in made:
                waiting.register(sock, selectors.EVENT_WRITE)
            while waiting.get_map():
                ready = waiting.select(PATIENCE)
                self.assertTrue(ready, 'connections hang')
                for key, _ in ready:
                    waiting.unregister(key.fileobj)
        return made

    @staticmethod
    def close(crowd):
        """Closes them; how many had been ended by the other side."""
        ended = 0
        for sock in crowd:
            try:
                ended += sock.recv(4096) is not None
            except BlockingIOError:
                pass
            except OSError:
                ended += 1
            sock.close()
        return ended

    def test_connections(self):
        """X8: 20,000 connections from one address; others are served all the while."""
        made = refused = 0
        while made < FLOOD:
            crowd = self.connect(AT_ONCE)
            made += len(crowd)
            self.look(f'in spite of {made}' if made % (10 * AT_ONCE) == 0 else None)
            refused += self.close(crowd)
        self.aftermath(150, 8000, f'{made} connections, {AT_ONCE} at once, {refused} refused at once')

    def test_many_addresses(self):
        """X8: from a hundred addresses at once all together have no more than all may have."""
        crowd = self.connect(800, self.sources)
        self.look('in spite of a hundred hosts')
        # Who is full up still goes to others.
        tybalt = self.peer(self.padua, 'tybalt')
        self.juliet.meet(tybalt)
        number = self.juliet.say(tybalt, 'turn and draw')
        stream = tybalt.accept()
        tybalt.answer(stream, self.juliet.name)
        stream.expect(b'turn and draw')
        self.juliet.expect('sent', id=number)
        stream.close()
        self.juliet.expect('session-closed', contact=tybalt.name)
        self.close(crowd)
        self.aftermath(250, 4000, f'{len(crowd)} connections from {len(self.sources)} addresses')

    def test_half_open(self):
        """X8: 400 connections whose other end vanishes without a packet are gone after a time."""
        crowd = self.connect(400, self.sources)
        for i, sock in enumerate(crowd):
            if i % 2:
                try:
                    sock.send(header(self.gate.name, self.juliet.name)[:i])
                except OSError:
                    pass        # refused already
        self.montague.cut()
        self.look('nobody is there')
        for sock in crowd:
            # Nothing is left there that could still say goodbye.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.close(crowd)
        await_that('end of the vanished', lambda: self.juliet.open_files() <= self.files,
                   2 * PATIENCE)
        self.montague.mend()
        self.aftermath(250, 4000, f'{len(crowd)} connections that vanish')

    def test_junk(self):
        """X7 X8: whatever octets come, the stream ends and nothing else does."""
        dice = random.Random(174)
        for number in range(JUNK):
            stream = self.gate.dial(self.juliet)
            octets = dice.randbytes(dice.choice((1, 100, 20_000)))
            if number % 3:
                octets = header(self.gate.name, self.juliet.name) + octets
            try:
                stream.send(octets)
                stream.finish()
            except OSError:
                pass            # refused in the middle of it
            self.look()
            stream.expect_end()
            stream.close()
        self.juliet.forbid('message', **{'from': self.gate.name})
        self.aftermath(60, 3000, f'{JUNK} streams of junk')

    @staticmethod
    def read(stream, last):
        """The numbers of the messages up to that one, with a receipt for whatever asks for one."""
        numbers = []
        while numbers[-1:] != [last]:
            got = stream.expect(b'</')
            asked = re.search(rb"id='(xep174-ping-\d+)'", got)
            if b'<body>' in got:
                numbers.append(int(got.split(b'<body>')[1].split()[0]))
            elif asked:
                stream.send(b"<iq type='result' id='%s'/>" % asked[1])
        return numbers

    def test_ten_thousand_unread(self):
        """X8 S7: 10,000 stanzas to who does not read: they wait, others do not, all are reported."""
        stream = self.gate.open(self.juliet)
        stream.send(self.gate.message(self.juliet, 'one'))
        self.juliet.hear(self.gate, 'one')
        before = self.juliet.resident()
        for number in range(UNREAD):
            self.juliet.say(self.gate, f'{number} {"x" * 1000}')
        self.look('meanwhile')
        written = len(self.juliet.take_all('sent'))
        grown = self.juliet.resident() - before
        self.note(f'{UNREAD} stanzas of 1 kB to who does not read: {written} in the socket, memory '
                  f'grown by {grown} kB')
        self.assertLess(written, UNREAD / 4)
        # Each is an object that tells what becomes of it, and what is written to the socket: twice its text.
        self.assertLess(grown, 200_000 if self.juliet.sanitized() else 60_000)
        stream.reset()
        self.juliet.expect('session-closed', contact=self.gate.name)
        # More may have gone into the socket since they were counted.
        written += len(self.juliet.take_all('sent'))
        self.assertEqual(len(self.juliet.take_all('unconfirmed')), written)
        # The others go out on the next stream, which is read.
        again = self.gate.accept()
        self.gate.answer(again, self.juliet.name)
        numbers = self.read(again, UNREAD - 1)
        self.converse(self.juliet, self.romeo, 'all is well')
        # One had begun, and was told to be unconfirmed by its own send.
        half = len(self.juliet.take_all('failed'))
        self.assertLessEqual(half, 1)
        self.assertEqual(numbers, list(range(written + half, UNREAD)))
        self.assertNotIn(b'<message', again.rest())


if __name__ == '__main__':
    main()
