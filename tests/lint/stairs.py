#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stairs of lib/ go one way: no file calls, directly or around corners, a file that calls it.

What a file calls is read in its object file, where nothing can be hidden.
"""

import pathlib
import subprocess

import compilation
import tap

def symbols(path):
    """What the object file at @path has for others, and what it takes of others."""
    own, taken = set(), set()
    text = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        *_, kind, name = line.split()
        if kind == "U":
            taken.add(name)
        elif kind.isupper():
            own.add(name)
    return own, taken


def read():
    """The names of the files, each with what it calls: {file: {other file: symbols}}."""
    files = {}
    for entry in compilation.entries():
        if entry["output"].startswith("lib/"):
            files[pathlib.Path(entry["file"]).stem] = symbols(compilation.BUILD / entry["output"])
    owner = {name: file for file, (own, _) in files.items() for name in own}
    calls = {}
    for file, (_, taken) in files.items():
        calls[file] = {}
        for name in taken:
            other = owner.get(name, file)
            if other != file:
                calls[file].setdefault(other, set()).add(name)
    return calls


def reachable(calls, start):
    seen, ahead = set(), [start]
    while ahead:
        for other in calls[ahead.pop()]:
            if other not in seen:
                seen.add(other)
                ahead.append(other)
    return seen


def circles(calls):
    """Each set of files of which everyone leads to everyone."""
    reach = {file: reachable(calls, file) for file in calls}
    return {frozenset(other for other in reach[file] if file in reach[other])
            for file in calls if file in reach[file]}


def test_one_way():
    calls = read()
    found = circles(calls)
    print(f"# {len(calls)} files, {len(found) or 'no'} circle{'s' if len(found) > 1 else ''}")
    for circle in found:
        for file in sorted(circle):
            for other in sorted(circle & calls[file].keys()):
                print(f"# {file} calls {other}: {' '.join(sorted(calls[file][other]))}")
    assert not found, "; ".join(" ".join(sorted(circle)) for circle in found)


if __name__ == "__main__":
    tap.main_of("stairs", globals())
