# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drives `xep174 chat --json` on a host."""
import itertools
import json
import os

from .process import PATIENCE, Failure, Process


def tool():
    path = os.environ.get('XEP174', '')
    if not os.access(path, os.X_OK):
        raise Failure(f'the tool xep174 is not there: XEP174={path!r}')
    return path


class Chat(Process):
    """One running chat.  Its events are kept until somebody takes them."""

    _ids = itertools.count(1)

    def __init__(self, host, user, discovery='avahi', arguments=(), environment=None):
        self.events = []
        self.said = {}          # body: id
        self.user = user
        self.name = None
        self.port = None
        super().__init__(host, f'{user}@{host.name}',
                         [tool(), 'chat', '--json', '--user', user, '--discovery', discovery,
                          *arguments], {**host.data_of(user), **(environment or {})})

    def await_online(self):
        event = self.expect('online')
        self.name, self.port = event['name'], event['port']

    def line_came(self, lines, line):
        super().line_came(lines, line)
        if lines is not self.lines:
            return
        try:
            event = json.loads(line)
        except ValueError:
            event = {'event': 'not JSON', 'line': line}
        self.events.append(event)

    def command(self, command, /, **fields):
        self.write(json.dumps({'command': command, **fields}, ensure_ascii=False))

    # Events

    def _find(self, name, fields):
        for event in self.events:
            if event.get('event') == name and all(_fits(event.get(key), wanted)
                                                  for key, wanted in fields.items()):
                return event
        return None

    def expect(self, name, /, timeout=PATIENCE, **fields):
        """Takes the first event of that name with those fields (a value, or a function of it)."""
        def take():
            event = self._find(name, fields)
            if event:
                self.events.remove(event)
            return event
        wanted = {key: value if not callable(value) else '…' for key, value in fields.items()}
        return self.await_that(f'{name} {wanted or ""}'.strip(), take, timeout)

    def take_all(self, name, /, **fields):
        """Every such event so far."""
        with self.changed:
            found = [event for event in self.events if event.get('event') == name
                     and all(_fits(event.get(key), wanted) for key, wanted in fields.items())]
            for event in found:
                self.events.remove(event)
        return found

    def forbid(self, name, /, **fields):
        """Fails if such an event has come."""
        with self.changed:
            event = self._find(name, fields)
        if event:
            raise Failure(f'{self.who}: unexpected {event}')

    # Conversation

    def meet(self, *others):
        """Waits until every one of them is a contact."""
        for other in others:
            self.expect('contact-added', name=getattr(other, 'name', other))

    def say(self, to, body):
        """Sends; gives the id, whose `sent` or `failed` event tells the end."""
        number = f'{self.user}-{next(self._ids)}'
        self.said[body] = number
        self.command('message', to=getattr(to, 'name', to), body=body, id=number)
        return number

    def tell(self, to, body, timeout=PATIENCE):
        """Sends, and waits until it has been sent."""
        number = self.say(to, body)
        self.expect('sent', id=number, timeout=timeout)
        return number

    def hear(self, sender, body, timeout=PATIENCE):
        return self.expect('message', **{'from': getattr(sender, 'name', sender)}, body=body,
                           timeout=timeout)

    def heard(self, sender):
        """The bodies of all that has come from there and was not taken with `hear`, in order."""
        with self.changed:
            return [event['body'] for event in self.events
                    if event.get('event') == 'message' and event.get('from') == sender.name]

    def await_heard(self, sender, body, timeout=PATIENCE):
        """As `hear`, but leaves the message there to be counted."""
        self.await_that(f'message {body!r}', lambda: self._find(
            'message', {'from': sender.name, 'body': body}), timeout)

    def close_session(self, contact):
        self.command('close', contact=getattr(contact, 'name', contact))

    def quit(self):
        """Leaves as one should; anything but a clean end fails."""
        if self.popen.poll() is None:
            self.command('quit')
        self.end()

    def end(self):
        """The status is 1 if a command failed, or what was said may not have been read."""
        status = self.wait()
        lost = any(f'"event":"{event}"' in line for line in self.lines
                   for event in ('failed', 'unconfirmed', 'error', 'transfer-failed',
                                 'transfer-waiting'))
        if status and not (status == 1 and lost):
            raise Failure(f'{self.who} ended with status {status}')


def _fits(value, wanted):
    return wanted(value) if callable(wanted) else value == wanted


def converse(one, other, text='hello'):
    """Each says something to the other, and both hear it."""
    one.tell(other, f'{text} from {one.name}')
    other.hear(one, f'{text} from {one.name}')
    other.tell(one, f'{text} from {other.name}')
    one.hear(other, f'{text} from {other.name}')
