#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Juliet knows Romeo's key. Then somebody uses his name with another one.

All of them are in this program, so that it can be run.
"""
import socket

import gi

gi.require_version("Xep174", "1")
from gi.repository import Gio, GLib, Xep174  # noqa: E402

JULIET, ROMEO = "juliet@capulet", "romeo@montague"


def describe(session):
    """What to show beside a conversation."""
    if session.props.trust == Xep174.Trust.CHANGED:
        return "the key has changed: nothing is sent"
    if session.props.trust == Xep174.Trust.DISTRUSTED:
        return "not trusted: nothing is sent"
    if session.props.trust == Xep174.Trust.VERIFIED:
        return "encrypted and compared"
    if session.props.trust == Xep174.Trust.SEEN:
        return "encrypted, not compared"
    return "encrypted, not remembered" if session.props.encrypted else "not encrypted"


class Person:
    def __init__(self, name):
        identity, store = Xep174.Identity.generate(), Xep174.MemoryTrustStore.new()
        self.manager = Xep174.SessionManager.new(name, None)
        self.manager.set_identity(identity)
        self.manager.set_trust_store(store)
        self.manager.connect("stanza-received", self.on_stanza)
        self.manager.connect("key-changed", self.on_key_changed)
        self.manager.connect("session-closed", lambda *_: self.news.append("end"))
        self.news = []
        self.new_key = None

    def on_stanza(self, _manager, session, stanza):
        if stanza.get_name() != "message":
            return False
        print(f"{session.props.name} says “{stanza.dup_child_text('body')}”:", describe(session))
        self.news.append("message")
        return True

    def on_key_changed(self, _manager, name, _old, new):
        """Only shows it. Nobody has to decide now: nothing is sent until somebody accepts the key."""
        print(f"{name}: the key has changed: nothing is sent under the new one")
        self.new_key = new
        self.news.append("key")

    def say(self, text):
        session = self.manager.find_session(JULIET)
        session.send_xml_async(f"<message><body>{text}</body></message>", None, self.on_sent)

    def on_sent(self, session, result):
        try:
            session.send_xml_finish(result)
        except GLib.Error as error:
            print(f"{self.manager.props.local_name} is told: {error.message}")
            self.news.append("failure")

    def await_news(self, what):
        while what not in self.news:
            GLib.MainContext.default().iteration(True)
        self.news.clear()


def connect(romeo, juliet):
    his, hers = [Gio.Socket.new_from_fd(end.detach()).connection_factory_create_connection()
                 for end in socket.socketpair()]
    romeo.manager.add_connection(his, Xep174.SessionRole.INITIATOR, JULIET)
    juliet.manager.add_connection(hers, Xep174.SessionRole.RECIPIENT, ROMEO)
    return romeo.manager.find_session(JULIET), juliet.manager.find_session(ROMEO)


def main():
    juliet, romeo = Person(JULIET), Person(ROMEO)

    his, hers = connect(romeo, juliet)
    romeo.say("I take thee at thy word")
    juliet.await_news("message")

    # Each of the two reads the number aloud.
    if his.dup_safety_number() == hers.dup_safety_number():
        juliet.manager.verify_key(ROMEO, hers.dup_peer_fingerprint())
    print("the numbers are the same:", describe(hers))

    # His new machine has his name, and a key of its own.
    romeo.manager.stop_async()
    juliet.await_news("end")
    later = Person(ROMEO)
    connect(later, juliet)
    later.say("It is I")
    juliet.await_news("key")
    later.await_news("failure")

    # Juliet has asked him, and he said yes.
    juliet.manager.accept_key(ROMEO, juliet.new_key)
    connect(later, juliet)
    later.say("It is I, with a new machine")
    juliet.await_news("message")


main()
