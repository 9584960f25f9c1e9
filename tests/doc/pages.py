# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the pages of doc/: their blocks of code, with what the comment above each says of it.

    <!-- examples/embedding/socket.c -->          the lines of the block stand in that file
    <!-- prints: examples/embedding/socket.c -->  the block is what that program prints
"""
import collections
import os
import pathlib
import re

ROOT = pathlib.Path(os.environ["SOURCE_ROOT"]).resolve()

Block = collections.namedtuple("Block", "page line language claim lines")

FENCE = re.compile(r"^```(\w*)$")
CLAIM = re.compile(r"^<!-- ((?:prints: )?examples/\S+) -->$")


def pages():
    return sorted((ROOT / "doc").glob("*.md"))


def blocks(page):
    """The fenced blocks of a page."""
    inside = None
    before = ""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if inside is None and fence:
            claim = CLAIM.match(before)
            inside = Block(page.relative_to(ROOT), number, fence[1], claim and claim[1], [])
        elif inside is not None and line == "```":
            yield inside
            inside = None
        elif inside is not None:
            inside.lines.append(line)
        before = line
    assert inside is None, f"{page}: a block that does not end"


def printed_of(folder):
    """The programs in a folder of which a page says what they print."""
    for page in pages():
        for block in blocks(page):
            if block.claim and block.claim.startswith(f"prints: {folder}"):
                yield block.claim.removeprefix("prints: ")


def printed_by(program):
    """What the pages say that a program prints; the same wherever it is said."""
    found = {"\n".join(block.lines) for page in pages() for block in blocks(page)
             if block.claim == f"prints: {program}"}
    assert len(found) == 1, f"{program}: {len(found)} pages tell what it prints"
    return found.pop()
