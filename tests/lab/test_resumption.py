# SPDX-License-Identifier: LGPL-2.1-or-later
"""A1-A3, A5: between two of ours nothing is lost, doubled or left open where connections break.

XEP174_LAB_CUTS: how often they break; XEP174_LAB_MESSAGES: how many messages each way;
XEP174_LAB_SEED: which random moments; XEP174_LAB_SLEEP: for how many seconds a laptop sleeps. What doc/conformance.md promises is
XEP174_LAB_CUTS=200 XEP174_LAB_MESSAGES=10000.
"""
import os
import random
import signal
import time

from xep174lab import LabTest, await_that, main

CUTS = int(os.environ.get('XEP174_LAB_CUTS', '25'))
MESSAGES = int(os.environ.get('XEP174_LAB_MESSAGES', '600'))
SEED = int(os.environ.get('XEP174_LAB_SEED', '174'))
SLEEP = float(os.environ.get('XEP174_LAB_SLEEP', '5'))


class _Talk(LabTest):
    def meet(self):
        juliet = self.chat(self.capulet, self.fresh('juliet'))
        romeo = self.chat(self.montague, self.fresh('romeo'), juliet)
        self.converse(juliet, romeo)
        return juliet, romeo

    def say_both(self, juliet, romeo, bodies):
        for body in bodies:
            juliet.say(romeo, body)
            romeo.say(juliet, body)


class Breaks(_Talk):
    """Every connection breaks, or a program stands still, or is no more."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.hosts = cls.capulet, cls.montague

    def break_all(self, chance):
        """At one end, which tells the other; or the cable is cut meanwhile, and no end is told."""
        some = chance.choice([self.hosts[:1], self.hosts[1:], self.hosts])
        silent = chance.random() < 0.5
        if silent:
            self.montague.cut()
        broken = sum(host.destroy_connections() for host in some)
        if silent:
            time.sleep(chance.random() * 0.2)
            self.montague.mend()
        return broken

    def test_broken_at_random_moments(self):
        """A1 A2 A3 A5: both talk on, and every connection breaks again and again."""
        chance = random.Random(SEED)
        juliet, romeo = self.meet()
        start = time.monotonic()
        bodies = [f'word {i}' for i in range(MESSAGES)]
        # Which words a break follows: at most one each, or nobody might call again after the second.
        moments = set(chance.sample(range(MESSAGES), CUTS))
        broken = 0
        for i, body in enumerate(bodies):
            self.say_both(juliet, romeo, [body])
            if chance.random() < 0.3:
                time.sleep(chance.random() * 0.1)
            if i in moments:
                # Mostly there is a connection; sometimes it is not there again yet.
                if chance.random() < 0.8:
                    await_that('connection', self.capulet.connections)
                broken += self.break_all(chance)
        self.assert_both_received(juliet, romeo, bodies)
        sessions = len(juliet.take_all('session-opened'))
        self.note(f'{CUTS} cuts, {broken} ends of connections destroyed, {sessions} sessions, '
                  f'{time.monotonic() - start:.0f} s, seed {SEED}')
        self.assertGreaterEqual(sessions, CUTS // 2)
        self.converse(romeo, juliet, 'after all')
        self.await_rest(1, *self.hosts)

    def stand_still(self, breaks):
        juliet, romeo = self.meet()
        romeo.signal(signal.SIGSTOP)
        self.say_both(juliet, romeo, ['while it stood'])
        if breaks:
            self.assertGreater(self.montague.destroy_connections(), 0)
        time.sleep(4)
        self.say_both(juliet, romeo, ['at the end'])
        romeo.signal(signal.SIGCONT)
        self.assert_both_received(juliet, romeo, ['while it stood', 'at the end'])

    def test_stopped_and_continued(self):
        """A3: a program stands still for a while, and goes on."""
        self.stand_still(breaks=False)

    def test_stopped_and_broken(self):
        """A3 A5: a program stands still for a while, its connection breaks, and it goes on."""
        self.stand_still(breaks=True)

    def test_asleep(self):
        """A3 A5: a laptop sleeps with all that runs on it; the other side's kernel gives it up meanwhile."""
        juliet, romeo = self.meet()
        sleepers = [romeo.popen.pid, self.montague.daemon_pid('avahi')]
        for pid in sleepers:
            os.kill(pid, signal.SIGSTOP)
        self.montague.link_down()
        try:
            juliet.say(romeo, 'good night')
            time.sleep(SLEEP / 2)
            self.assertGreater(self.capulet.destroy_connections(), 0)
            juliet.say(romeo, 'are you asleep?')
            time.sleep(SLEEP / 2)
        finally:
            self.montague.link_up()
            for pid in sleepers:
                os.kill(pid, signal.SIGCONT)
        romeo.say(juliet, 'good morning')
        self.assert_all_received(juliet, romeo, ['good night', 'are you asleep?'])
        self.assert_all_received(romeo, juliet, ['good morning'])

    def kill(self):
        """romeo is killed when what was said last is with his kernel, and not with him."""
        juliet, romeo = self.meet()
        known = [f'known {i}' for i in range(20)]
        self.say_both(juliet, romeo, known)
        self.assert_both_received(juliet, romeo, known)
        # So that juliet knows of all this that it has arrived, without waiting to ask for it.
        self.assertGreater(self.capulet.destroy_connections(), 0)
        romeo.tell(juliet, 'on the next stream')
        juliet.hear(romeo, 'on the next stream')
        romeo.signal(signal.SIGSTOP)
        for body in 'doubt', 'more doubt':
            juliet.tell(romeo, body)
        romeo.kill()
        juliet.expect('contact-removed', name=romeo.name)
        juliet.forbid('unconfirmed')
        return juliet, romeo

    def assert_doubt(self, juliet):
        """What the killed one may have had, and nothing else, in order."""
        told = [event['id'] for event in juliet.take_all('unconfirmed')]
        self.assertEqual(told, [juliet.said['doubt'], juliet.said['more doubt']])
        juliet.forbid('failed')

    def test_killed_and_back(self):
        """A2 A3 S7: who has lost its memory resumes nothing: by then it is told what is in doubt."""
        juliet, romeo = self.kill()
        romeo = self.chat(self.montague, romeo.user, juliet)
        self.converse(juliet, romeo, 'again')
        for body in 'doubt', 'more doubt':
            romeo.forbid('message', body=body)
        self.assert_doubt(juliet)

    def test_killed_for_good(self):
        """A2 A3 S7: nobody comes back: what is in doubt is told at the end."""
        juliet, _ = self.kill()
        juliet.quit()
        self.assert_doubt(juliet)


class Moves(_Talk):
    """D24: a host gets another address while both talk; there is no IPv6, whose address would stay."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv6=None)
        cls.montague = lab.add('montague', ipv6=None)

    def move(self, host, address):
        juliet, romeo = self.meet()
        bodies = [f'word {i}' for i in range(40)]
        for i, body in enumerate(bodies):
            if i == 10:
                host.move(address)
            self.say_both(juliet, romeo, [body])
            time.sleep(0.2)
        self.assert_both_received(juliet, romeo, bodies)

    def test_moves(self):
        """A3 D24: the contact's host has another address: nothing is in doubt."""
        self.move(self.montague, '10.98.0.77')

    def test_own_address(self):
        """A3 D24: so does our own."""
        self.move(self.capulet, '10.98.0.99')


if __name__ == '__main__':
    main()
