# SPDX-License-Identifier: LGPL-2.1-or-later
"""That nothing has become slower: counts instructions, which are the same every time, and compares
with somebody else's for the same work in the same run, so that compilers and machines cancel out.

    test-instructions.py OURS FLOOR TALK LIBXML2 GLIB
        (bench-peer-libxep174, bench-peer-libxml2, bench-talk, and the versions of the libraries)

Where a change is worth its price, or has made something faster, EXPECTED has to follow, in each of
its columns: ./dev elsewhere trixie ./dev test instructions."""

import concurrent.futures
import shutil
import sys

import jobs
import tap

OURS, FLOOR, TALK, LIBXML2, GLIB = sys.argv[1:6]

# The libraries do not cancel out: those of Debian 12, of Debian 13 and of what comes after it.
LIBRARIES = [("2.9", "2.74"), ("2.9", "2.84"), ("2.15", "2.90")]

# How often, over whose, and how many times theirs it was with each of them when this was written.
EXPECTED = {
    "read a short message":
        ((OURS, "short/4096/400"), (FLOOR, "short/4096/400"), (1.22, 1.237, 1.177)),
    "read a message with XHTML":
        ((OURS, "xhtml/4096/60"), (FLOOR, "xhtml/4096/60"), (1.145, 1.155, 1.176)),
    "read 16 KiB of base64":
        ((OURS, "base64/4096/8"), (FLOOR, "base64/4096/8"), (0.223, 0.278, 0.602)),
    "make and write a message":
        ((OURS, "write/0/400"), (FLOOR, "write/0/400"), (0.367, 0.391, 0.464)),
    "there and back through sessions":
        ((TALK, "session/300"), (TALK, "source/300"), (10.5, 9.53, 11.17)),
    "the same with ten features":
        ((TALK, "featured/300"), (TALK, "session/300"), (0.98, 0.98, 0.98)),  # 1.02 at most
}
TOLERANCE = 1.04


def count_all():
    """{(program, job): instructions}, each in a process of its own: what one leaves the next pays for."""
    wanted = sorted({work for ours, theirs, _ in EXPECTED.values() for work in (ours, theirs)})
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        counted = pool.map(lambda work: jobs.instructions(work[0], [work[1]])[work[1]], wanted)
    return dict(zip(wanted, counted))


def expect(ratios):
    """With other libraries than these nothing is known but that it is not much dearer."""
    libraries = tuple(".".join(version.split(".")[:2]) for version in (LIBXML2, GLIB))
    return ratios[LIBRARIES.index(libraries)] if libraries in LIBRARIES else max(ratios)


def check(counts, name):
    ours, theirs, ratios = EXPECTED[name]
    expected = expect(ratios)
    ratio = counts[ours] / counts[theirs]
    print(f"# {name}: {ratio:.3f}, expected {expected}", flush=True)
    assert ratio <= expected * TOLERANCE, \
        f"{name}: {ratio:.3f} times the floor's instructions instead of {expected}"


def check_allocations():
    """Who has features pays for a plain message with no allocation."""
    ours, theirs = (jobs.natively(TALK, [job])[job]["allocations"] for job in ("featured/300", "session/300"))
    assert ours == theirs, f"{ours} allocations with features, {theirs} without"


def main():
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is needed to count instructions; please install it")
    counts = count_all()
    tap.main([(f"/instructions/{name.replace(' ', '-')}", lambda name=name: check(counts, name))
              for name in EXPECTED] + [("/instructions/features-allocate-nothing", check_allocations)])


main()
