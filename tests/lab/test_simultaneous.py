# SPDX-License-Identifier: LGPL-2.1-or-later
"""Both sides speak at the same moment, so that both dial."""
import collections
import time

from xep174lab import LabTest, main

ROUNDS = 200
# Seconds by which one is ahead of the other: together, within the handshake, and just after it.
SKEWS = (0.0, 0.0, 0.001, -0.001, 0.004, -0.004, 0.008, -0.008)
# Each way.  Without it one side's whole handshake mostly fits in before the other begins.
DELAY = 0.003


class Simultaneous(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def test_two_hundred_crossings(self):
        """S3 S5 S7: 200 times both open at once; 0 lost, 0 doubled, one connection at rest."""
        self.weather(self.capulet, delay=DELAY)
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.montague, 'romeo', juliet)
        capture = self.capture(self.montague)
        crossed = seen = 0
        survivors = collections.Counter()
        began = time.monotonic()
        for i in range(ROUNDS):
            self.speak_at_once(juliet, romeo, i, SKEWS[i % len(SKEWS)])
            self.await_rest(1, self.capulet, self.montague)
            dialled = capture.snapshot()[seen:]
            seen += len(dialled)
            crossed += len(dialled) > 1
            survivors[self.who_opened(juliet, romeo)] += len(dialled) > 1
            self.part((juliet, romeo)[i % 2], (romeo, juliet)[i % 2])
        took = time.monotonic() - began
        lost = doubled = 0
        for chat, other in ((juliet, romeo), (romeo, juliet)):
            heard = chat.heard(other)
            lost += ROUNDS - len(set(heard))
            doubled += len(heard) - len(set(heard))
            self.assertEqual(heard, [f'{other.user} {i}' for i in range(ROUNDS)])
        self.note(f'{ROUNDS} rounds, {crossed} with two connections, kept of those: '
                  f'{dict(survivors)}; {2 * ROUNDS} sent, {lost} lost, {doubled} doubled; '
                  f'{took:.1f} s')
        self.assertGreater(crossed, ROUNDS // 4, 'too few rounds crossed to prove anything')

    def speak_at_once(self, juliet, romeo, number, skew):
        first, second = (juliet, romeo) if skew >= 0 else (romeo, juliet)
        ids = [(first, first.say(second, f'{first.user} {number}'))]
        if skew:
            time.sleep(abs(skew))
        ids.append((second, second.say(first, f'{second.user} {number}')))
        juliet.await_heard(romeo, f'romeo {number}')
        romeo.await_heard(juliet, f'juliet {number}')
        for chat, number in ids:
            chat.expect('sent', id=number)

    def who_opened(self, juliet, romeo):
        """The side that the surviving stream was opened by: both must name the same."""
        (_, juliet_end), = {(local, remote) for local, remote, _ in self.capulet.connections()}
        dialled_by_romeo = juliet_end[1] != romeo.port
        roles = juliet.take_all('session-opened')[-1]['role'], \
            romeo.take_all('session-opened')[-1]['role']
        self.assertEqual(roles, ('recipient', 'initiator') if dialled_by_romeo
                         else ('initiator', 'recipient'))
        return 'romeo' if dialled_by_romeo else 'juliet'

    def part(self, one, other):
        one.close_session(other)
        one.expect('session-closed', contact=other.name)
        other.expect('session-closed', contact=one.name)
        self.await_rest(0, self.capulet, self.montague)
        for chat in (one, other):
            chat.forbid('failed')
            chat.forbid('session-failed')

    def test_storm(self):
        """S5 S6 S7: both talk, close and talk without waiting for anything; nothing is lost."""
        self.weather(self.capulet, delay=DELAY)
        juliet = self.chat(self.capulet, 'juliet2')
        romeo = self.chat(self.montague, 'romeo2', juliet)
        both = (juliet, romeo), (romeo, juliet)
        for i in range(60):
            for chat, other in both:
                chat.say(other, f'{chat.user} {i}')
                if i % 3 == 2:
                    chat.close_session(other)
            if i % 10 == 9:
                for chat, other in both:
                    chat.await_heard(other, f'{other.user} {i}')
        for chat, other in both:
            self.assertEqual(chat.heard(other), [f'{other.user} {i}' for i in range(60)])
            chat.forbid('failed')


if __name__ == '__main__':
    main()
