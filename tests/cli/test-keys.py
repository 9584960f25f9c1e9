#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool xep174 and keys: what a person and a program are told of them, and what they say."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading

import tap
from programs import (JULIET, PATIENCE, ROMEO, TOOL, Chat, acquainted, new_folder, person, run)

NOWHERE = "/dev/null/none"
CHANGED = "the key has changed: nothing is sent"


def keys(folder, *arguments):
    return run("keys", "--data-dir", folder, *arguments)


@contextlib.contextmanager
def known(*folders):
    """Romeo and Juliet have talked before; each has the folder in @folders."""
    with Chat(ROMEO, folder=folders[0]) as romeo, Chat(JULIET, folder=folders[1]) as juliet:
        romeo.add(juliet)
        juliet.add(romeo)
        romeo.command("message", to=JULIET, body="before")
        juliet.expect("message", body="before")
        romeo.quit()
        juliet.quit()
    yield folders


def fingerprint_of(chat):
    return fingerprint_in(chat.folder, "You")


def knock(chat, name):
    """Somebody with another key uses the name; the key that a warning names."""
    with Chat(name) as other:
        other.add(chat)
        other.command("message", to=chat.user, body="secret", id="no")
        new = chat.expect("key-changed", contact=name)["new"]
        other.expect("failed", id="no")
        assert new == fingerprint_of(other)
        return new


def group(key, digits=8):
    """The beginning of a key as people see it, or all of it."""
    return " ".join(key[i:i + 4] for i in range(0, digits, 4))


def knock_person(person_, name):
    """The same where a person is warned."""
    with Chat(name) as other:
        other.command("add", name=ROMEO, address="127.0.0.1", port=person_.port)
        other.command("message", to=ROMEO, body="secret", id="no")
        other.expect("failed", id="no")
        person_.complains(f"The new key begins with {group(fingerprint_of(other))}")
        return fingerprint_of(other)


def fingerprint_in(folder, name):
    """The key that the list has below the name, without its gaps."""
    lines = keys(folder).stdout.splitlines()
    index = next(i for i, line in enumerate(lines) if line.startswith(f"{name}:"))
    return lines[index + 1].replace(" ", "")


# ---- for programs ------------------------------------------------------------------------------

def test_T14_json_tells_of_encryption():
    romeo, juliet = acquainted()
    with romeo, juliet:
        assert romeo.online["remembers_keys"] is True
        romeo.command("open", contact=JULIET)
        romeo.expect("session-opened", contact=JULIET, encrypted=True, trust="seen")
        seen = romeo.expect("key-seen", contact=JULIET)["new"]
        assert re.fullmatch("[0-9a-f]{64}", seen), seen
        juliet.expect("session-opened", contact=ROMEO, encrypted=True, trust="seen")
        romeo.command("safety-number", contact=JULIET, id=7)
        number = romeo.expect("safety-number", contact=JULIET, id=7)["number"]
        assert re.fullmatch(r"(\d{5} ){11}\d{5}", number), number
        juliet.command("safety-number", contact=ROMEO)
        assert "id" not in juliet.expect("safety-number", contact=ROMEO, number=number)
        romeo.command("verify", contact=JULIET, id="same")
        romeo.expect("trust-changed", contact=JULIET, trust="verified", key=seen, id="same")
        romeo.command("close", contact=JULIET)
        romeo.expect("session-closed")
        romeo.command("open", contact=JULIET)
        romeo.expect("session-opened", encrypted=True, trust="verified")
        romeo.quit()
        juliet.quit()


def test_T5_json_in_the_clear():
    """OFF on one side is enough; REQUIRE says nothing to such a one."""
    with Chat(ROMEO) as romeo, Chat(JULIET, "--encryption", "off") as juliet:
        romeo.add(juliet)
        juliet.add(romeo)
        romeo.command("open", contact=JULIET)
        romeo.expect("session-opened", encrypted=False, trust="unknown")
        romeo.command("safety-number", contact=JULIET, id="no")
        assert "is not encrypted" in romeo.expect("error", id="no")["message"]
        juliet.quit()
    with Chat(ROMEO, "--encryption", "require") as romeo, \
            Chat(JULIET, "--encryption", "off") as juliet:
        romeo.add(juliet)
        juliet.add(romeo)
        romeo.command("message", to=JULIET, body="secret", id="1")
        assert "does not encrypt" in romeo.expect("failed", id="1")["reason"]
        juliet.quit()
        assert not any("secret" in line for line in juliet.lines)


