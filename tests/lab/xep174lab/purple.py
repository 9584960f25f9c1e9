# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drives purple-peer, a libpurple client without a face."""
import os

from .process import PATIENCE, Failure, Process


class PurplePeer(Process):
    """One line an event, "seconds kind rest"; taken in any order."""

    def __init__(self, host, user, environment=None, **settings):
        path = os.environ.get('PURPLE_PEER', '')
        if not os.access(path, os.X_OK):
            raise Failure('purple-peer was not built: the development files of libpurple are '
                          'missing (libpurple-dev on Debian, libpurple-devel on Fedora)')
        self.name = f'{user}@{host.name}'
        self.events = []
        directory = f'{host.directory}/purple-{user}'
        os.makedirs(directory, exist_ok=True)
        super().__init__(host, self.name,
                         [path, directory, self.name, *(f'{k}={v}' for k, v in settings.items())],
                         # libpurple draws criticals, and leaks, of its own making
                         {'G_DEBUG': '', 'ASAN_OPTIONS': 'detect_leaks=0', **(environment or {})})

    def await_online(self):
        self.expect('signed-on')

    def line_came(self, lines, line):
        super().line_came(lines, line)
        if lines is self.lines:
            self.events.append(line.split(' ', 1)[-1])

    def expect(self, start, contains='', timeout=PATIENCE):
        """Takes the first event that starts so and has that in it."""
        def take():
            for event in self.events:
                if event.startswith(start) and contains in event:
                    self.events.remove(event)
                    return event
            return None
        return self.await_that(f'"{start}…{contains}"', take, timeout)

    def take_all(self, start):
        with self.changed:
            found = [event for event in self.events if event.startswith(start)]
            for event in found:
                self.events.remove(event)
        return found

    def meet(self, other):
        return self.expect(f'buddy-on {other.name} ')

    def say(self, to, text):
        """text is HTML, as libpurple has it."""
        self.write(f'im {to.name} {text}')

    def hear(self, sender, contains='', timeout=PATIENCE):
        return self.expect(f'im-received {sender.name} ', contains, timeout)

    def status(self, which, message=None):
        self.write(f'status {which}' + (f' {message}' if message else ''))

    def send_file(self, to, path):
        self.write(f'send {to.name} {path}')

    def take_file(self, path):
        """Accepts what was offered last."""
        self.write(f'take {path}')

    def close_conversation(self, other):
        self.write(f'close {other.name}')
        self.expect(f'closed {other.name}')

    def quit(self):
        if self.popen.poll() is None:
            self.write('quit')
        status = self.wait()
        if status:
            raise Failure(f'{self.who} (libpurple) ended with status {status}')
