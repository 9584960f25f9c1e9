# SPDX-License-Identifier: LGPL-2.1-or-later
"""Looks for many people who are published on another host, beside a window of resolvers written
straight on avahi-client. Both meet a daemon that has just started, turn and turn about.

    bench-contacts.py PATH/TO/bench-contacts [PEOPLE…]

Prints what README.md says. ROUNDS in the environment is how often each has its turn."""
import json
import os
import statistics
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'lab'))
from xep174lab import Lab, Process, await_that, inside  # noqa: E402

PROGRAM = os.path.realpath(sys.argv[1])
CROWDS = [int(number) for number in sys.argv[2:]] or [50, 200, 1000]
ROUNDS = int(os.environ.get('ROUNDS', '9'))
SECONDS_MORE = 5
# Until all are known, the longest block, the work for it.
TARGETS = {'avahi': (1.1, 0.05, 1.25), 'embedded': (1.5, 5, 1.25)}
# With fewer contacts the floor does not block for longer than the scheduler may.
BLOCKS_FROM = 200
# With fewer contacts most of what the program itself works is its start, which a daemon has behind it.
PROGRAM_FROM = 1000


def look(host, way, number):
    host.stop_avahi()
    host.start_avahi()
    host.await_avahi()
    process = Process(host, way, [PROGRAM, way, str(number), str(SECONDS_MORE),
                                  str(host.daemon_pid('avahi'))])
    status = process.wait(150)
    await_that('its last words', lambda: process.ended)
    if status or not process.lines:
        raise SystemExit(f'{way}: {process.lines} {process.errors}')
    return json.loads(process.lines[-1])


def row(number, what, who, value, unit, floor, target):
    figure = {'group': 'contacts', 'name': f'{number:,} contacts published elsewhere: {what}',
              'who': f'libxep174, {who}', 'value': value, 'unit': unit, 'floor': floor,
              'floor_name': '16 resolvers on avahi-client'}
    print(json.dumps({**figure, 'target': target} if target else figure), flush=True)


def compare(there, here, number):
    crowd = Process(there, 'crowd', [PROGRAM, 'crowd', str(number)])
    crowd.await_that('crowd', lambda: 'ready' in crowd.lines, 120)
    found = {way: [] for way in ('floor', 'avahi', 'embedded')}
    for _ in range(ROUNDS):
        for way, results in found.items():
            results.append(look(here, way, number))
            print(f'{number} contacts, {way}: {results[-1]}', file=sys.stderr, flush=True)
    crowd.popen.stdin.close()
    crowd.wait()
    # Not the best: mDNS answers after delays that are random by design (RFC 6762 §6), so it is luck.
    usual = {way: {key: statistics.median(result[key] for result in results) for key in results[0]}
             for way, results in found.items()}
    for who, targets in TARGETS.items():
        known, block, work = targets
        row(number, 'until all are known', who, usual[who]['ms'], 'ms', usual['floor']['ms'], known)
        row(number, 'longest block of the main loop', who, usual[who]['block_ms'], 'ms',
            usual['floor']['block_ms'], block if number >= BLOCKS_FROM else 5)
        row(number, "CPU of the daemon" if who == 'avahi' else 'CPU of the program beside the daemon', who,
            usual[who]['daemon_ms' if who == 'avahi' else 'cpu_ms'], 'ms',
            usual['floor']['daemon_ms'],
            work if who == 'avahi' or number >= PROGRAM_FROM else None)
    # The floor has let go of everybody by then, so it is no measure for who goes on watching.
    row(number, f'CPU of the daemon in the {SECONDS_MORE} s after', 'avahi',
        usual['avahi']['daemon_after_ms'], 'ms', usual['floor']['daemon_after_ms'], None)


def main():
    inside.enter()
    lab = Lab()
    there = lab.add('verona', avahi=False)
    here = lab.add('mantua')
    with lab:
        for number in CROWDS:
            compare(there, here, number)


main()