def test_T6_json_key_changed():
    """Nothing is sent to another key until it is accepted; distrusted, it never is."""
    mine, first, second = new_folder(), new_folder(), new_folder()
    with known(mine, first), Chat(ROMEO, folder=mine) as romeo, \
            Chat(JULIET, folder=second) as juliet:
        old = fingerprint_in(mine, JULIET)
        romeo.add(juliet)
        juliet.add(romeo)
        romeo.command("accept", contact=JULIET, key="3f", id="early")
        assert "is no key" in romeo.expect("error", id="early")["message"]
        romeo.command("message", to=JULIET, body="secret", id="1")
        changed = romeo.expect("key-changed", contact=JULIET, old=old)
        assert "key has changed" in romeo.expect("failed", id="1")["reason"]
        assert changed["new"] == fingerprint_in(second, "You")
        romeo.command("accept", contact=JULIET, id="ok")
        romeo.expect("trust-changed", contact=JULIET, trust="seen", key=changed["new"], id="ok")
        romeo.command("message", to=JULIET, body="now", id="2")
        romeo.expect("session-opened", encrypted=True, trust="seen")
        romeo.expect("sent", id="2")
        juliet.expect("message", body="now")
        romeo.command("distrust", contact=JULIET, id="all")
        romeo.expect("trust-changed", contact=JULIET, trust="distrusted", key=None, id="all")
        romeo.expect("session-closed")
        romeo.command("message", to=JULIET, body="never", id="3")
        assert "not to be trusted" in romeo.expect("failed", id="3")["reason"]
        romeo.command("forget", contact=JULIET, id="new")
        romeo.expect("trust-changed", contact=JULIET, trust="unknown", key=None, id="new")
        kept = {romeo.expect("trust-changed", contact=JULIET, trust="distrusted")["key"] for _ in range(2)}
        assert kept == {old, changed["new"]}
        romeo.command("accept", contact=JULIET, id="which")
        assert "has several keys" in romeo.expect("error", id="which")["message"]
        romeo.command("distrust", contact="nobody@nowhere", id="whom")
        assert "No key" in romeo.expect("error", id="whom")["message"]
        juliet.quit()
        assert not any(word in line for line in juliet.lines for word in ("secret", "never"))
        romeo.command("quit")
        romeo.ends_with(1)


def test_T6_json_decides_about_what_was_told():
    """A decision is about the key that an event has named; of several, it must say which."""
    mine, first = new_folder(), new_folder()
    with known(mine, first), Chat(ROMEO, folder=mine) as romeo:
        romeo.command("accept", contact=JULIET, id="early")
        assert "nothing to accept" in romeo.expect("error", id="early")["message"]
        romeo.command("verify", contact=JULIET, id="early")
        assert "safety-number first" in romeo.expect("error", id="early")["message"]
        shown = [knock(romeo, JULIET) for _ in range(2)]
        for command in "accept", "verify", "distrust":
            romeo.command(command, contact=JULIET, id="which")
            assert "has several keys" in romeo.expect("error", id="which")["message"]
        romeo.command("verify", contact=JULIET, key=shown[0][:8], id="no number")
        assert "safety-number first" in romeo.expect("error", id="no number")["message"]
        romeo.command("accept", contact=JULIET, key=shown[0][:8], id="ok")
        romeo.expect("trust-changed", contact=JULIET, trust="seen", key=shown[0], id="ok")
        # The other one is not meant by accident.
        for command in "accept", "distrust":
            romeo.command(command, contact=JULIET, id="late")
            assert "If you mean the key" in romeo.expect("error", id="late")["message"]
        romeo.command("safety-number", contact=JULIET)
        romeo.expect("safety-number", contact=JULIET, key=shown[1])
        romeo.command("distrust", contact=JULIET)
        romeo.expect("trust-changed", trust="distrusted", key=shown[1])
        romeo.command("accept", contact=JULIET, id="which")
        assert "You do not trust the key" in romeo.expect("error", id="which")["message"]
        romeo.command("accept", contact=JULIET, key=shown[1][:8])
        romeo.expect("trust-changed", trust="seen", key=shown[1])
        romeo.command("quit")
        romeo.ends_with(1)


def test_T6_json_tells_of_the_other_names():
    """What is decided about one name may be about another, too: that is told without being asked."""
    mine, one = new_folder(), new_folder()
    other = "cesario@capulet"
    with Chat(ROMEO, folder=mine) as romeo, Chat(JULIET, folder=one) as juliet, \
            Chat(other, folder=one) as cesario:
        for chat, also in (juliet, []), (cesario, [JULIET]):
            romeo.add(chat)
            chat.add(romeo)
            chat.command("open", contact=ROMEO)
            romeo.expect("session-opened", contact=chat.user, also=also)
            romeo.expect("key-seen", contact=chat.user, also=also)
        romeo.command("safety-number", contact=JULIET)
        romeo.expect("safety-number", contact=JULIET, also=[other])
        romeo.command("distrust", contact=JULIET, key=fingerprint_of(juliet), id="one")
        romeo.expect("trust-changed", contact=other, trust="distrusted", key=None, also=[JULIET])
        romeo.expect("trust-changed", contact=JULIET, trust="distrusted", id="one", also=[other])
        for chat in juliet, cesario:
            assert "your key is not accepted there" in chat.expect("session-closed")["reason"]
        for chat in romeo, juliet, cesario:
            chat.quit()


