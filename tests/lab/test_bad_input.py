# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong on the way in: a clear error or a quiet refusal each, and the rest goes on."""
import selectors
import socket

from xep174lab import FOOTER, LabTest, header, main

FLOOD = 10_000
AT_ONCE = 500


class Start(LabTest):
    """What keeps a program from going online."""

    @classmethod
    def build(cls, lab):
        cls.whole = lab.add('whole')
        cls.no_avahi = lab.add('no-avahi', avahi=False)
        cls.no_bus = lab.add('no-bus', bus=False, avahi=False)

    def refused(self, host, user='juliet', says='', **options):
        """The chat says why, in one error event, and ends with a status that says so too."""
        chat = self.chat(host, user, online=False, **options)
        error = chat.expect('error')
        self.assertRegex(error['message'], f'(?i){says}')
        self.assertNotEqual(chat.wait(), 0)
        chat.forbid('online')
        chat.forbid('not JSON')

    def test_no_bus(self):
        """Bad input: no bus."""
        self.refused(self.no_bus, discovery='avahi', says='avahi|bus')

    def test_bus_without_avahi(self):
        """Bad input: a bus, but no avahi-daemon on it."""
        self.refused(self.no_avahi, discovery='avahi', says='avahi|daemon')

    def test_neither_is_needed(self):
        """Bad input: where neither is, `auto` goes online by itself."""
        for host in (self.no_bus, self.no_avahi):
            chat = self.chat(host, 'juliet', discovery='auto', online=False)
            self.assertEqual(chat.expect('online')['discovery'], 'embedded')

    def test_name_too_long(self):
        """Bad input D16: a name of more than 63 octets, and an empty one."""
        self.refused(self.whole, user='j' * 64, says='63|long')
        self.refused(self.whole, user='\u4e2d' * 21, says='63|long')

    def test_port_in_use(self):
        """Bad input D8: the port asked for is taken: an error; none asked for: another one."""
        with self.whole.network():
            taken = socket.create_server(('', 5298), family=socket.AF_INET6, dualstack_ipv6=True)
        self.refused(self.whole, arguments=['--port', '5298'], says='5298|in use')
        self.assertNotEqual(self.chat(self.whole, 'romeo').port, 5298)
        taken.close()

    def test_nonsense_on_the_command_line(self):
        """Bad input: options that make no sense."""
        for arguments in (['--port', '99999'], ['--no-such-option']):
            chat = self.chat(self.whole, 'juliet', arguments=arguments, online=False)
            self.assertNotEqual(chat.wait(), 0)
            self.assertTrue(chat.errors or chat.take_all('error'))


