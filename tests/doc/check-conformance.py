#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks doc/conformance.md: a row for every requirement, and a proof that exists for every row.

A proof is written as `file` or `file: name`, a path from the top of the tree and a string that
stands in that file: the name of the test.
"""

import pathlib
import re
import sys

LATER = "later"
EXPECTED = ([f"S{n}" for n in range(1, 12)] + [f"D{n}" for n in range(1, 23)]
            + [f"X{n}" for n in range(1, 14)])
ROW = re.compile(r"^\| ([SDX]\d+) \| (.+?) \| (.+?) \|$")
PROOF = re.compile(r"`([^`:]+?)(?:: ([^`]+))?`")


def problems(top):
    rows = {}
    for line in (top / "doc/conformance.md").read_text(encoding="utf-8").splitlines():
        if match := ROW.match(line):
            rows[match[1]] = match[3]

    for requirement in EXPECTED:
        if requirement not in rows:
            yield f"{requirement} has no row"

    for requirement, cell in rows.items():
        proofs = PROOF.findall(cell)
        if not proofs and not cell.startswith(LATER):
            yield f"{requirement} names no test"
        for path, name in proofs:
            file = top / path
            if not file.is_file():
                yield f"{requirement} names {path}, which does not exist"
            elif name and name not in file.read_text(encoding="utf-8"):
                yield f"{requirement}: “{name}” does not stand in {path}"


def main():
    found = list(problems(pathlib.Path(sys.argv[1])))
    print("1..1")
    for problem in found:
        print(f"# {problem}")
    print(f"{'not ok' if found else 'ok'} 1 - conformance")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
