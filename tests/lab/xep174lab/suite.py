# SPDX-License-Identifier: LGPL-2.1-or-later
"""unittest with a lab to a class, and TAP as its output."""
import collections
import itertools
import os
import sys
import time
import traceback
import unittest

from . import inside
from .capture import Capture
from .chat import Chat, converse
from .lab import Lab, await_that
from .process import Failure
from .purple import PurplePeer
from .raw import RawPeer
from .weather import Weather

# What the longest way back to each other may take, for a loaded machine.
LONG = 120


class LabTest(unittest.TestCase):
    """A class is a lab, its methods are stories told there one after the other."""

    _numbers = itertools.count(1)

    @classmethod
    def build(cls, lab):
        """Adds the hosts: cls.verona = lab.add('verona')."""
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        try:
            cls.build(cls.lab)
            cls.lab.start()
        except BaseException:
            cls.lab.close()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.lab.close()

    def setUp(self):
        self.lab.transcript.clear()
        self._actors = []
        self._number = next(LabTest._numbers)

    def chat(self, host, user, *others, online=True, **options):
        """Starts a chat, and waits until it and those others are contacts of each other."""
        chat = self._add(Chat(host, user, **options))
        if online:
            chat.await_online()
        for other in others:
            chat.meet(other)
            if isinstance(other, (Chat, PurplePeer)):
                other.meet(chat)
        return chat

    def peer(self, host, user, **options):
        return self._add(RawPeer(host, user, **options))

    def purple(self, host, user, **settings):
        purple = self._add(PurplePeer(host, user, **settings))
        purple.await_online()
        return purple

    def purple_plugin(self, host, user, online=True, **settings):
        """The same client with our plugin."""
        plugin = os.environ.get('PURPLE_PLUGIN', '')
        if not os.access(plugin, os.R_OK):
            raise Failure('prpl-xep174 was not built: it needs libpurple 2.14 (libpurple-dev)')
        purple = self._add(PurplePeer(host, user, protocol='prpl-xep174',
                                      plugins=os.path.dirname(plugin), **settings))
        if online:
            purple.await_online()
        return purple

    def capture(self, host):
        capture = Capture(host)
        self.addCleanup(capture.close)
        return capture

    def weather(self, host, **options):
        weather = Weather(host, **options)
        self.addCleanup(weather.close)
        return weather

    def fresh(self, user):
        """A name of this story alone: who has just left stays in the daemons' caches for a second."""
        return f'{user}{self._number}'

    def _add(self, actor):
        self._actors.append(actor)
        return actor

    def tearDown(self):
        """Everybody leaves; a client of ours that does not leave cleanly fails the story."""
        for actor in self._actors:
            if isinstance(actor, RawPeer):
                actor.close()
        failures = []
        for actor in self._actors:
            if isinstance(actor, (Chat, PurplePeer)) and actor.popen.returncode is None:
                try:
                    actor.quit()
                except Failure as failure:
                    actor.kill()
                    failures.append(str(failure))
        if failures:
            raise Failure('; '.join(failures))

    # What several stories assert

    def await_rest(self, count, *hosts):
        """Waits until each host has exactly that many TCP connections, and no other half closed."""
        states = ('ESTABLISHED', 'CLOSE_WAIT', 'SYN_SENT', 'SYN_RECV')
        for host in hosts:
            await_that(f'rest with {count} connection(s) on {host.name}',
                       lambda: [state for *_ends, state in host.connections(states)]
                       == ['ESTABLISHED'] * count)

    def assert_all_received(self, sender, receiver, bodies, timeout=LONG):
        """A3: all of it arrives once and in order, and none of it is told to have failed or to be in doubt."""
        wanted = set(bodies)
        numbers = {sender.said[body] for body in bodies}

        def heard():
            return [body for body in receiver.heard(sender) if body in wanted]

        def told():
            with sender.changed:
                return collections.Counter(
                    event['event'] for event in sender.events if event.get('id') in numbers)

        def settled():
            ends = told()
            undelivered = ends['failed'] + ends['unconfirmed']
            return ends['received'] + undelivered >= len(bodies) and \
                len(set(heard())) + undelivered >= len(bodies)
        await_that(f'all of {sender.name}', settled, timeout, pause=0.25)
        arrived, ends = heard(), told()
        self.note(f'{sender.name}: {len(bodies)} said, {len(arrived)} heard, '
                  f'{len(wanted - set(arrived))} lost, {len(arrived) - len(set(arrived))} doubled, '
                  f'{ends["unconfirmed"]} unconfirmed, {ends["failed"]} failed')
        self.assertEqual(arrived, list(bodies))
        self.assertEqual(ends, {'sent': len(bodies), 'received': len(bodies)})

    def assert_both_received(self, one, other, bodies, timeout=LONG):
        self.assert_all_received(one, other, bodies, timeout)
        self.assert_all_received(other, one, bodies, timeout)
        for chat in one, other:
            chat.forbid('unconfirmed')

    converse = staticmethod(converse)

    def note(self, text):
        """A line for who reads the log of a green run: the counts."""
        print(f'# {text}', flush=True)


class _Tap(unittest.TestResult):
    def __init__(self, out):
        super().__init__()
        self._out = out
        self._count = 0
        self._failed = None
        self._began = time.monotonic()

    def startTest(self, test):
        super().startTest(test)
        self._began = time.monotonic()

    def _line(self, verdict, test):
        self._count += 1
        story = (test.shortDescription() or '').rstrip('.').replace('#', '')
        print(f'{verdict} {self._count} - {test.id().replace("__main__.", "")} {story}'
              f' ({time.monotonic() - self._began:.1f} s)', file=self._out,
              flush=True)

    def addSuccess(self, test):
        self._line('ok', test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._fail(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self._fail(test, err)

    def _fail(self, test, err):
        # One line a test, even if it fails once more on its way out.
        if self._failed is not test:
            self._line('not ok', test)
        self._failed = test
        text = ''.join(traceback.format_exception(*err))
        # On standard error, because that is what meson shows of a failed test.
        print(f'{test.id()}\n{text}', file=sys.stderr, flush=True)
        lab = getattr(test, 'lab', None)
        if lab:
            text += '--- transcript\n' + lab.transcript.text()
        for line in text.splitlines():
            print('# ' + line.encode('utf-8', 'backslashreplace').decode(), file=self._out)
        self._out.flush()

    def addSkip(self, test, reason):
        self.addFailure(test, (AssertionError, AssertionError(f'skipped: {reason}'), None))


def main():
    """Runs the stories of the calling script; its arguments choose some (`Class.test_name`)."""
    inside.enter()
    inside.go_first(5)
    loader = unittest.defaultTestLoader
    names = [name for name in sys.argv[1:] if not name.startswith('-')]
    script = sys.modules['__main__']
    tests = (loader.loadTestsFromNames(names, script) if names
             else loader.loadTestsFromModule(script))
    print(f'1..{tests.countTestCases()}', flush=True)
    result = _Tap(sys.stdout)
    tests.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
