# SPDX-License-Identifier: LGPL-2.1-or-later
"""A program that runs on a host of the lab, and the transcript that all of them share."""
import collections
import os
import signal
import subprocess
import threading
import time

# A deadline for what should come at once.  Long, for a loaded machine; only a failure waits it out.
PATIENCE = float(os.environ.get('XEP174_LAB_PATIENCE', '30'))


class Transcript:
    """What everybody in the lab said and heard, in order; printed when a test fails."""

    def __init__(self, limit=4000):
        self._lines = collections.deque(maxlen=limit)
        self._start = time.monotonic()

    def add(self, who, what):
        self._lines.append(f'{time.monotonic() - self._start:9.3f} {who}: {what}')

    def clear(self):
        self._lines.clear()

    def text(self):
        return '\n'.join(self._lines)


class Failure(AssertionError):
    """Something that was awaited did not come, or something came that must not."""


class Process:
    """A running program whose lines are collected as they come."""

    def __init__(self, host, who, command, environment=None):
        self.host = host
        self.who = who
        self.lines = []
        self.errors = []
        self.changed = threading.Condition()
        self._closed = 0
        self._log = host.lab.transcript
        self._log.add(who, 'started: ' + ' '.join(command))
        self.popen = subprocess.Popen(
            host.command(command), env=host.environment(environment), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding='utf-8',
            errors='surrogateescape')
        host.lab.processes.append(self)
        for pipe, lines, mark in ((self.popen.stdout, self.lines, '>'),
                                  (self.popen.stderr, self.errors, '!')):
            threading.Thread(target=self._read, args=(pipe, lines, mark), daemon=True).start()

    def _read(self, pipe, lines, mark):
        for line in pipe:
            line = line.rstrip('\n')
            self._log.add(self.who, f'{mark} {line}')
            with self.changed:
                self.line_came(lines, line)
                self.changed.notify_all()
        with self.changed:
            self._closed += 1
            self.changed.notify_all()

    def line_came(self, lines, line):
        """Called for each line, with the lock held; what a program prints may be parsed here."""
        lines.append(line)

    @property
    def pid(self):
        return self.popen.pid

    @property
    def ended(self):
        return self._closed == 2

    def write(self, line):
        self._log.add(self.who, '< ' + line)
        try:
            self.popen.stdin.write(line + '\n')
            self.popen.stdin.flush()
        except BrokenPipeError:
            raise Failure(f'{self.who} is gone and cannot be told: {line}') from None

    def await_that(self, what, check, timeout=PATIENCE):
        """Waits until check() gives something true, and gives that."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                found = check()
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Failure(f'{self.who}: no {what} within {timeout} s')
                if self.ended:
                    raise Failure(f'{self.who}: ended before {what}')
                self.changed.wait(left)

    def wait(self, timeout=PATIENCE):
        """The exit status, once it has ended and all that it printed has come."""
        try:
            status = self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failure(f'{self.who} did not end within {timeout} s') from None
        self.await_that('end of its output', lambda: self.ended, timeout)
        self._log.add(self.who, f'ended with {status}')
        return status

    def signal(self, number):
        self._log.add(self.who, f'signal {signal.Signals(number).name}')
        self.popen.send_signal(number)

    def kill(self):
        """Gone without a word, as when the power fails."""
        if self.popen.poll() is None:
            self.signal(signal.SIGKILL)
        return self.wait()

    def resident(self):
        """Kilobytes of memory in use."""
        with open(f'/proc/{self.pid}/status', encoding='ascii') as status:
            return next(int(line.split()[1]) for line in status if line.startswith('VmRSS:'))

    @staticmethod
    def sanitized():
        """Whether AddressSanitizer watches, which keeps freed memory for a while."""
        with open(os.environ['XEP174'], 'rb') as program:
            return b'__asan_init' in program.read()

    def open_files(self):
        return len(os.listdir(f'/proc/{self.pid}/fd'))
