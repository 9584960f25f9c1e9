#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tool xep174 as a person and as a program use it, on loopback with --discovery none."""

import datetime
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import unittest.mock

import tap
from programs import (ENCRYPTED, JULIET, PATIENCE, ROMEO, TOOL, Chat, Program, acquainted, keep_port,
                      new_folder, person, run)

COMMANDS = "chat", "browse", "send", "send-file", "keys"

# ---- for programs ------------------------------------------------------------------------------

def test_round_trip():
    romeo, juliet = acquainted()
    with romeo, juliet:
        text = "<&> \"quoted\" \\ two\nlines\té 😀"
        romeo.command("message", to=JULIET, body=text, id="a 1")
        opened = romeo.expect("session-opened", contact=JULIET)
        assert opened["role"] == "initiator"
        romeo.expect("sent", id="a 1")
        # A4: who was called learns it a moment later.
        assert opened["acknowledged"] == opened["encrypted"], opened
        called = juliet.expect("session-opened", contact=ROMEO, role="recipient")
        if opened["acknowledged"] and not called["acknowledged"]:
            juliet.expect("session-changed", contact=ROMEO, acknowledged=True)
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
    """S7, from the outside: three hundred messages at once come in order, each once."""
    romeo, juliet = acquainted()
    with romeo, juliet:
        for number in range(300):
            romeo.command("message", to=JULIET, body=f"{number}", id=f"{number}")
        for number in range(300):
            got = juliet.expect("message")
            assert got["body"] == f"{number}", (got, number)
        romeo.expect("sent", id="299")
        romeo.quit()
        juliet.quit()
        assert not romeo.errors and not juliet.errors, (romeo.errors, juliet.errors)


def test_open_and_stanza():
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.command("open", contact=JULIET)
        romeo.expect("session-opened", contact=JULIET)
        romeo.command("stanza", to=JULIET, id="1",
                      xml="<message type='chat'><body>raw</body></message>")
        romeo.expect("sent", id="1")
        time = datetime.datetime.fromisoformat(juliet.expect("message", body="raw")["time"])
        assert abs(datetime.datetime.now(datetime.timezone.utc) - time) < datetime.timedelta(minutes=1), time
        romeo.command("stanza", to=JULIET, xml="<message type='chat'><body>late</body>"
                      "<delay xmlns='urn:xmpp:delay' stamp='2001-09-09T03:46:40+02:00'/></message>")
        juliet.expect("message", body="late", time="2001-09-09T01:46:40Z")
        romeo.command("stanza", to=JULIET, xml="<presence xmlns='jabber:client'/>", id="2")
        assert "<presence" in juliet.expect("stanza", **{"from": ROMEO})["xml"]
        romeo.command("stanza", to=JULIET, xml="<broken", id="3")
        assert romeo.expect("failed", id="3")["reason"]
        # What cannot be offered has no number.
        for number, to in (4, JULIET), (5, "nobody"):
            romeo.command("send-file", to=to, path="/nowhere/x", id=number)
            failed = romeo.expect("transfer-failed", id=number)
            assert failed["reason"] and "transfer" not in failed, failed
        romeo.command("quit")
        romeo.ends_with(1)
        juliet.quit()


# What cannot be read, what is told about it, and its id. It may have been something to say.
UNREADABLE = [
    ("{", "not JSON", None),
    ("null", "JSON object", None),
    ("[]", "JSON object", None),
    ('"message"', "JSON object", None),
    ("no JSON at all", "JSON object", None),
    ("{}", "“command” is missing", None),
    ('{"command":""}', "“command” is empty", None),
    ('{"command":7}', "“command” is not a string", None),
    ('{"command":"dance","id":"1"}', "“dance”", "1"),
    ('{"command":"dance","id":7}', "dance", 7),
    ('{"command":"dance","id":9223372036854775807}', "dance", 9223372036854775807),
    ('{"command":"dance","id":-9223372036854775808}', "dance", -9223372036854775808),
    ('{"command":"dance","id":12345678901234567890}', "at character 25, the number", None),
    ('{"command":"dance","id":-12345678901234567890}', "at character 25, the number", None),
    ('{"command":"dance","id":010}', "at character 25, the number", None),
    ('{"command":"dance","id":1e400}', "“id” is too big", None),
    ('{"id":"n","command":"dan\\u0000ce"}', "“command” has the character U+0000", "n"),
    ('{"command":"quit","id":[4]}', "“id”", None),
    ('{"command":"quit","id":"a\\u0000"}', "“id” has the character U+0000", None),
    ('{"command":"dance"}{"command":"quit"}', "at character 20, ", None),
    ('{}' + " var a =" * 100000, "at character 4, ", None),
    ('{"id":"é","command":"quit",}', "not JSON", None),
    ('{"id":1,"command" "quit"}', "not JSON", None),
    ('{"id":1,"command":quit}', "not JSON", None),
    ('{"id":1,"command":"quit"', "not JSON", None),
    ('{"id":1,"more":[1 2]}', "not JSON", None),
    ("{'command':'quit'}", "at character 2, ", None),
    ('{"id":"2","to":"x', "not JSON", None),
    ('{"to":"é\\x"}', "at character 9, “\\”", None),
    ('{"to":"\\0"}', "at character 8, “\\”", None),
    ('{"to":"\\ud83d"}', "at character 8, “\\”", None),
    ('{"to":"\\udc00"}', "at character 8, “\\”", None),
    ('{"to":"\\ud83d\\u0041"}', "at character 8, “\\”", None),
    ('{"id":-}', "not JSON", None),
    ('{"id":1e}', "not JSON", None),
    ("[" * 100000, "JSON object", None),
    ('{"id":3,"to":' + "[" * 100000, "brackets", None),
    ('{"to":/*"*/' + "[" * 100000, "at character 7, ", None),
    ('{"to":\'\\\'' + "[" * 100000, "at character 7, ", None),
    ('{"\\u1"aa":' + "[" * 100000, "at character 3, ", None),
    ('{"\\ud83d"x":' + "[" * 100000, "at character 3, ", None),
]