def test_T14_json_number_without_open():
    """The number is there at once if a key was shown; else the conversation is opened for it, if there is
    anybody. Who is refused sees it, too."""
    mine = new_folder()
    with known(mine, new_folder()), Chat(ROMEO, folder=mine) as romeo, Chat(JULIET) as juliet:
        romeo.command("safety-number", contact=JULIET, id="absent")
        assert "not on the network" in romeo.expect("error", id="absent")["message"]
        romeo.add(juliet)
        juliet.add(romeo)
        juliet.command("safety-number", contact=ROMEO, id="refused")
        number = juliet.expect("safety-number", contact=ROMEO, id="refused")["number"]
        romeo.command("safety-number", contact=JULIET)
        romeo.expect("safety-number", number=number, key=fingerprint_of(juliet))
        romeo.command("verify", contact=JULIET)
        romeo.expect("trust-changed", trust="verified", key=fingerprint_of(juliet))
        romeo.command("message", to=JULIET, body="hello")
        juliet.expect("message", body="hello")
        juliet.quit()
        romeo.command("quit")
        romeo.ends_with(1)


def test_T14_json_trust_changes_by_itself():
    """What another program decides about the same keys is told, and what a contact is at first."""
    mine = new_folder()
    with known(mine, new_folder()) as folders, Chat(ROMEO, folder=mine) as romeo, \
            Chat(JULIET, folder=folders[1]) as juliet:
        juliet.add(romeo)
        romeo.command("add", name=JULIET, address="127.0.0.1", port=juliet.port)
        romeo.expect("trust-changed", contact=JULIET, trust="seen")
        romeo.command("message", to=JULIET, body="hello")
        juliet.expect("message", body="hello")
        assert keys(mine, "verify", "juliet").returncode == 0
        romeo.command("message", to=JULIET, body="again")
        assert "id" not in romeo.expect("trust-changed", contact=JULIET, trust="verified", key=None)
        romeo.quit()
        juliet.quit()


def test_T6_two_names_of_one_user():
    """Two terminals of one user have one key, at the same time; neither is warned of the other."""
    mine = new_folder()
    for _ in range(2):
        with Chat(ROMEO, folder=mine) as romeo, Chat(JULIET, folder=mine) as juliet:
            romeo.add(juliet)
            juliet.add(romeo)
            romeo.command("message", to=JULIET, body="it is me")
            romeo.expect("session-opened", encrypted=True, trust="seen")
            juliet.expect("message", body="it is me")
            romeo.quit()
            juliet.quit()
    listed = keys(mine).stdout
    assert all(f"{name}: encrypted, not compared\n" in listed for name in (JULIET, ROMEO)), listed


def splice(source, target, names):
    """Carries octets; as long as they are in the clear, each name of @names becomes the other."""
    clear = True
    with contextlib.suppress(OSError):
        while octets := source.recv(65536):
            ends = b"<proceed" in octets or b"<starttls xmlns" in octets and b"features" not in octets
            if clear:
                octets = octets.replace(names[0], b"\0").replace(names[1], names[0])
                octets = octets.replace(b"\0", names[1])
            clear = clear and not ends
            target.sendall(octets)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def sent_back(me, other):
    with Chat(me) as chat, socket.create_server(("127.0.0.1", 0)) as mirror:
        tries = threading.Semaphore(0)

        def reflect():
            with contextlib.suppress(OSError):  # the end of the test
                while True:
                    caller, _ = mirror.accept()
                    back = socket.create_connection(("127.0.0.1", chat.port))
                    tries.release()
                    for pair in ((caller, back), (back, caller)):
                        threading.Thread(target=splice, daemon=True,
                                         args=(*pair, (me.encode(), other.encode()))).start()
        threading.Thread(target=reflect, daemon=True).start()
        chat.command("add", name=other, address="127.0.0.1", port=mirror.getsockname()[1])
        chat.command("message", to=other, body="secret")
        for _ in range(3):
            assert tries.acquire(timeout=PATIENCE)
        assert not any(f'"event":"{event}"' in line for line in chat.lines
                       for event in ("message", "session-opened", "key-seen")), chat.lines


def test_T4_sent_back():
    """Who sends us back what we say, with the names changed, is nobody to talk with, although his key
    is not refused: it is our own."""
    sent_back(ROMEO, JULIET)
    sent_back(JULIET, ROMEO)


def test_T7_json_memory_only():
    with Chat(ROMEO, folder=NOWHERE) as romeo:
        assert romeo.online["remembers_keys"] is False
        romeo.quit()
        assert romeo.errors == []


class Link:
    """What lies between Romeo and Juliet, and can be cut."""

    def __init__(self, port):
        self.port = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.here = self.listener.getsockname()[1]
        self.pairs, self.is_cut, self.is_muted = [], False, False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):  # the end of the test
            while True:
                caller, _ = self.listener.accept()
                if self.is_cut:
                    caller.close()
                    continue
                callee = socket.create_connection(("127.0.0.1", self.port))
                self.pairs += (caller, callee)
                for pair, is_answer in ((caller, callee), False), ((callee, caller), True):
                    threading.Thread(target=self.carry, daemon=True, args=(*pair, is_answer)).start()

    def carry(self, source, target, is_answer):
        with contextlib.suppress(OSError):
            while octets := source.recv(65536):
                if not (is_answer and self.is_muted):
                    target.sendall(octets)

    def mute(self):
        """Nothing comes back any more."""
        self.is_muted = True

    def cut(self):
        self.is_cut = True
        for end in self.pairs:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self):
        self.is_cut = self.is_muted = False


