# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that use Avahi's client library themselves, and our embedded discovery beside it."""
import os
import types
import unittest.mock

from xep174lab import LabTest, Process, PurplePeer, main


class HostPrograms(LabTest):
    """Both libraries of Avahi have functions of the same names; each call comes out at its own."""

    @classmethod
    def build(cls, lab):
        cls.whole = lab.add('whole')
        cls.no_publishing = lab.add('no-publishing', publishing=False)

    def goes_well(self, host, when):
        """Every step is taken, whatever the daemon says to the host's own requests."""
        program = Process(host, when, [f'{os.environ["AVAHI_HOSTS"]}/avahi-host-{when}', when])
        self.assertEqual(program.wait(), 0)
        self.assertEqual(program.lines[-1], f'done: {when}')
        self.assertEqual(program.lines.count(f'embedded: {when}@{host.name}'), 2)
        self.assertEqual(program.lines.count('stopped: yes'), 3)
        return [line for line in program.lines if line.startswith('group: ')]

    def both(self, when):
        groups = self.goes_well(self.whole, when)
        self.assertEqual(set(groups), {'group: made'})
        refused = self.goes_well(self.no_publishing, when)
        self.assertEqual(set(refused), {'group: Not permitted'})

    def test_linked_first(self):
        self.both('first')

    def test_linked_last(self):
        self.both('last')

    def test_loaded_later(self):
        self.both('later')

    def test_loaded_by_a_plugin(self):
        """D10: libpurple's Bonjour, which loads it, and our plugin in one process: all goes well."""
        # libpurple keeps what it has until the process ends.
        with unittest.mock.patch.dict(os.environ, ASAN_OPTIONS='detect_leaks=0'):
            both = self._add(PurplePeer(
                self.whole, 'juliet', protocol='prpl-xep174', discovery='embedded',
                plugins=os.path.dirname(os.environ['PURPLE_PLUGIN']),
                also='nurse@whole', **{'also-protocol': 'prpl-bonjour'}))
        both.await_online()
        both.await_online()
        nurse = types.SimpleNamespace(name='nurse@whole')
        both.meet(nurse)
        both.meet(both)
        both.say(nurse, 'good morrow')
        both.hear(both, 'good morrow')
        both.quit()


if __name__ == '__main__':
    main()
