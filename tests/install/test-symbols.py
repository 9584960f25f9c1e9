#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the shared library exports is what its headers declare and its documentation describes."""

import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import tap

SOURCE = pathlib.Path(os.environ["SOURCE_ROOT"])
BUILD = pathlib.Path(os.environ["BUILD_ROOT"])
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"
CORE = "{http://www.gtk.org/introspection/core/1.0}"


def exported():
    lines = subprocess.run(
        ["nm", "-D", "--defined-only", BUILD / "lib" / "libxep174-1.so"],
        capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split()[-1] for line in lines}


def declared():
    """The functions that the installed headers declare, those made by macros included."""
    found = set()
    headers = [*(SOURCE / "include").rglob("*.h"), *(BUILD / "include").rglob("*.h"),
               *(BUILD / "lib").rglob("xep174-*-enums.h")]
    for header in headers:
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
        found.update(re.findall(r"\b(xep174_\w+)\s*\(", text))
        for name in re.findall(r"G_DECLARE_\w+\s*\(\s*\w+,\s*(xep174_\w+)", text):
            found.add(name + "_get_type")
    return found


def described():
    """What the introspection data knows, with whether it has a text, types' functions apart."""
    found = {}
    for node in ElementTree.parse(BUILD / "lib" / "Xep174-1.gir").iter():
        name = node.get(C + "identifier")
        if name and node.tag != CORE + "member":
            found[name] = node.find(CORE + "doc") is not None
        if node.get(GLIB + "get-type"):
            found.setdefault(node.get(GLIB + "get-type"), True)
    return found


def expect_none(what, names):
    if names:
        raise AssertionError(f"{what}: " + ", ".join(sorted(names)))


def test_headers():
    """Nothing is exported that no header declares, and all that they declare is there."""
    here, there = exported(), declared()
    print(f"# {len(here)} symbols exported, {len(there)} functions declared")
    expect_none("exported and not declared", here - there)
    expect_none("declared and not exported", there - here)


def test_documentation():
    """Every function that is exported is in the introspection data, and documented."""
    known = described()
    functions = {n for n in exported() if not n.endswith(("_quark", "_get_type"))}
    expect_none("not in the introspection data", functions - set(known))
    expect_none("without documentation", {n for n in functions if n in known and not known[n]})


if __name__ == "__main__":
    tap.main_of("symbols", globals())
