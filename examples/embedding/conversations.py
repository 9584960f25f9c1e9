#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Juliet's window shows what Romeo and she have said, and keeps it.

Both programs are in here, so that it can be run without a network.
"""
import json
import sys

import gi

gi.require_version("Xep174", "1")
from gi.repository import GLib, Xep174  # noqa: E402

CORRECTIONS, MARKERS = "urn:xmpp:message-correct:0", "urn:xmpp:chat-markers:0"


class Window:
    """A window draws again when something has changed. This one draws on paper."""

    def __init__(self, conversation):
        self.conversation = conversation
        conversation.connect("items-changed", self.on_items)
        conversation.connect("notify::contact-state", self.on_changed)
        self.on_items(conversation, 0, 0, len(conversation))

    def on_items(self, conversation, position, _removed, added):
        for message in conversation[position:position + added]:
            message.connect("notify", self.on_changed)
        self.on_changed()

    def on_changed(self, *_):
        self.stale = True

    def draw(self):
        if not self.stale:
            return
        self.stale = False
        print(f"{self.conversation.props.unread} unread")
        for message in self.conversation:
            print(" ", describe(message))
        if self.conversation.props.contact_state == Xep174.ChatState.COMPOSING:
            print("  …")


def describe(message):
    who = "me" if message.props.outgoing else message.props.contact.props.name
    if message.props.retracted:
        return f"{who} took a message back"
    words = [f"{who}:", message.props.body]
    answered = message.find_answered()
    if answered:
        words.append(f"(to “{answered.props.body}”)")
    if message.props.edited:
        words.append("(edited)")
    return " ".join(words + message.props.reactions + message.props.own_reactions)


def failed(message):
    """What to say below a message of ours that has not arrived, or may not have."""
    return message.props.error.message if message.props.error else None


def keep(message):
    """A line of a file."""
    return json.dumps({"id": message.props.id, "body": message.props.body, "outgoing": message.props.outgoing,
                       "time": message.props.time.format_iso8601(), "state": int(message.props.state),
                       "edited": message.props.edited, "retracted": message.props.retracted,
                       "reactions": message.props.reactions, "own_reactions": message.props.own_reactions,
                       "reply_to": message.props.reply_to})


def bring_back(client, contact, kept):
    conversation = client.get_conversation(contact)
    for position, line in enumerate(kept):
        properties = json.loads(line)
        properties["time"] = GLib.DateTime.new_from_iso8601(properties["time"], None)
        properties["state"] = Xep174.MessageState(properties["state"])
        conversation.insert(position, Xep174.Message(contact=contact, **properties))
    return conversation


def go_online(user, machine):
    profile = Xep174.Profile.new(user)
    profile.set_machine(machine)
    client = Xep174.Client(profile=profile, discovery=Xep174.ManualDiscovery.new(),
                           data_dir="/dev/null/none")  # keys in memory: this is only a story
    client.add_conversation_features()
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
    contact = one.props.discovery.add(other.props.local_name, "127.0.0.1", other.props.port)
    return one.get_conversation(contact)


def can(client, conversation, namespace):
    name = conversation.props.contact.props.name
    return client.supports(name, namespace) == Xep174.Support.YES


def on_corrected(conversation, result):
    try:
        conversation.correct_finish(result)
    except GLib.Error as error:
        print("not corrected:", error.message)


def main():
    romeo, juliet = go_online("romeo", "montague"), go_online("juliet", "capulet")
    his, hers = introduce(romeo, juliet), introduce(juliet, romeo)
    window = Window(hers)

    his.send_async(Xep174.Message(body="Hi"))
    wait_for(lambda: can(romeo, his, CORRECTIONS) and can(juliet, hers, MARKERS) and len(hers) == 1)
    his.set_state(Xep174.ChatState.COMPOSING)
    wait_for(lambda: hers.props.contact_state == Xep174.ChatState.COMPOSING)
    window.draw()

    east = Xep174.Message(body="It is the est")
    his.send_async(east)
    wait_for(lambda: len(hers) == 2)
    window.draw()
    hers.mark_read()
    wait_for(lambda: east.props.state == Xep174.MessageState.READ)
    print("romeo: she has read it;", failed(east) or "nothing went wrong")

    his.correct_async(east, "It is the east", None, on_corrected)
    wait_for(lambda: hers[1].props.edited)
    hers.react_async(hers[1], ["☀"])
    hers.send_async(hers[1].new_reply("And who is the sun?"))
    wait_for(lambda: len(his) == 3 and hers[1].props.own_reactions)
    window.draw()

    kept = [keep(message) for message in hers]
    contact = hers.props.contact
    juliet.drop_conversation(hers)
    print("the next day:")
    Window(bring_back(juliet, contact, kept)).draw()


if __name__ == "__main__":
    main()