class Commands(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def answer(self, chat, number):
        """The answer to a command that failed."""
        return chat.await_that(f'answer to {number}', lambda: next(
            (event for event in chat.events if event.get('id') == number
             and event['event'] in ('failed', 'error')), None))

    def test_unknown_contact(self):
        """Bad input: a message to nobody, a session with nobody, one with oneself."""
        juliet = self.chat(self.capulet, 'juliet')
        for name in ('nobody@nowhere', juliet.name, ''):
            number = juliet.say(name, 'hello?')
            event = self.answer(juliet, number)
            self.assertTrue(event.get('reason') or event.get('message'))
        juliet.command('open', contact='nobody@nowhere')
        juliet.expect('error')
        juliet.forbid('sent')

    def test_nonsense_commands(self):
        """Bad input: what is no command is an error, and the next command is obeyed."""
        juliet = self.chat(self.capulet, 'juliet2')
        romeo = self.chat(self.montague, 'romeo2', juliet)
        for line in ('nonsense', '{', '[]', '{}', '"x"', '{"command":"dance"}', '{"command":1}',
                     '{"command":"message"}', '{"command":"message","to":7,"body":[]}',
                     '{"command":"status","status":"hungry"}', '\u0001\ufffe',
                     '{"command":"add","name":"x","address":"not an address","port":-1}',
                     '{"command":"stanza","to":"%s","xml":"<not closed"}' % romeo.name,
                     '{"command":"stanza","to":"%s","xml":"<a/><b/>"}' % romeo.name,
                     '[' * 5000):
            juliet.write(line)
            juliet.await_that('error', lambda: juliet.take_all('error') + juliet.take_all('failed'))
        self.converse(juliet, romeo)
        juliet.forbid('error')

    def test_bodies_that_xml_cannot_carry(self):
        """Bad input X7: characters that XML forbids are an error at home, not on the stream."""
        juliet = self.chat(self.capulet, 'juliet3')
        romeo = self.chat(self.montague, 'romeo3', juliet)
        self.converse(juliet, romeo)
        self.answer(juliet, juliet.say(romeo, 'a\u0000b'))
        self.answer(juliet, juliet.say(romeo, 'a\u0007b'))
        self.converse(juliet, romeo, 'after it')
        juliet.forbid('session-closed')

    def test_too_large(self):
        """X8: a body above the limit of one stanza does not reach the peer, and nothing else stops."""
        juliet = self.chat(self.capulet, 'juliet4')
        romeo = self.chat(self.montague, 'romeo4', juliet)
        self.converse(juliet, romeo)
        juliet.say(romeo, 'x' * 300_000)
        self.converse(juliet, romeo, 'after it')
        romeo.forbid('message', body=lambda body: len(body) > 1000)


class Wire(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')

    def setUp(self):
        super().setUp()
        self.juliet = self.chat(self.capulet, 'juliet')
        self.romeo = self.chat(self.padua, 'romeo', self.juliet)

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
        stream.expect_end(timeout=15)
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
            else:
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
            stream.send(FOOTER)
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
        self.assertLess(self.juliet.resident() - before, 4000)

    def test_slow_header(self):
        """Bad input X8: a header that does not come ends with connection-timeout."""
        raw = self.raw('page')
        silent, slow = raw.dial(self.juliet), raw.dial(self.juliet)
        slow.send(header(raw.name, self.juliet.name)[:40])
        for stream in (silent, slow):
            self.ended_with(stream, 'connection-timeout')

    def test_flood(self):
        """Bad input X8: 10,000 connections from one address; others are served all the while."""
        flooder = self.raw('gate')
        memory, files = self.juliet.resident(), self.juliet.open_files()
        most = made = refused = 0
        while made < FLOOD:
            crowd = self.connect(AT_ONCE)
            made += len(crowd)
            if made % (10 * AT_ONCE) == 0:
                self.converse(self.romeo, self.juliet, f'in spite of {made}')
            most = max(most, self.juliet.open_files() - files)
            refused += self.count_ended(crowd)
            for sock in crowd:
                sock.close()
        grown = self.juliet.resident() - memory
        self.note(f'{made} connections, {AT_ONCE} at once; at most {most} held, {refused} of them '
                  f'refused at once; memory grown by {grown} kB')
        self.assertLess(most, 150)
        self.assertLess(grown, 8000)
        stream = flooder.open(self.juliet)
        stream.send(flooder.message(self.juliet, 'me too'))
        self.juliet.hear(flooder, 'me too')
        self.assertLessEqual(self.juliet.open_files(), files + 8)

    def connect(self, count):
        made = []
        with self.montague.network():
            for _ in range(count):
                sock = socket.socket()
                sock.setblocking(False)
                sock.connect_ex((self.capulet.ipv4[0], self.juliet.port))
                made.append(sock)
        with selectors.DefaultSelector() as waiting:
            for sock in made:
                waiting.register(sock, selectors.EVENT_WRITE)
            while waiting.get_map():
                ready = waiting.select(10)
                self.assertTrue(ready, 'connections hang')
                for key, _ in ready:
                    waiting.unregister(key.fileobj)
        return made

    @staticmethod
    def count_ended(crowd):
        ended = 0
        for sock in crowd:
            try:
                ended += sock.recv(4096) is not None
            except BlockingIOError:
                pass
            except OSError:
                ended += 1
        return ended

    def test_port_closed(self):
        """Bad input: a contact whose port is closed: tried again for a while, then the reason."""
        ghost = self.peer(self.montague, 'ghost', listen=False)
        self.juliet.meet(ghost)
        number = self.juliet.say(ghost, 'anybody?')
        self.converse(self.juliet, self.romeo, 'meanwhile')
        event = self.juliet.expect('failed', id=number, timeout=90)
        self.assertTrue(event['reason'])


class Hanging(LabTest):
    """A peer that stops at some point and neither goes on nor goes away."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')

    def test_at_every_stage(self):
        """Bad input S7: wherever it hangs, the next attempt delivers, and others do not wait."""
        stages = {'no-header': b'', 'half-header': header('x@montague', 'juliet@capulet')[:60]}
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.padua, 'romeo', juliet)
        hanging = {}
        for stage, octets in stages.items():
            raw = self.peer(self.montague, stage)
            juliet.meet(raw)
            number = juliet.say(raw, f'message for {stage}')
            stream = raw.accept()
            stream.expect_header()
            stream.send(octets)
            hanging[raw] = number
        self.converse(juliet, romeo, 'meanwhile')
        for raw, number in hanging.items():
            again = raw.accept(timeout=60)
            raw.answer(again, juliet.name)
            self.assertIn(raw.name.split('@')[0].encode(), again.expect(b'</message>'))
            juliet.expect('sent', id=number)
            self.assertNotIn(b'message for', raw.streams[0].received)

    def test_no_features(self):
        """X2 S7: a header that says 1.0 with no features behind it delays, and does not stop."""
        juliet = self.chat(self.capulet, 'juliet2')
        for user, features in (('none', b''), ('half', b'<stream:feat')):
            raw = self.peer(self.montague, user)
            juliet.meet(raw)
            juliet.say(raw, 'nevertheless')
            stream = raw.accept()
            raw.answer(stream, juliet.name, features)
            stream.expect(b'nevertheless')

    def test_deaf_reader(self):
        """X8: who reads nothing fills its own queue only; memory stays bounded, others go on."""
        juliet = self.chat(self.capulet, 'juliet3')
        romeo = self.chat(self.padua, 'romeo3', juliet)
        raw = self.peer(self.montague, 'deaf')
        juliet.meet(raw)
        stream = raw.open(juliet)
        stream.send(raw.message(juliet, 'one'))
        juliet.hear(raw, 'one')
        for _ in range(300):
            juliet.say(raw, 'x' * 100_000)
        self.converse(juliet, romeo, 'meanwhile')
        self.assertLess(juliet.resident(), 100_000)
        stream.reset()
        self.converse(juliet, romeo, 'after it')


if __name__ == '__main__':
    main()