# What can be read and not be done.
WRONG = [
    ('{"command":"open","contact":"nobody@nowhere","id":"5"}', "5"),
    ('{"command":"open","contact":"a\\u0000b","id":"5"}', "5"),
    ('{"command":"open","id":5}', 5),
    ('{"command":"close","contact":"nobody@nowhere","id":"6"}', "6"),
    ('{"command":"status","status":"merry","id":"7"}', "7"),
    ('{"command":"status","status":"away","message":5,"id":"8"}', "8"),
    ('{"command":"status","status":"away","message":"a\\u0000b","id":"8"}', "8"),
    ('{"command":"status","status":"away","message":"' + "x" * 300 + '","id":"13"}', "13"),
    ('{"command":"add","name":"a@b","address":"127.0.0.1","port":0,"id":"9"}', "9"),
    ('{"command":"add","name":"a@b","address":"127.0.0.1","port":1.5,"id":"9"}', "9"),
    ('{"command":"add","name":"a@b","address":"127.0.0.1","port":"1","id":"10"}', "10"),
    ('{"command":"add","name":"","address":"127.0.0.1","port":1,"id":"11"}', "11"),
    ('{"command":"open","contact":"","id":"5"}', "5"),
    ('{"command":"status","status":"","id":"7"}', "7"),
    ('{"command":"add","name":"a\\u0000b","address":"127.0.0.1","port":1,"id":0.1}', 0.1),
]

# What was to be said, and cannot be or to nobody who is there.
UNSAID = [
    ('{"command":"message","id":"2"}', "2"),
    ('{"command":"message","to":["a"],"body":"x","id":"4"}', "4"),
    ('{"command":"message","to":"nobody@nowhere","body":5,"id":4}', 4),
    ('{"command":"message","to":"nobody@nowhere","body":"a\\u0000b","id":"NUL"}', "NUL"),
    ('{"command":"message","to":"nobody@nowhere","body":"x","id":"3"}', "3"),
    ('{"command":"message","to":"","body":"x","id":3}', 3),
    ('{"command":"message","to":"x","more":[[{}]],"body":"/#\\"\'' + "[{" * 99 + '","id":5}', 5),
    ('{"command":"stanza","to":"nobody@nowhere","xml":"<message/>","id":"12"}', "12"),
    ('{"command":"stanza","to":"nobody@nowhere","xml":"<message/>\\u0000","id":"12"}', "12"),
    ('{"command":"stanza","to":"nobody@nowhere","id":12.5}', 12.5),
]


def test_unreadable():
    """Each is an event that says where it is wrong, with the id if that could be read; the program
    goes on, and the end tells."""
    for line, words, number in UNREADABLE:
        with Chat(ROMEO) as romeo:
            romeo.write(line)
            event = romeo.expect("error")
            assert words in event["message"] and event.get("id") == number, (line, event)
            romeo.write("")
            romeo.command("quit")
            romeo.ends_with(1)
    with Chat(ROMEO) as romeo:
        romeo.process.stdin.buffer.write(b"\xff\xfe\x00\n")
        romeo.process.stdin.buffer.flush()
        romeo.expect("error")
        romeo.command("quit")
        romeo.ends_with(1)


def test_wrong():
    """What is asked for and cannot be done is an event with its id, and the end tells."""
    for line, number in WRONG:
        with Chat(ROMEO) as romeo:
            romeo.write(line)
            event = romeo.expect("error")
            assert event["message"] and event["id"] == number, (line, event)
            assert "“”" not in event["message"], event
            romeo.command("quit")
            romeo.ends_with(1)
    with Chat(ROMEO) as romeo:
        romeo.command("status", status="dnd", message=None)
        romeo.command("status", status="avail")
        romeo.command("status", status="available")
        romeo.quit()


def test_not_opened():
    """What fails later is an event of its command, too, with its id if it has one."""
    for more in ({}, {"id": 5}):
        with Chat(ROMEO) as romeo:
            romeo.command("add", name=JULIET, address="127.0.0.1", port=9)
            romeo.command("open", contact=JULIET, **more)
            romeo.command("quit")
            assert romeo.expect("error", **more)["message"]
            romeo.ends_with(1)


