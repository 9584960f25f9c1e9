#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""doc/architecture.md shows the house as it is: the rooms, and the walks through them."""

import re

import layers
import tap

PAGE = (layers.ROOT / "doc/architecture.md").read_text(encoding="utf-8")
STEP = re.compile(r"(\s+↳ )?(\w+) +(xep174-[\w-]+\.c): (.+)")


def path_of(name):
    found = list((layers.ROOT / "lib").rglob(name))
    assert len(found) == 1, f"{len(found)} files are called {name}"
    return found[0]


def bodies(path):
    """What stands in each function of the file."""
    return dict(re.findall(r"^(\w+) \([^;]*?\)\n{\n(.*?)^}$", path.read_text(encoding="utf-8"),
                           re.MULTILINE | re.DOTALL))


def walks():
    """Of each walk the lines: (whether it is asked only, room, file, functions)."""
    for block in re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        lines = [STEP.fullmatch(line) for line in block.splitlines()]
        if all(lines):
            yield [(line[1] is not None, line[2], line[3], line[4].split(" → ")) for line in lines]


def problems(walk):
    caller, entered = None, []
    for asked, room, name, functions in walk:
        path = path_of(name)
        known = bodies(path)
        missing = [function for function in functions if function not in known]
        if path.parent.name != room or missing:
            yield f"{name} is not in {room}, or has no {missing}"
            continue
        for one, two in zip(functions, functions[1:]):
            if not re.search(rf"\b{two}\b", known[one]):
                yield f"{name}: {one} does not call {two}"
        if asked and not re.search(rf"\b{functions[0]} \(", caller.read_text(encoding="utf-8")):
            yield f"{caller.name} does not ask {functions[0]}"
        if not asked:
            caller = path
            if [room] != entered[-1:]:
                entered.append(room)
    if len(set(entered)) < len(entered):
        yield f"a room is entered twice: {entered}"


def test_walks():
    found = list(walks())
    assert len(found) == 2, found
    assert {(walk[0][1], walk[-1][1]) for walk in found} == {("wire", "client"), ("client", "wire")}
    wrong = [problem for walk in found for problem in problems(walk)]
    assert not wrong, wrong


def test_walks_can_fail():
    loop = "xep174-session-loop.c"
    good = [(False, "wire", "xep174-transport.c", ["on_ready", "read_some"]),
            (False, "session", loop, ["take_item", "read_item"]),
            (True, "slot", "xep174-slot.c", ["xep174_slot_peek"])]
    assert not list(problems(good))
    for bad in [(False, "session", loop, ["take_items"]),
                (False, "session", loop, ["read_item", "take_item"]),
                (False, "slot", loop, ["take_item"]),
                (False, "wire", "xep174-transport.c", ["write_some"]),
                (True, "slot", "xep174-slot.c", ["xep174_slot_negotiate"])]:
        assert list(problems([*good, bad])), bad


def test_rooms():
    """Every arrow that layers.py permits is drawn, and no other."""
    drawn = {}
    for room, arrow in re.findall(r"^  (\w+) +──▶ (.*)$", PAGE, re.MULTILINE):
        rooms, below, _ = re.split(r"  +", arrow)
        drawn[room] = set(re.findall(r"\w+", rooms)), set(re.findall(r"\w+", below))
    assert drawn == {room: (sees, layers.seen_by_room("session", room))
                     for room, sees in layers.ROOMS["session"].items()}, drawn


if __name__ == "__main__":
    tap.main_of("architecture", globals())
