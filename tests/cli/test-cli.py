#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool xep174 as a person and as a program use it, on loopback with --discovery none."""

import itertools
import json
import os
import pty
import re
import signal
import socket
import subprocess
import threading

import tap

TOOL = os.environ["XEP174"]
PATIENCE = 30
ROMEO, JULIET = "romeo@montague", "juliet@capulet"


class Program:
    """A running tool whose lines are collected as they come."""

    def __init__(self, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE):
        self.process = subprocess.Popen([TOOL, *arguments], stdin=stdin, stdout=stdout,
                                        stderr=subprocess.PIPE, encoding="utf-8")
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
    def __init__(self, user, *arguments):
        super().__init__("chat", "--json", "--discovery", "none", "--user", user, *arguments)
        online = self.expect("online", name=user, discovery="none")
        self.user, self.port = user, online["port"]

    def command(self, command, **members):
        self.write(json.dumps({"command": command, **members}))

    def expect(self, event, **members):
        def fits(line):
            got = json.loads(line)
            return got["event"] == event and members.items() <= got.items()
        return json.loads(self.wait_for(fits, f"{event} {members}"))

    def add(self, other):
        self.command("add", name=other.user, address="127.0.0.1", port=other.port)
        self.expect("contact-added", name=other.user, status="avail", message=None, nick=None)

    def quit(self):
        self.command("quit")
        self.ends_with(0)


def acquainted():
    """Romeo and Juliet, who know each other."""
    romeo, juliet = Chat(ROMEO), Chat(JULIET)
    romeo.add(juliet)
    juliet.add(romeo)
    return romeo, juliet


# ---- for programs ------------------------------------------------------------------------------

def test_round_trip():
    romeo, juliet = acquainted()
    with romeo, juliet:
        text = "<&> \"quoted\" \\ two\nlines\té 😀"
        romeo.command("message", to=JULIET, body=text, id="a 1")
        opened = romeo.expect("session-opened", contact=JULIET)
        assert (opened["role"], opened["encrypted"]) == ("initiator", False)
        romeo.expect("sent", id="a 1")
        assert juliet.expect("session-opened", contact=ROMEO)["role"] == "recipient"
        juliet.expect("message", **{"from": ROMEO}, body=text, id="a 1")
        juliet.command("message", to=ROMEO, body="and back")
        assert juliet.expect("sent")["id"]
        romeo.expect("message", **{"from": JULIET}, body="and back")
        romeo.command("close", contact=JULIET)
        assert romeo.expect("session-closed", contact=JULIET)["reason"]
        juliet.expect("session-closed", contact=ROMEO)
        juliet.quit()
        romeo.quit()


def test_order():
    """S7, from the outside: two hundred messages at once come in order, each once."""
    romeo, juliet = acquainted()
    with romeo, juliet:
        for number in range(200):
            romeo.command("message", to=JULIET, body=f"{number}", id=f"{number}")
        for number in range(200):
            got = juliet.expect("message")
            assert got["body"] == f"{number}", (got, number)
        romeo.expect("sent", id="199")
        romeo.quit()
        juliet.quit()


def test_open_and_stanza():
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.command("open", contact=JULIET)
        romeo.expect("session-opened", contact=JULIET)
        romeo.command("stanza", to=JULIET, id="1",
                      xml="<message type='chat'><body>raw</body></message>")
        romeo.expect("sent", id="1")
        juliet.expect("message", body="raw")
        romeo.command("stanza", to=JULIET, xml="<presence xmlns='jabber:client'/>", id="2")
        assert "<presence" in juliet.expect("stanza", **{"from": ROMEO})["xml"]
        romeo.command("stanza", to=JULIET, xml="<broken", id="3")
        assert romeo.expect("failed", id="3")["reason"]
        romeo.quit()
        juliet.quit()


