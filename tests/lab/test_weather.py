# SPDX-License-Identifier: LGPL-2.1-or-later
"""S7, A3 on a network that loses, delays, reorders and doubles packets, or is in two parts for a while.

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

    def check(self, weather, juliet, romeo, bodies):
        """Both run on, and acknowledge: nothing may be in doubt."""
        self.assert_both_received(juliet, romeo, bodies, LONG)
        self.note(f'{weather.passed} frames passed, {weather.lost} lost, {weather.doubled} doubled')

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


if __name__ == '__main__':
    main()
