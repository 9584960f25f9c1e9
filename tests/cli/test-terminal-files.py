#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files in the chat of the tool xep174, as a person at a terminal sends, takes and sees them."""

import contextlib
import os
import re
import subprocess
import tempfile

import tap
from programs import JULIET, PATIENCE, ROMEO, Chat
from screen import Screen

PROMPT = f"{JULIET}>"
MIB = 1 << 20


@contextlib.contextmanager
def conversation(user=JULIET, **options):
    """Romeo at his terminal, who knows where the other one is, with a home of his own."""
    with tempfile.TemporaryDirectory(prefix="xep174-files-") as home, \
            at_home(home), Chat(user) as juliet, \
            Screen("chat", "--discovery", "none", "--user", ROMEO, **options) as romeo:
        romeo.displays("* Type to talk; Tab completes; /help tells the rest.", *([">"] if not options else []))
        with romeo.came:
            romeo.port = int(re.search(r"port (\d+)", romeo.rows.lines()[0])[1])
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=romeo.port)
        enter(romeo, f"/add {user} 127.0.0.1 {juliet.port}")
        shows(romeo, " is here: available")
        romeo.home = home
        yield romeo, juliet


@contextlib.contextmanager
def at_home(home):
    before = os.environ["HOME"]
    os.environ["HOME"] = home
    try:
        yield
    finally:
        os.environ["HOME"] = before


def enter(romeo, line):
    if romeo.process.stdin is not None:
        romeo.write(line)
    else:
        romeo.press(f"{line}\r")


def shows(romeo, text, count=1):
    """Waits until @text stands there so many times; a row may end in it at any place."""
    def stands_there():
        return "".join(romeo.rows.lines()).replace(" ", "").count(text.replace(" ", "")) >= count
    with romeo.came:
        assert romeo.came.wait_for(stands_there, PATIENCE), \
            "\n".join([text, "---", *romeo.rows.lines()])


def make(folder, name, size=10):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.truncate(size)
    return path


def leave(romeo, juliet, status=0, of_juliet=0):
    enter(romeo, "/quit")
    romeo.ends_with(status)
    juliet.command("quit")
    juliet.ends_with(of_juliet)


def test_nothing_is_obeyed():
    """A name in the reason why a file was not taken says nothing to the terminal."""
    evil, shown = "jul\u202eiet@capulet", "jul\\u{202E}iet@capulet"
    with conversation(evil, stdin=subprocess.PIPE) as (romeo, juliet):
        enter(romeo, f"/to {shown}")
        enter(romeo, f"/send {make(romeo.home, 'x')}")
        offer = juliet.expect("transfer-offered", name="x")["transfer"]
        juliet.command("decline-transfer", transfer=offer)
        shows(romeo, f"“{shown}” does not want the file")
        enter(romeo, "/files")
        shows(romeo, f"“{shown}” does not want the file", 2)
        with romeo.came:
            fed = romeo.rows.fed
        assert "\u202e" not in fed and f"\x1b[32m{shown}\x1b[0m" in fed, fed
        leave(romeo, juliet, 1)


def test_completed_names():
    """Nor does a name that Tab completes, which is understood as it is shown."""
    shown = "jul\\u{202E}iet@capulet"
    with conversation("jul\u202eiet@capulet") as (romeo, juliet):
        romeo.press("/msg jul\t")
        romeo.displays(f"{shown}> /msg {shown}")
        romeo.press(" hello\r")
        juliet.expect("message", body="hello")
        leave(romeo, juliet)


if __name__ == "__main__":
    tap.main_of("terminal-files", globals())