@contextlib.contextmanager
def broken(romeo, juliet):
    """Romeo has sent something, and the connection has gone before a receipt came; what mends it."""
    link = Link(juliet.port)
    juliet.command("add", name=ROMEO, address="127.0.0.1", port=9)
    romeo.command("add", name=JULIET, address="127.0.0.1", port=link.here)
    romeo.command("open", contact=JULIET)
    romeo.expect("session-opened", contact=JULIET, acknowledged=True)
    link.mute()
    romeo.command("message", to=JULIET, body="hello", id="1")
    romeo.expect("sent", id="1")
    juliet.expect("message", body="hello")
    link.cut()
    romeo.expect("session-closed", contact=JULIET)
    yield link
    link.listener.close()


def test_A3_end_waits_for_a_broken_connection():
    """What is open when a connection has gone can still be confirmed: the end waits for that, and says so."""
    for leave in (lambda romeo: romeo.command("quit"), lambda romeo: romeo.process.stdin.close(),
                  lambda romeo: romeo.process.send_signal(signal.SIGINT)):
        with Chat(ROMEO) as romeo, Chat(JULIET) as juliet, broken(romeo, juliet) as link:
            leave(romeo)
            romeo.complains("waiting until all that you said has arrived; Ctrl-C ends at once")
            link.mend()
            romeo.expect("received", contact=JULIET, id="1")
            romeo.ends_with(0)
            juliet.quit()


def test_A3_end_does_not_wait_for_ever():
    """A second Ctrl-C ends it, and so does time; what was open then is told."""
    for hurries in True, False:
        with Chat(ROMEO) as romeo, Chat(JULIET) as juliet, broken(romeo, juliet):
            romeo.process.send_signal(signal.SIGINT)
            romeo.complains("waiting until")
            if hurries:
                romeo.process.send_signal(signal.SIGINT)
            romeo.expect("unconfirmed", contact=JULIET, id="1")
            romeo.ends_with(1)
            juliet.quit()


# ---- for people --------------------------------------------------------------------------------

def test_T14_chat_says_what_a_conversation_is():
    with Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        romeo.write("hello")
        romeo.shows("The conversation with juliet@capulet is encrypted, not compared")
        juliet.expect("message", body="hello")
        romeo.write("/verify")
        romeo.shows("The number of you and juliet@capulet, whose key begins with ")
        number = " ".join(" ".join(romeo.shows("     ")[1:].split()) for _ in range(3))
        romeo.shows("/compared juliet@capulet")
        romeo.shows("/distrust juliet@capulet")
        juliet.command("safety-number", contact=ROMEO)
        juliet.expect("safety-number", number=number)
        romeo.write("/compared jul")
        romeo.shows("The conversation with juliet@capulet is encrypted and compared")
        romeo.shows("juliet@capulet: the key is compared")
        romeo.write("/distrust")
        romeo.shows("the key is not trusted from now on: nothing is sent")
        beginning = romeo.shows(" takes that back").removeprefix("* /accept juliet@capulet ")[:9]
        assert re.fullmatch("[0-9a-f]{4} [0-9a-f]{4}", beginning), beginning
        romeo.write("secret")
        romeo.complains("not sent to juliet@capulet")
        romeo.write("/forget nobody")
        romeo.complains("No key of “nobody” is known")
        romeo.write("/forget juliet")
        romeo.shows("juliet@capulet: the keys are forgotten")
        romeo.shows(f"stays distrusted. /accept juliet@capulet {beginning} takes that back")
        romeo.write(f"/accept juliet@capulet {beginning}")
        romeo.shows("juliet@capulet: the key is trusted again, not compared")
        romeo.write("at last")
        juliet.expect("message", body="at last")
        romeo.write("/quit")
        romeo.ends_with(1)
        juliet.quit()


def test_T5_chat_warns_of_the_clear():
    with Chat(JULIET, "--encryption", "off") as juliet, person(juliet=juliet) as romeo:
        romeo.write("hello")
        romeo.shows("The conversation with juliet@capulet is not encrypted")
        romeo.write("/verify")
        romeo.complains("is not encrypted, so there is no number")
        romeo.write("/quit")
        romeo.ends_with(0)
        juliet.quit()


def test_T5_told_that_the_other_side_wants_encryption():
    """Who does not encrypt reads why it has come to nothing."""
    ended = "The conversation with juliet@capulet has ended: the other side accepts only encrypted messages"
    with Chat(JULIET, "--encryption", "require") as juliet, \
            person("--encryption", "off", juliet=juliet) as romeo:
        romeo.write("hello")
        romeo.complains(ended)
        juliet.expect("unencrypted-refused", contact=ROMEO)
        romeo.write("/quit")
        romeo.ends_with(1)
        result = run("send", "--user", ROMEO, "--at", f"127.0.0.1:{juliet.port}", "--encryption", "off",
                     JULIET, "hello")
        assert result.returncode == 1 and ended.lower() in result.stderr.lower(), result
        juliet.quit()


