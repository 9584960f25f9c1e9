# SPDX-License-Identifier: LGPL-2.1-or-later
"""Twenty people on one network who come, go, talk, break and are renamed, for as long as asked.
They encrypt and acknowledge, and all connections of one of them break now and then.

    churn.py [MINUTES [SEED]]

Each is the tool on a host of its own, with embedded discovery; two hosts share a machine name, so
names are taken now and then (D9). Some stay all the time: their memory and descriptors must be flat.
What is done, and to whom, is decided by the seed; when exactly is up to the machine."""
import argparse
import heapq
import json
import random
import statistics
import time

from ledger import Ledger
from xep174lab import Chat, Failure, Lab, inside

PEOPLE = 20
ANCHORS = 4
USERS = ('romeo', 'juliet')
# Seconds between two deeds, on average.
PACE = 0.12
# What ends a message at the latest: a dial in the dark, and every retry of it.
DRAIN = 240
QUIT = 120

WEIGHTS = {
    'message': 60, 'both_at_once': 18, 'burst': 4, 'close': 8, 'join': 6, 'leave': 2, 'restart': 1,
    'rename': 1, 'power_failure': 1, 'cut': 1, 'break_connections': 6,
}


class Talker(Chat):
    """A chat whose events are counted and not kept."""

    count = 0

    def __init__(self, host, user, ledger):
        Talker.count += 1
        self.ledger = ledger
        self.key = f'{user}#{Talker.count}'
        self.known = set()
        self.has_lost = False
        super().__init__(host, user, discovery='embedded')

    def line_came(self, lines, line):
        if lines is not self.lines:
            # An end that takes a while is told of.
            if 'waiting until' in line:
                return
            self.ledger.complain(f'{self.key} on stderr: {line}')
            return
        event = json.loads(line)
        kind = event['event']
        self.has_lost |= kind in ('failed', 'unconfirmed', 'error')
        if kind == 'message':
            self.ledger.was_heard(self.key, event['body'].split(' ')[0])
        elif kind in ('sent', 'failed') or kind == 'error' and 'id' in event:
            self.ledger.ended(event['id'], kind)
        elif kind == 'received':
            self.ledger.was_received(event['id'])
        elif kind == 'unconfirmed':
            self.ledger.was_unconfirmed(event['id'])
        elif kind == 'session-opened' and not event['encrypted']:
            self.ledger.complain(f'{self.key}: not encrypted with {event["contact"]}')
        elif kind == 'online':
            self.name = event['name']
        elif kind == 'contact-added':
            self.known.add(event['name'])
        elif kind == 'contact-removed':
            self.known.discard(event['name'])
        elif kind == 'error' and not event['message'].startswith('There is no conversation'):
            self.ledger.complain(f'{self.key}: {event["message"]}')

    def tell_one(self, to, length):
        key = self.ledger.say(self.key, to)
        self.command('message', to=to, body=key + ' ' + 'x' * length, id=key)


class Person:
    def __init__(self, host, user, stays):
        self.host, self.user, self.stays = host, user, stays
        self.chat = None
        self.leaving = None         # when it was asked to
        self.powered = True
        self.fresh_files = 0
        self.samples = []           # (seconds, kB, descriptors)

    @property
    def is_in(self):
        return self.chat is not None and self.leaving is None and self.chat.name is not None


