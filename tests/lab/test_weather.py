# SPDX-License-Identifier: LGPL-2.1-or-later
"""S7 on a network that loses, delays, reorders and doubles packets, or is in two parts for a while.

XEP174_LAB_PARTITION: for how many seconds; XEP174_LAB_MESSAGES: how many messages each way.
"""
import os
import time

from xep174lab import LabTest, main

PARTITION = float(os.environ.get('XEP174_LAB_PARTITION', '4'))
MESSAGES = int(os.environ.get('XEP174_LAB_MESSAGES', '10'))
LONG = 150 + PARTITION


class BadWeather(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def check(self, weather, sender, receiver, bodies):
        """Each arrived once and in order, or the sender was told; none of them is forgotten."""
        reported = []
        for body in bodies:
            number = sender.said[body]
            event = sender.await_that(f'end of {body}', lambda: next(
                (event for event in sender.events if event.get('event') in ('sent', 'failed')
                 and event.get('id') == number), None), LONG)
            if event['event'] == 'failed':
                reported.append(body)
        arrived = self.await_arrived(sender, receiver, bodies, reported)
        doubtful = len(bodies) - len(arrived) - len(reported)
        self.assertEqual(arrived, [body for body in bodies if body in arrived])
        self.note(f'{sender.name}: {len(bodies)} said, {len(arrived)} arrived once and in order, '
                  f'{len(reported)} failed, {doubtful} unconfirmed, 0 lost unreported; '
                  f'{weather.passed} frames passed, '
                  f'{weather.lost} lost, {weather.doubled} doubled')

    def await_arrived(self, sender, receiver, bodies, reported):
        """What was sent comes, or is told to be unconfirmed."""
        deadline = time.monotonic() + LONG
        while time.monotonic() < deadline:
            heard = [body for body in receiver.heard(sender) if body in bodies]
            with sender.changed:
                doubtful = {event.get('id') for event in sender.events
                            if event.get('event') == 'unconfirmed'}
            if all(body in heard or body in reported or sender.said[body] in doubtful
                   for body in bodies):
                return heard
            time.sleep(0.1)
        self.fail(f'lost without a word: {set(bodies) - set(heard) - set(reported)}')

    def test_storm(self):
        """30 % of the packets lost, 0.5 s of delay and more, so that they overtake, 10 % twice."""
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.montague, 'romeo', juliet)
        weather = self.weather(self.montague)
        self.converse(juliet, romeo)
        weather.delay, weather.jitter, weather.loss, weather.twice = 0.25, 0.1, 0.3, 0.1
        bodies = [f'word {i}' for i in range(MESSAGES)]
        for body in bodies:
            juliet.say(romeo, body)
            romeo.say(juliet, body)
        self.check(weather, juliet, romeo, bodies)
        self.check(weather, romeo, juliet, bodies)

    def test_partition(self):
        """The network is in two parts for a while, and both go on talking."""
        juliet = self.chat(self.capulet, 'juliet2')
        romeo = self.chat(self.montague, 'romeo2', juliet)
        weather = self.weather(self.montague)
        self.converse(juliet, romeo)
        weather.loss = 1.0
        bodies = [f'across {i}' for i in range(MESSAGES)]
        for body in bodies:
            juliet.say(romeo, body)
            romeo.say(juliet, body)
            time.sleep(PARTITION / MESSAGES)
        weather.loss = 0.0
        self.check(weather, juliet, romeo, bodies)
        self.check(weather, romeo, juliet, bodies)


if __name__ == '__main__':
    main()
