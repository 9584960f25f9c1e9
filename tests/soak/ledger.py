# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who said what to whom, and what became of it."""
import threading
import time

# How long after it was killed somebody may still be talked to: as long as its host record lives.
REMEMBERED = 120
# How long a close may go unheard by the other side: as long as a link is cut, and a dial.
UNHEARD = 30


class Message:
    """What one process has said; `number` counts what it has said to that contact."""

    def __init__(self, sender, to, number):
        self.sender, self.to, self.number = sender, to, number
        self.said = time.monotonic()
        self.end = None             # 'sent', 'failed', 'error'
        self.unconfirmed = None     # when that was told
        self.received = False
        self.heard = 0


class Ledger:
    """S7 as a sum: each message is heard once, in order, or its sender is told."""

    def __init__(self):
        self._lock = threading.Lock()
        self._messages = {}
        self._counts = {}           # (sender, to): how many said
        self._last = {}             # (sender, to, hearer): the number heard last
        self.complaints = []
        self.heard = self.doubled = self.reordered = self.failed = 0
        self.received = self.unconfirmed = 0
        self.killed = set()
        self._deaths = {}           # name: when its programs were killed
        self._closes = {}           # (sender, to): when a conversation was closed, by either
        self._departures = {}       # sender or name: when it was asked to leave

    def complain(self, what):
        with self._lock:
            self.complaints.append(what)

    def say(self, sender, to):
        """A new message: its id."""
        with self._lock:
            number = self._counts[sender, to] = self._counts.get((sender, to), 0) + 1
            key = f'{sender}/{to}/{number}'
            self._messages[key] = Message(sender, to, number)
        return key

    def ended(self, key, end):
        with self._lock:
            message = self._messages[key]
            if message.end:
                self.complaints.append(f'{key} ended twice: {message.end}, {end}')
            message.end = end
            self.failed += end != 'sent'

    def was_unconfirmed(self, key):
        with self._lock:
            self._messages[key].unconfirmed = time.monotonic()
            self.unconfirmed += 1

    def was_received(self, key):
        with self._lock:
            message = self._messages[key]
            if message.received or message.unconfirmed:
                self.complaints.append(f'{key} ended twice: received at last')
            message.received = True
            self.received += 1

    def was_killed(self, sender, name):
        with self._lock:
            self.killed.add(sender)
            self._deaths.setdefault(name, []).append(time.monotonic())

    def was_closed(self, one, name, other, other_name):
        """Nothing goes on behind a close, and on a link that is cut nobody hears that it is one."""
        with self._lock:
            for pair in (one, other_name), (other, name):
                self._closes.setdefault(pair, []).append(time.monotonic())

    def was_asked_to_leave(self, sender, name):
        with self._lock:
            for who in sender, name:
                self._departures.setdefault(who, []).append(time.monotonic())

    def was_heard(self, hearer, key):
        with self._lock:
            message = self._messages[key]
            message.heard += 1
            self.heard += 1
            if message.heard > 1:
                self.doubled += 1
                self.complaints.append(f'{key} heard {message.heard} times, last by {hearer}')
            # One who is renamed while online is another contact (D9), with streams of its own.
            flow = message.sender, message.to, hearer
            if message.number <= self._last.get(flow, 0):
                self.reordered += 1
                self.complaints.append(f'{key} came late to {hearer}')
            self._last[flow] = message.number

    @property
    def said(self):
        return len(self._messages)

    def pending(self):
        """Those of living senders whose end is not known."""
        with self._lock:
            return [key for key, message in self._messages.items()
                    if not message.end and message.sender not in self.killed]

    def lost(self):
        """Neither heard nor reported, though the sender lived to report it."""
        with self._lock:
            return [key for key, message in self._messages.items()
                    if not message.heard and not message.unconfirmed
                    and message.end in (None, 'sent') and message.sender not in self.killed]

    def excused(self):
        """Neither heard nor reported, but the sender was killed and could not report any more."""
        with self._lock:
            return sum(not message.heard and not message.unconfirmed
                       and message.end in (None, 'sent') and message.sender in self.killed
                       for message in self._messages.values())

    def failed_yet_heard(self):
        with self._lock:
            return [key for key, message in self._messages.items()
                    if message.heard and message.end not in (None, 'sent')]

    def received_yet_not_heard(self):
        with self._lock:
            return [key for key, message in self._messages.items()
                    if message.received and not message.heard]

    def _has_an_end(self, message):
        """Somebody has ended what else would go on: a close, a departure, or SIGKILL."""
        until = message.unconfirmed
        return (any(message.said - UNHEARD <= when <= until
                    for when in self._closes.get((message.sender, message.to), ()))
                or any(0 <= until - when < REMEMBERED
                       for ends, who in ((self._departures, message.sender), (self._departures, message.to),
                                         (self._deaths, message.to))
                       for when in ends.get(who, ())))

    def needlessly_unconfirmed(self):
        """Both went on, and nobody closed: nothing need be in doubt (A3)."""
        with self._lock:
            return [key for key, message in self._messages.items()
                    if message.unconfirmed and not self._has_an_end(message)]