BAD_LINES = [
    ("{", None),
    ("null", None),
    ("[]", None),
    ('"message"', None),
    ("no JSON at all", None),
    ("{}", None),
    ('{"command":7}', None),
    ('{"command":"dance","id":"1"}', "1"),
    ('{"command":"message","id":"2"}', "2"),
    ('{"command":"message","to":"nobody@nowhere","body":"x","id":"3"}', "3"),
    ('{"command":"message","to":["a"],"body":"x","id":"4"}', "4"),
    ('{"command":"open","contact":"nobody@nowhere","id":"5"}', "5"),
    ('{"command":"close","contact":"nobody@nowhere","id":"6"}', "6"),
    ('{"command":"status","status":"merry","id":"7"}', "7"),
    ('{"command":"status","status":"away","message":5,"id":"8"}', "8"),
    ('{"command":"add","name":"a@b","address":"127.0.0.1","port":0,"id":"9"}', "9"),
    ('{"command":"add","name":"a@b","address":"127.0.0.1","port":"1","id":"10"}', "10"),
    ('{"command":"add","name":"","address":"127.0.0.1","port":1,"id":"11"}', "11"),
    ('{"command":"stanza","to":"nobody@nowhere","xml":"<a/>","id":"12"}', "12"),
    ('{"command":"status","status":"away","message":"' + "x" * 300 + '","id":"13"}', "13"),
    ('{"command":"quit","id":4}', None),
]


def test_bad_lines():
    """Each is an event, with the id if it had one, and the program goes on."""
    with Chat(ROMEO) as romeo:
        for line, number in BAD_LINES:
            romeo.write(line)
            event = romeo.expect("error")
            assert event["message"] and event.get("id") == number, (line, event)
        romeo.process.stdin.buffer.write(b"\xff\xfe\x00\n")
        romeo.process.stdin.buffer.flush()
        romeo.expect("error")
        romeo.write("")
        romeo.command("status", status="dnd", message=None)
        romeo.quit()


def test_unsendable():
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.command("message", to=JULIET, body="", id="1")
        assert "text" in romeo.expect("failed", id="1")["reason"]
        romeo.command("message", to=JULIET, body="bell \a", id="2")
        assert "U+0007" in romeo.expect("failed", id="2")["reason"]
        romeo.quit()
        juliet.quit()


def test_ends():
    """The end of the input and a signal are goodbyes like any other."""
    with Chat(ROMEO) as romeo:
        romeo.process.stdin.close()
        romeo.ends_with(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with Chat(ROMEO) as romeo:
            romeo.process.send_signal(number)
            romeo.ends_with(0)


def test_last_words():
    """What was asked for before the end of the input goes out."""
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.command("message", to=JULIET, body="thus with a kiss", id="1")
        romeo.process.stdin.close()
        juliet.expect("message", body="thus with a kiss")
        romeo.ends_with(0)
        juliet.quit()


# ---- xep174 send -------------------------------------------------------------------------------

def run(*arguments, stdin="", env=None):
    return subprocess.run([TOOL, *arguments], input=stdin, env=env, capture_output=True, text=True,
                          timeout=PATIENCE, check=False)


def test_send():
    with Chat(JULIET) as juliet:
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=9)
        juliet.expect("contact-added", name=ROMEO)
        at = f"127.0.0.1:{juliet.port}"
        result = run("send", "--user", ROMEO, "--at", at, JULIET, "from the command line")
        assert result.returncode == 0 and result.stderr == "", result
        juliet.expect("message", **{"from": ROMEO}, body="from the command line")
        result = run("send", "--user", ROMEO, "--at", at, JULIET, stdin="two\nlines\n")
        assert result.returncode == 0, result
        juliet.expect("message", body="two\nlines")
        juliet.quit()


def test_send_fails():
    for arguments, words in (
            (["--discovery", "none", "--timeout", "0", JULIET, "x"], "Nobody"),
            (["--timeout", "1", "--at", "127.0.0.1:9", JULIET, "x"], "not sent"),
            (["--at", "127.0.0.1:9", JULIET, ""], "text"),
            (["--at", "[::1", JULIET, "x"], "not sent"),
            (["--at", "127.0.0.1:9", "", "x"], "not sent")):
        result = run("send", "--user", ROMEO, *arguments)
        assert result.returncode == 1 and words in result.stderr, (arguments, result)