def test_unsaid():
    """S7: what cannot be said has failed, with its id as it was given, and the end tells."""
    for line, number in UNSAID:
        with Chat(ROMEO) as romeo:
            romeo.write(line)
            reason = romeo.expect("failed", id=number)["reason"]
            assert reason and "“”" not in reason, (line, reason)
            romeo.command("quit")
            romeo.ends_with(1)
    with Chat(ROMEO) as romeo:
        romeo.write('{"command":"message","to":"nobody@nowhere","body":"x"}')
        assert romeo.expect("failed")["id"]
        romeo.process.stdin.write('{"command":"quit"}')
        romeo.process.stdin.close()
        romeo.ends_with(1)


def test_escapes():
    """Each way to write a character is read, and no control comes back as it is."""
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.write('  { "command" : "message" , "to":"' + JULIET + '","id":1e400,\t"id":1.50E+3,'
                    '"body":"\\"\\\\\\/\\n\\t\\u00e9\\uD83d\\uDE00\\u009b\\u007f é 😀","more":'
                    '[true,false,null,-0,{"a":[]}]} \r')
        romeo.expect("sent", id=1500)
        came = juliet.wait_for(lambda line: '"message"' in line, "message")
        assert json.loads(came)["body"] == '"\\/\n\té😀\x9b\x7f é 😀', came
        assert "\x9b" not in came and "\x7f" not in came, came
        romeo.quit()
        juliet.quit()


def outcomes(chat, number):
    """What became of the command with this id, in order."""
    events = map(json.loads, chat.lines)
    return [event["event"] for event in events if event.get("id") == number]


def test_received():
    """A4: what the other program has is told once, after sent, with the id of the command."""
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.command("message", to=JULIET, body="one", id=1)
        romeo.expect("received", id=1, contact=JULIET)
        for xml, number in (("<message type='chat' id='x'><body>two</body></message>", 2),
                            ("<message><body>three</body></message>", "3"),
                            ("<presence/>", 4)):
            romeo.command("stanza", to=JULIET, xml=xml, id=number)
            romeo.expect("received", id=number, contact=JULIET)
        romeo.command("stanza", to=JULIET, xml="<presence/>")
        assert "id" not in romeo.expect("received", contact=JULIET)
        romeo.command("message", to=JULIET, body="five", id=5)
        romeo.quit()
        for number in (1, 2, "3", 4, 5):
            assert outcomes(romeo, number) == ["sent", "received"], romeo.lines
        assert sum('"received"' in line for line in romeo.lines) == 6, romeo.lines
        juliet.quit()


def test_stanza_unconfirmed():
    """S7: what the stanza command sent is told as unconfirmed, whatever it is, with its id."""
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.command("message", to=JULIET, body="one")
        juliet.expect("message", body="one")
        juliet.process.send_signal(signal.SIGSTOP)
        romeo.command("stanza", to=JULIET, xml="<presence id='x'/>", id=2)
        romeo.command("stanza", to=JULIET, xml="<message id='x'><body>two</body></message>", id=3)
        romeo.expect("sent", id=3)
        romeo.command("quit")
        romeo.ends_with(1)
        for number in (2, 3):
            assert outcomes(romeo, number) == ["sent", "unconfirmed"], romeo.lines


def test_numbers():
    """An id that is a number comes back as one, in each event."""
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.command("message", to=JULIET, body="one", id=7)
        romeo.expect("sent", id=7)
        juliet.expect("message", body="one", id="7")
        romeo.command("message", to=JULIET, body="", id=8)
        romeo.expect("failed", id=8)
        juliet.process.send_signal(signal.SIGSTOP)
        romeo.command("message", to=JULIET, body="two", id=9)
        romeo.expect("sent", id=9)
        romeo.command("quit")
        romeo.expect("unconfirmed", id=9)
        romeo.ends_with(1)


def refuse(juliet, number):
    """Juliet's program sends a message back as an error (RFC 6121 §8.1)."""
    attribute = f"id='{number}'" if number is not None else ""
    juliet.command("stanza", to=ROMEO, xml=f"""
        <message type='error' {attribute}><body>hello</body><error type='cancel'>
        <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>""")


def test_reasons_are_english():
    """The library speaks the user's language, and programs read the same everywhere."""
    with unittest.mock.patch.dict(os.environ, LANGUAGE="de", LC_ALL="C.UTF-8"), Chat(ROMEO) as romeo:
        romeo.command("add", name=JULIET, address="127.0.0.1", port=1)
        romeo.command("message", to=JULIET, body="", id="1")
        assert romeo.expect("failed", id="1")["reason"].startswith("The message has no text")
        romeo.command("quit")
        romeo.ends_with(1)


def test_refused():
    """X14: a message that was refused has failed, with its id as it was given, and is no message."""
    romeo, juliet = acquainted()
    with romeo, juliet:
        for number in ("one", 7, 12.5):
            romeo.command("message", to=JULIET, body="hello", id=number)
            romeo.expect("sent", id=number)
            refuse(juliet, juliet.expect("message", body="hello")["id"])
            assert "program" in romeo.expect("failed", id=number, contact=JULIET)["reason"]
        romeo.command("quit")
        romeo.ends_with(1)
        assert not any('"event":"message"' in line for line in romeo.lines), romeo.lines
        juliet.quit()


