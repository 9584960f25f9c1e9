# SPDX-License-Identifier: LGPL-2.1-or-later
"""One side closes while both are talking."""
from xep174lab import LabTest, main

ROUNDS = 30


class Closing(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def talk_and_close(self, juliet, romeo, rounds, closers):
        """Both talk without a pause; who is named in `closers` closes in the middle of it."""
        both = (juliet, romeo), (romeo, juliet)
        for i in range(rounds):
            for part in ('before', 'after'):
                for chat, other in both:
                    for line in range(5):
                        chat.say(other, f'{chat.user} {i} {part} {line}')
                    if part == 'before' and chat in closers(i):
                        chat.close_session(other)
        for chat, other in both:
            chat.await_heard(other, f'{other.user} {rounds - 1} after 4')
        lost = 0
        for chat, other in both:
            wanted = [f'{other.user} {i} {part} {line}' for i in range(rounds)
                      for part in ('before', 'after') for line in range(5)]
            lost += len(set(wanted) - set(chat.heard(other)))
            self.assertEqual(chat.heard(other), wanted)
            chat.forbid('failed')
        self.note(f'{rounds} rounds, {rounds * 20} messages, {lost} lost, '
                  f'{len(juliet.take_all("session-closed"))} sessions closed')
        self.await_rest(1, self.capulet, self.montague)

    def test_one_closes(self):
        """S6 X5 S7: one side closes while both send; nothing is lost, doubled or out of order."""
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.montague, 'romeo', juliet)
        self.talk_and_close(juliet, romeo, ROUNDS, lambda i: ((juliet, romeo)[i % 2],))

    def test_both_close(self):
        """S6 X5 S7: both sides close at once while both send."""
        juliet = self.chat(self.capulet, 'juliet2')
        romeo = self.chat(self.montague, 'romeo2', juliet)
        self.talk_and_close(juliet, romeo, ROUNDS, lambda i: (juliet, romeo))

    def test_both_close_over_a_slow_link(self):
        """S6 X5 S7: the same where the closing tags cross on their way."""
        self.weather(self.capulet, delay=0.02)
        juliet = self.chat(self.capulet, 'juliet3')
        romeo = self.chat(self.montague, 'romeo3', juliet)
        self.talk_and_close(juliet, romeo, ROUNDS, lambda i: (juliet, romeo))

    def test_leaving_in_the_middle(self):
        """X5 S7: who quits has all that it had sent before delivered."""
        juliet = self.chat(self.capulet, 'juliet4')
        romeo = self.chat(self.montague, 'romeo4', juliet)
        for i in range(50):
            juliet.say(romeo, f'farewell {i}')
        juliet.expect('sent')
        juliet.quit()
        sent = 1 + len(juliet.take_all('sent'))
        romeo.expect('session-closed', contact=juliet.name)
        heard = romeo.heard(juliet)
        self.assertEqual(heard, [f'farewell {i}' for i in range(len(heard))])
        self.assertGreaterEqual(len(heard), sent)


if __name__ == '__main__':
    main()