class Churn:
    def __init__(self, lab, minutes, seed):
        self.random = random.Random(seed)
        self.ledger = Ledger()
        self.people = []
        for i in range(PEOPLE):
            host = lab.add(f'h{i}', bus=False, avahi=False, host_name=f'house{i // 2}')
            self.people.append(Person(host, USERS[i % 2], i < ANCHORS))
        self.deeds = dict.fromkeys(WEIGHTS, 0)
        self.renamed = self.broken = 0
        self.later = []             # (when, number, function)
        self.began = time.monotonic()
        self.seconds = minutes * 60

    # What can be done

    def present(self):
        return [person for person in self.people if person.is_in]

    def pairs(self):
        names = {person.chat.name: person for person in self.present()}
        return [(person, names[name]) for person in names.values()
                for name in sorted(person.chat.known) if name in names]

    def at(self, seconds, function):
        heapq.heappush(self.later, (time.monotonic() + seconds, len(self.later), function))

    def pick(self, among):
        return self.random.choice(among) if among else None

    def message(self):
        person = self.pick(self.present())
        # To anybody it knows of, gone or not.
        to = person and self.pick(sorted(person.chat.known))
        if to:
            person.chat.tell_one(to, self.random.choice((0, 10, 200, 5000)))

    def both_at_once(self):
        one, other = self.pick(self.pairs()) or (None, None)
        if one:
            for _ in range(self.random.randint(1, 4)):
                one.chat.tell_one(other.chat.name, 20)
                other.chat.tell_one(one.chat.name, 20)

    def burst(self):
        one, other = self.pick(self.pairs()) or (None, None)
        if one:
            for _ in range(100):
                one.chat.tell_one(other.chat.name, 100)

    def close(self):
        one, other = self.pick(self.pairs()) or (None, None)
        if one:
            self._close(one, other)

    def _close(self, one, other):
        self.ledger.was_closed(one.chat.key, one.chat.name, other.chat.key, other.chat.name)
        one.chat.close_session(other.chat.name)

    def join(self, person=None):
        person = person or self.pick([each for each in self.people
                                      if each.chat is None and each.powered])
        if person and person.chat is None and person.powered:
            person.chat = Talker(person.host, person.user, self.ledger)

    def _goer(self):
        return self.pick([person for person in self.present() if not person.stays])

    def leave(self, person=None):
        person = person or self._goer()
        if person:
            person.leaving = time.monotonic()
            self.ledger.was_asked_to_leave(person.chat.key, person.chat.name)
            person.chat.command('quit')
        return person

    def restart(self):
        person = self._goer()
        if person:
            self._kill(person)
            self.join(person)

    def rename(self):
        person = self.leave()
        if person:
            person.user = self.random.choice(USERS)

    def power_failure(self):
        person = self._goer()
        if person:
            self._kill(person)
            person.host.power_off()
            person.powered = False
            self.at(self.random.uniform(1, 15), lambda: self._power_on(person))

    def _power_on(self, person):
        person.host.power_on()
        person.powered = True
        self.join(person)

    def cut(self):
        person = self.pick([person for person in self.people if person.powered])
        person.host.cut()
        self.at(self.random.uniform(1, 20), lambda: person.powered and person.host.mend())

    def break_connections(self):
        person = self.pick(self.present())
        if person:
            self.broken += person.host.destroy_connections()

    def _kill(self, person):
        self.ledger.was_killed(person.chat.key, person.chat.name)
        person.chat.kill()
        person.chat = person.leaving = None

    # What happens by itself

    def look_after(self):
        while self.later and self.later[0][0] <= time.monotonic():
            heapq.heappop(self.later)[2]()
        for person in self.people:
            chat = person.chat
            if chat is None:
                continue
            status = chat.popen.poll()
            if status is not None and chat.ended:
                # It is 1 if a command failed, or what was said may not have been read.
                if status not in (0, chat.has_lost) or person.leaving is None:
                    self.ledger.complain(f'{chat.key} ended with status {status}')
                self.renamed += bool(chat.name and '-1@' in chat.name)
                person.chat = person.leaving = None
            elif person.leaving and time.monotonic() - person.leaving > QUIT:
                self.ledger.complain(f'{chat.key} does not end')
                self._kill(person)

    def sample(self):
        for person in self.people:
            if person.stays and person.is_in:
                person.samples.append((time.monotonic() - self.began, person.chat.resident(),
                                       person.chat.open_files()))

    def report(self, what):
        ledger = self.ledger
        print(f'# {what}: {ledger.said} said, {ledger.heard} heard, {ledger.failed} failed, '
              f'{ledger.received} received, {ledger.unconfirmed} unconfirmed, {ledger.doubled} doubled, {ledger.reordered} out '
              f'of order; {len(self.present())} of {PEOPLE} online; anchors: '
              + ', '.join(f'{person.samples[-1][1]} kB {person.samples[-1][2]} fds'
                          for person in self.people if person.samples), flush=True)

    # The whole

    def gather(self):
        for person in self.people:
            self.join(person)
            person.chat.await_that('name', lambda chat=person.chat: chat.name)
            person.fresh_files = person.chat.open_files()
        deadline = time.monotonic() + 60
        while len(self.pairs()) < PEOPLE * (PEOPLE - 1):
            if time.monotonic() > deadline:
                raise Failure(f'only {len(self.pairs())} pairs have met')
            time.sleep(0.1)

    def run(self):
        self.gather()
        self.began = time.monotonic()
        next_sample = next_report = self.began
        while time.monotonic() < self.began + self.seconds:
            deed = self.random.choices(list(WEIGHTS), WEIGHTS.values())[0]
            self.deeds[deed] += 1
            getattr(self, deed)()
            self.look_after()
            if time.monotonic() >= next_sample:
                next_sample += 5
                self.sample()
            if time.monotonic() >= next_report:
                next_report += 60
                minutes = (time.monotonic() - self.began) / 60
                self.report(f'{minutes:.0f} of {self.seconds / 60:g} min')
            time.sleep(self.random.expovariate(1 / PACE))

    def _until(self, what, check, seconds):
        deadline = time.monotonic() + seconds
        while not check():
            if time.monotonic() > deadline:
                self.ledger.complain(f'no {what} after {seconds} s')
                return
            self.look_after()
            time.sleep(0.2)

    def finish(self):
        """Everything heals, everything is delivered or reported, everybody leaves."""
        self._until('healing', lambda: not self.later, 60)
        self._until('end of ' + ', '.join(self.ledger.pending()[:5]),
                    lambda: not self.ledger.pending(), DRAIN)
        for person in self.people:
            if person.is_in and not person.stays:
                self.leave(person)
        self._until('leaving', lambda: all(person.chat is None or person.stays
                                           for person in self.people), QUIT)
        anchors = [person for person in self.people if person.stays and person.is_in]
        for person in anchors:
            for other in anchors:
                if other is not person:
                    self._close(person, other)
        self._until('rest', lambda: all(person.chat.open_files() <= person.fresh_files + 1
                                        for person in anchors), 60)
        self.sample()
        for person in anchors:
            self.leave(person)
        self._until('end', lambda: all(person.chat is None for person in self.people), QUIT)