def test_T5_told_of_who_does_not_encrypt():
    """And the one who allows nothing else reads that somebody was not heard, once for each name until
    something changes for it."""
    with person("--encryption", "require") as romeo:
        def call(name, encryption="off"):
            return run("send", "--user", name, "--at", f"127.0.0.1:{romeo.port}", "--encryption", encryption,
                       ROMEO, "hello").returncode
        names = JULIET, "benvolio@verona"
        for name in names:
            romeo.write(f"/add {name} 127.0.0.1 9")
            romeo.shows(f"* {name} is here: available")
        assert [call(name) for name in (*names, *names)] == [1] * 4
        romeo.complains("Somebody has called as juliet@capulet without encryption, and was not heard")
        assert [call(JULIET, "require"), call(JULIET), call(names[1])] == [0, 1, 1]
        romeo.write("/quit")
        romeo.ends_with(0)
        told = [sum(name in line and "was not heard" in line for line in romeo.errors) for name in names]
        assert told == [2, 1], romeo.errors


def test_T14_who_shows_trust():
    mine = new_folder()
    with known(mine, new_folder()) as folders, Chat(JULIET, folder=folders[1]) as juliet, \
            person(juliet=juliet, folder=mine) as romeo:
        romeo.write("/who")
        romeo.shows(f"{JULIET} [not compared]: available")
        romeo.write("/quit")
        romeo.ends_with(0)
        juliet.quit()
    assert keys(mine, "verify", "juliet").returncode == 0
    with Chat(JULIET, folder=folders[1]) as juliet, person(juliet=juliet, folder=mine) as romeo:
        romeo.write("/who")
        romeo.shows(f"{JULIET} [compared]: available")
        romeo.write("/quit")
        romeo.ends_with(0)
        juliet.quit()


def test_T14_send_says_when_it_is_not_encrypted():
    with Chat(JULIET) as juliet:
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=9)
        send = ("send", "--user", ROMEO, "--at", f"127.0.0.1:{juliet.port}", JULIET)
        result = run(*send, "--encryption", "off", "hello")
        assert (result.returncode, result.stdout) == (0, ""), result
        assert result.stderr == "xep174: the conversation with juliet@capulet is not encrypted\n", result
        result = run(*send, "hello")
        assert (result.returncode, result.stderr) == (0, ""), result
        juliet.quit()


def test_T6_chat_warns_of_a_changed_key():
    """The warning says what may have happened, and what to do."""
    mine = new_folder()
    with known(mine, new_folder()), Chat(JULIET) as juliet, \
            person(juliet=juliet, folder=mine) as romeo:
        romeo.write("secret")
        romeo.complains(f"juliet@capulet: {CHANGED}")
        beginning = group(fingerprint_of(juliet))
        romeo.complains(f"The new key begins with {beginning}. It may be a new machine")
        romeo.complains("/verify juliet@capulet")
        romeo.complains(f"/accept juliet@capulet {beginning} accepts the new key, "
                        f"/distrust juliet@capulet {beginning} never")
        romeo.complains("not sent to juliet@capulet")
        romeo.write("/compared")
        romeo.complains("Type /verify first")
        romeo.write("/verify")
        romeo.shows(f"The number of you and juliet@capulet, whose key begins with {beginning}:")
        romeo.shows("the number of the new key, which is not accepted yet")
        romeo.shows("If it is the same: /compared juliet@capulet")
        romeo.write("/accept")
        romeo.shows("juliet@capulet: the new key is accepted")
        romeo.write("/accept")
        romeo.complains("nothing to accept")
        romeo.write("hello again")
        juliet.expect("message", body="hello again")
        romeo.write("/quit")
        romeo.ends_with(1)
        juliet.quit()


def test_T6_chat_decides_about_what_was_told():
    """Of several keys the person must say which; the name may look like a key."""
    mine = new_folder()
    name = "abe@capulet"
    with Chat(ROMEO, folder=mine) as romeo, Chat(name) as abe:
        romeo.add(abe)
        abe.add(romeo)
        romeo.command("message", to=name, body="before")
        abe.expect("message", body="before")
        romeo.quit()
        abe.quit()
    with person(folder=mine) as romeo:
        romeo.write("/accept abe")
        romeo.complains("nothing to accept")
        shown = [knock_person(romeo, name) for _ in range(2)]
        romeo.complains(f"/accept {name} {group(shown[1])} accepts")
        for command in "accept", "compared", "distrust":
            romeo.write(f"/{command} abe")
            romeo.complains(f"“{name}” has several keys: {group(shown[0])}, {group(shown[1])}")
        romeo.write(f"/accept {name} {shown[0][:7]}")
        romeo.complains("at least the first 8")
        romeo.write(f"/accept {name} 00000000")
        romeo.complains("begins like this")
        # Somebody may choose a name that looks like this one with a key.
        assert keys(mine, "accept", f"{name} {group(shown[0])}", "ab" * 32).returncode == 0
        romeo.write(f"/distrust {name} {group(shown[0])}")
        romeo.complains(f"could be a key of {name}; write all digits")
        romeo.write(f"/distrust {name} {shown[0]}")
        romeo.shows(f"{name}: the key is not trusted")
        romeo.shows(f"/accept {name} {group(shown[0])} takes that back")
        romeo.write(f"/accept {name}")
        romeo.complains(f"If you mean the key of “{name}” that begins with {group(shown[1])}")
        listed = keys(mine).stdout.replace(" ", "")
        assert f"thekeyisnottrusted:nothingissent\n{shown[0]}" in listed and shown[1] not in listed, listed
        romeo.write(f"/accept {name} {group(shown[1])}")
        romeo.shows(f"{name}: the new key is accepted")
        romeo.write(f"/distrust {name}")
        romeo.shows(f"{name}: 3 keys are not trusted")
        romeo.shows(f"/accept {name} {group(shown[0])} takes that back")
        romeo.write(f"/accept {name}")
        romeo.complains("nothing to accept")
        romeo.write(f"/accept {name} {shown[0]}")
        romeo.shows(f"{name}: the key is trusted again")
        romeo.write("/quit")
        romeo.ends_with(0)


