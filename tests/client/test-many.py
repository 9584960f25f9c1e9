#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A conversation of many messages: what each of them takes does not grow with their number. Instructions are
counted, nothing is timed."""
import os
import pathlib
import subprocess
import sys

import tap

sys.path.insert(0, str(pathlib.Path(os.environ["SOURCE_ROOT"]) / "tests/bench"))
import jobs  # noqa: E402

PROGRAM = sys.argv[1]
FEW, MANY = 1000, 8000


def grow(kind):
    """For eight times as many a tree is deeper by three levels: a fifth. What is quadratic takes eight times."""
    def test():
        counted = jobs.instructions(PROGRAM, [f"{kind}/{n}" for n in (FEW, MANY)])
        few, many = counted[f"{kind}/{FEW}"] / FEW, counted[f"{kind}/{MANY}"] / MANY
        print(f"# {few:,.0f} instructions a message, {many:,.0f} of {MANY:,}")
        assert many < 1.5 * few, (few, many)
    return test


def test_million():
    subprocess.run([PROGRAM, "bounded/1000000"], check=True)


if __name__ == "__main__":
    KINDS = ("at-the-end", "at-the-front", "bounded", "read-one-by-one", "shown-one-by-one")
    sys.exit(tap.run([(f"/many/F7/{kind}", grow(kind)) for kind in KINDS]
                     + [("/many/F7/million", test_million)]))
