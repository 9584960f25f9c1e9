#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From Python: features of the program's own, and those of the library, between two session managers."""
import sys

import tap
from gitest import Gio, Xep174, await_that, call, connections, raises, settle

ROMEO, JULIET = "romeo@montague", "juliet@capulet"
NS = "urn:example:mood"


class Mood(Xep174.Feature):
    """Says how we are, with each message and to who asks."""

    def __init__(self, mood):
        super().__init__(payloads=[NS], announces=[NS])
        self.mood, self.seen, self.life, self.deed = mood, [], [], lambda: None

    def do_attach(self, host):
        self.life.append(host)

    def do_detach(self):
        self.life.append(None)

    def do_decorate(self, _contact, outgoing):
        if outgoing.get_name() == "message":
            outgoing.append_new("mood", NS).append_text(self.mood)

    def do_handle(self, contact, stanza, payload):
        self.seen.append((contact, payload.dup_text()))
        self.deed()
        if stanza.get_name() != "iq":
            return False
        answer = Xep174.Element.new("iq", "jabber:client")
        answer.set_attribute("type", "result")
        answer.set_attribute("id", stanza.get_attribute("id"))
        answer.append_new("mood", NS).append_text(self.mood)
        self.get_host().send_async(contact, answer, None, None)
        return True


def pair():
    """Romeo's and Juliet's manager, with a stream between them."""
    romeo, juliet = Xep174.SessionManager.new(ROMEO, None), Xep174.SessionManager.new(JULIET, None)
    outgoing, incoming = connections()
    assert romeo.add_connection(outgoing, Xep174.SessionRole.INITIATOR, JULIET)
    assert juliet.add_connection(incoming, Xep174.SessionRole.RECIPIENT, ROMEO)
    return romeo, juliet


def message(body):
    element = Xep174.Element.new("message", "jabber:client")
    element.append_new("body").append_text(body)
    return element


def question():
    iq = Xep174.Element.new("iq", "jabber:client")
    iq.set_attribute("type", "get")
    iq.append_new("mood", NS)
    return iq


def test_feature():
    """What one adds the other is given; what one asks the other answers; what one can the other knows."""
    romeo, juliet = pair()
    his, hers = Mood("in love"), Mood("asleep")
    heard = []
    juliet.connect("stanza-received", lambda *args: heard.append(args[2].dup_child_text("body")) or True)
    assert romeo.add_feature(his) and juliet.add_feature(hers)
    assert his.get_host() is romeo and romeo.get_feature(Mood) is his
    raises(Gio.io_error_quark(), Gio.IOErrorEnum.EXISTS, romeo.add_feature, Mood("twice"))
    assert call(romeo, "send", JULIET, message("hail"))
    await_that(lambda: heard == ["hail"])
    assert hers.seen == [(ROMEO, "in love")], hers.seen
    answer = call(romeo, "request", JULIET, question())
    assert answer.dup_child_text("mood", NS) == "asleep"
    told = []
    romeo.connect("capabilities-changed", lambda _host, contact: told.append(contact))
    await_that(lambda: romeo.supports(JULIET, NS) == Xep174.Support.YES)
    romeo.remove_feature(his)
    assert his.get_host() is None and his.life == [romeo, None]
    raises(Xep174.SessionError.quark(), Xep174.SessionError.REFUSED, call, juliet, "request", ROMEO, question())
    for manager in (romeo, juliet):
        assert call(manager, "stop")


def test_deeds():
    """A feature that raises has not taken the stanza; one may remove itself while it is called."""
    romeo, juliet = pair()
    hers = Mood("asleep")
    heard = []
    juliet.connect("stanza-received", lambda *args: heard.append(args[2].dup_child_text("body")) or True)
    assert romeo.add_feature(Mood("in love")) and juliet.add_feature(hers)

    def fail():
        raise ValueError("on purpose")

    hook, sys.excepthook = sys.excepthook, lambda *args: None
    hers.deed = fail
    assert call(romeo, "send", JULIET, message("one"))
    await_that(lambda: heard == ["one"])
    sys.excepthook = hook
    hers.deed = lambda: juliet.remove_feature(hers)
    assert call(romeo, "send", JULIET, message("two"))
    await_that(lambda: heard == ["one", "two"])
    assert call(romeo, "send", JULIET, message("three"))
    await_that(lambda: heard == ["one", "two", "three"])
    assert len(hers.seen) == 2 and hers.life == [juliet, None]
    for manager in (romeo, juliet):
        assert call(manager, "stop")


def test_typing():
    """The library's own: chat states."""
    romeo, juliet = pair()
    his, hers = Xep174.ChatStates.new(), Xep174.ChatStates.new()
    states = []
    assert romeo.add_feature(his) and juliet.add_feature(hers)
    hers.connect("state-changed", lambda _feature, contact, state: states.append((contact, state)))
    assert call(romeo, "send", JULIET, message("hail"))
    await_that(lambda: romeo.supports(JULIET, "http://jabber.org/protocol/chatstates") == Xep174.Support.YES)
    his.set_own(JULIET, Xep174.ChatState.COMPOSING)
    await_that(lambda: states == [(ROMEO, Xep174.ChatState.COMPOSING)])
    assert hers.get_state(ROMEO) == Xep174.ChatState.COMPOSING
    for manager in (romeo, juliet):
        assert call(manager, "stop")
    settle()


def test_F3_F4_amendments():
    """What is said of earlier messages: corrected, with a sign on it, taken back."""
    romeo, juliet = pair()
    kinds = (Xep174.Corrections, Xep174.Reactions, Xep174.Retractions)
    his, hers = [kind.new() for kind in kinds], [kind.new() for kind in kinds]
    heard = []
    assert all(romeo.add_feature(one) for one in his) and all(juliet.add_feature(one) for one in hers)
    hers[0].connect("corrected", lambda _self, contact, id, stanza:
                    heard.append((contact, id, stanza.dup_child_text("body"))) or True)
    hers[1].connect("reacted", lambda _self, *what: heard.append(what))
    hers[2].connect("retracted", lambda _self, *what: heard.append(what))
    assert call(romeo, "send", JULIET, message("hail"))
    await_that(lambda: romeo.supports(JULIET, "urn:xmpp:reactions:0") == Xep174.Support.YES)
    better = message("better")
    assert his[0].mark(JULIET, better, "1")
    assert call(romeo, "send", JULIET, better)
    assert call(his[1], "send", JULIET, "2", ["👋", "🐢"])
    assert call(his[2], "send", JULIET, "3")
    await_that(lambda: heard == [(ROMEO, "1", "better"), (ROMEO, "2", ["👋", "🐢"]), (ROMEO, "3")])
    for manager in (romeo, juliet):
        assert call(manager, "stop")
    settle()


def test_F6_styles():
    """The runs of a styled text."""
    text = "> _a_ *b*"
    runs = Xep174.styled_text_parse(text)
    assert [(text[run.start:run.start + run.length], run.style, run.quoted) for run in runs] == [
        ("> ", 0, 1), ("_a_", Xep174.TextStyle.EMPHASIS, 1), (" ", 0, 1), ("*b*", Xep174.TextStyle.STRONG, 1)]


if __name__ == "__main__":
    tap.main_of("gi-features", globals())