def test_T6_chat_shows_a_whole_key():
    """Where another key begins like the one that was refused, all 64 digits are shown, and can be written."""
    mine = new_folder()
    with known(mine, new_folder()), Chat(JULIET) as juliet, person(juliet=juliet, folder=mine) as romeo:
        new = fingerprint_of(juliet)
        alike = new[:8] + "0" * 56
        assert keys(mine, "accept", JULIET, alike).returncode == 0
        juliet.command("message", to=ROMEO, body="secret", id="no")
        juliet.expect("failed", id="no")
        romeo.complains(f"/accept {JULIET} {group(new, 64)} accepts")
        romeo.write("/verify")
        romeo.shows("* All digits of the key:")
        romeo.shows(f"*     {group(new, 64)}")
        romeo.write(f"/accept {JULIET} {group(new)}")
        romeo.complains(f"“{JULIET}” has several keys: {group(new, 64)}, {group(alike, 64)}")
        # Somebody may choose a name that looks like this one with a key.
        assert keys(mine, "accept", f"{JULIET} {group(new)}", "ab" * 32).returncode == 0
        romeo.write(f"/accept {JULIET} {group(new)}")
        romeo.complains(f"write all digits of the key: {group(new, 64)}, ")
        romeo.write(f"/accept {JULIET} {group(new, 64)}")
        romeo.shows(f"{JULIET}: the new key is accepted")
        romeo.write("/quit")
        romeo.ends_with(0)
        juliet.command("quit")
        juliet.ends_with(1)


def test_T6_chat_forgets_the_absent():
    """What it then proposes can be done, although nobody of that name is known any more."""
    mine = new_folder()
    with known(mine, new_folder()), person(folder=mine) as romeo:
        romeo.write("/distrust juliet")
        romeo.shows(f"{JULIET}: the key is not trusted")
        romeo.write("/forget juliet")
        romeo.shows(f"{JULIET}: the keys are forgotten")
        command = romeo.shows("stays distrusted").partition(". ")[2].removesuffix(" takes that back.")
        assert command.startswith(f"/accept {JULIET} "), command
        romeo.write(command)
        romeo.shows(f"{JULIET}: the key is trusted again")
        romeo.write("/quit")
        romeo.ends_with(0)
        assert romeo.errors == []


def test_T6_people_read_the_other_names_of_a_key():
    """Who is known under another name may call himself anything: in the list, with the number, in a warning,
    and by “send”."""
    mine, theirs, other = new_folder(), new_folder(), "cesario@capulet"
    with known(mine, theirs), Chat(other, folder=theirs) as cesario:
        cesario.command("add", name=ROMEO, address="127.0.0.1", port=9)
        send = ("send", "--user", ROMEO, "--at", f"127.0.0.1:{cesario.port}", other, "hello")
        result = run(*send, folder=mine)
        assert result.returncode == 0 and f"called {other} has the key of {JULIET}\n" in result.stderr, result
        with person(folder=mine) as romeo:
            romeo.write(f"/add {other} 127.0.0.1 {cesario.port}")
            romeo.shows(f"{other} is here")
            romeo.write("/who")
            romeo.shows(f"{other} [not compared; the key of {JULIET}]: available")
            romeo.write("/verify")
            key = fingerprint_of(cesario)
            romeo.shows(f"The number of you and {other}, whose key begins with {group(key)} "
                        f"(the key of {JULIET}):")
            romeo.write("/quit")
            romeo.ends_with(0)
        assert keys(mine, "forget", other).returncode == 0
        assert keys(mine, "accept", other, "ab" * 32).returncode == 0
        result = run(*send, folder=mine)
        assert f"the new key (the key of {JULIET}) is right" in result.stderr, result
        cesario.quit()


def test_T6_whole_name_is_of_one_person():
    """Who is away is not replaced by somebody whose name begins like that."""
    other = f"{JULIET}-2"
    with Chat(other) as impostor, person() as romeo:
        impostor.command("add", name=ROMEO, address="127.0.0.1", port=romeo.port)
        romeo.write(f"/add {other} 127.0.0.1 {impostor.port}")
        romeo.shows(f"* {other} is here")
        romeo.write(f"/msg {JULIET} secret")
        romeo.complains("secret")
        romeo.write(f"/distrust {JULIET}")
        romeo.complains(f"No key of “{JULIET}” is known")
        romeo.write("/quit")
        romeo.ends_with(1)
        impostor.quit()
        assert not any("secret" in line for line in impostor.lines), impostor.lines


