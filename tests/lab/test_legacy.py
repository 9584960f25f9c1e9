# SPDX-License-Identifier: LGPL-2.1-or-later
"""The habits of the clients out there, octet by octet, where they are not at hand themselves."""
from xep174lab import CONFLICT, FOOTER, LabTest, header, main

PROLOGUE = b"<?xml version='1.0' encoding='UTF-8'?>"


def legacy(sender=None, to=None):
    """A header as of before RFC 3920: no version, so no features."""
    return header(sender, to, version=None)


class Legacy(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')

    def meet(self, user, host=None):
        raw = self.peer(host or self.montague, user)
        juliet = self.chat(self.capulet, 'juliet')
        juliet.meet(raw)
        return juliet, raw

    def talk(self, juliet, raw, stream):
        """Both say something over that stream."""
        stream.send(raw.message(juliet, 'good pilgrim'))
        juliet.hear(raw, 'good pilgrim')
        juliet.tell(raw, 'saints have hands')
        stream.expect(b'saints have hands')

    def test_no_version(self):
        """X2: a stream without version has no features, and works."""
        juliet, raw = self.meet('pidgin')
        stream = raw.dial(juliet)
        stream.send(legacy(raw.name, juliet.name))
        stream.expect_header()
        self.talk(juliet, raw, stream)
        self.assertNotIn(b'features', stream.received)
        stream.send(FOOTER)
        stream.expect(FOOTER)
        stream.close()
        juliet.expect('session-closed', contact=raw.name)

    def test_no_version_in_the_answer(self):
        """X2: a recipient that answers without version and features gets the message at once."""
        juliet, raw = self.meet('finch')
        number = juliet.say(raw, 'without ceremony')
        stream = raw.accept()
        stream.expect_header()
        stream.send(legacy(raw.name, juliet.name))
        stream.expect(b'without ceremony')
        juliet.expect('sent', id=number)
        self.talk(juliet, raw, stream)

    def test_everything_at_once(self):
        """X2 S1: Kopete sends header and message in one go, closes without echo, and stays."""
        juliet, raw = self.meet('kopete')
        for i in range(3):
            stream = raw.dial(juliet)
            stream.send(legacy(raw.name, juliet.name) + raw.message(juliet, f'at once {i}'))
            juliet.hear(raw, f'at once {i}')
            juliet.tell(raw, f'so soon? {i}')
            stream.expect(f'so soon? {i}'.encode())
            juliet.close_session(raw)
            stream.expect(FOOTER)
            stream.expect_end()
            juliet.expect('session-closed', contact=raw.name)

    def test_address_as_name(self):
        """X2 X3: Adium addresses us by an IP address with underscores."""
        juliet, raw = self.meet('adium')
        stream = raw.dial(juliet)
        stream.send(legacy(raw.name, self.capulet.ipv4[0].replace('.', '_'))
                    + b"<message to='10_98_0_1' type='chat'><body>psst</body></message>")
        juliet.hear(raw, 'psst')
        self.talk(juliet, raw, stream)

    def test_no_from(self):
        """X4: a stream without `from` is that of the one contact that has its address."""
        juliet, raw = self.meet('ichat', self.padua)
        stream = raw.dial(juliet)
        stream.send(legacy() + b"<message type='chat'><body>who am I?</body></message>")
        juliet.hear(raw, 'who am I?')
        self.talk(juliet, raw, stream)

    def test_no_from_and_several_at_one_address(self):
        """X4: where several contacts share the address, the first stanza says whose it is."""
        juliet, raw = self.meet('ichat-1')
        other = self.peer(self.montague, 'ichat-2')
        juliet.meet(other)
        stream = other.dial(juliet)
        stream.send(legacy())
        stream.expect_header()
        stream.send(other.message(juliet, 'it is me'))
        juliet.hear(other, 'it is me')
        self.talk(juliet, other, stream)
        juliet.forbid('session-opened', contact=raw.name)

    def test_end_without_footer(self):
        """X5 S7: Gajim just ends TCP; the next message opens anew."""
        juliet, raw = self.meet('gajim')
        stream = raw.open(juliet)
        self.talk(juliet, raw, stream)
        stream.close()
        juliet.expect('session-closed', contact=raw.name)
        number = juliet.say(raw, 'come back')
        again = raw.accept()
        raw.answer(again, juliet.name)
        again.expect(b'come back')
        juliet.expect('sent', id=number)

    def test_newest_header_wins(self):
        """S9: a legacy peer that opens a second stream and forgets the first is not locked out."""
        juliet, raw = self.meet('pidgin-2')
        first = raw.dial(juliet)
        first.send(legacy(raw.name, juliet.name))
        first.expect_header()
        self.talk(juliet, raw, first)
        second = raw.dial(juliet)
        second.send(legacy(raw.name, juliet.name))
        second.expect_header()
        self.talk(juliet, raw, second)
        first.expect(FOOTER)

    def test_second_stream_after_closing_the_first(self):
        """S6 S9: the same where it closes the first as libpurple does: footer and FIN at once."""
        juliet, raw = self.meet('pidgin-3')
        for _ in range(3):
            stream = raw.dial(juliet)
            stream.send(legacy(raw.name, juliet.name))
            stream.expect_header()
            self.talk(juliet, raw, stream)
            stream.send(FOOTER)
            stream.close()
        juliet.forbid('failed')

    def test_refusals(self):
        """S7: each way in which a peer turns our stream down is followed by another attempt."""
        juliet, raw = self.meet('moody')
        number = juliet.say(raw, 'persistent')
        for refusal in (None, b'', FOOTER, CONFLICT + FOOTER):
            stream = raw.accept()
            if refusal is None:         # closed at accept, as libpurple does with strangers
                stream.close()
                continue
            stream.expect_header()
            if refusal:
                stream.send(legacy(raw.name, juliet.name) + refusal)
                stream.expect(FOOTER)
            stream.close()
        stream = raw.accept()
        raw.answer(stream, juliet.name)
        stream.expect(b'persistent')
        juliet.expect('sent', id=number)
        self.assertEqual(sum(s.received.count(b'persistent') for s in raw.streams), 1)

    def test_html_beside_the_body(self):
        """The body counts, not the HTML beside it, whichever way that is written."""
        juliet, raw = self.meet('html')
        stream = raw.open(juliet)
        stream.send(f"<message from='{raw.name}' to='{juliet.name}' type='chat'>"
                    "<body>1 &lt; 2</body>"
                    "<html xmlns='http://www.w3.org/1999/xhtml'><body><b>1 &lt; 3</b></body></html>"
                    "<x xmlns='jabber:x:event'><composing/></x></message>".encode())
        juliet.hear(raw, '1 < 2')

    def test_wocky(self):
        """S1 X2: salut sends features as initiator, an empty `from` as recipient, line ends."""
        juliet, raw = self.meet('salut')
        stream = raw.dial(juliet)
        stream.send(header(raw.name, juliet.name) + b'\n')
        stream.expect_header()
        stream.send(b"<stream:features><c xmlns='http://jabber.org/protocol/caps'/>"
                    b"</stream:features>\n")
        self.talk(juliet, raw, stream)
        stream.send(FOOTER)
        stream.expect(FOOTER)
        stream.close()
        juliet.expect('session-closed', contact=raw.name)
        juliet.say(raw, 'and the other way')
        stream = raw.accept()
        stream.expect_header()
        stream.send(header('', juliet.name) + b"\n<stream:features/>\n")
        stream.expect(b'and the other way')


if __name__ == '__main__':
    main()
