#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A program that believes nothing that is not so: whom it talks with, and what has arrived.

Juliet's and Romeo's program are both in here, so that it can be run without a network. So is that of
somebody who only says that he is Romeo.
"""
import sys

import gi

gi.require_version("Xep174", "1")
from gi.repository import GLib, Xep174  # noqa: E402

told = []


def tell(*words):
    told.append(words)
    print(*words)


def how(contact):
    if not contact.props.encrypted:
        return "NOT ENCRYPTED"
    return "compared" if contact.props.trust == Xep174.Trust.VERIFIED else "not compared"


def on_message(_client, contact, message):
    tell(f"{contact.props.name} ({how(contact)}):", message.props.body)


def on_refused(_client, contact, _id, error):
    tell(contact.props.name, "did not take a message:", error.message)


def on_unconfirmed(_client, contact, message):
    tell(contact.props.name, "may not have:", message.props.body)


def on_key_changed(_client, contact, _old, _new):
    tell(contact.props.name, "has another key: nothing is sent until somebody has asked, and accepts it")


def on_sent(client, result):
    try:
        client.send_text_finish(result)
    except GLib.Error as error:
        tell("not sent:", error.message)


def be_safe(client):
    client.props.encryption = Xep174.EncryptionPolicy.REQUIRE
    client.connect("message-received", on_message)
    client.connect("message-refused", on_refused)
    client.connect("message-unconfirmed", on_unconfirmed)
    client.connect("key-changed", on_key_changed)


def go_online(user, machine):
    profile = Xep174.Profile.new(user)
    profile.set_machine(machine)
    client = Xep174.Client(profile=profile, discovery=Xep174.ManualDiscovery.new(),
                           data_dir="/dev/null/none")  # keys in memory: this is only a story
    be_safe(client)
    started = []
    client.start_async(None, lambda _client, result: started.append(result))
    wait_for(lambda: started)
    try:
        client.start_finish(started[0])
    except GLib.Error as error:
        sys.exit(f"{user} cannot go online: {error.message}")
    return client


def wait_for(condition):
    while not condition():
        GLib.MainContext.default().iteration(True)


def introduce(one, other):
    one.props.discovery.add(other.props.local_name, "127.0.0.1", other.props.port)
    other.props.discovery.add(one.props.local_name, "127.0.0.1", one.props.port)


def say(client, text, lines=1):
    before = len(told)
    client.send_text_async(client.props.contacts[0], text, None, on_sent)
    wait_for(lambda: len(told) == before + lines)


def main():
    juliet = go_online("juliet", "capulet")
    romeo = go_online("romeo", "montague")
    introduce(juliet, romeo)
    say(romeo, "I take thee at thy word")

    # A program that does not take what it got says so.
    refusal = ('<message type="error" id="7"><error type="cancel"><not-acceptable '
               'xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>')
    juliet.send_stanza_async(juliet.props.contacts[0], Xep174.Element.parse(refusal))
    wait_for(lambda: len(told) == 2)

    romeo.stop_async()
    wait_for(lambda: not juliet.props.contacts[0].props.encrypted)
    juliet.props.discovery.remove(romeo.props.local_name)
    stranger = go_online("romeo", "montague")
    introduce(juliet, stranger)
    say(stranger, "It is I", lines=2)


if __name__ == "__main__":
    main()
