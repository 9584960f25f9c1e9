#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts what reading a stanza costs, in instructions, over libxml2's push parser with handlers
that do nothing. Two runs of different length are subtracted, so that starting up does not count.

    parse-ratios.py PATH/TO/bench-parse

Exits with 1, and says "over target" on each row that is."""

import os
import re
import subprocess
import sys
import tempfile

BENCH = sys.argv[1] if len(sys.argv) > 1 else "bench-parse"
missed = 0


def count(kind, shape, number, chunk=4096):
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", BENCH, kind,
             shape, str(number), str(chunk)],
            capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def each(kind, shape, number, chunk=4096):
    return (count(kind, shape, 2 * number, chunk) - count(kind, shape, number, chunk)) / number


def heap(kind, shape, number, chunk=4096):
    run = subprocess.run([BENCH, kind, shape, str(number), str(chunk)],
                         capture_output=True, text=True, check=True,
                         # What lies in the allocator's cache is free.
                         env={**os.environ, "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"})
    return int(run.stdout.split()[3])


def row(name, value, target, unit=""):
    global missed
    over = value > target
    missed += over
    print(f"{name:58} {value:10.3f}{unit} of {target}{unit}{'  over target' if over else ''}")


for shape, number, target in (("short", 1000, 1.25), ("xhtml", 200, 1.15), ("base64", 20, 1.09)):
    floor, ours = each("floor", shape, number), each("ours", shape, number)
    print(f"{shape}: floor {floor:.0f}, ours {ours:.0f} instructions a stanza")
    row(f"{shape}: instructions over libxml2's", ours / floor, target)

for shape, size in (("text", 5000), ("amp", 10000), ("children", 10000), ("value", 50000),
                    ("attributes", 10), ("names", 1000)):
    few = 200 if size < 100 else 4
    for chunk in (4096, 1):
        ratio = each("ours", f"{shape}:{4 * size}", few, chunk) / each("ours", f"{shape}:{size}",
                                                                       few, chunk)
        row(f"{shape} x4, in chunks of {chunk}: instructions", ratio, 4.5)

idle = heap("ours", "short", 10)
# Of what a whole idle session may have; libxml2 alone has 16.
row("heap of an idle parser", idle / 1000, 20, " KB")
for shape in ("text:26000", "value:260000", "children:65000", "amp:52000"):
    row(f"heap more after {shape}", (heap("ours", shape, 1) - idle) / 1000, 16, " KB")
sys.exit(1 if missed else 0)
