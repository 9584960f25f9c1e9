# SPDX-License-Identifier: LGPL-2.1-or-later
"""That nothing has become slower: counts instructions, which are the same every time, and compares
with somebody else's for the same work in the same run, so that compilers and machines cancel out.

    test-instructions.py OURS FLOOR TALK     (bench-peer-libxep174, bench-peer-libxml2, bench-talk)

Where a change is worth its price, or has made something faster, EXPECTED has to follow."""

import concurrent.futures
import shutil
import sys

import jobs
import tap

OURS, FLOOR, TALK = sys.argv[1:4]

# How often, over whose, and how many times theirs it was when this was written.
EXPECTED = {
    "read a short message": ((OURS, "short/4096/400"), (FLOOR, "short/4096/400"), 1.22),
    "read a message with XHTML": ((OURS, "xhtml/4096/60"), (FLOOR, "xhtml/4096/60"), 1.145),
    "read 16 KiB of base64": ((OURS, "base64/4096/8"), (FLOOR, "base64/4096/8"), 0.27),
    "make and write a message": ((OURS, "write/0/400"), (FLOOR, "write/0/400"), 0.367),
    "there and back through sessions": ((TALK, "session/300"), (TALK, "source/300"), 6.45),
}
TOLERANCE = 1.04


def count_all():
    """{(program, job): instructions}, each program once."""
    wanted = {}
    for ours, theirs, _ in EXPECTED.values():
        for program, job in (ours, theirs):
            wanted.setdefault(program, []).append(job)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        counted = pool.map(lambda item: (item[0], jobs.instructions(*item)), wanted.items())
    return {(program, job): count for program, counts in counted for job, count in counts.items()}


def check(counts, name):
    ours, theirs, expected = EXPECTED[name]
    ratio = counts[ours] / counts[theirs]
    print(f"# {name}: {ratio:.3f}, expected {expected}", flush=True)
    assert ratio <= expected * TOLERANCE, \
        f"{name}: {ratio:.3f} times the floor's instructions instead of {expected}"


def main():
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is needed to count instructions; please install it")
    counts = count_all()
    tap.main([(f"/instructions/{name.replace(' ', '-')}", lambda name=name: check(counts, name))
              for name in EXPECTED])


main()