# ---- for people --------------------------------------------------------------------------------

def test_person():
    with Chat(JULIET) as juliet, \
            Program("chat", "--discovery", "none", "--user", ROMEO) as romeo:
        line = romeo.shows("You are romeo@montague")
        port = int(line.rsplit(" ", 1)[1].rstrip(")."))
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=port)
        romeo.write("Is anybody there?")
        romeo.shows("! Nobody")
        romeo.write(f"/add {JULIET} 127.0.0.1 {juliet.port}")
        romeo.shows("* juliet@capulet is here: available")
        romeo.write("hello")
        juliet.expect("message", body="hello")
        romeo.write("/msg jul again")
        juliet.expect("message", body="again")
        romeo.write("//me bows")
        juliet.expect("message", body="/me bows")
        juliet.command("message", to=ROMEO, body="one\ntwo \u009b31m\u202e!")
        romeo.shows("juliet@capulet: one")
        assert romeo.shows("two") == "      two \ufffd31m\ufffd!"
        romeo.write("/who")
        romeo.shows("> juliet@capulet: available")
        romeo.write("/status away back at once")
        for bad in ("/dance", "/to nobody", "/msg", "/status merry", "/add x", "/close nobody"):
            romeo.write(bad)
            romeo.shows("! ")
        romeo.write("/help")
        romeo.shows("/quit")
        romeo.write("/close")
        juliet.expect("session-closed", contact=ROMEO)
        romeo.write("/quit")
        romeo.ends_with(0)
        juliet.quit()


class Screen(Program):
    """A chat on a terminal."""

    def __init__(self, *arguments):
        self.terminal, inside = pty.openpty()
        os.environ["TERM"] = "xterm"
        super().__init__(*arguments, stdin=inside, stdout=inside)
        os.close(inside)
        self.seen = ""
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        while True:
            try:
                octets = os.read(self.terminal, 4096)
            except OSError:
                return
            with self.came:
                self.seen += octets.decode("utf-8", "replace")
                self.came.notify_all()

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def displays(self, text):
        with self.came:
            assert self.came.wait_for(lambda: text in self.seen, PATIENCE), (text, self.seen)
            self.seen = self.seen[self.seen.index(text) + len(text):]


def test_terminal():
    """Tab completes, what arrives does not get into what is being typed, and Ctrl-C forgives."""
    with Chat(JULIET) as juliet, \
            Screen("chat", "--discovery", "none", "--user", ROMEO) as romeo:
        romeo.displays("port ")
        romeo.displays("> ")
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=9)
        romeo.press(f"/add {JULIET} 127.0.0.1 {juliet.port}\r")
        romeo.displays("is here")
        romeo.displays("juliet@capulet\x1b[0m> ")
        romeo.press("/to ju\t\r")
        romeo.displays("juliet@capulet")
        romeo.press("/close\r")
        romeo.displays("no conversation")
        romeo.press("first line\r")
        juliet.expect("message", body="first line")
        # Between two lines the terminal itself echoes; with the prompt it is readline's again.
        romeo.displays("first line")
        romeo.displays("> ")
        romeo.press("half a ")
        romeo.displays("half a ")
        juliet.command("message", to=ROMEO, body="interrupting")
        romeo.displays("interrupting")
        romeo.displays("half a ")
        romeo.press("line\r")
        juliet.expect("message", body="half a line")
        romeo.displays("line")
        romeo.displays("> ")
        romeo.press("\x1b[A\r")
        juliet.expect("message", body="half a line")
        romeo.displays("half a line")
        romeo.displays("> ")
        romeo.press("never mind")
        romeo.displays("never mind")
        romeo.process.send_signal(signal.SIGINT)
        romeo.displays("^C")
        romeo.press("still here\r")
        juliet.expect("message", body="still here")
        romeo.displays("still here")
        romeo.displays("> ")
        romeo.press("\x04")
        romeo.ends_with(0)
        juliet.quit()


def test_browse():
    result = run("browse", "--discovery", "none", "--user", ROMEO, "--timeout", "0")
    assert result.returncode == 0 and result.stdout == "", result


