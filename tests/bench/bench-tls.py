# SPDX-License-Identifier: LGPL-2.1-or-later
"""What it takes both ends from a dial to the first message, encrypted, in instructions over those of the
same two handshakes in bare GnuTLS.

    bench-tls.py PATH/TO/bench-tls

Prints what README.md says."""

import json
import sys

import jobs

PROGRAM = sys.argv[1]


def count(job):
    """Each in a process of its own: what the one leaves is no work of the other."""
    return jobs.instructions(PROGRAM, [job])[job]


print("  sessions: from a dial to the first message, encrypted", file=sys.stderr, flush=True)
print(json.dumps({
    "group": "sessions", "name": "dial to first message, encrypted, both ends", "who": "libxep174",
    "value": count("dial"), "unit": "instructions", "floor": count("bare"),
    "floor_name": "TCP and GnuTLS alone", "target": 1.25,
}), flush=True)
