#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The chat of the tool xep174 on a terminal: each row that a person sees, and who it is from."""

import contextlib
import datetime
import re
import signal
import subprocess
import tempfile

import tap
from programs import ENCRYPTED, JULIET, ROMEO, Chat
from screen import Rows, Screen

PROMPT = f"{JULIET}>"
OWN = f"HH:MM me → {JULIET}:"
SECURE = f"* The conversation with {JULIET} is {ENCRYPTED}"


def port_of(romeo):
    with romeo.came:
        return int(re.search(r"port (\d+)", romeo.rows.lines()[0])[1])


@contextlib.contextmanager
def conversation(**options):
    """Romeo at his terminal, who knows where Juliet is."""
    with Chat(JULIET) as juliet, \
            Screen("chat", "--discovery", "none", "--user", ROMEO, **options) as romeo:
        romeo.displays("* Type to talk; Tab completes; /help tells the rest.", ">")
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=port_of(romeo))
        romeo.press(f"/add {JULIET} 127.0.0.1 {juliet.port}\r")
        romeo.displays(f"* {JULIET} is here: available", PROMPT)
        yield romeo, juliet


def wrapped(text, width):
    rows = Rows(width)
    rows.feed(text)
    return rows.lines()


def leave(romeo, juliet, status=0):
    romeo.press("/quit\r")
    romeo.displays("/quit")
    romeo.ends_with(status)
    juliet.quit()


def test_rows():
    """What is the person's, what is the contact's and what is the program's own tells itself."""
    with conversation() as (romeo, juliet):
        romeo.press("hello\r")
        juliet.expect("message", body="hello")
        romeo.displays(f"{OWN} hello", SECURE, PROMPT)
        juliet.command("message", to=ROMEO, body="* you see\n! nobody\n/quit\nHH:MM me: no")
        said = (f"HH:MM {JULIET}: * you see", "      ! nobody", "      /quit", "      HH:MM me: no")
        romeo.displays(SECURE, *said, PROMPT)
        # XEP-0203: the time is that of the one who said it.
        then = datetime.datetime.fromtimestamp(1000000000).strftime("%Y-%m-%d %H:%M")
        juliet.command("stanza", to=ROMEO, xml="<message type='chat'><body>late</body>"
                       "<delay xmlns='urn:xmpp:delay' stamp='2001-09-09T01:46:40Z'/></message>")
        late = f"{then} {JULIET}: late"
        romeo.displays(*said, late, PROMPT)
        romeo.press("/who\r")
        trust = "" if ENCRYPTED == "not encrypted" else " [not compared]"
        romeo.displays(*said, late, "/who", f"* > {JULIET}{trust}: available", PROMPT)
        romeo.press("/msg jul again\r")
        juliet.expect("message", body="again")
        romeo.displays(f"{OWN} again", PROMPT)
        romeo.press("/close mercutio\r")
        romeo.displays(f"{OWN} again", "/close mercutio", "! There is no conversation to close",
                       PROMPT)
        romeo.press("/help\r")
        romeo.displays("* A line that begins with // is said with one /.", PROMPT)
        with romeo.came:
            rows = romeo.rows.lines()
        help_rows = rows[rows.index("/help") + 1:-1]
        assert len(help_rows) > 8 and all(row.startswith("* ") for row in help_rows), help_rows
        romeo.press("//me bows\r")
        juliet.expect("message", body="/me bows")
        romeo.displays(f"{OWN} /me bows", PROMPT)
        romeo.press("\r  \r")
        romeo.displays(f"{OWN} /me bows", PROMPT)
        leave(romeo, juliet)


def test_keys():
    """Tab completes, what arrives does not get into what is typed, and Ctrl-C forgives."""
    with conversation() as (romeo, juliet):
        romeo.press("/to ju\t")
        romeo.displays(f"{PROMPT} /to {JULIET}")
        romeo.press("\r")
        romeo.displays(f"/to {JULIET}", PROMPT)
        romeo.press("half a ")
        romeo.displays(f"{PROMPT} half a")
        juliet.command("message", to=ROMEO, body="interrupting")
        romeo.displays(f"HH:MM {JULIET}: interrupting", f"{PROMPT} half a")
        romeo.press("line\r")
        juliet.expect("message", body="half a line")
        romeo.displays(f"HH:MM {JULIET}: interrupting", f"{OWN} half a line", PROMPT)
        romeo.press("\x1b[A")
        romeo.displays(f"{OWN} half a line", f"{PROMPT} half a line")
        romeo.press("!\x01What \r")
        juliet.expect("message", body="What half a line!")
        romeo.displays(f"{OWN} What half a line!", PROMPT)
        # The line that this one was made of is still what it was.
        romeo.press("\x1b[A\x1b[A")
        romeo.displays(f"{PROMPT} half a line")
        romeo.process.send_signal(signal.SIGINT)
        romeo.displays(f"{PROMPT} half a line^C", PROMPT)
        romeo.press("\x12What")
        romeo.displays("(reverse-i-search)`What': What half a line!")
        juliet.command("message", to=ROMEO, body="again")
        romeo.displays(f"HH:MM {JULIET}: again", "(reverse-i-search)`What': What half a line!")
        romeo.press("\r")
        juliet.expect("message", body="What half a line!")
        romeo.displays(f"HH:MM {JULIET}: again", f"{OWN} What half a line!", PROMPT)
        romeo.press("\x04")
        romeo.displays(f"{OWN} What half a line!")
        romeo.ends_with(0)
        juliet.quit()