def test_domain():
    """D17: another domain than local is looked into through avahi, which is not there."""
    result = run("browse", "--domain", "example.org", "--timeout", "0",
                 env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere"})
    assert result.returncode == 1 and "avahi-daemon" in result.stderr, result


def test_names_are_one_line():
    """A name may hold anything; what is shown of it moves no cursor and begins no line."""
    result = run("send", "--discovery", "none", "--timeout", "0", "a\n\x1b[2Jxep174: b", "hello")
    assert result.returncode == 1, result
    assert result.stderr.count("\n") == 1 and "\x1b" not in result.stderr, result


# ---- how it is called --------------------------------------------------------------------------

def test_help():
    for arguments in (["--help"], ["chat", "--help"], ["browse", "--help"], ["send", "--help"]):
        result = run(*arguments)
        assert result.returncode == 0 and "xep174" in result.stdout, (arguments, result)
    assert "juliet" in run("send", "--help").stdout
    assert run("--version").stdout.startswith("xep174 ")


def test_manual():
    """The man page has the commands' options, each with the commands that take it, and no other."""
    taken = {}
    for command in ("chat", "browse", "send"):
        for option in re.findall(r"^  -\w, --([\w-]+)", run(command, "--help").stdout, re.MULTILINE):
            taken.setdefault(option, set()).add(command)
    with open(os.environ["MANUAL"], encoding="utf-8") as file:
        entries = file.read().split(".TP\n")
    told = {}
    for entry in entries:
        option = re.match(r"\.BR \\-\w \", \" \\-\\-([\w-]+)", entry)
        if option:
            commands = re.search(r"^\.RB \( (.*) \)$", entry, re.MULTILINE)
            told[option[1]] = (set(commands[1].replace('", "', "").split()) if commands
                               else {"chat", "browse", "send"})
    assert told == taken, (told, taken)


def test_usage():
    for arguments in ([], ["dance"], ["send"], ["send", "a", "b", "c"], ["chat", "a", "b"],
                      ["browse", "who"], ["chat", "--discovery", "magic"],
                      ["chat", "--port", "70000"], ["chat", "--frobnicate"],
                      ["send", "--timeout", "-5", "a", "b"], ["chat", "--domain", "example.org"],
                      ["browse", "--domain", "example.org", "--discovery", "embedded"],
                      ["chat", "--user", "x" * 64, "--discovery", "none"],
                      ["chat", "--user", "a@\u00e9", "--discovery", "none"]):
        result = run(*arguments)
        assert result.returncode in (1, 2) and result.stderr, (arguments, result)


def test_port_in_use():
    with socket.socket(socket.AF_INET6) as listener:
        listener.bind(("::", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        result = run("chat", "--discovery", "none", "--port", port)
        assert result.returncode == 1 and port in result.stderr, result


def test_debug():
    """Each layer tells of its work under a domain of its own, and of nothing that was said."""
    domains = ("xep174-discovery", "xep174-session", "xep174-client")
    for asked, told in (("", ()), ("all", domains), ("xep174-session", ("xep174-session",))):
        result = run("send", "--discovery", "none", "--timeout", "0", "--at", "127.0.0.1:9", JULIET,
                     "my secret", env={**os.environ, "G_MESSAGES_DEBUG": asked})
        for domain in domains:
            assert (f"{domain}-DEBUG" in result.stderr) == (domain in told), (asked, domain, result)
        assert "secret" not in result.stderr, result


def test_trace():
    romeo, juliet = Chat(ROMEO, "--trace"), Chat(JULIET)
    with romeo, juliet:
        romeo.add(juliet)
        juliet.add(romeo)
        romeo.command("message", to=JULIET, body="watched")
        romeo.expect("sent")
        romeo.complains(">>> juliet@capulet: ")
        romeo.complains("<body>watched</body>")
        romeo.complains("<<< juliet@capulet: ")
        romeo.quit()
        juliet.quit()


if __name__ == "__main__":
    tap.main_of("cli", globals())
