# SPDX-License-Identifier: LGPL-2.1-or-later
"""What acknowledgements (A1) add to an encrypted echo, in instructions over those of the same sessions
where pings tell what was received.

    bench-acks.py PATH/TO/bench-talk

Prints what README.md says."""

import json
import sys

import jobs

PROGRAM = sys.argv[1]
COUNT = 300


def count(kind):
    """Each in a process of its own: what the one leaves is no work of the other."""
    job = f"{kind}/{COUNT}"
    return jobs.instructions(PROGRAM, [job])[job] / COUNT


print("  sessions: an encrypted echo, acknowledged", file=sys.stderr, flush=True)
print(json.dumps({
    "group": "sessions", "name": "echo, encrypted and acknowledged, both ends", "who": "libxep174",
    "value": count("sealed"), "unit": "instructions", "floor": count("pinged"),
    "floor_name": "the same with pings", "target": 1.05,
}), flush=True)
