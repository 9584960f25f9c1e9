# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool xep174 as a running program: for programs, for people."""

import itertools
import json
import os
import socket
import subprocess
import tempfile
import threading

TOOL = os.environ["XEP174"]
PATIENCE = 30
ROMEO, JULIET = "romeo@montague", "juliet@capulet"
# “not encrypted” in a build without TLS
ENCRYPTED = "encrypted, not compared" if os.environ.get("ENCRYPTS", "1") else "not encrypted"
FOLDERS = tempfile.TemporaryDirectory(prefix="xep174-keys-")


def new_folder():
    """Where somebody's keys are, who is nobody else."""
    return tempfile.mkdtemp(dir=FOLDERS.name)


os.environ["XEP174_DATA_DIR"] = new_folder()
# Whoever runs the tests may read the tool in another language.
os.environ.update(LC_ALL="C.UTF-8", LANGUAGE="")


def with_keys(folder=None, env=None):
    return {**(os.environ if env is None else env), "XEP174_DATA_DIR": folder or new_folder()}


def roomy_folder():
    """For gigabytes, which need not fit into memory, where /tmp may be."""
    return tempfile.TemporaryDirectory(prefix="xep174-", dir="/var/tmp")


def keep_port():
    """A socket whose port nobody else gets, but who asks for it: while its program is away it stays bound."""
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("", 0))
    return kept


class Program:
    """A running tool whose lines are collected as they come."""

    def __init__(self, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, folder=None):
        self.folder = folder or new_folder()
        self.process = subprocess.Popen([TOOL, *arguments], stdin=stdin, stdout=stdout,
                                        stderr=subprocess.PIPE, encoding="utf-8",
                                        env=with_keys(self.folder))
        self.came = threading.Condition()
        self.lines, self.errors = [], []
        self.taken = 0
        self.readers = []
        for stream, lines in ((self.process.stdout, self.lines), (self.process.stderr, self.errors)):
            if stream is not None:
                reader = threading.Thread(target=self._read, args=(stream, lines), daemon=True)
                reader.start()
                self.readers.append(reader)

    def _read(self, stream, lines):
        for line in stream:
            with self.came:
                lines.append(line.rstrip("\n"))
                self.came.notify_all()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if kind is not None:
            print("#", self.process.args, "\n# " + "\n# ".join(self.lines + self.errors))

    def write(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait_for(self, wanted, what=None, lines=None):
        """The first line not seen before for which @wanted holds; those before it are dropped."""
        lines = self.lines if lines is None else lines
        with self.came:
            found = []

            def look():
                start = self.taken if lines is self.lines else 0
                for index, line in enumerate(itertools.islice(lines, start, None), start):
                    if wanted(line):
                        found.append((index, line))
                        return True
                return False
            assert self.came.wait_for(look, PATIENCE), f"no {what or wanted} in {lines}"
            if lines is self.lines:
                self.taken = found[0][0] + 1
            return found[0][1]

    def shows(self, text):
        return self.wait_for(lambda line: text in line, repr(text))

    def complains(self, text):
        return self.wait_for(lambda line: text in line, repr(text), self.errors)

    def ends_with(self, status):
        assert self.process.wait(PATIENCE) == status, (self.process.returncode, self.errors)
        for reader in self.readers:
            reader.join()


class Chat(Program):
    def __init__(self, user, *arguments, folder=None):
        super().__init__("chat", "--json", "--discovery", "none", "--user", user, *arguments,
                         folder=folder)
        self.online = self.expect("online", name=user, discovery="none")
        self.user, self.port = user, self.online["port"]

    def command(self, command, **members):
        self.write(json.dumps({"command": command, **members}))

    def expect(self, event, **members):
        def fits(line):
            got = json.loads(line)
            return got["event"] == event and members.items() <= got.items()
        return json.loads(self.wait_for(fits, f"{event} {members}"))

    def add(self, other):
        self.command("add", name=other.user, address="127.0.0.1", port=other.port)
        self.expect("contact-added", name=other.user, status="available", message=None, nick=None)

    def quit(self):
        self.command("quit")
        self.ends_with(0)


def acquainted():
    """Romeo and Juliet, who know each other."""
    romeo, juliet = Chat(ROMEO), Chat(JULIET)
    romeo.add(juliet)
    juliet.add(romeo)
    return romeo, juliet


def person(*arguments, juliet=None, folder=None):
    """Romeo as a person, who knows where Juliet is."""
    romeo = Program("chat", "--discovery", "none", "--user", ROMEO, *arguments, folder=folder)
    romeo.port = int(romeo.shows("You are romeo@montague").rsplit(" ", 1)[1].rstrip(")."))
    if juliet is not None:
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=romeo.port)
        romeo.write(f"/add {JULIET} 127.0.0.1 {juliet.port}")
        romeo.shows("* juliet@capulet is here: available")
    return romeo


def run(*arguments, stdin="", env=None, folder=None):
    return subprocess.run([TOOL, *arguments], input=stdin, env=with_keys(folder, env),
                          capture_output=True, text=True, timeout=PATIENCE, check=False)
