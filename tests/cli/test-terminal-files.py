#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files in the chat of the tool xep174, as a person at a terminal sends, takes and sees them."""

import contextlib
import os
import re
import subprocess

import tap
from programs import JULIET, PATIENCE, ROMEO, Chat, keep_port, roomy_folder
from screen import Screen

PROMPT = f"{JULIET}>"
MIB = 1 << 20


@contextlib.contextmanager
def conversation(user=JULIET, arguments=(), **options):
    """Romeo at his terminal, who knows where the other one is, with a home of his own."""
    with roomy_folder() as home, \
            at_home(home), Chat(user, *arguments) as juliet, \
            Screen("chat", "--discovery", "none", "--user", ROMEO, **options) as romeo:
        romeo.displays("* Type to talk; Tab completes; /help tells the rest.", *([">"] if not options else []))
        with romeo.came:
            romeo.port = int(re.search(r"port (\d+)", romeo.rows.lines()[0])[1])
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=romeo.port)
        enter(romeo, f"/add {user} 127.0.0.1 {juliet.port}")
        shows(romeo, " is here: available")
        enter(romeo, "/to jul")
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


def test_how_far():
    """That a file moves, is interrupted and goes on is told once each; a small one only arrives."""
    with keep_port() as kept, \
            conversation(arguments=("--port", str(kept.getsockname()[1]))) as (romeo, juliet):
        enter(romeo, f"/send {make(romeo.home, 'small')}")
        juliet.command("accept-transfer", transfer=juliet.expect("transfer-offered")["transfer"],
                       folder=juliet.folder)
        shows(romeo, f"1: “small” for {JULIET}: it has arrived")
        juliet.command("send-file", to=ROMEO, path=make(juliet.folder, "big.bin", 4096 * MIB))
        shows(romeo, "/decline 2 refuses it")
        enter(romeo, f"/save 2 {romeo.home}")
        shows(romeo, f"* 2: “big.bin” from {JULIET}: it has begun; /files tells how far it is")
        juliet.process.kill()
        juliet.process.wait()
        shows(romeo, "it goes on by itself")
        with Chat(JULIET, folder=juliet.folder) as again:
            again.command("add", name=ROMEO, address="127.0.0.1", port=romeo.port)
            shows(romeo, f"* 2: “big.bin” from {JULIET}: it goes on")
            enter(romeo, "/cancel 2")
            again.expect("transfer-failed")
            with romeo.came:
                text = "".join(romeo.rows.lines()).replace(" ", "")
            assert len(re.findall(r"interruptedat\d+%;itgoesonbyitself", text)) == 1, text
            assert text.count("ithasbegun") == 1 and text.count(":itgoeson") == 1, text
            leave(romeo, again, of_juliet=1)


def test_completed_paths():
    """Tab completes files behind /send and folders behind /save, as they are typed."""
    with conversation() as (romeo, juliet):
        for name in "my docs/one two.txt", "my docs/other", "my music/x", "mine", ".hidden", "bad\u009bname":
            make(romeo.home, name)
        for typed, completed in (
                ("/send ~/my\tdo\tone\t", "/send ~/my docs/one two.txt"),
                ("/send ~\tmin\t", "/send ~/mine"),
                ("/send ~/.h\t", "/send ~/.hidden"),
                ("/send ~/b\t", "/send ~/b"),
                (f"/send {romeo.home}/my d\t", f"/send {romeo.home}/my docs/"),
                ("/save 1 ~/my\td\t", "/save 1 ~/my docs/"),
                ("/save 1 ~/min\t", "/save 1 ~/min"),
                ("/save ~/my m\t", "/save ~/my music/")):
            romeo.press(typed)
            romeo.displays(f"{PROMPT} {completed}")
            romeo.press("\x15")
            romeo.displays(PROMPT)
        romeo.press("/send ~/my docs/one\t\r")
        juliet.expect("transfer-offered", name="one two.txt")
        leave(romeo, juliet, 1)


def test_told_what_to_do():
    """What cannot be done is told in a sentence, with what to do."""
    with conversation() as (romeo, juliet):
        for typed, told in (
                ("/send", "! name what you want to send, a file or a folder: /send FILE"),
                ("/send /nowhere/x", "! there is no file or folder “/nowhere/x”"),
                ('/send "my docs/x"', '! there is no file "my docs/x"; write a name with spaces as it is, without'
                                      ' quotation marks'),
                (f"/to {ROMEO}", f"! “{ROMEO}” is your own name"),
                (f"/to {JULIET}", PROMPT)):
            enter(romeo, typed)
            shows(romeo, told)
        juliet.command("send-file", to=ROMEO, path=make(juliet.folder, "x"))
        shows(romeo, "/save 1 puts it into this folder, /decline 1 refuses it")
        enter(romeo, "/accept 1")
        shows(romeo, "! /accept is about keys; for the file: /save 1")
        enter(romeo, "/accept 7")
        shows(romeo, "No key of “7” is known")
        enter(romeo, "/save 1 ~/nowhere")
        shows(romeo, f"! there is no folder “{romeo.home}/nowhere”; make it first, or name another one")
        enter(romeo, "/save 1 ~")
        shows(romeo, f"it is here: {romeo.home}/x")
        enter(romeo, f"/send {romeo.home}/x")
        juliet.expect("transfer-offered", name="x")
        juliet.process.kill()
        juliet.process.wait()
        enter(romeo, "/files")
        shows(romeo, f"* 2: “x” for {JULIET}: waiting for an answer", 2)
        enter(romeo, "/cancel 2")
        enter(romeo, "/quit")
        romeo.ends_with(1)


if __name__ == "__main__":
    tap.main_of("terminal-files", globals())
