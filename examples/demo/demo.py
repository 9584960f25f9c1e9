#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two people find each other on the network and talk, with nothing between them.

Both are the real tool over real mDNS and TCP, in a network namespace of their own where that is
allowed. Each has a column; what happens stands in the column of the one who sees it. On a
terminal you may talk to one of them afterwards.
"""

import argparse
import fcntl
import json
import os
import pathlib
import queue
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
import threading
import time

PATIENCE = 30
WIDTH = 38
ROMEO, JULIET = "romeo@montague", "juliet@capulet"
# Each has a key of his own, and yours stays as it is.
KEYS = tempfile.TemporaryDirectory(prefix="xep174-demo-")


class Failure(Exception):
    pass


# ---- the stage ---------------------------------------------------------------------------------

class Stage:
    """Prints each line into the column of the one it belongs to."""

    def __init__(self):
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        colour = colour or "FORCE_COLOR" in os.environ
        self.codes = {"dim": "2", "bold": "1", "say": "36", "hear": "32", "away": "33", "bad": "31"}
        if not colour:
            self.codes = {}

    def paint(self, text, style):
        code = self.codes.get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if code else text

    def show(self, column, text, style=None):
        lines = []
        for number, line in enumerate(textwrap.wrap(text, WIDTH - 1)):
            margin = " " * (WIDTH * column) + ("  " if number else "")
            lines.append(margin + self.paint(line, style))
        self.say(lines)

    def scene(self, text):
        self.say(["", self.paint(text, "bold")])

    def remark(self, text):
        self.say([self.paint(text, "dim")])

    @staticmethod
    def say(lines):
        # In one piece: each actor is listened to in a thread.
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()


def who(name):
    return ["--discovery", "embedded", "--user", name, "--data-dir", f"{KEYS.name}/{name}"]


class Actor:
    """One `xep174 chat --json`; its events are shown as they come and kept until expected."""

    def __init__(self, stage, tool, column, name):
        self.stage, self.column, self.name = stage, column, name
        self.partner = JULIET if name == ROMEO else ROMEO
        self.events = queue.Queue()
        self.role = None
        self.heard = 0
        self.is_leaving = False
        self.process = subprocess.Popen(
            [tool, "chat", "--json", "--trace", *who(name)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        self.trace = []
        threading.Thread(target=self.listen, daemon=True).start()
        threading.Thread(target=self.watch, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            event = json.loads(line)
            self.note(event)
            self.events.put(event)
        self.events.put({"event": "end"})

    def watch(self):
        """Keeps the XML, and what the program complains of."""
        for line in self.process.stderr:
            self.trace.append(line)

    def has_refused(self):
        return any(line.startswith(">>>") and "<conflict " in line for line in self.trace)

    def note(self, event):
        kind = event["event"]
        other = event.get("name") or event.get("contact") or event.get("from") or ""
        if kind == "online":
            self.port = event["port"]
            self.show(f"{event['name']} is online, port {event['port']}", "bold")
        elif kind == "contact-added":
            self.show(f"sees {other}", "hear")
        elif kind == "contact-changed":
            self.show(f"sees that {other} is {event['status']}: {event['message']}", "away")
        elif kind == "contact-removed" and not self.is_leaving:
            self.show(f"sees that {other} has left", "away")
        elif kind == "session-opened":
            self.role = event["role"]
            secret = "encrypted" if event["encrypted"] else "not encrypted"
            self.show(f"stream open, {secret}, as {event['role']}", "dim")
        elif kind == "session-closed":
            self.show("stream closed", "dim")
        elif kind == "message":
            self.heard += 1
            self.show(f"< {event['body']}", "hear")
        elif kind in ("failed", "session-failed", "error", "unconfirmed"):
            self.show(f"! {event.get('reason') or event.get('message') or kind}", "bad")

    def show(self, text, style):
        self.stage.show(self.column, text, style)

    def command(self, command, **members):
        self.process.stdin.write(json.dumps({"command": command, **members}) + "\n")
        self.process.stdin.flush()

    def say(self, text, shown=True):
        if shown:
            self.show(f"> {text}", "say")
        self.command("message", to=self.partner, body=text)

    def expect(self, kind, **members):
        """Waits for such an event, and drops those before it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                event = self.events.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                raise Failure(f"{self.name} waited {PATIENCE} s for {kind} {members}") from None
            if event["event"] == kind and members.items() <= event.items():
                return event
            if event["event"] in ("end", "failed"):
                raise Failure(f"{self.name}: {event.get('reason', 'the program ended')}")

    def leave(self):
        self.is_leaving = True
        self.command("quit")
        if self.process.wait(timeout=PATIENCE) != 0:
            raise Failure(f"{self.name} ended with {self.process.returncode}: {self.trace[-1:]}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


# ---- the play ----------------------------------------------------------------------------------

def connections(*ports):
    """How many TCP connections there are to these ports; each shows from both its ends."""
    ends = 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.path.exists(table):
            continue
        for line in pathlib.Path(table).read_text().splitlines()[1:]:
            local, remote, state = line.split()[1:4]
            used = {int(end.rsplit(":", 1)[1], 16) for end in (local, remote)}
            ends += state == "01" and bool(used & set(ports))
    return ends // 2


def converse(lines):
    for speaker, hearer, text in lines:
        speaker.say(text)
        hearer.expect("message", body=text)
        time.sleep(0.5 if sys.stdout.isatty() else 0)


def play(stage, romeo, juliet):
    stage.scene("Two programs start. No server, no daemon: the network tells who is there.")
    romeo.expect("online")
    juliet.expect("online")
    romeo.expect("contact-added", name=JULIET)
    juliet.expect("contact-added", name=ROMEO)

    stage.scene("What one publishes, the other sees.")
    juliet.command("status", status="away", message="on the balcony")
    romeo.expect("contact-changed", name=JULIET, message="on the balcony")

    stage.scene("They talk, over one XML stream from one to the other.")
    converse([
        (romeo, juliet, "But soft, what light through yonder window breaks?"),
        (juliet, romeo, "Wherefore art thou Romeo? & what's in a <name/>?"),
        (romeo, juliet, "I take thee at thy word."),
    ])

    stage.scene("Juliet closes the conversation.")
    juliet.command("close", contact=ROMEO)
    romeo.expect("session-closed", contact=JULIET)
    juliet.expect("session-closed", contact=ROMEO)

    stage.scene("Both speak at the same moment, so both open a stream.")
    for actor, text in ((romeo, "Good night, good night!"), (juliet, "Parting is such sweet sorrow.")):
        actor.show(f"> {text}", "say")
    romeo.say("Good night, good night!", shown=False)
    juliet.say("Parting is such sweet sorrow.", shown=False)
    romeo.expect("message", body="Parting is such sweet sorrow.")
    juliet.expect("message", body="Good night, good night!")
    deadline = time.monotonic() + PATIENCE
    while connections(romeo.port, juliet.port) != 1:
        if time.monotonic() > deadline:
            raise Failure(f"{connections(romeo.port, juliet.port)} connections are left")
        time.sleep(0.05)
    if any(actor.has_refused() for actor in (romeo, juliet)):
        stage.remark("One of two connections was refused with <conflict/>; no message was lost.")
    else:
        stage.remark("There is one connection, and no message was lost.")

    stage.scene("Juliet leaves.")
    juliet.leave()
    romeo.expect("contact-removed", name=JULIET)
    romeo.leave()


# ---- afterwards, on a terminal -----------------------------------------------------------------

ANSWERS = [
    "How camest thou hither, tell me, and wherefore?",
    "By whose direction found'st thou out this place?",
    "Thou know'st the mask of night is on my face.",
    "Dost thou love me? I know thou wilt say 'Ay'.",
    "Sweet, good night!",
    "'Tis almost morning; I would have thee gone.",
]


def answer(juliet):
    """Has an answer to everything, until the program ends."""
    count = 0
    while True:
        event = juliet.events.get()
        if event["event"] == "end":
            return
        if event["event"] == "message":
            time.sleep(0.7)
            juliet.command("message", to=event["from"], body=ANSWERS[count % len(ANSWERS)])
            count += 1


class Silence(Stage):
    def show(self, column, text, style=None):
        pass


def talk(stage, tool):
    stage.scene("Your turn: you are romeo now, and juliet answers. Ctrl-D leaves.")
    juliet = Actor(Silence(), tool, 1, JULIET)
    threading.Thread(target=answer, args=(juliet,), daemon=True).start()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        subprocess.call([tool, "chat", *who(ROMEO), JULIET])
    finally:
        signal.signal(signal.SIGINT, before)
        juliet.kill()


# ---- a network of our own ----------------------------------------------------------------------

def enter_namespace():
    """Runs this program again where there is nothing but a loopback interface, if we may."""
    if "XEP174_DEMO_STAGE" in os.environ:
        if os.environ["XEP174_DEMO_STAGE"] == "namespace":
            raise_loopback()
        return
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user",
                                                              "--map-root-user", "--net"]
    try:
        allowed = subprocess.run(unshare + ["true"], stdin=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    os.environ["XEP174_DEMO_STAGE"] = "namespace" if allowed else "host"
    if allowed:
        KEYS.cleanup()
        again = unshare + [sys.executable, *sys.argv]
        os.execvp(again[0], again)
    print("(no network namespace for us: the demo runs on this machine's own network)")


def raise_loopback():
    """ip link set lo up, without ip."""
    get_flags, set_flags, up = 0x8913, 0x8914, 0x1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = fcntl.ioctl(any_socket, get_flags, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", request)[1] | up
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sH14x", b"lo", flags))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the program xep174")
    parser.add_argument("--no-talk", action="store_true", help="end after the play")
    arguments = parser.parse_args()
    enter_namespace()

    stage = Stage()
    actors = []
    try:
        actors.append(Actor(stage, arguments.tool, 0, ROMEO))
        actors.append(Actor(stage, arguments.tool, 1, JULIET))
        play(stage, *actors)
    except Failure as failure:
        print(stage.paint(f"The demo failed: {failure}", "bad"), file=sys.stderr)
        return 1
    finally:
        for actor in actors:
            actor.kill()
    heard = sum(actor.heard for actor in actors)
    print(f"\n5 messages said, {heard} heard, {5 - heard} lost.", flush=True)

    if sys.stdin.isatty() and sys.stdout.isatty() and not arguments.no_talk:
        talk(stage, arguments.tool)
    return 0 if heard == 5 else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