def test_T14_chat_number_of_the_absent_and_the_refused():
    """Who is not here has no number, and that is said at once; who is refused sees it, and is told to."""
    theirs = new_folder()
    with known(new_folder(), theirs), Chat(JULIET, folder=theirs) as juliet, person(juliet=juliet) as romeo:
        romeo.write("/verify juliet")
        romeo.complains("the other person, who has to accept it")
        romeo.shows("The number of you and juliet@capulet, whose key begins with")
        juliet.expect("key-changed", contact=ROMEO)
        romeo.write("/quit")
        romeo.ends_with(0)
        juliet.quit()
    mine = new_folder()
    with known(mine, new_folder()), person(folder=mine) as romeo:
        romeo.write("/verify juliet")
        romeo.complains("juliet@capulet is not here")
        romeo.write("/quit")
        romeo.ends_with(0)


def test_T6_told_what_to_do_about_a_refused_key():
    """Who was forgotten reads that it begins anew; who is refused, how to be accepted, and that once."""
    mine, theirs = new_folder(), new_folder()
    with known(mine, theirs), Chat(JULIET, folder=theirs) as juliet, Chat(ROMEO, folder=mine) as romeo:
        romeo.add(juliet)
        juliet.add(romeo)
        romeo.command("message", to=JULIET, body="hello")
        juliet.expect("message", body="hello")
        assert keys(theirs, "forget", "romeo").returncode == 0
        juliet.command("message", to=ROMEO, body="again")
        assert "it wants to begin anew" in romeo.expect("session-closed")["reason"]
        romeo.expect("message", body="again")
        romeo.quit()
        assert keys(theirs, "distrust", "romeo").returncode == 0
        with person(juliet=juliet, folder=mine) as romeo:
            for word in "one", "two":
                romeo.write(word)
                romeo.complains(f"“{word}”")
            romeo.write("/quit")
            romeo.ends_with(1)
            told = [line for line in romeo.errors if f"/verify {JULIET} shows a number" in line]
            assert len(told) == 1 and "Your key is not accepted by" in told[0], romeo.errors
        juliet.quit()


def test_T10_full_disk():
    """Where the key of a newcomer cannot be kept, nothing is heard; both sides read why, at once."""
    with Chat(JULIET) as juliet, person(juliet=juliet) as romeo, Chat("benvolio@verona") as other:
        # As little can be written as where there is no room.
        os.mkdir(f"{romeo.folder}/keys.lock")
        other.command("add", name=ROMEO, address="127.0.0.1", port=romeo.port)
        romeo.write(f"/add {other.user} 127.0.0.1 {other.port}")
        romeo.shows(f"{other.user} is here")
        for chat in juliet, juliet, other:
            chat.command("message", to=ROMEO, body="secret", id="1")
            assert "cannot remember your key now" in chat.expect("failed", id="1")["reason"]
        romeo.write("/quit")
        romeo.ends_with(0)
        told = [f"“{chat.user}” has called and was not heard, because the key cannot be kept: "
                for chat in (juliet, other)]
        assert [sum(text in line for line in romeo.errors) for text in told] == [1, 1], romeo.errors
        assert not any("secret" in line for line in romeo.lines)


def test_T6_send_tells_how_to_accept():
    mine = new_folder()
    with known(mine, new_folder()), Chat(JULIET) as juliet:
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=9)
        send = ("send", "--user", ROMEO, "--at", f"127.0.0.1:{juliet.port}", JULIET, "hello")
        result = run(*send, "--data-dir", mine)
        assert f"xep174 keys --data-dir '{mine}' accept {JULIET} " in result.stderr, result
        result = run(*send, folder=mine)
        assert result.returncode == 1 and "the key of juliet@capulet has changed" in result.stderr
        command = result.stderr.partition("xep174 keys ")[2].partition("\n")[0].split()
        accepted = keys(mine, *command)
        assert "'" not in command, command
        assert accepted.stdout == "juliet@capulet: the new key is accepted, not compared\n", accepted
        assert run(*send, folder=mine).returncode == 0
        juliet.expect("message", body="hello")
        juliet.quit()


def test_T7_person_is_told_of_memory():
    with person(folder=NOWHERE) as romeo:
        romeo.complains(f"xep174: keys cannot be kept in “{NOWHERE}”")
        romeo.write("/quit")
        romeo.ends_with(0)
        assert len(romeo.errors) == 1, romeo.errors
    with person("--encryption", "off", folder=NOWHERE) as romeo:
        romeo.write("/quit")
        romeo.ends_with(0)
        assert romeo.errors == []


