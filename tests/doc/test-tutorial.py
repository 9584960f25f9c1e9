#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs of the tutorials, played on two hosts as the pages tell it: they find each other
over real mDNS, with no daemon, and print what the pages say."""
import os
import pathlib

import pages
from xep174lab import LabTest, Process, main

FOLDER = "examples/tutorial"
BUILD = pathlib.Path(os.environ["BUILD_ROOT"])
JULIET = "juliet@capulet"
ROMEO = "romeo@montague"


class Tutorial(LabTest):
    @classmethod
    def build(cls, lab):
        cls.hosts = {name: lab.add(name, bus=False, avahi=False)
                     for name in ("capulet", "montague")}

    def start(self, program, name, *arguments):
        """Runs a step of a tutorial, and waits until it says under which name it is online."""
        source = f"{FOLDER}/{program}"
        user, machine = name.split("@")
        command = ([str(BUILD / source.removesuffix(".c"))] if program.endswith(".c")
                   else ["/usr/bin/python3", str(pages.ROOT / source)])
        library = str(BUILD / "lib")
        process = Process(self.hosts[machine], program, [*command, user, *arguments],
                          {"GI_TYPELIB_PATH": library, "LD_LIBRARY_PATH": library})
        self.addCleanup(process.kill)
        process.source = source
        self.await_line(process, f"You are {name}")
        return process

    @staticmethod
    def await_line(process, line):
        process.await_that(f"“{line}”", lambda: line in process.lines)

    def leave(self, process):
        """The end of its input, and a good end of it."""
        process.popen.stdin.close()
        self.assertEqual(process.wait(), 0)

    def expect_page(self, process):
        """All that it has printed stands in the tutorial, and it has complained of nothing.

        Contacts may appear before our own name is known; the page has the more usual order.
        """
        lines = sorted(process.lines, key=lambda line: not line.startswith("You are "))
        self.assertEqual("\n".join(lines), pages.printed_by(process.source))
        self.assertEqual(process.errors, [])

    def see(self, program):
        juliet = self.start(program, JULIET)
        self.start(program, ROMEO)
        self.await_line(juliet, f"{ROMEO} is here")
        self.expect_page(juliet)

    def test_see_in_c(self):
        """The first step in C: be seen, and see who is there."""
        self.see("chat-1-see.c")

    def test_see_in_python(self):
        """The first step in Python."""
        self.see("chat_1_see.py")

    def test_listen_in_c(self):
        """The second step in C hears what the third one says, and that it leaves."""
        romeo = self.start("chat-2-listen.c", ROMEO)
        juliet = self.start("chat-3-talk.c", JULIET, ROMEO)
        self.await_line(juliet, f"{ROMEO} is here")
        self.await_line(romeo, f"{JULIET} is here")
        juliet.write("Good night, good night!")
        self.await_line(romeo, "juliet: Good night, good night!")
        self.leave(juliet)
        self.await_line(romeo, f"{JULIET} has left")
        self.expect_page(romeo)

    def test_talk(self):
        """T2: the last steps of both tutorials talk to each other, and nobody else can read it."""
        capture = self.capture(self.hosts["capulet"])
        juliet = self.start("chat-3-talk.c", JULIET, ROMEO)
        romeo = self.start("chat_2_talk.py", ROMEO, JULIET)
        self.await_line(juliet, f"{ROMEO} is here")
        self.await_line(romeo, f"{JULIET} is here")
        juliet.write("Good night, good night!")
        self.await_line(romeo, "juliet: Good night, good night!")
        romeo.write("Sleep dwell upon thine eyes")
        self.await_line(juliet, "romeo: Sleep dwell upon thine eyes")
        self.leave(romeo)
        self.await_line(juliet, f"{ROMEO} has left")
        juliet.write("Romeo!")
        self.await_line(juliet, f"{ROMEO} is not here")
        self.leave(juliet)
        self.expect_page(juliet)
        self.expect_page(romeo)
        flows = [flow.octets for connection in capture.snapshot()
                 for flow in (connection.to_server, connection.to_client)]
        self.assertTrue(any(b"<starttls" in octets for octets in flows), "nobody has talked")
        for words in (b"Good night", b"Sleep dwell", b"<message"):
            self.assertFalse(any(words in octets for octets in flows), words)

    def test_not_utf8(self):
        """Octets that are no text end the chat as the end of the input does, and it says why."""
        for program in ("chat-3-talk.c", "chat_2_talk.py"):
            romeo = self.start(program, ROMEO, JULIET)
            romeo.write("\udcff")
            self.assertEqual(romeo.wait(), 0)
            self.assertEqual([line.split(":")[0] for line in romeo.errors], ["Cannot read"])


if __name__ == "__main__":
    main()
