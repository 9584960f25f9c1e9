#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files and folders that the tool xep174 sends and takes: what is told of them, to programs and to people."""

import contextlib
import json
import os
import tempfile

import tap
from programs import JULIET, ROMEO, Chat, Program, acquainted, person, roomy_folder, run

NEXT = "it goes on with the next “xep174 chat” or “xep174 send-file”"


def make_folder(above, *links):
    folder = os.path.join(above, "sonnets")
    os.mkdir(folder)
    for name in ("one", "two", "three"):
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(name)
    for name in links:
        os.symlink("/", os.path.join(folder, name))
    return folder


def test_left_out_for_programs():
    """Who sends a folder is told how much of it is not sent, with the offer and at the end; nobody else is."""
    for links in (("link", "other"), ()):
        with tempfile.TemporaryDirectory() as above, tempfile.TemporaryDirectory() as downloads:
            romeo, juliet = acquainted()
            with romeo, juliet:
                romeo.command("send-file", to=JULIET, path=make_folder(above, *links), id="1")
                romeo.expect("transfer-started", id="1", files=3, left_out=len(links))
                offered = juliet.expect("transfer-offered", name="sonnets", files=3)
                assert "left_out" not in offered, offered
                juliet.command("accept-transfer", transfer=offered["transfer"], folder=downloads)
                romeo.expect("transfer-done", id="1", files=3, left_out=len(links))
                assert "left_out" not in juliet.expect("transfer-done", files=3)
                romeo.command("send-file", to=JULIET, path=f"{above}/sonnets/one", id="2")
                assert "left_out" not in romeo.expect("transfer-started", id="2")
                juliet.command("decline-transfer", transfer=juliet.expect("transfer-offered")["transfer"])
                romeo.expect("transfer-failed", id="2")
                juliet.quit()
                romeo.command("quit")
                romeo.ends_with(1)


def test_left_out_for_people():
    """It is a sentence behind the offer."""
    with tempfile.TemporaryDirectory() as above, Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        folder = make_folder(above, "link")
        romeo.write(f"/to {JULIET}")
        romeo.write(f"/send {folder}")
        romeo.shows("1: “sonnets” for juliet@capulet: waiting for an answer")
        romeo.shows("1: “sonnets” for juliet@capulet: 1 link or special file in it is not sent")
        os.mkfifo(f"{folder}/pipe")
        romeo.write(f"/send {folder}")
        romeo.shows("2: “sonnets” for juliet@capulet: waiting for an answer")
        romeo.shows("2: “sonnets” for juliet@capulet: 2 links and special files in it are not sent")
        for _ in range(2):
            offered = juliet.expect("transfer-offered", contact=ROMEO)
            juliet.command("decline-transfer", transfer=offered["transfer"])
            romeo.shows("does not want the folder")
        romeo.write("/quit")
        romeo.ends_with(1)
        juliet.quit()


def make_file(above, name, size=10):
    path = os.path.join(above, name)
    with open(path, "wb") as file:
        file.truncate(size)
    return path


@contextlib.contextmanager
def moving(above, folder=None):
    """Juliet sends Romeo a file so large that it is under way for a while; the numbers that it has."""
    romeo, juliet = Chat(ROMEO), Chat(JULIET, folder=folder)
    with romeo, juliet:
        romeo.add(juliet)
        juliet.add(romeo)
        juliet.command("send-file", to=ROMEO, path=make_file(above, "big.bin", 1 << 32), id="big")
        sent = juliet.expect("transfer-started", id="big", outgoing=True)
        offered = romeo.expect("transfer-offered", outgoing=False, folder=None)
        romeo.command("accept-transfer", transfer=offered["transfer"], folder=above)
        romeo.expect("transfer-progress", outgoing=False)
        yield romeo, juliet, offered, sent


def test_declined_too_late():
    """What moves, and what is one's own, cannot be declined: that is told, and it goes on."""
    with roomy_folder() as above, moving(above) as (romeo, juliet, offered, sent):
        for chat, transfer in (romeo, offered["transfer"]), (juliet, sent["transfer"]):
            chat.command("decline-transfer", transfer=transfer, id="no")
            assert "can be declined" in chat.expect("error", id="no")["message"]
        juliet.command("cancel-transfer", transfer=sent["transfer"])
        romeo.expect("transfer-failed", transfer=offered["transfer"])


def test_started_again_for_programs():
    """Who is started again is told of each file whole: which it was, whose it is, and where."""
    with roomy_folder() as above, moving(above) as (romeo, juliet, offered, sent):
        path = f"{above}/big.bin"
        assert sent["path"] == path
        for chat, user, before, place in ((romeo, ROMEO, offered, {"outgoing": False, "folder": above}),
                                          (juliet, JULIET, sent, {"outgoing": True, "path": path})):
            chat.process.kill()
            chat.process.wait()
            with Chat(user, folder=chat.folder) as again:
                again.expect("transfer-waiting", transfer=1, uuid=before["uuid"], contact=before["contact"],
                             name="big.bin", size=1 << 32, **place)


