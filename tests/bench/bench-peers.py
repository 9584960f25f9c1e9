# SPDX-License-Identifier: LGPL-2.1-or-later
"""What reading and writing stanzas costs us and others, in instructions over libxml2's, which makes
nothing of what it reads.

    bench-peers.py NAME=PROGRAM…

Prints what README.md says."""

import concurrent.futures
import json
import os
import sys

import jobs

FLOOR = "libxml2"
OURS = "libxep174"
PEERS = dict(argument.split("=", 1) for argument in sys.argv[1:])

INPUTS = {
    # What it is, its octets, how many are read, the target in chunks of 4 KiB.
    "short": ("150-octet message", 155, 1600, 1.25),
    "xhtml": ("1 KiB message with XHTML", 1139, 240, 1.15),
    "base64": ("16 KiB of base64", 16413, 16, 1.09),
}
# With a part of that number.
CHUNKS = {1: ("1 octet", 16), 4096: ("4 KiB", 1), 65536: ("64 KiB", 1)}
# Each kind that made a peer quadratic: what it is, and of how many there are four times as many.
GROWTH = {
    "text": ("text", 2500),
    "amp": ("references", 4000),
    "children": ("children", 4000),
    "value": ("an attribute", 20000),
    "attributes": ("attributes", 10),
    "names": ("names never used before", 500),
}
WRITE = "write/0/1000"
TURNS = 5


def read_job(shape, chunk):
    return f"{shape}/{chunk}/{INPUTS[shape][2] // CHUNKS[chunk][1]}"


def growth_job(shape, size, chunk):
    return f"{shape}:{size}/{chunk}/{100 if size < 100 else 2}"


READ_JOBS = [read_job(shape, chunk) for shape in INPUTS for chunk in CHUNKS]


def growth_jobs(chunk):
    return [growth_job(shape, factor * size, chunk) for shape, (_, size) in GROWTH.items()
            for factor in (1, 4)]


def jobs_of(name):
    wanted = list(READ_JOBS)
    if name != "expat":
        wanted.append(WRITE)
    # The others in large chunks only: what is quadratic takes its time.
    return wanted + growth_jobs(4096) + (growth_jobs(1) if name == OURS else [])


def row(group, name, who, value, unit, **more):
    print(json.dumps({"group": group, "name": name, "who": who, "value": value, "unit": unit,
                      **{key: value for key, value in more.items() if value is not None}}),
          flush=True)


def progress(text):
    print(text, file=sys.stderr, flush=True)


def per(job, total):
    return total / int(job.rpartition("/")[2])


def others():
    """Ours first, then the rest but the floor."""
    return [OURS] + [name for name in PEERS if name not in (OURS, FLOOR)]


def parsing(counts):
    for shape, (what, *_, target) in INPUTS.items():
        for chunk, (size, _) in CHUNKS.items():
            job = read_job(shape, chunk)
            for who in others():
                row("parsing", f"{what}, chunks of {size}", who, per(job, counts[who][job]),
                    "instructions", floor=per(job, counts[FLOOR][job]), floor_name=FLOOR,
                    target=target if who == OURS and chunk == 4096 else None)


def speed(best):
    for shape, (what, octets, *_) in INPUTS.items():
        for chunk, (size, _) in CHUNKS.items():
            job = read_job(shape, chunk)
            for who in others():
                row("parsing", f"{what}, chunks of {size}: time", who,
                    octets / per(job, best[who][job]) / 1e6, "MB/s",
                    ratio=best[who][job] / best[FLOOR][job])


def allocations(figures):
    job = read_job("short", 4096)
    for who in others():
        row("parsing", "allocations for a 150-octet message", who,
            per(job, figures[who][job]["allocations"]), "", target=2 if who == OURS else None)


def writing(counts):
    for who in others():
        if WRITE in counts[who]:
            row("writing", "150-octet message, made and written", who,
                per(WRITE, counts[who][WRITE]), "instructions",
                floor=per(WRITE, counts[FLOOR][WRITE]), floor_name="libxml2's writer")


def growth(counts):
    for shape, (what, size) in GROWTH.items():
        for chunk in (4096, 1):
            small, large = (growth_job(shape, factor * size, chunk) for factor in (1, 4))
            for who in others():
                if small in counts[who]:
                    row("growth", f"four times as much: {what}, chunks of {CHUNKS[chunk][0]}", who,
                        counts[who][large] / counts[who][small], "times", floor=4,
                        floor_name="in proportion", target=4.5 / 4 if who == OURS else None)


def count(name):
    progress(f"counting what {name} does")
    return jobs.instructions(PEERS[name], jobs_of(name))


def time_all():
    """The best of some turns each, turn by turn, and what else the last one said."""
    best = {name: {} for name in PEERS}
    figures = {}
    for turn in range(TURNS):
        progress(f"reading as fast as they can, turn {turn + 1} of {TURNS}")
        for name, program in PEERS.items():
            figures[name] = jobs.natively(program, READ_JOBS)
            for job, figure in figures[name].items():
                best[name][job] = min(best[name].get(job, figure["seconds"]), figure["seconds"])
    return best, figures


def main():
    best, figures = time_all()
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        counts = dict(zip(PEERS, pool.map(count, PEERS)))
    parsing(counts)
    speed(best)
    allocations(figures)
    writing(counts)
    growth(counts)


main()
