#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is said of what was said: corrections, signs, answers; who types, and what was read."""

import json
import signal

import tap
from programs import JULIET, ROMEO, Chat, acquainted, person


def opened():
    """The same in a conversation, of which both programs know what the other one can do."""
    romeo, juliet = acquainted()
    for one, other in (romeo, juliet), (juliet, romeo):
        one.command("message", to=other.user, body="hello", id="hello")
        other.expect("message", body="hello")
        one.expect("sent", id="hello")
    # The question is answered before what is said after it.
    for one, other in (romeo, juliet), (juliet, romeo):
        other.command("message", to=one.user, body="now")
        one.expect("message", body="now")
    return romeo, juliet


def test_amended():
    """A text is corrected, taken back and answered, and has signs: who reads it is told."""
    romeo, juliet = opened()
    with romeo, juliet:
        romeo.command("message", to=JULIET, body="what is", id=7)
        juliet.expect("message", body="what is", id="7", reply_to=None)
        romeo.command("correct", to=JULIET, message=7, body="what light", id="c")
        romeo.expect("sent", id="c")
        juliet.expect("corrected", **{"from": ROMEO}, body="what light", id="7")
        juliet.command("react", to=ROMEO, message="7", reactions=["👍", "❤"], id="r")
        juliet.expect("sent", id="r")
        assert romeo.expect("reacted", **{"from": JULIET}, id=7, own=True)["reactions"] == ["👍", "❤"]
        juliet.command("react", to=ROMEO, message="7", reactions=[])
        assert romeo.expect("reacted", id=7)["reactions"] == []
        juliet.command("message", to=ROMEO, body="which?", reply_to="7")
        romeo.expect("message", body="which?", reply_to="7")
        romeo.command("retract", to=JULIET, message=7, id="t")
        romeo.expect("sent", id="t")
        juliet.expect("retracted", **{"from": ROMEO}, id="7")
        juliet.quit()
        romeo.quit()


def test_amended_for_people():
    """One clear line for each; the same commands the other way."""
    with Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        romeo.write("what is")
        first = juliet.expect("message", body="what is")["id"]
        for body in ("one", "two"):
            juliet.command("message", to=ROMEO, body=body, id=body)
            romeo.shows(f"{JULIET}: {body}")
        romeo.write("/correct what light")
        juliet.expect("corrected", id=first, body="what light")
        romeo.shows("* You have corrected “what is”.")
        romeo.write("/react \U0001f44d")
        assert juliet.expect("reacted", id="two", own=True)["reactions"] == ["\U0001f44d"]
        romeo.shows("* You react with \U0001f44d to “two”.")
        romeo.write("/react")
        assert juliet.expect("reacted", id="two", own=True)["reactions"] == []
        romeo.shows("* You have taken back the reaction to “two”.")
        romeo.write("/reply \U0001f44b back")
        juliet.expect("message", body="\U0001f44b back", reply_to="two")
        juliet.command("correct", to=ROMEO, message="two", body="three\nlines")
        romeo.shows(f"{JULIET} (corrected): three")
        romeo.shows("      lines")
        juliet.command("react", to=ROMEO, message=first, reactions=["\u2764", "\u202e"])
        romeo.shows(f"* {JULIET} reacts with \u2764 \\u{{202E}} to “what light”")
        juliet.command("react", to=ROMEO, message=first, reactions=[])
        romeo.shows(f"* {JULIET} takes the reaction to “what light” back")
        juliet.command("message", to=ROMEO, body="so?", reply_to=first)
        romeo.shows(f"{JULIET} (to “what light”): so?")
        juliet.command("retract", to=ROMEO, message="two")
        romeo.shows(f"* {JULIET} takes back what was said at ")
        romeo.write("/retract")
        juliet.expect("retracted")
        romeo.shows("* You have taken back “\U0001f44b back”.")
        romeo.write("/retract")
        juliet.expect("retracted", id=first)
        romeo.write("/retract")
        romeo.complains("You have said nothing in this conversation")
        assert not any("\x1b" in line for line in romeo.lines), romeo.lines
        romeo.write("/quit")
        romeo.ends_with(0)
        juliet.quit()


