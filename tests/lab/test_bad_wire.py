# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong on the wire: a clear error or a quiet refusal each, and the rest goes on."""
import resource

from xep174lab import FOOTER, LabTest, header, main


class Wire(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')

    def setUp(self):
        super().setUp()
        self.juliet = self.chat(self.capulet, 'juliet')
        self.romeo = self.chat(self.padua, self.fresh('romeo'), self.juliet)

    def tearDown(self):
        """After every story the rest of the program goes on as if nothing had been."""
        try:
            if self.juliet.popen.returncode is None:
                self.converse(self.juliet, self.romeo, 'all is well')
        finally:
            super().tearDown()

    def raw(self, user):
        raw = self.peer(self.montague, user)
        self.juliet.meet(raw)
        return raw

    def ended_with(self, stream, condition):
        """The stream was ended with that error (or, where it says None, anyhow)."""
        stream.expect_end()
        if condition:
            self.assertIn(f'<{condition} xmlns='.encode(), stream.received)
            self.assertTrue(stream.received.endswith(FOOTER))

    def test_garbage_before_a_stream(self):
        """Bad input X7 X8: what is no stream header at all is refused at once."""
        raw = self.raw('apothecary')
        head = header(raw.name, self.juliet.name)
        ns = b" xmlns:stream='http://etherx.jabber.org/streams'"
        for octets, condition in (
                (b'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'not-well-formed'),
                (bytes(range(256)) * 16, None),
                (b'\x00' * 1000, None),
                (b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', None),
                (b'<html>', None),
                (b"<stream:stream xmlns='jabber:server'" + ns + b" version='1.0'>",
                 'invalid-namespace'),
                (b"<stream:stream xmlns='jabber:client' xmlns:stream='urn:x' version='1.0'>",
                 'invalid-namespace'),
                (b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + head, 'restricted-xml'),
                (b"<?xml version='1.0'?><!-- hello -->" + head.split(b'?>')[1], 'restricted-xml'),
                (b"<?xml version='1.0' encoding='UTF-16'?>" + head.split(b'?>')[1],
                 'unsupported-encoding'),
                (head.replace(b'1.0\'>', b'2.0\'>'), None)):
            stream = raw.dial(self.juliet)
            stream.send(octets)
            if octets.endswith(b"2.0'>"):
                stream.expect_header()
                stream.close()
                continue
            stream.finish()
            self.ended_with(stream, condition)
        self.juliet.forbid('session-opened', contact=raw.name)

    def test_garbage_in_a_stream(self):
        """Bad input X7 X8: each ends the one stream with the fitting error, and no other."""
        raw = self.raw('musician')
        for octets, condition in (
                (b'<message><body>not closed</message>', 'not-well-formed'),
                (b'\xff\xfe\xfd', None),
                (b'<message><body>\xc0\xaf</body></message>', None),
                (b'<message><body>&nbsp;</body></message>', 'restricted-xml'),
                (b'<!-- comment -->', 'restricted-xml'),
                (b'<?php evil() ?>', 'restricted-xml'),
                (b"<!DOCTYPE x>", None),
                (b'<undeclared:message/>', None),
                (b'text between stanzas', None),
                (b'<a>' * 10_000, 'policy-violation'),
                (b'<message><body>' + b'x' * 400_000, 'policy-violation'),
                (b'<message ' + b' '.join(b'a%d="x"' % i for i in range(5000)) + b'/>',
                 'policy-violation')):
            stream = raw.open(self.juliet)
            stream.send(raw.message(self.juliet, 'before'))
            self.juliet.hear(raw, 'before')
            stream.send(octets)
            stream.expect(FOOTER)
            if condition:
                self.assertIn(f'<{condition} xmlns='.encode(), stream.received)
            stream.finish()
            stream.expect_end()
            self.juliet.expect('session-closed', contact=raw.name)
        self.juliet.forbid('session-closed', contact=self.romeo.name)

    def test_header_that_never_ends(self):
        """Bad input X8: a header of any length is read up to a limit only."""
        raw = self.raw('watchman')
        before = self.juliet.resident()
        for part in (b' a="%s"' % (b'x' * 500), b" xmlns:n%d='urn:x'", b' '):
            stream = raw.dial(self.juliet)
            stream.socket.settimeout(30)
            stream.socket.sendall(b"<stream:stream xmlns='jabber:client'")
            try:
                for i in range(20_000):
                    stream.socket.sendall(part % i if b'%d' in part else part * 50)
            except OSError:
                pass            # refused in the middle of it
            stream.expect_end()
            stream.close()
        bound = 40_000 if self.juliet.sanitized() else 4000
        self.assertLess(self.juliet.resident() - before, bound)

    def test_slow_header(self):
        """Bad input X8: a header that does not come ends with connection-timeout."""
        raw = self.raw('page')
        silent, slow = raw.dial(self.juliet), raw.dial(self.juliet)
        slow.send(header(raw.name, self.juliet.name)[:40])
        for stream in (silent, slow):
            self.ended_with(stream, 'connection-timeout')

    def test_no_descriptors(self):
        """Bad input X8: a program without descriptors says so, serves whom it has, and recovers."""
        raw = self.raw('crowd')
        self.converse(self.juliet, self.romeo)
        files = self.juliet.open_files()
        before = resource.prlimit(self.juliet.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.juliet.pid, resource.RLIMIT_NOFILE, (files, before[1]))
        crowd = [raw.dial(self.juliet) for _ in range(20)]
        self.juliet.await_that('word of it', lambda: any(
            'Cannot accept a connection' in line for line in self.juliet.errors))
        self.converse(self.juliet, self.romeo, 'in spite of the crowd')
        # There is none to dial with either: that is tried again.
        number = self.juliet.say(raw, 'make way')
        raw.expect_no_connection(2)
        self.assertEqual(self.juliet.open_files(), files)

        resource.prlimit(self.juliet.pid, resource.RLIMIT_NOFILE, before)
        for stream in crowd:
            stream.close()
        stream = raw.accept()
        raw.answer(stream, self.juliet.name)
        stream.expect(b'make way')
        self.juliet.expect('sent', id=number)
        stream = raw.dial(self.juliet)
        stream.send(b'<')
        stream.finish()
        self.ended_with(stream, None)
        warnings = [line for line in self.juliet.errors if 'Cannot accept' in line]
        self.assertEqual(len(warnings), 1, warnings)


if __name__ == '__main__':
    main()