def test_refused_unsaid():
    """X14: a refusal of what was not said to that contact is no failure."""
    romeo, juliet = acquainted()
    with romeo, juliet, Chat("benvolio@verona") as other:
        other.command("add", name=ROMEO, address="127.0.0.1", port=romeo.port)
        romeo.add(other)
        for number in (None, "one"):
            refuse(juliet, number)
            romeo.expect("stanza", **{"from": JULIET})
        romeo.command("message", to=JULIET, body="hello", id="one")
        juliet.expect("message", body="hello")
        refuse(other, "one")
        romeo.expect("stanza", **{"from": other.user})
        refuse(juliet, "two")
        romeo.expect("stanza", **{"from": JULIET})
        for chat in (romeo, juliet, other):
            chat.quit()
        assert not any('"event":"failed"' in line for line in romeo.lines), romeo.lines


def test_unsendable():
    romeo, juliet = acquainted()
    with romeo, juliet:
        romeo.command("message", to=JULIET, body="", id="1")
        assert "text" in romeo.expect("failed", id="1")["reason"]
        romeo.command("message", to=JULIET, body="bell \a", id="2")
        assert "U+0007" in romeo.expect("failed", id="2")["reason"]
        romeo.command("quit")
        romeo.ends_with(1)
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

def test_send():
    with Chat(JULIET) as juliet:
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=9)
        juliet.expect("contact-added", name=ROMEO)
        at = f"127.0.0.1:{juliet.port}"
        folder = new_folder()
        result = run("send", "--user", ROMEO, "--at", at, JULIET, "from the command line", folder=folder)
        assert result.returncode == 0, result
        assert (result.stderr == "") == (ENCRYPTED != "not encrypted"), result
        juliet.expect("message", **{"from": ROMEO}, body="from the command line")
        result = run("send", "--user", ROMEO, "--at", at, JULIET, stdin="two\nlines\n", folder=folder)
        assert result.returncode == 0, result
        juliet.expect("message", body="two\nlines")
        juliet.quit()


def test_send_refused():
    """X14: what the other program sends back as an error was not taken, though it had gone out."""
    with socket.create_server(("127.0.0.1", 0)) as listener, \
            Program("send", "--user", ROMEO, "--at", f"127.0.0.1:{listener.getsockname()[1]}",
                    JULIET, "my words") as romeo, listener.accept()[0] as stream:
        got = b""
        while b"<stream:stream" not in got:
            got += stream.recv(4096)
        stream.sendall(f"""<?xml version='1.0'?><stream:stream xmlns='jabber:client'
            xmlns:stream='http://etherx.jabber.org/streams' from='{JULIET}' to='{ROMEO}'
            version='1.0'><stream:features/>""".encode())
        while b"</message>" not in got:
            got += stream.recv(4096)
        number = re.search(rb"<message [^>]*id=['\"]([^'\"]+)", got)[1].decode()
        stream.sendall(f"""<message type='error' id='{number}' from='{JULIET}' to='{ROMEO}'>
            <error type='cancel'><service-unavailable
            xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>""".encode())
        while b"</stream:stream>" not in got:
            got += stream.recv(4096)
        stream.sendall(b"</stream:stream>")
        romeo.ends_with(1)
        told = [error for error in romeo.errors if error.endswith(": “my words”")]
        assert len(told) == 1 and told[0].startswith(f"xep174: not taken by {JULIET}: "), romeo.errors


def test_send_fails():
    for arguments, words in (
            (["--discovery", "none", "--timeout", "0", JULIET, "x"], "nobody"),
            (["--timeout", "1", "--at", "127.0.0.1:9", JULIET, "my words"], "refused: “my words”\n"),
            (["--timeout", "1", "--at", "127.0.0.1:9", JULIET, "two\nlines"], ": “two\u23celines”\n"),
            (["--discovery", "none", JULIET, ""], "there is no text to send\n"),
            (["--discovery", "none", JULIET], "there is no text to send\n")):
        result = run("send", "--user", ROMEO, *arguments)
        assert result.returncode == 1 and words in result.stderr, (arguments, result)
        assert "“”" not in result.stderr, result


def test_long_text():
    """Of a long text that was not sent the beginning is told, if there is more of it than that."""
    long, nobody = "é" * 1000, ("--user", ROMEO, "--timeout", "0", "--discovery", "none", "a")
    assert f": “{long}”\n" in run("send", *nobody, long).stderr
    assert f": “{long[:200]}…”\n" in run("send", *nobody, stdin=long).stderr
    assert f": “{long[:200]}”\n" in run("send", *nobody, stdin=long[:200]).stderr
    result = run("chat", "--user", ROMEO, "--discovery", "none", stdin=long)
    assert f": “{long[:200]}…”\n" in result.stderr, result


# ---- for people --------------------------------------------------------------------------------