def growth(samples, column):
    """From the second quarter to the last one, of the median."""
    end = samples[-1][0]
    second, last = ([sample[column] for sample in samples if low <= sample[0] / end <= high]
                    for low, high in ((0.25, 0.5), (0.75, 1)))
    return statistics.median(last) - statistics.median(second)


def verdicts(churn):
    ledger = churn.ledger
    lost, odd = ledger.lost(), ledger.failed_yet_heard()
    yield not lost, f'S7: {len(lost)} lost unreported {lost[:5]}'
    yield not ledger.doubled, f'S7: {ledger.doubled} doubled'
    yield not ledger.reordered, f'S7: {ledger.reordered} out of order'
    yield not odd, f'S7: {len(odd)} reported as failed and heard {odd[:5]}'
    missed, doubtful = ledger.received_yet_not_heard(), ledger.needlessly_unconfirmed()
    yield not missed, f'A3: {len(missed)} reported as received and not heard {missed[:5]}'
    yield not doubtful, f'A3: {len(doubtful)} unconfirmed though nobody was killed {doubtful[:5]}'
    yield not ledger.complaints, f'{len(ledger.complaints)} complaints'
    for person in churn.people:
        if person.stays and len(person.samples) > 20:
            memory, files = growth(person.samples, 1), growth(person.samples, 2)
            yield memory < 1024, f'X8: {person.host.name}: memory {memory:+.0f} kB'
            yield files < 8, (f'X8: {person.host.name}: descriptors {files:+.0f}, '
                              f'{person.fresh_files} at first, {person.samples[-1][2]} at rest')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('minutes', nargs='?', type=float, default=24)
    parser.add_argument('seed', nargs='?', type=int)
    arguments = parser.parse_args()
    inside.enter()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    print(f'# {PEOPLE} people, {arguments.minutes:g} minutes, seed {seed}', flush=True)
    lab = Lab()
    try:
        churn = Churn(lab, arguments.minutes, seed)
        churn.run()
        churn.finish()
    finally:
        lab.close()
    churn.report('in the end')
    print('# ' + ', '.join(f'{count} {deed}' for deed, count in churn.deeds.items())
          + f'; {churn.broken} ends of connections '
          f'broken; {churn.renamed} had a name that was taken; {churn.ledger.excused()} died with their '
          'sender', flush=True)
    failed = 0
    for number, (holds, what) in enumerate(verdicts(churn), 1):
        print(f'{"ok" if holds else "not ok"} {number} - {what}', flush=True)
        failed += not holds
    for complaint in churn.ledger.complaints:
        print(f'# {complaint}')
    raise SystemExit(1 if failed else 0)


if __name__ == '__main__':
    main()
