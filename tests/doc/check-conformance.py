#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks doc/conformance.md: a row for every requirement, and a proof that exists for every row.

A proof is written as `file` or `file: name`, a path from the top of the tree and a string that
stands in that file: the name of the test.
"""

import re

import pages
import tap

LATER = "later"
# The last of each kind; there is none that is left out.
LAST = {"S": 11, "D": 24, "X": 14, "T": 14, "A": 5, "F": 9}
EXPECTED = [f"{kind}{n}" for kind, last in LAST.items() for n in range(1, last + 1)]
EXPECTED += [f"F{n}" for n in range(20, 25)]  # files
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+?) \| (.+?) \|$")
PROOF = re.compile(r"`([^`:]+?)(?:: ([^`]+))?`")


def problems():
    rows = {}
    for line in (pages.ROOT / "doc/conformance.md").read_text(encoding="utf-8").splitlines():
        if match := ROW.match(line):
            if match[1] in rows:
                yield f"{match[1]} has two rows"
            rows[match[1]] = match[3]

    for requirement in EXPECTED:
        if requirement not in rows:
            yield f"{requirement} has no row"

    for requirement, cell in rows.items():
        proofs = PROOF.findall(cell)
        if not proofs and not cell.startswith(LATER):
            yield f"{requirement} names no test"
        for path, name in proofs:
            file = pages.ROOT / path
            if not file.is_file():
                yield f"{requirement} names {path}, which does not exist"
            elif name and name not in file.read_text(encoding="utf-8"):
                yield f"{requirement}: “{name}” does not stand in {path}"


def test_rows():
    found = list(problems())
    assert not found, "\n".join(found)


if __name__ == "__main__":
    tap.main_of("conformance", globals())
