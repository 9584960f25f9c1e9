#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Folders that the tool xep174 sends: what is not sent of one is told, to programs and to people."""

import os
import tempfile

import tap
from programs import JULIET, ROMEO, Chat, acquainted, person


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


if __name__ == "__main__":
    tap.main_of("cli-files", globals())
