#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From Python: conversations, what is said of a message later, and what a contact can do."""
import tap
from gitest import Xep174, await_that, call, raises, settle

CORRECT = "urn:xmpp:message-correct:0"
ERROR = Xep174.SessionError


def go_online(user, features=True):
    client = Xep174.Client.new(Xep174.Profile.new(user), Xep174.ManualDiscovery.new())
    client.props.profile.set_machine("verona")
    if features:
        client.add_conversation_features()
    assert call(client, "start")
    return client


def introduce(one, other):
    """Other's contact of one, with the record that other publishes."""
    name = other.props.local_name
    one.props.discovery.add(name, "127.0.0.1", other.props.port)
    return one.props.discovery.put_contact(name, other.props.profile.dup_txt(other.props.port))


def pair():
    romeo, juliet = go_online("romeo"), go_online("juliet")
    return (romeo, juliet, romeo.get_conversation(introduce(romeo, juliet)),
            juliet.get_conversation(introduce(juliet, romeo)))


def stop(*clients):
    for client in clients:
        assert call(client, "stop")
    settle()


def say(conversation, text):
    message = Xep174.Message.new(Xep174.MessageKind.CHAT, text)
    assert call(conversation, "send", message)
    return message


def test_F8_amendments():
    romeo, juliet, his, hers = pair()
    mine = say(his, "won")
    await_that(lambda: romeo.supports("juliet@verona", CORRECT) == Xep174.Support.YES)
    theirs = await_that(lambda: hers[0] if len(hers) else None)
    seen = []
    for name in ("body", "edited", "retracted", "reactions"):
        theirs.connect("notify::" + name, lambda _message, prop: seen.append(prop.name))
    assert call(his, "correct", mine, "one")
    await_that(lambda: theirs.props.edited)
    assert theirs.props.body == mine.props.body == "one" and sorted(seen) == ["body", "edited"]
    assert call(his, "react", mine, ["👋"]) and mine.props.own_reactions == ["👋"] == mine.get_own_reactions()
    await_that(lambda: theirs.props.reactions == ["👋"])
    assert theirs.props.own_reactions == [] == theirs.get_own_reactions()
    reply = theirs.new_reply("yes")
    assert call(hers, "send", reply)
    answer = await_that(lambda: his[1] if len(his) > 1 else None)
    assert answer.props.reply_to == mine.props.id and answer.find_answered() is mine
    assert call(his, "retract", mine)
    await_that(lambda: theirs.props.retracted)
    assert (theirs.props.body, theirs.props.element, theirs.props.reactions) == ("", None, [])
    raises(ERROR.quark(), ERROR.INVALID_STATE, call, hers, "correct", theirs, "mine")
    stop(romeo, juliet)


def test_F8_own_store():
    """What a program has kept is put in, and dropped."""
    romeo, juliet = go_online("romeo", False), go_online("juliet", False)
    his = romeo.get_conversation(introduce(romeo, juliet))
    old = Xep174.Message(body="old", id="1", outgoing=False, state=Xep174.MessageState.READ, edited=True,
                         reactions=["👋"], reply_to="0")
    his.insert(99, old)
    assert his[0] is old and his.find_message(False, "1") is old and his.props.unread == 0
    raises(ERROR.quark(), ERROR.NOT_SUPPORTED, call, his, "react", old, ["👋"])
    romeo.drop_conversation(his)
    assert len(romeo.props.conversations) == 0 and his[0] is old
    raises(ERROR.quark(), ERROR.INVALID_STATE, call, his, "send", Xep174.Message.new(Xep174.MessageKind.CHAT, "x"))
    stop(romeo, juliet)


def test_D20_supports():
    """By the stream; and when there is none by the record, once it was found to be true."""
    romeo, juliet, his, _hers = pair()
    juliet_there = his.props.contact
    told = []
    romeo.connect("capabilities-changed", lambda _client, name: told.append(name))
    assert romeo.supports(juliet_there.props.name, CORRECT) == Xep174.Support.UNKNOWN
    say(his, "Hi")
    await_that(lambda: romeo.supports(juliet_there.props.name, CORRECT) == Xep174.Support.YES)
    assert "juliet@verona" in told
    assert romeo.supports(juliet_there.props.name, "urn:example:none") == Xep174.Support.NO
    stop(juliet)
    await_that(lambda: not romeo.props.session_manager.find_session("juliet@verona")
               or romeo.props.session_manager.find_session("juliet@verona").props.state
               == Xep174.SessionState.CLOSED)
    assert juliet_there.props.caps_ver
    assert romeo.supports(juliet_there.props.name, CORRECT) == Xep174.Support.YES
    assert romeo.supports("nobody@verona", CORRECT) == Xep174.Support.UNKNOWN
    stop(romeo)


if __name__ == "__main__":
    tap.main_of("conversations", globals())
