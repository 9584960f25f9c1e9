# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an echo costs more than the same without something, in instructions: encrypted with
acknowledgements (A1) instead of pings, and with ten features that the message is not for.

    bench-echo.py PATH/TO/bench-talk

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


for name, kind, floor, floor_name, target in [
        ("echo, encrypted and acknowledged, both ends", "sealed", "pinged", "the same with pings", 1.05),
        ("echo with ten features, both ends", "featured", "session", "the same without", 1.02)]:
    print(f"  sessions: {name}", file=sys.stderr, flush=True)
    print(json.dumps({
        "group": "sessions", "name": name, "who": "libxep174", "value": count(kind),
        "unit": "instructions", "floor": count(floor), "floor_name": floor_name, "target": target,
    }), flush=True)
