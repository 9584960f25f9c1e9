# SPDX-License-Identifier: LGPL-2.1-or-later
"""The session rules as octets on the wire, seen by a peer that says exactly what it is told to."""
import re

from xep174lab import CONFLICT, FEATURES, FOOTER, LabTest, header, main

FIRST = b"<iq type='get' id='first' from='%s' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>"


class Rules(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')

    def juliet(self, *others):
        juliet = self.chat(self.capulet, 'juliet')
        juliet.meet(*others)
        return juliet

    def refuse(self, stream, juliet):
        """Expects the exact answer that refuses a stream: S4."""
        head = stream.expect_header()
        self.assert_header(head, juliet, stream.peer)
        self.assertEqual(stream.expect(FOOTER), CONFLICT + FOOTER)
        stream.send(FOOTER)
        self.assertEqual(stream.expect_end(), 'EOF')
        self.assertEqual(stream.rest(), b'')

    def assert_header(self, octets, juliet, peer):
        """X1: what our headers carry."""
        text = octets.decode()
        self.assertRegex(text, r"^(<\?xml version=['\"]1.0['\"][^>]*\?>\s*)?<stream:stream ")
        for name, value in (('xmlns', 'jabber:client'),
                            ('xmlns:stream', 'http://etherx.jabber.org/streams'),
                            ('from', juliet.name), ('to', peer.name), ('version', '1.0')):
            self.assertRegex(text, rf"\s{name}=(['\"]){re.escape(value)}\1")

    def answer_ping(self, stream, juliet):
        """Waits for a ping and answers it."""
        request = stream.expect(b'</iq>').decode()
        self.assertIn('urn:xmpp:ping', request)
        number = re.search(r"\bid=['\"]([^'\"]*)['\"]", request).group(1)
        stream.send(f"<iq type='result' id='{number}' from='{stream.peer.name}' "
                    f"to='{juliet.name}'/>".encode())

    def first_stanza(self, stream, juliet):
        """Releases the chat from its wait, and swallows its answer."""
        stream.send(FIRST % (stream.peer.name.encode(), juliet.name.encode()))
        stream.expect(b"first")
        stream.expect(b">")

    def test_wait_for_first_stanza(self):
        """S1 S2 X2: a recipient's words wait in order for the initiator's first stanza."""
        raw = self.peer(self.montague, 'benvolio')
        juliet = self.juliet(raw)
        stream = raw.dial(juliet)
        stream.send(header(raw.name, juliet.name))
        self.assert_header(stream.expect_header(), juliet, raw)
        stream.expect(b'<stream:features')
        stream.expect(b'>')
        if not stream.received.endswith(b'/>'):
            stream.expect(b'</stream:features>')
        ids = [juliet.say(raw, f'line {i}') for i in range(3)]
        stream.send(b' \n ')
        stream.expect_silence(2.0)
        juliet.forbid('sent')
        stream.send(raw.message(juliet, 'speak'))
        juliet.hear(raw, 'speak')
        for i in range(3):
            self.assertIn(f'<body>line {i}</body>'.encode(), stream.expect(b'</message>'))
            juliet.expect('sent', id=ids[i])

    def test_features_of_an_initiator_are_no_stanza(self):
        """S1: features that an initiator sends too (wocky does) do not end the wait."""
        raw = self.peer(self.montague, 'balthasar')
        juliet = self.juliet(raw)
        stream = raw.open(juliet)
        stream.send(FEATURES)
        juliet.say(raw, 'not yet')
        stream.expect_silence(1.0)
        stream.send(raw.message(juliet, 'now'))
        stream.expect(b'not yet')

    def test_silent_initiator(self):
        """S11 S6: behind an initiator that stays silent the recipient closes and opens itself."""
        raw = self.peer(self.montague, 'abram')
        juliet = self.juliet(raw)
        stream = raw.open(juliet)
        juliet.say(raw, 'do you bite your thumb')
        self.assertEqual(stream.expect(FOOTER, timeout=20), FOOTER)
        # The old one is still closing, so nobody dials.
        raw.expect_no_connection(0.5)
        stream.send(FOOTER)
        self.assertEqual(stream.expect_end(), 'EOF')
        other = raw.accept()
        self.assert_header(raw.answer(other, juliet.name), juliet, raw)
        self.assertIn(b'do you bite your thumb', other.expect(b'</message>'))

    def test_release(self):
        """S10: an initiator with nothing to say sends a ping by itself to who sent features."""
        raw = self.peer(self.montague, 'gregory')
        juliet = self.juliet(raw)
        juliet.command('open', contact=raw.name)
        stream = raw.accept()
        raw.answer(stream, juliet.name)
        self.assertIn(b'urn:xmpp:ping', stream.expect(b'</iq>'))

    def test_second_connection_is_refused(self):
        """S4 S9: the second stream gets header, conflict, footer; the first goes on untouched."""
        raw = self.peer(self.montague, 'sampson')
        juliet = self.juliet(raw)
        first = raw.open(juliet)
        first.send(raw.message(juliet, 'one'))
        juliet.hear(raw, 'one')
        for i in range(3):
            second = raw.dial(juliet)
            second.send(header(raw.name, juliet.name))
            self.answer_ping(first, juliet)
            self.refuse(second, juliet)
            first.send(raw.message(juliet, f'still here {i}'))
            juliet.hear(raw, f'still here {i}')
            juliet.tell(raw, f'so am I {i}')
            first.expect(f'so am I {i}'.encode())
        juliet.forbid('session-closed')
        self.await_rest(1, self.capulet)

    def test_what_a_refused_stream_still_says_is_heard(self):
        """S4 X5: stanzas that come on a refused stream before its closing tag are delivered."""
        raw = self.peer(self.montague, 'peter')
        juliet = self.juliet(raw)
        first = raw.open(juliet)
        first.send(raw.message(juliet, 'one'))
        juliet.hear(raw, 'one')
        second = raw.dial(juliet)
        second.send(header(raw.name, juliet.name))
        self.answer_ping(first, juliet)
        second.expect(CONFLICT + FOOTER)
        second.send(raw.message(juliet, 'too late?') + FOOTER)
        juliet.hear(raw, 'too late?')
        self.assertEqual(second.expect_end(), 'EOF')

    def test_dead_connection_is_replaced(self):
        """S9: a first stream that does not answer the probe makes room for the second."""
        raw = self.peer(self.montague, 'potpan')
        juliet = self.juliet(raw)
        first = raw.open(juliet)
        first.send(raw.message(juliet, 'one'))
        juliet.hear(raw, 'one')
        second = raw.dial(juliet)
        second.send(header(raw.name, juliet.name))
        first.expect(b'urn:xmpp:ping')
        second.expect_header()
        second.expect(b'<stream:features')
        second.send(raw.message(juliet, 'two'))
        juliet.hear(raw, 'two')
        first.expect(FOOTER)
        juliet.tell(raw, 'welcome back')
        second.expect(b'welcome back')

    def test_crossing_with_the_smaller(self):
        """S5 S8: our own dial is proven, so the stream of the smaller one gets the conflict."""
        raw = self.peer(self.montague, 'antonio')
        juliet = self.juliet(raw)
        juliet.say(raw, 'mine stays')
        ours = raw.accept()
        ours.expect_header()
        theirs = raw.dial(juliet)
        theirs.send(header(raw.name, juliet.name))
        theirs.expect_silence(0.2)
        ours.send(header(raw.name, juliet.name) + FEATURES)
        self.refuse(theirs, juliet)
        self.assertIn(b'mine stays', ours.expect(b'</message>'))
        self.await_rest(1, self.capulet)

    def test_crossing_with_the_larger(self):
        """S5 S1 S7: the smaller one answers at once, keeps its own until refused, loses nothing."""
        raw = self.peer(self.montague, 'tybalt')
        juliet = self.juliet(raw)
        juliet.say(raw, 'on yours then')
        ours = raw.accept()
        ours.expect_header()
        theirs = raw.dial(juliet)
        theirs.send(header(raw.name, juliet.name))
        self.assert_header(theirs.expect_header(), juliet, raw)
        theirs.expect(b'<stream:features')
        ours.send(header(raw.name, juliet.name) + CONFLICT + FOOTER)
        self.assertEqual(ours.expect(FOOTER), FOOTER)
        ours.close()
        theirs.send(raw.message(juliet, 'go on'))
        juliet.hear(raw, 'go on')
        theirs.expect(b'on yours then')
        juliet.forbid('failed')
        self.await_rest(1, self.capulet)

    def test_crossing_with_a_black_hole(self):
        """S8: where our dial hangs and theirs works, theirs is taken after a bounded wait."""
        raw = self.peer(self.montague, 'anthony')
        juliet = self.juliet(raw)
        juliet.say(raw, 'at last')
        ours = raw.accept()
        ours.expect_header()
        # Once it is turned down, for our own may still be answered; the second time ours gives way.
        first = raw.dial(juliet)
        first.send(header(raw.name, juliet.name))
        self.refuse(first, juliet)
        theirs = raw.open(juliet)
        theirs.send(raw.message(juliet, 'this way'))
        juliet.hear(raw, 'this way')
        ours.expect(FOOTER)
        ours.send(FOOTER)
        theirs.expect(b'at last')

    def test_no_new_stream_while_closing(self):
        """S6 S7 X5: what comes and what is said while a stream closes waits, and then happens."""
        raw = self.peer(self.montague, 'montague')
        juliet = self.juliet(raw)
        first = raw.open(juliet)
        first.send(raw.message(juliet, 'one'))
        juliet.hear(raw, 'one')
        juliet.close_session(raw)
        first.expect(FOOTER)
        juliet.say(raw, 'after the close')
        second = raw.dial(juliet)
        second.send(header(raw.name, juliet.name) + raw.message(juliet, 'three'))
        second.expect_silence(0.5)
        raw.expect_no_connection(0)
        first.send(raw.message(juliet, 'two') + FOOTER)
        self.assertEqual(first.expect_end(), 'EOF')
        second.expect_header()
        juliet.await_heard(raw, 'three')
        self.assertEqual(juliet.heard(raw), ['two', 'three'])
        second.expect(b'after the close')

    def test_peer_closes_first(self):
        """X5 S7: a closing tag is answered, the peer closes TCP, and the unsent goes out anew."""
        raw = self.peer(self.montague, 'lady')
        juliet = self.juliet(raw)
        first = raw.open(juliet)
        juliet.say(raw, 'wait for me')
        first.send(FOOTER)
        self.assertEqual(first.expect(FOOTER), FOOTER)
        # Both closing tags are out: the next may be dialled while the peer has yet to close TCP.
        second = raw.accept()
        first.close()
        raw.answer(second, juliet.name)
        second.expect(b'wait for me')

    def test_closing_goes_by_itself_when_the_peer_does_not_answer(self):
        """S6: a closing tag that nobody answers keeps the next stream waiting for a bound only."""
        raw = self.peer(self.montague, 'nurse')
        juliet = self.juliet(raw)
        first = raw.open(juliet)
        first.send(raw.message(juliet, 'one'))
        juliet.hear(raw, 'one')
        juliet.close_session(raw)
        juliet.say(raw, 'anew')
        first.expect(FOOTER)
        second = raw.accept()
        self.assertIsNotNone(first.expect_end(timeout=1))
        raw.answer(second, juliet.name)
        second.expect(b'anew')

    def test_whose_words(self):
        """X3: a stanza in somebody else's name ends the stream; one in no name is its peer's."""
        raw = self.peer(self.montague, 'friar')
        juliet = self.juliet(raw)
        stream = raw.open(juliet)
        stream.send(b"<message type='chat'><body>nameless</body></message>")
        juliet.hear(raw, 'nameless')
        juliet.say(raw, 'hear')
        got = stream.expect(b'</message>').decode()
        self.assertRegex(got, rf"from=['\"]{juliet.name}['\"]")
        self.assertRegex(got, rf"to=['\"]{raw.name}['\"]")
        stream.send(b"<message from='romeo@verona' to='juliet@capulet' type='chat'>"
                    b"<body>forged</body></message>")
        stream.expect(b'<invalid-from')
        stream.expect(FOOTER)
        juliet.forbid('message', body='forged')

    def test_whose_address(self):
        """X13: a name is believed from its own addresses only."""
        raw = self.peer(self.montague, 'laurence')
        liar = self.peer(self.padua, 'laurence', publish=False)
        juliet = self.juliet(raw)
        liar.name = raw.name
        for name in (raw.name, 'nobody@montague'):
            stream = liar.dial(juliet)
            stream.send(header(name, juliet.name) + liar.message(juliet, 'forged'))
            stream.expect(FOOTER)
            self.assertRegex(stream.received, b'<(host-unknown|invalid-from|not-authorized)')
            stream.send(FOOTER)
            stream.expect_end()
        juliet.forbid('message')
        juliet.forbid('session-opened')
        stream = raw.open(juliet)
        stream.send(raw.message(juliet, 'genuine'))
        juliet.hear(raw, 'genuine')

    def test_requests_are_answered(self):
        """X9 X10: a ping and a question are answered, what nobody knows is refused."""
        raw = self.peer(self.montague, 'servant')
        juliet = self.juliet(raw)
        stream = raw.open(juliet)
        for number, payload, answer in (
                ('p', "<ping xmlns='urn:xmpp:ping'/>", b"result"),
                ('d', "<query xmlns='http://jabber.org/protocol/disco#info'/>", b"identity"),
                ('x', "<unheard-of xmlns='urn:example'/>", b'service-unavailable')):
            stream.send(f"<iq type='get' id='{number}' from='{raw.name}' to='{juliet.name}'>"
                        f'{payload}</iq>'.encode())
            stream.expect(answer)
            stream.expect(b'>')


if __name__ == '__main__':
    main()