def test_person():
    with Chat(JULIET) as juliet, \
            Program("chat", "--discovery", "none", "--user", ROMEO) as romeo:
        line = romeo.shows("You are romeo@montague")
        port = int(line.rsplit(" ", 1)[1].rstrip(")."))
        juliet.command("add", name=ROMEO, address="127.0.0.1", port=port)
        romeo.write("Is anybody there?")
        romeo.complains("nobody yet; /to NAME chooses somebody: “Is anybody there?”")
        romeo.write(f"/add {JULIET} 127.0.0.1 {juliet.port}")
        romeo.shows("* juliet@capulet is here: available")
        romeo.write("hello")
        juliet.expect("message", body="hello")
        romeo.write("/msg jul again\u2028me")
        again = juliet.expect("message", body="again\u2028me")["id"]
        romeo.write("//me bows")
        juliet.expect("message", body="/me bows")
        juliet.command("message", to=ROMEO, body="one\ntwo \u009b31m\u202e!")
        romeo.shows("juliet@capulet: one")
        assert romeo.shows("two") == "      two \ufffd31m\ufffd!"
        juliet.command("message", to=ROMEO, body="three\u2028a\u200fb\u200ec\u061c\u2029four")
        romeo.shows("juliet@capulet: three")
        assert romeo.shows("abc") == "      abc"
        assert romeo.shows("four") == "      four"
        juliet.command("message", to=ROMEO, body="five", reply_to=again)
        romeo.shows("juliet@capulet (to “again⏎me”): five")
        romeo.write("/who")
        assert romeo.shows("> juliet@capulet").endswith(": available")
        romeo.write("/status away back at once")
        for bad in ("/dance", "/to nobody", "/to", "/msg", "/status merry", "/add x", "/close nobody"):
            with romeo.came:
                count = len(romeo.errors)
                romeo.write(bad)
                assert romeo.came.wait_for(lambda n=count: len(romeo.errors) > n, PATIENCE), bad
        romeo.write("/help")
        romeo.shows("/quit")
        romeo.write("/close")
        juliet.expect("session-closed", contact=ROMEO)
        romeo.write("/quit")
        # For what was said when nobody was there.
        romeo.ends_with(1)
        juliet.quit()
        said = "juliet@capulet: ", "juliet@capulet (to ", "      "
        assert all(line.startswith(("* ", *said)) for line in romeo.lines), romeo.lines
        assert all(line.startswith("xep174: ") for line in romeo.errors), romeo.errors


def test_lines_after_to():
    """S7: lines after /to wait for it; they go to the one it chose, or to nobody if there is none."""
    with Chat(JULIET) as juliet, Chat("benvolio@verona") as other, person(juliet=juliet) as romeo:
        other.command("add", name=ROMEO, address="127.0.0.1", port=9)
        romeo.write(f"/add {other.user} 127.0.0.1 {other.port}")
        romeo.shows(f"* {other.user} is here: available")
        romeo.write("/to ben\none\n/to jul\ntwo\n/to nobody\nthree\n/msg jul four")
        other.expect("message", body="one")
        juliet.expect("message", body="two")
        juliet.expect("message", body="four")
        romeo.complains(": “three”")
        # Who speaks meanwhile is not meant for that.
        juliet.command("message", to=ROMEO, body="here I am")
        romeo.shows("here I am")
        romeo.write("five\n/to ben\nsix")
        romeo.process.stdin.close()
        other.expect("message", body="six")
        romeo.ends_with(1)
        assert [error.rpartition(": ")[2] for error in romeo.errors if "not sent" in error] == \
            ["“three”", "“five”"], romeo.errors
        juliet.quit()
        other.quit()


def test_person_refused():
    """X14: what was refused is named with its text, and the end tells."""
    with Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        for line in ("one", "two"):
            romeo.write(line)
        number = juliet.expect("message", body="one")["id"]
        juliet.expect("message", body="two")
        refuse(juliet, number)
        romeo.complains(f"not taken by {JULIET}: ")
        refuse(juliet, "of somebody else")
        # Some programs do not say which message it was.
        refuse(juliet, None)
        romeo.complains(": “…”")
        romeo.write("/quit")
        romeo.ends_with(1)
        assert romeo.errors[0].endswith(": “one”") and len(romeo.errors) == 2, romeo.errors
        juliet.quit()


def test_person_refused_unsaid():
    """X14: who has said nothing is not told that it was not taken."""
    with Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        refuse(juliet, "of somebody else")
        refuse(juliet, None)
        juliet.command("message", to=ROMEO, body="hello")
        romeo.shows("hello")
        romeo.write("/quit")
        romeo.ends_with(0)
        assert not romeo.errors, romeo.errors
        juliet.quit()


def test_stopped_before():
    """S7: what a hanging peer did not take is waited for, and named at the end."""
    with Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        juliet.process.send_signal(signal.SIGSTOP)
        romeo.write("one\ntwo")
        romeo.write("/quit")
        romeo.complains("waiting until")
        assert romeo.process.poll() is None
        romeo.process.send_signal(signal.SIGINT)
        romeo.ends_with(1)
        for line in ("one", "two"):
            romeo.complains(f"not sent to {JULIET}: ")
            assert sum(error.endswith(f": “{line}”") for error in romeo.errors) == 1, romeo.errors