def test_not_amended():
    """What cannot be changed has failed, and the exit status says so."""
    romeo, juliet = opened()
    with romeo, juliet:
        romeo.command("message", to=JULIET, body="mine", id="mine")
        juliet.expect("message", body="mine")
        for command, members, reason in (
                ("correct", {"message": "theirs", "body": "x"}, "No message with the id “theirs”"),
                ("retract", {"message": "theirs"}, "No message with the id “theirs”"),
                ("retract", {}, "“message” is missing"),
                ("react", {"message": "none", "reactions": ["x"]}, "There is no message with the id “none”"),
                ("react", {"message": "mine"}, "“reactions” is missing"),
                ("react", {"message": "mine", "reactions": [7]}, "list of strings"),
                ("message", {"body": "x", "reply_to": "none"}, "There is no message with the id “none”")):
            romeo.command(command, to=JULIET, id="1", **members)
            assert reason in romeo.expect("failed", id="1")["reason"], command
        romeo.command("typing", contact=JULIET, state="dancing", id="2")
        assert "dancing" in romeo.expect("error", id="2")["message"]
        romeo.command("quit")
        romeo.ends_with(1)
        juliet.quit()


def test_amended_at_the_end():
    """What was asked for before the end goes out before it, or is told as not sent."""
    romeo, juliet = opened()
    with romeo, juliet:
        romeo.command("message", to=JULIET, body="one", id="1")
        romeo.write(json.dumps({"command": "correct", "to": JULIET, "message": "1", "body": "two", "id": "2"}) + "\n"
                    + json.dumps({"command": "quit"}))
        romeo.ends_with(0)
        assert any(json.loads(line) == {"event": "sent", "id": "2"} for line in romeo.lines), romeo.lines
        juliet.expect("corrected", body="two", id="1")
        juliet.quit()
    with Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        romeo.write("one")
        juliet.expect("message", body="one")
        juliet.command("message", to=ROMEO, body="know me")
        romeo.shows("know me")
        # Nobody reads any more.
        juliet.process.send_signal(signal.SIGSTOP)
        romeo.write("/correct " + "two " * 2000000)
        romeo.process.stdin.close()
        romeo.complains("waiting until")
        romeo.process.send_signal(signal.SIGINT)
        romeo.complains(f"not sent to {JULIET}: ")
        romeo.ends_with(1)
        juliet.process.kill()


def test_corrected_anew():
    """F8: as long as nothing shows that the other program knows corrections, one waits for the message."""
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.write(json.dumps({"command": "message", "to": JULIET, "body": "one", "id": "1"}) + "\n"
                    + json.dumps({"command": "correct", "to": JULIET, "message": "1", "body": "two", "id": "2"}))
        assert "not gone out yet" in romeo.expect("failed", id="2")["reason"]
        romeo.expect("sent", id="1")
        juliet.expect("message", body="one", id="1")
        romeo.command("quit")
        romeo.ends_with(1)
        juliet.quit()


def test_typing_and_read():
    """XEP-0085 and XEP-0333: who types, and what was read."""
    romeo, juliet = opened()
    with romeo, juliet:
        for state in ("composing", "paused", "active"):
            juliet.command("typing", contact=ROMEO, state=state)
            romeo.expect("typing", contact=JULIET, state=state)
        romeo.command("message", to=JULIET, body="read this", id=5)
        juliet.expect("message", body="read this")
        juliet.command("read", contact=ROMEO)
        romeo.expect("read", contact=JULIET, id=5)
        romeo.quit()
        juliet.quit()


if __name__ == "__main__":
    tap.main_of("amend", globals())
