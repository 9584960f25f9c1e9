#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rules of the house that a machine can check: licences, sizes, and what no file may say."""

import ast
import os
import pathlib
import re

import tap

ROOT = pathlib.Path(os.environ["SOURCE_ROOT"]).resolve()
LICENCE = "SPDX-License-Identifier: LGPL-2.1-or-later"

FILE_LINES = 1000
FILE_LINES_WITHOUT_REASON = 600
FUNCTION_LINES = 60
# 100 columns are the rule; nobody breaks a line for a character or two, and nobody goes further.
COLUMNS = 110

# The licence itself, what is stored of other programs' octets, formats without a comment, and
# packaging, whose licences are all told in debian/copyright.
NO_LICENCE_LINE = re.compile(r"^COPYING$|^debian/|\.(json|xml|txt|png|bin|corpus)$|/corpus/")
# Spelt apart, so that this file passes its own test.
FORBIDDEN = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "not " + "implemented"]))


def our_files():
    for folder, folders, files in os.walk(ROOT):
        relative = pathlib.Path(folder).relative_to(ROOT)
        # Where the work tree is not the first of its repository, .git is a file.
        folders[:] = [f for f in folders if f not in (".git", "__pycache__", "packagecache")
                      and not (relative == pathlib.Path(".") and f.startswith("build"))
                      and not (relative == pathlib.Path("subprojects"))]
        for name in files:
            path = pathlib.Path(folder, name)
            if name != ".git" and not path.is_symlink() and path.suffix != ".pyc":
                yield path.relative_to(ROOT)


FILES = sorted(our_files())


def lines_of(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines()


def expect_none(found):
    if found:
        raise AssertionError("\n".join(found))


def test_licences():
    """In the first lines, after an interpreter line or an XML declaration."""
    expect_none([f"{path}: no “{LICENCE}” on top" for path in FILES
                 if not NO_LICENCE_LINE.search(str(path))
                 and not any(LICENCE in line for line in lines_of(path)[:3])])


def functions(lines):
    """(name, length) of every function of a C file in GNU style: name and braces in column 0.

    Comments do not count: those that document properties and signals stand inside of functions.
    """
    name, length, in_comment = None, None, False
    for line in lines:
        text = line.strip()
        is_comment = in_comment or text.startswith("/*")
        in_comment = is_comment and not text.endswith("*/")
        if re.match(r"\w[\w ]*\s\(", line):
            name = line.split("(")[0].strip()
        elif line == "{" and name is not None:
            length = 0
        elif line == "}" and length is not None:
            yield name, length
            name, length = None, None
        elif length is not None and text and not is_comment:
            length += 1


def too_long(path, lines):
    found = [f"{path}: {name} has {length} lines, {FUNCTION_LINES} at most"
             for name, length in functions(lines) if length > FUNCTION_LINES]
    if len(lines) >= FILE_LINES:
        found.append(f"{path}: {len(lines)} lines, below {FILE_LINES} is the rule")
    return found


def sources():
    return [path for path in FILES if path.suffix in (".c", ".h", ".py", ".vala", ".sh")]


def test_sizes():
    found = []
    for path in sources():
        lines = lines_of(path)
        found += too_long(path, lines)
        if len(lines) > FILE_LINES_WITHOUT_REASON:
            print(f"# {path}: {len(lines)} lines; is there a reason?")
    expect_none(found)


def test_sizes_can_fail():
    body = ["void", "much (void)", "{"] + ["  ;"] * 61 + ["}"]
    assert len(too_long("much.c", body)) == 1
    assert not too_long("less.c", body[:-2] + ["}"])
    assert too_long("long.c", [""] * 1000)


def test_words():
    """Unfinished work is either finished or deleted."""
    found = []
    for path in sources():
        for number, line in enumerate(lines_of(path), 1):
            if FORBIDDEN.search(line):
                found.append(f"{path}:{number}: {line.strip()}")
    expect_none(found)


def test_white_space():
    found = []
    for path in FILES:
        if path.suffix not in (".c", ".h", ".py", ".vala", ".sh", ".build", ".md"):
            continue
        for number, line in enumerate(lines_of(path), 1):
            if line != line.rstrip() or (path.suffix in (".c", ".h") and "\t" in line):
                found.append(f"{path}:{number}: trailing white space or a tab")
            if path.suffix in (".c", ".h") and len(line) > COLUMNS:
                found.append(f"{path}:{number}: {len(line)} columns, 100 is the rule")
    expect_none(found)


# What a window shows a moment behind what was done to it.
SHOWN = {"find", "has_focus", "in_view", "labels", "messages", "names", "number", "numbers", "people", "text"}


def compared_at_once(text):
    """The lines of a test that compare what a window shows without waiting for it."""
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) \
                and call.func.attr.startswith("assert") \
                and any(isinstance(part, ast.Attribute) and part.attr in SHOWN for part in ast.walk(call)):
            yield call.lineno


def test_windows_are_awaited():
    expect_none([f"{path}:{number}: compared at once; see GtkChat.await_equal()" for path in FILES
                 if path.match("tests/lab/test_gtk*.py")
                 for number in compared_at_once((ROOT / path).read_text(encoding="utf-8"))])


def test_windows_are_awaited_can_fail():
    assert list(compared_at_once("self.assertEqual(field.text, 'a')\nself.assertTrue(juliet.labels())")) == [1, 2]
    assert not list(compared_at_once("juliet.await_field(field, 'a')"))


def test_pragma_once():
    expect_none([f"{path}: no #pragma once" for path in FILES
                 if path.suffix == ".h" and "#pragma once" not in lines_of(path)])


if __name__ == "__main__":
    print(f"# {len(FILES)} files")
    tap.main_of("style", globals())
