# SPDX-License-Identifier: LGPL-2.1-or-later
"""Peers that stop somewhere and neither go on nor go away, and peers that are not there at all."""
from xep174lab import LabTest, header, main


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
        """X8: who reads nothing holds up its own messages only, which then are reported."""
        juliet = self.chat(self.capulet, 'juliet3')
        romeo = self.chat(self.padua, 'romeo3', juliet)
        raw = self.peer(self.montague, 'deaf')
        juliet.meet(raw)
        stream = raw.open(juliet)
        stream.send(raw.message(juliet, 'one'))
        juliet.hear(raw, 'one')
        for _ in range(100):
            juliet.say(raw, 'x' * 100_000)
        self.converse(juliet, romeo, 'meanwhile')
        before = len(juliet.take_all('sent'))
        self.assertLess(before, 100)
        stream.reset()
        juliet.expect('session-closed', contact=raw.name)
        # More may have gone into the socket since they were counted.
        sent = before + len(juliet.take_all('sent'))
        self.assertEqual(len(juliet.take_all('unconfirmed')), sent)
        self.converse(juliet, romeo, 'after it')

    def test_port_closed(self):
        """Bad input: a contact whose port is closed: tried again for a while, then the reason."""
        juliet = self.chat(self.capulet, 'juliet4')
        romeo = self.chat(self.padua, 'romeo4', juliet)
        ghost = self.peer(self.montague, 'ghost', listen=False)
        juliet.meet(ghost)
        number = juliet.say(ghost, 'anybody?')
        self.converse(juliet, romeo, 'meanwhile')
        event = juliet.expect('failed', id=number, timeout=90)
        self.assertTrue(event['reason'])


if __name__ == '__main__':
    main()