def test_many_lines():
    """Lines that come faster than they are taken are shown once each, and in order."""
    lines = [f"line {number} of many" for number in range(200)]
    with conversation() as (romeo, juliet):
        romeo.press("first\r")
        romeo.displays(f"{OWN} first", SECURE, PROMPT)
        romeo.press("".join(f"{line}\r" for line in lines) + "not yet")
        for line in lines:
            juliet.expect("message", body=line)
        romeo.displays(*(f"{OWN} {line}" for line in lines), f"{PROMPT} not yet")
        romeo.process.send_signal(signal.SIGINT)
        romeo.displays(f"{PROMPT} not yet^C", PROMPT)
        leave(romeo, juliet)


def test_lines_after_to():
    """S7: what is typed at once after /to waits for it, and goes to the one it chose or to nobody."""
    with tempfile.NamedTemporaryFile("w", suffix=".inputrc") as keys:
        # One key that stands for lines leaves the program no time between them.
        keys.write('"\\C-xt": "/to ben\\C-mone\\C-m"\n"\\C-xn": "/to nobody\\C-mtwo\\C-m"\n')
        keys.flush()
        with conversation(inputrc=keys.name) as (romeo, juliet), Chat("benvolio@verona") as other:
            other.command("add", name=ROMEO, address="127.0.0.1", port=port_of(romeo))
            romeo.press(f"/add {other.user} 127.0.0.1 {other.port}\r")
            romeo.displays(f"* {other.user} is here: available", PROMPT)
            romeo.press("\x18t")
            romeo.displays("/to ben", f"HH:MM me → {other.user}: one",
                           SECURE.replace(JULIET, other.user), f"{other.user}>")
            other.expect("message", body="one")
            romeo.press("\x18n")
            romeo.displays("/to nobody", "! nobody called “nobody” is here",
                           "! not sent: you talk to nobody yet; /to NAME chooses somebody: “two”", ">")
            romeo.press("\x18t")
            other.expect("message", body="one")
            other.quit()
            leave(romeo, juliet, 1)
            for chat in (juliet, other):
                assert not any('"body":"two"' in line for line in chat.lines), chat.lines


def test_paste():
    """What is pasted is one message, and stands there as one."""
    with conversation() as (romeo, juliet):
        romeo.press("\x1b[200~one\ntwo\tthree\nfour\x1b[201~")
        romeo.displays(f"{PROMPT} one", "two     three", "four")
        juliet.command("message", to=ROMEO, body="interrupting")
        romeo.displays(f"HH:MM {JULIET}: interrupting", f"{PROMPT} one", "two     three", "four")
        romeo.press("\r")
        juliet.expect("message", body="one\ntwo\tthree\nfour")
        with romeo.came:
            assert romeo.came.wait_for(lambda: romeo.rows.lines()[-1] == PROMPT, 30)
            rows = romeo.rows.lines()
        assert [row.strip().split("\t")[0] for row in rows].count("four") == 1, rows
        assert rows[-4].endswith(f"{JULIET}: one") and rows[-2] == "      four", rows
        leave(romeo, juliet)


def test_wide():
    """A line of several rows, and letters that take two columns, leave nothing behind."""
    words = "日本語の文字は幅が広い" * 4 + " cafe\u0301" + " and some that are narrow" * 3
    secure = wrapped(SECURE, 40)
    with conversation() as (romeo, juliet):
        romeo.resize(40)
        romeo.press("before\r")
        romeo.displays(f"{OWN} before", *secure, PROMPT)
        romeo.press(words)
        romeo.displays(*secure, *wrapped(f"{PROMPT} {words}", 40))
        # The cursor is in the first of the rows, now.
        romeo.press("\x01")
        juliet.command("message", to=ROMEO, body="interrupting")
        romeo.displays(*secure, *wrapped(f"HH:MM {JULIET}: interrupting", 40),
                       *wrapped(f"{PROMPT} {words}", 40))
        romeo.press("\r")
        juliet.expect("message", body=words)
        romeo.displays(*secure, *wrapped(f"HH:MM {JULIET}: interrupting", 40),
                       *wrapped(f"{OWN} {words}", 40), PROMPT)
        leave(romeo, juliet)