def test_T7_home_that_is_none():
    """Some users that are no persons have a home where nothing can be."""
    home = {key: value for key, value in os.environ.items()
            if key not in ("XEP174_DATA_DIR", "XDG_DATA_HOME")}
    result = subprocess.run([TOOL, "chat", "--discovery", "none"], env={**home, "HOME": "/dev/null"},
                            input="", capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert "keys cannot be kept in “/dev/null/.local/share/libxep174”" in result.stderr, result


def test_T7_what_is_kept_is_kept():
    """Where nothing can be written, what is there counts, and nobody is threatened with what is not so."""
    apart = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    options = {"input": "", "capture_output": True, "text": True, "timeout": PATIENCE}
    for kept, said in ("identity.pem", "nobody is recognised"), ("keys", "others are warned of your new key"):
        mine, other = new_folder(), tempfile.mkdtemp()
        with known(mine, new_folder()):
            shutil.copy(f"{mine}/{kept}", other)
        for path in f"{other}/{kept}", other:
            os.chmod(path, 0o500 if path == other else 0o400)
            os.chown(path, apart.get("user", -1), apart.get("group", -1))
        try:
            result = subprocess.run([TOOL, "chat", "--discovery", "none", "--data-dir", other],
                                    check=False, **options, **apart)
        except PermissionError:
            return  # the tool is where nobody else can run it
        finally:
            shutil.rmtree(other)
        assert f"what you say is encrypted, but next time {said}\n" in result.stderr, result


def test_T7_damaged_files():
    """What is there and cannot be read is no new first use: the program says what to do, and ends."""
    for name in "keys", "identity.pem":
        folder = new_folder()
        file = pathlib.Path(folder, name)
        file.write_text("nonsense\n", encoding="ascii")
        file.chmod(0o600)
        for arguments in (["chat", "--discovery", "none"], ["keys"]):
            result = run(*arguments, folder=folder)
            assert result.returncode == 1 and "damaged" in result.stderr, result
            assert str(file) in result.stderr and "move it away" in result.stderr, result
        assert file.read_text(encoding="ascii") == "nonsense\n"


# ---- xep174 keys -------------------------------------------------------------------------------

def test_T14_keys_lists_and_changes():
    mine = new_folder()
    assert keys(mine).stdout == "No key of anybody else is known.\n"
    assert os.listdir(mine) == []
    with known(mine, new_folder()):
        group = "    " + " ".join(["[0-9a-f]{4}"] * 16)
        listed = keys(mine)
        assert re.fullmatch(f"You:\n{group}\n{JULIET}: encrypted, not compared\n{group}\n",
                            listed.stdout), listed
        assert keys(mine, "verify", "juliet").stdout == f"{JULIET}: compared from now on\n"
        assert f"{JULIET}: encrypted and compared\n" in keys(mine).stdout
        assert keys(mine, "distrust", JULIET.upper()).returncode == 0
        assert f"{JULIET}: the key is not trusted: nothing is sent\n" in keys(mine).stdout
        result = keys(mine, "accept", "juliet")
        assert result.returncode == 2 and "Write the whole key" in result.stderr, result
        key = fingerprint_in(mine, JULIET)
        assert keys(mine, "accept", "juliet", key).stdout == (f"{JULIET}: the key is trusted again, not "
                                                              "compared\n")
        assert keys(mine, "accept", "juliet", "12345").returncode == 2
        assert keys(mine, "accept", "juliet", key).stdout == f"{JULIET}: the key was accepted before\n"
        new = "ab" * 32
        assert "the new key is accepted" in keys(mine, "accept", "juliet", new).stdout
        assert keys(mine, "distrust", "juliet").stdout.startswith(f"{JULIET}: 2 keys are not trusted")
        assert "trusted again" in keys(mine, "accept", "juliet", new).stdout
        assert keys(mine, "forget", "juliet").stdout == (f"{JULIET}: forgotten. Not trusted until it is "
                                                         f"accepted: {key}\n")
        assert "trusted again" in keys(mine, "accept", JULIET, key).stdout
        assert keys(mine, "forget", "juliet").stdout == f"{JULIET}: forgotten\n"
        for action in "verify", "accept", "distrust", "forget":
            result = keys(mine, action, "juliet")
            assert result.returncode == 1 and "No key of “juliet”" in result.stderr, result


def test_T14_keys_says_that_ours_is_gone():
    """Who knows others and has no key is about to get a new one, and reads what that means."""
    mine = new_folder()
    with known(mine, new_folder()):
        os.remove(f"{mine}/identity.pem")
        listed = keys(mine)
        assert "The next start makes one" in listed.stdout and "have to accept the new one" in listed.stdout
        assert f"{JULIET}: encrypted, not compared\n" in listed.stdout
        assert not os.path.exists(f"{mine}/identity.pem")


def test_T14_keys_of_one_folder():
    """XEP174_DATA_DIR names the folder; --data-dir comes before it."""
    mine, theirs = new_folder(), new_folder()
    with known(mine, theirs):
        assert JULIET in run("keys", folder=mine).stdout
        assert JULIET not in run("keys", "--data-dir", theirs, folder=mine).stdout
        home = {**os.environ, "XDG_DATA_HOME": mine}
        del home["XEP174_DATA_DIR"]
        os.mkdir(f"{mine}/libxep174", 0o700)
        os.rename(f"{mine}/keys", f"{mine}/libxep174/keys")
        result = subprocess.run([TOOL, "keys"], env=home, capture_output=True, text=True,
                                timeout=PATIENCE, check=True)
        assert JULIET in result.stdout, result


tap.main_of("keys", globals())