def test_status():
    """What was begun and has not arrived is a failure of whoever ends, by whatever word; what an earlier start
    has left is none."""
    with roomy_folder() as above, moving(above) as (romeo, juliet, _, _):
        for chat, user in (juliet, JULIET), (romeo, ROMEO):
            chat.command("quit")
            chat.ends_with(1)
            with Chat(user, folder=chat.folder) as again:
                again.expect("transfer-waiting", name="big.bin")
                again.quit()
            with Program("chat", "--discovery", "none", "--user", user, folder=chat.folder) as again:
                again.shows("1: “big.bin”")
                again.write("/quit")
                again.shows(NEXT)
                again.ends_with(0)


def count(chat, event):
    return sum(json.loads(line)["event"] == event for line in chat.lines)


def test_waits_once():
    """That a file waits is told once, whatever else comes about before the program ends."""
    with roomy_folder() as above, moving(above) as (romeo, juliet, _, _):
        juliet.command("quit")
        juliet.ends_with(1)
        romeo.expect("transfer-waiting", name="big.bin")
        romeo.command("quit")
        romeo.ends_with(1)
        for chat in romeo, juliet:
            assert count(chat, "transfer-waiting") == 1, chat.user


def test_cancelled_at_once():
    """Who cancels ends the connection as well, which may be seen first: that is no change of its own."""
    with roomy_folder() as above, moving(above) as (romeo, juliet, offered, sent):
        for _ in range(40):
            juliet.command("cancel-transfer", transfer=sent["transfer"])
            romeo.expect("transfer-failed", transfer=offered["transfer"])
            juliet.command("send-file", to=ROMEO, path=f"{above}/big.bin")
            sent, offered = juliet.expect("transfer-started"), romeo.expect("transfer-offered")
            romeo.command("accept-transfer", transfer=offered["transfer"], folder=above)
            romeo.expect("transfer-progress", transfer=offered["transfer"])
        assert count(romeo, "transfer-waiting") == 0


def test_interrupted_for_people():
    """A person who leaves is told that it does not go on by itself, and ends with a failure."""
    with roomy_folder() as above, Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        juliet.command("send-file", to=ROMEO, path=make_file(above, "big.bin", 1 << 32))
        romeo.shows("/decline 1")
        romeo.write("/files")
        romeo.shows("4.3\u00a0GB; /save 1 puts it into this folder")
        romeo.write(f"/save 1 {above}")
        romeo.shows("it has begun")
        romeo.write("/decline 1")
        romeo.complains("file 1 does not wait for your answer; /cancel 1 stops it")
        juliet.process.kill()
        juliet.process.wait()
        romeo.shows("it goes on by itself")
        romeo.write("/quit")
        romeo.shows(NEXT)
        romeo.ends_with(1)


def test_ended():
    """A command about a file that has ended says so."""
    with tempfile.TemporaryDirectory() as above, Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        juliet.command("send-file", to=ROMEO, path=make_file(above, "small"))
        romeo.shows("/save 1")
        romeo.write("/decline 1")
        juliet.expect("transfer-failed")
        for number, command in enumerate(("/save", "/decline", "/cancel"), 1):
            romeo.write(f"{command} 1")
            romeo.wait_for(lambda _, n=number: sum("file 1 has ended already" in line for line in romeo.errors)
                           == n, command, romeo.errors)
        romeo.write("/save 2")
        romeo.complains("there is no such file; /files tells which there are")
        romeo.write("/decline")
        romeo.complains("there is no file for that; /files tells which there are")
        romeo.write("/quit")
        romeo.ends_with(0)


def test_missing():
    """A file that is not there is told in plain words, whoever asks."""
    romeo, juliet = acquainted()
    with tempfile.TemporaryDirectory() as above, romeo, juliet:
        beside = make_file(above, "file")
        for path in f"{above}/nix", f"{beside}/nix":
            romeo.command("send-file", to=JULIET, path=path, id=path)
            romeo.expect("transfer-failed", id=path, reason=f"There is no file or folder “{path}”")


def test_special():
    """Among several files the one that cannot be sent is named."""
    romeo, juliet = acquainted()
    with tempfile.TemporaryDirectory() as above, romeo, juliet:
        os.mkfifo(f"{above}/pipe")
        romeo.command("send-file", to=JULIET, path=f"{above}/pipe", id="pipe")
        romeo.expect("transfer-failed", id="pipe",
                     reason=f"“{above}/pipe” is no file and no folder, and nothing else can be sent")


def test_empty_folder():
    """The size of a folder is always known."""
    with tempfile.TemporaryDirectory() as above, Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        juliet.command("send-file", to=ROMEO, path=above)
        romeo.shows("a folder with 0 files, 0 bytes; /save 1")
        romeo.write("/quit")
        romeo.ends_with(0)


def test_timeout():
    """The time of send-file is that in which somebody is looked for; of send it is for all."""
    assert "Look so long at most for the person, who may answer later" in run("send-file", "--help").stdout
    assert "Wait so long at most" in run("send", "--help").stdout


if __name__ == "__main__":
    tap.main_of("cli-files", globals())