def test_narrower():
    """A terminal that was made wider or narrower is used as it is now."""
    with conversation() as (romeo, juliet):
        romeo.resize(100)
        words = "a line that has eighty letters or so, all in one row as long as that is wide"
        romeo.press(words)
        romeo.displays(f"{PROMPT} {words}")
        romeo.resize(50)
        romeo.press("\x15")
        romeo.displays(PROMPT)
        romeo.press("short\r")
        juliet.expect("message", body="short")
        romeo.displays(f"{OWN} short", *wrapped(SECURE, 50), PROMPT)
        leave(romeo, juliet)


def test_interrupted_twice():
    """S7: Ctrl-C waits for a peer that hangs and says so; a second one ends, and names all."""
    with conversation() as (romeo, juliet):
        juliet.process.send_signal(signal.SIGSTOP)
        romeo.press("one\rtwo\r")
        romeo.displays(f"{OWN} one", f"{OWN} two", PROMPT)
        romeo.process.send_signal(signal.SIGINT)
        romeo.displays(f"{OWN} two",
                       "* waiting until all that you said has arrived; Ctrl-C ends at once")
        romeo.process.send_signal(signal.SIGINT)
        romeo.ends_with(1)
        with romeo.came:
            rows = romeo.rows.lines()
        for word in ("one", "two"):
            assert sum(row.startswith("! ") and row.endswith(f": “{word}”") for row in rows) == 1, rows


def test_fed():
    """What comes from a pipe was not typed here, and is shown as what is."""
    with Chat(JULIET) as juliet, \
            Screen("chat", "--discovery", "none", "--user", ROMEO, stdin=subprocess.PIPE) as romeo:
        romeo.displays("* Type to talk; Tab completes; /help tells the rest.")
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=port_of(romeo))
        romeo.write(f"/add {JULIET} 127.0.0.1 {juliet.port}")
        romeo.displays(f"/add {JULIET} 127.0.0.1 {juliet.port}", f"* {JULIET} is here: available")
        romeo.write("one")
        romeo.displays(f"{OWN} one", SECURE)
        romeo.process.stdin.close()
        juliet.expect("message", body="one")
        romeo.ends_with(0)
        juliet.quit()


def test_styled():
    """XEP-0393, and no control character, C1 ones neither: only the program says what a terminal obeys."""
    with conversation() as (romeo, juliet):
        juliet.command("message", to=ROMEO, body="*all* _of_ ~it~ \u009b31m\n> quoted")
        romeo.displays(f"HH:MM {JULIET}: *all* _of_ ~it~ \ufffd31m", "      > quoted", PROMPT)
        with romeo.came:
            fed = romeo.rows.fed
        for styled in ("\x1b[1m*all*\x1b[0m", "\x1b[3m_of_\x1b[0m", "\x1b[9m~it~\x1b[0m", "\x1b[2m> quoted"):
            assert styled in fed, (styled, fed)
        assert "\u009b" not in fed
        leave(romeo, juliet)


def test_typing():
    """The prompt says what the partner does; the partner is told what is typed and seen here."""
    with conversation() as (romeo, juliet):
        romeo.press("hello\r")
        juliet.expect("message", body="hello")
        romeo.displays(SECURE, PROMPT)
        juliet.command("message", to=ROMEO, body="know me", id="1")
        romeo.displays(f"HH:MM {JULIET}: know me", PROMPT)
        juliet.command("typing", contact=ROMEO, state="composing")
        romeo.displays(f"{JULIET} is typing>")
        juliet.command("message", to=ROMEO, body="it", id="2")
        romeo.displays(f"HH:MM {JULIET}: it", PROMPT)
        romeo.press("w")
        juliet.expect("read", contact=ROMEO, id="2")
        juliet.expect("typing", contact=ROMEO, state="composing")
        romeo.press("hat\r")
        juliet.expect("message", body="what")
        juliet.command("read", contact=ROMEO)
        romeo.displays(f"{JULIET} has read it>")
        romeo.press("x")
        juliet.expect("typing", contact=ROMEO, state="composing")
        romeo.press("\x7f")
        juliet.expect("typing", contact=ROMEO, state="active")
        leave(romeo, juliet)


def test_hang_up():
    """Who closes the window has not said what was half typed."""
    with conversation() as (romeo, juliet):
        romeo.press("said\r")
        juliet.expect("message", body="said")
        romeo.displays(f"{OWN} said", SECURE, PROMPT)
        romeo.press("half typed")
        romeo.displays(f"{PROMPT} half typed")
        romeo.hang_up()
        romeo.process.wait(30)
        juliet.expect("session-closed", contact=ROMEO)
        assert not any("half" in line for line in juliet.lines), juliet.lines
        juliet.quit()


if __name__ == "__main__":
    tap.main_of("terminal", globals())