def test_stopped_after():
    """S7: what it may not have read is named, whichever way the program is ended."""
    for ends in ("/quit", None, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
            romeo.write("one")
            juliet.expect("message", body="one")
            juliet.process.send_signal(signal.SIGSTOP)
            romeo.write("two")
            # The next line is taken when this one has been.
            romeo.write("/who")
            romeo.shows("> juliet@capulet")
            if ends is None:
                romeo.process.stdin.close()
            elif ends == "/quit":
                romeo.write(ends)
            else:
                romeo.process.send_signal(ends)
            romeo.complains("waiting until")
            romeo.process.send_signal(signal.SIGTERM)
            romeo.ends_with(1)
            assert any(error.endswith("may not have arrived: the other program did not confirm it: “two”")
                       for error in romeo.errors), \
                (ends, romeo.errors)


def test_send_stopped():
    with Chat(JULIET) as juliet:
        juliet.process.send_signal(signal.SIGSTOP)
        result = run("send", "--user", ROMEO, "--timeout", "1", "--at", f"127.0.0.1:{juliet.port}",
                     JULIET, "my words")
        assert result.returncode == 1 and "my words" in result.stderr, result
        assert "not sent" in result.stderr and "--timeout" in result.stderr, result


def test_nobody_is_waited_for():
    """Who is talked to and not there is waited for, and then it is told what was lost."""
    with Program("chat", "--discovery", "none", "--user", ROMEO, "mercutio") as romeo:
        romeo.write("one")
        romeo.process.stdin.close()
        romeo.complains("waiting until")
        romeo.process.send_signal(signal.SIGINT)
        romeo.ends_with(1)
        romeo.complains("not sent to mercutio: ")
        assert romeo.errors[-1].endswith(": “one”"), romeo.errors


def test_odd_input():
    """What a person cannot say is named; a line without an end, or with a CR, counts as one."""
    with Chat(JULIET) as juliet, person(juliet=juliet) as romeo:
        romeo.process.stdin.buffer.write(b"a\0b\n\xff\xfe\n  \nlast\r\nvery last")
        romeo.process.stdin.close()
        juliet.expect("message", body="last")
        juliet.expect("message", body="very last")
        romeo.ends_with(1)
        assert sum("not sent" in error for error in romeo.errors) == 2, romeo.errors
        juliet.quit()


def test_no_input():
    """What cannot be read may have been something to say."""
    for arguments in (["chat"], ["chat", "--json"], ["send", "a"]):
        result = subprocess.run(["/bin/sh", "-c", f"{TOOL} {' '.join(arguments)} -d none < /"],
                                capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert result.returncode == 1 and "standard input" in result.stderr, (arguments, result)


def test_reader_gone():
    """Nobody reads standard output any more: what was said goes out all the same, and it ends."""
    inside, outside = os.pipe()
    with Chat(JULIET) as juliet, Program("chat", "--discovery", "none", "--user", ROMEO,
                                         stdout=outside) as romeo:
        os.close(outside)
        with open(inside, encoding="utf-8") as reader:
            port = int(reader.readline().rsplit(" ", 1)[1].rstrip(").\n"))
            juliet.command("add", name=ROMEO, address="127.0.0.1", port=port)
            juliet.expect("contact-added", name=ROMEO)
            romeo.write(f"/add {JULIET} 127.0.0.1 {juliet.port}")
            romeo.write("one")
            juliet.expect("message", body="one")
        romeo.ends_with(1)
        romeo.complains("standard output")
        juliet.quit()


def test_full_disk():
    with open("/dev/full", "w", encoding="utf-8") as full:
        for arguments in (["--help"], ["chat", "--help"], ["--version"],
                          ["chat", "--json", "--discovery", "none"],
                          ["chat", "--discovery", "none"]):
            result = subprocess.run([TOOL, *arguments], stdin=subprocess.DEVNULL, stdout=full,
                                    stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
            assert result.returncode == 1 and "standard output" in result.stderr, (arguments, result)


def test_closed_streams():
    """A socket does not become standard output."""
    result = subprocess.run(["/bin/sh", "-c", f"{TOOL} browse --discovery none -s 0 <&- >&- 2>&-"],
                            timeout=PATIENCE, check=False)
    assert result.returncode == 0, result


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


def test_invisible_letters():
    """A name with letters that cannot be seen does not look like another's, and can be typed as it
    is shown; for programs it is what it is."""
    other, shown = "jul\u200biet@capulet", "jul\\u{200B}iet@capulet"
    with Chat(JULIET) as juliet, Chat(other) as twin, person(juliet=juliet) as romeo:
        twin.command("add", name=ROMEO, address="127.0.0.1", port=9)
        romeo.write(f"/add {other} 127.0.0.1 {twin.port}")
        romeo.shows(f"* {shown} is here: available")
        romeo.write("/who")
        romeo.shows(f"  {shown}: available")
        romeo.write("/to jul")
        romeo.complains(f"“jul” can be {JULIET} or {shown}")
        romeo.write(f"/msg {shown} hello")
        twin.expect("message", body="hello")
        romeo.write("/msg nobody\u200b x")
        romeo.complains("nobody called “nobody\\u{200B}”")
        romeo.write("/quit")
        romeo.ends_with(1)
        juliet.quit()
        twin.quit()


# ---- how it is called --------------------------------------------------------------------------

def test_help():
    for arguments in (["--help"], *([command, "--help"] for command in COMMANDS)):
        result = run(*arguments)
        assert result.returncode == 0 and "xep174" in result.stdout, (arguments, result)
    assert "juliet" in run("send", "--help").stdout
    assert run("--version").stdout.startswith("xep174 ")


def test_manual():
    """The man page has the commands' options, each with the commands that take it, and no other."""
    taken = {}
    for command in COMMANDS:
        for option in re.findall(r"^  -\w, --([\w-]+)", run(command, "--help").stdout, re.MULTILINE):
            taken.setdefault(option, set()).add(command)
    with open(os.environ["MANUAL"], encoding="utf-8") as file:
        entries = file.read().split(".TP\n")
    told = {}
    for entry in entries:
        option = re.match(r"\.BR \\-\w \", \" \\-\\-(\w+(?:\\-\w+)*)", entry)
        if option:
            commands = re.search(r"^\.RB \( (.*) \)$", entry, re.MULTILINE)
            name = option[1].replace("\\", "")
            told[name] = (set(commands[1].replace('", "', "").replace("\\-", "-").split()) if commands
                          else set(COMMANDS) - ({"keys"} if name != "help" else set()))
    assert told == taken, (told, taken)


def test_json_is_told():
    """The help, the man page and the program have the same commands; the man page has every event."""
    with open(os.environ["MANUAL"], encoding="utf-8") as file:
        manual = file.read().replace("\\-", "-")
    commands = set(re.findall(r'"command":"([\w-]+)"', run("chat", "--help").stdout))
    assert commands == set(re.findall(r'"command":"([\w-]+)"', manual)) and len(commands) > 16, commands
    with Chat(ROMEO) as romeo:
        for command in sorted(commands - {"quit"}):
            romeo.command(command, id="1")
            got = json.loads(romeo.wait_for(lambda line: '"id":"1"' in line))
            assert "is missing" in (got.get("reason") or got["message"]), got
        romeo.command("quit")
        romeo.ends_with(1)
    events = manual.partition(".SS Events")[2].partition("\n.B online")[0]
    for event in ("corrected", "retracted", "reacted", "typing", "read", "received", "unconfirmed"):
        assert f" {event}," in events.replace("\n", " "), (event, events)


def complete(*words):
    """What bash offers for the last of @words."""
    script = """. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        "$(complete -p xep174 | sed 's/.*-F \\([^ ]*\\).*/\\1/')"; printf '%s\\n' "${COMPREPLY[@]}" """
    result = subprocess.run(["bash", "-c", script, "bash", os.environ["COMPLETION_BASH"], "xep174",
                             *words],
                            capture_output=True, encoding="utf-8", check=True)
    assert result.stderr == "", result
    return set(result.stdout.split())


def test_completion():
    """The shells offer each command and each option that --help has, and no other."""
    ways = {"auto", "avahi", "embedded", "none"}
    with open(os.environ["COMPLETION_ZSH"], encoding="utf-8") as file:
        zsh = file.read()
    assert complete("") == {*COMMANDS, "--help", "--version"}
    assert complete("keys", "") == {"verify", "accept", "distrust", "forget"}
    assert complete("chat", "--encryption", "") == {"off", "prefer", "require"}
    for command in re.findall(r"^  ([a-z-]+) .*  ", run("--help").stdout, re.MULTILINE):
        assert command in complete("") and f"  {command})" in zsh, command
        options = set(re.findall(r"^  (?:-., )?(--[a-z-]+)", run(command, "--help").stdout,
                                 re.MULTILINE))
        assert complete(command, "-") == options and len(options) >= 2, (command, options)
        own = zsh.partition(f"  {command})")[2].partition(";;")[0]
        shared = "".join(zsh.partition(f"\n{name}=(")[2].partition("\n)")[0]
                         for name in re.findall(r"\$(\w+)", own))
        assert set(re.findall(r"[{,](--[a-z-]+)", shared + own)) == options, command
        if command == "keys":
            continue
        assert complete(command, "--discovery", "") == ways, command
        assert complete(command, "--discovery", "=") == ways, command
        assert complete(command, "--discovery", "=", "em") == {"embedded"}, command
        assert complete(command, "--user", "-") == set(), command
    if shutil.which("zsh") is not None:
        subprocess.run(["zsh", "-n", os.environ["COMPLETION_ZSH"]], check=True)


def test_usage():
    for arguments in ([], ["dance"], ["send"], ["send-file"], ["send-file", "a"], ["send", "a", "b", "c"], ["chat", "a", "b"],
                      ["browse", "who"], ["chat", "--discovery", "magic"],
                      ["chat", "--frobnicate"], ["chat", ""], ["send", "", "b"],
                      ["send-file", "a", ""], ["send-file", "a", "b", ""], ["send-file", "", "b"],
                      ["keys", "dance"], ["keys", "verify"], ["keys", "forget", "a", "b"],
                      ["keys", "--user", "a"], ["browse", "--data-dir", "a"],
                      ["chat", "--encryption", "maybe"], ["chat", "--encryption="], ["chat", "--avatar="],
                      ["send", "--data-dir=", "a", "b"], ["chat", "--discovery="], ["chat", "--user="], ["send", "--at=", "a", "b"],
                      ["browse", "--domain="],
                      ["send", "--at", "foo", "a", "b"], ["send", "--at", "127.0.0.1", "a", "b"],
                      ["send", "--at", "127.0.0.1:0", "a", "b"], ["send", "--at", ":1", "a", "b"],
                      ["send", "--at", "[::1", "a", "b"], ["send", "--at", "::1:5298", "a", "b"],
                      ["chat", "--domain", "example.org"],
                      ["browse", "--domain", "example.org", "--discovery", "embedded"],
                      ["chat", "--user", "x" * 64, "--discovery", "none"],
                      ["chat", "--user", "a@\u00e9", "--discovery", "none"]):
        result = run(*arguments)
        assert result.returncode == 2, (arguments, result)
        assert result.stderr and "“”" not in result.stderr, (arguments, result)


def test_D15_avatar():
    """What cannot be a picture is told, and which it is; what can be one is taken."""
    folder = new_folder()
    path = os.path.join(folder, "picture")
    for size, words in ((0, "empty"), (65536, "too large"), (None, "No such file"), (65535, None)):
        if size is not None:
            with open(path, "wb") as file:
                file.write(b"x" * size)
        name = path if size is not None else path + "-not-there"
        if words is None:
            with Chat(ROMEO, "--avatar", name) as romeo:
                romeo.quit()
        else:
            result = run("chat", "--discovery", "none", "--avatar", name)
            assert result.returncode == 2 and words in result.stderr, (size, result)
    result = run("chat", "--discovery", "none", "--avatar", "/dev/zero")
    assert result.returncode == 2 and "too large" in result.stderr, result


def test_numbers_of_options():
    """A number is what it looks like, and one that cannot be is told with those that can."""
    numbers = "-1", "+7", " 7", "7 ", "5298x", "0x50", "1e3", "", "99999999999999999999"
    for command, option, wrong, words in (
            ("chat", "--port", ("0", "65536"), "For --port choose a number from 1 to 65535"),
            ("send", "--timeout", ("2000001",), "For --timeout choose a number of seconds from 0 to 2000000")):
        for number in (*numbers, *wrong):
            result = run(command, "--discovery", "none", f"{option}={number}", "a", *(
                ["b"] if command == "send" else []))
            assert result.returncode == 2 and "“”" not in result.stderr, (number, result)
            assert option in result.stderr and (words in result.stderr or not number), result
            assert number in result.stderr, (number, result)
    # Not as octal.
    assert run("browse", "--discovery", "none", "--timeout", "000").returncode == 0
    with keep_port() as kept, Chat(ROMEO, "--port", f"0{kept.getsockname()[1]}") as romeo:
        assert romeo.port == kept.getsockname()[1]
        romeo.quit()


def test_locale():
    """Names and texts are UTF-8 whatever the locale says; what is neither is told by its place."""
    for locale in ("C", "POSIX", "C.UTF-8"):
        env = {**os.environ, "LC_ALL": locale}
        with Chat(JULIET) as juliet:
            juliet.command("add", name="J\u00f6rg@m", address="127.0.0.1", port=9)
            result = run("send", "--user", "J\u00f6rg@m", "--at", f"127.0.0.1:{juliet.port}", JULIET,
                         "gr\u00fc\u00df dich", env=env)
            assert result.returncode == 0, result
            juliet.expect("message", **{"from": "J\u00f6rg@m"}, body="gr\u00fc\u00df dich")
            juliet.quit()
        for arguments, word in ((["send", "--user", b"J\xf6rg", "a", "b"], "--user"),
                                (["chat", "--discovery", b"\xf6"], "--discovery"),
                                (["browse", "--domain", b"\xf6"], "--domain"),
                                (["send", "--at", b"\xf6:1", "a", "b"], "--at"),
                                (["send", b"J\xf6rg", "b"], "word 1"),
                                (["send", "a", b"\xf6"], "word 2")):
            result = run(*arguments, env=env)
            assert result.returncode == 2 and word in result.stderr, (arguments, result)


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
        result = run("send", "--discovery", "none", "--timeout", "1", "--at", "127.0.0.1:9", JULIET,
                     "my secret", env={**os.environ, "G_MESSAGES_DEBUG": asked})
        for domain in domains:
            assert (f"{domain}-DEBUG" in result.stderr) == (domain in told), (asked, domain, result)
        # But for what was not sent.
        assert result.stderr.count("secret") == 1, result


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
