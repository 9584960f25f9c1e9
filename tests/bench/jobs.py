# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the programs that measure jobs (bench_job() in bench.h)."""

import glob
import json
import os
import re
import subprocess
import tempfile

# Meson has memory filled for its tests, which is work, too.
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if not name.startswith(("MALLOC_", "GLIBC_", "G_"))}


def natively(program, jobs):
    """What the program says of each job: seconds, allocations."""
    run = subprocess.run([program, *jobs], stdout=subprocess.PIPE, text=True, check=True,
                         env=ENVIRONMENT)
    return {figure["job"]: figure for figure in map(json.loads, run.stdout.splitlines())}


def instructions(program, jobs):
    """How many instructions each job took, as callgrind counts them: the same every time."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            ["valgrind", "--quiet", "--tool=callgrind", "--toggle-collect=bench_measured",
             "--dump-after=bench_measured", f"--callgrind-out-file={folder}/out", program, *jobs],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
            env=ENVIRONMENT)
        if run.returncode != 0:
            raise RuntimeError(f"{program}: {run.stderr}")
        dumps = sorted(glob.glob(f"{folder}/out.*"), key=lambda name: int(name.rpartition(".")[2]))
        return {job: count_of(dump) for job, dump in zip(jobs, dumps, strict=True)}


def count_of(dump):
    with open(dump, encoding="utf-8") as file:
        return int(re.search(r"^(?:totals|summary): (\d+)", file.read(), re.M).group(1))
