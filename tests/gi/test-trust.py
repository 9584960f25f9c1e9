#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From Python: keys in a store written in Python, seen, changed and accepted over real connections."""
import functools
import gc
import re
import sys

import gi
import tap
from gitest import (Call, Gio, GLib, Watch, Xep174, await_that, call, connections, raises)

gi.require_version("GObject", "2.0")
from gi.repository import GObject  # noqa: E402

ROMEO, JULIET = "romeo@montague", "juliet@capulet"
ERROR, TRUST_ERROR = Xep174.SessionError, Xep174.TrustError
Trust = Xep174.Trust


class Keys(GObject.Object, Xep174.TrustStore):
    """fingerprint -> [trust, names]; may be told to fail."""

    def __init__(self):
        super().__init__()
        self.keys, self.calls = {}, []
        self.decided = None  # by somebody else who shares the place
        self.fail = None

    def note(self, what):
        gc.collect()
        self.calls.append(what)
        if self.fail is not None:
            return self.fail()
        return True

    def do_list(self):
        if not self.note("list"):
            return None
        records = Gio.ListStore.new(Xep174.KeyRecord)
        for fingerprint, (trust, names) in self.keys.items():
            records.append(Xep174.KeyRecord.new(fingerprint, trust, names))
        return records

    def do_add(self, fingerprint, name):
        self.note("add")
        self.keys.setdefault(fingerprint, [Trust.SEEN, []])[1].append(name)
        return True

    def do_set_trust(self, fingerprint, trust):
        self.note("set_trust")
        self.keys.setdefault(fingerprint, [trust, []])[0] = trust
        return True

    def do_forget(self, name):
        self.note("forget")
        for record in self.keys.values():
            record[1] = [known for known in record[1] if known != name]
        return True

    def do_refresh(self):
        gc.collect()
        if self.decided:
            self.keys, self.decided = self.decided, None
            self.emit("changed")


class Side:
    """A manager with a key, whose signals are written down."""

    def __init__(self, name, store=None, identity=None):
        self.identity = identity or Xep174.Identity.generate()
        self.store = store or Xep174.MemoryTrustStore.new()
        self.manager = Xep174.SessionManager.new(name, None)
        self.manager.set_identity(self.identity)
        self.manager.set_trust_store(self.store)
        self.heard, self.told = [], []
        for signal in ("key-seen", "key-changed"):
            self.manager.connect(signal, self.on_key, signal)
        self.manager.connect("session-closed", lambda *_: self.told.append("closed"))
        self.manager.connect("session-failed", lambda _manager, _session, error:
                             self.told.append(error))
        self.manager.connect("stanza-received", self.on_stanza)

    def on_key(self, manager, name, *rest):
        gc.collect()
        assert manager is self.manager
        self.told.append((rest[-1], name, *rest[:-1]))

    def on_stanza(self, _manager, _session, stanza):
        gc.collect()
        if stanza.get_name() != "message":
            return False
        self.heard.append(stanza.dup_child_text("body"))
        return True

    @property
    def fingerprint(self):
        return self.identity.dup_fingerprint()

    def say(self, text):
        return Call(self.manager.find_session(JULIET), "send_xml",
                    f"<message><body>{text}</body></message>")

    def leave(self, other):
        assert call(self.manager, "stop")
        await_that(lambda: other.told and other.told[-1] == "closed")


def meet(romeo, juliet):
    outgoing, incoming = connections()
    romeo.manager.add_connection(outgoing, Xep174.SessionRole.INITIATOR, JULIET)
    juliet.manager.add_connection(incoming, Xep174.SessionRole.RECIPIENT, ROMEO)
    return romeo.manager.find_session(JULIET), juliet.manager.find_session(ROMEO)


def test_T6_store_in_python():
    """T5 T6 T14: a first meeting, a second, another key, and a person who accepts it, and then trusts none."""
    juliet, romeo = Side(JULIET, Keys()), Side(ROMEO)
    his, hers = meet(romeo, juliet)
    assert romeo.say("one").finish()
    await_that(lambda: juliet.heard == ["one"])
    seen = ("key-seen", ROMEO, romeo.fingerprint)
    await_that(lambda: juliet.told == [seen])
    assert his.props.encrypted and hers.props.encrypted
    assert hers.props.trust == hers.get_trust() == Trust.SEEN
    assert juliet.store.keys == {romeo.fingerprint: [Trust.SEEN, [ROMEO]]}, juliet.store.keys
    assert juliet.manager.verify_key(ROMEO, romeo.fingerprint) and hers.props.trust == Trust.VERIFIED
    romeo.leave(juliet)

    again = Side(ROMEO, identity=romeo.identity)
    meet(again, juliet)
    assert again.say("two").finish()
    await_that(lambda: juliet.heard == ["one", "two"])
    assert juliet.told == [seen, "closed"], juliet.told
    again.leave(juliet)

    other = Side(ROMEO)
    his, hers = meet(other, juliet)
    lost = other.say("never")
    changed = await_that(lambda: [told for told in juliet.told if told[0] == "key-changed"])
    assert changed == [("key-changed", ROMEO, romeo.fingerprint, other.fingerprint)], changed
    raises(Xep174.StreamError.quark(), Xep174.StreamError.NOT_AUTHORIZED, lost.finish)
    assert hers.props.trust == Trust.CHANGED and not hers.props.encrypted
    assert juliet.heard == ["one", "two"] and len(juliet.store.keys) == 1
    assert hers.dup_peer_fingerprint() == other.fingerprint
    assert his.dup_safety_number() == hers.dup_safety_number() is not None
    raises(TRUST_ERROR.quark(), TRUST_ERROR.INVALID_KEY, juliet.manager.verify_key, ROMEO, "no key")

    assert juliet.manager.accept_key(ROMEO, other.fingerprint)
    meet(other, juliet)
    assert other.say("three").finish()
    await_that(lambda: juliet.heard == ["one", "two", "three"])
    assert juliet.store.keys == {romeo.fingerprint: [Trust.VERIFIED, [ROMEO]],
                                 other.fingerprint: [Trust.SEEN, [ROMEO]]}
    other.leave(juliet)

    assert juliet.manager.distrust_key(ROMEO, None)
    assert [trust for trust, _names in juliet.store.keys.values()] == [Trust.DISTRUSTED] * 2
    assert juliet.manager.accept_key(ROMEO, other.fingerprint)
    assert [trust for trust, _names in juliet.store.keys.values()] == [Trust.DISTRUSTED, Trust.SEEN]
    call(juliet.manager, "stop")


def test_T6_decided_elsewhere():
    """T6: a store tells of what others have decided, as soon as it knows or when it is asked."""
    for is_asked in (False, True):
        juliet, romeo = Side(JULIET, Keys()), Side(ROMEO)
        meet(romeo, juliet)
        assert romeo.say("one").finish()
        await_that(lambda: juliet.heard == ["one"])
        juliet.store.decided = {romeo.fingerprint: [Trust.DISTRUSTED, [ROMEO]]}
        if is_asked:
            lost = romeo.say("two")
            await_that(lambda: lost.results)
        else:
            juliet.store.do_refresh()
        await_that(lambda: "closed" in juliet.told)
        assert juliet.heard == ["one"]
        call(romeo.manager, "stop")
        call(juliet.manager, "stop")


def test_A4_received():
    """A send that waits for the receipt, and the signal that tells of it."""
    juliet, romeo = Side(JULIET), Side(ROMEO)
    confirmed = []
    romeo.manager.connect("stanza-confirmed", lambda _manager, _session, stanza:
                          confirmed.append(stanza.dup_child_text("body")))
    romeo.manager.props.receipt_delay = 0
    romeo.manager.props.completion = Xep174.Completion.RECEIVED
    his, hers = meet(romeo, juliet)
    assert romeo.say("one").finish()
    assert juliet.heard == ["one"] and confirmed == ["one"], (juliet.heard, confirmed)
    assert his.props.acknowledged and hers.get_acknowledged()
    romeo.leave(juliet)


def test_T14_what_both_have():
    """T14: both ends have the same number and binding, and each has the other's key."""
    juliet, romeo = Side(JULIET), Side(ROMEO)
    his, hers = meet(romeo, juliet)
    assert his.dup_safety_number() is None and his.dup_channel_binding() is None
    assert romeo.say("love").finish()
    await_that(lambda: juliet.heard)
    number = hers.dup_safety_number()
    assert re.fullmatch(r"\d{5}( \d{5}){11}", number) and number == his.dup_safety_number(), number
    binding = hers.dup_channel_binding().get_data()
    assert len(binding) == 32 and binding == his.dup_channel_binding().get_data()
    assert hers.dup_peer_fingerprint() == romeo.fingerprint
    assert his.dup_peer_fingerprint() == juliet.fingerprint
    assert hers.dup_peer_key().get_data() != his.dup_peer_key().get_data()
    romeo.leave(juliet)
    call(juliet.manager, "stop")


def gerror():
    raise GLib.Error.new_literal(TRUST_ERROR.quark(), "The disk is gone", TRUST_ERROR.FAILED)


BUGS = {"an error": gerror, "an exception": lambda: 1 // 0, "nothing": lambda: None}


def quietly(test):
    """Without the traceback that PyGObject prints of an exception that nobody takes."""
    @functools.wraps(test)
    def wrapped():
        hook, sys.excepthook = sys.excepthook, lambda *_: None
        try:
            test()
        finally:
            sys.excepthook = hook
    return wrapped


def assert_unsent(send):
    try:
        send.finish()
    except GLib.Error:
        return
    raise AssertionError("it was sent")


def refused_by(recipient_fails, bug):
    """A meeting where the one store or the other has that bug, in the midst of a friendship."""
    keys = Keys()
    juliet = Side(JULIET, keys if recipient_fails else None)
    romeo = Side(ROMEO, None if recipient_fails else keys)
    his, _hers = meet(romeo, juliet)
    keys.fail = bug
    lost = romeo.say("never")
    # It may try again for a while.
    tries = (Xep174.SessionState.CONNECTING, Xep174.SessionState.NEGOTIATING)
    await_that(lambda: his.props.state == tries[1] or lost.results)
    await_that(lambda: his.props.state != tries[1] or lost.results)
    assert his.props.state in (*tries, Xep174.SessionState.CLOSED), his.props.state
    call(romeo.manager, "stop")
    assert_unsent(lost)
    assert keys.calls and juliet.heard == [] and keys.keys == {}
    assert ("key-seen", ROMEO, romeo.fingerprint) not in juliet.told
    call(juliet.manager, "stop")


@quietly
def test_T7_store_that_fails():
    """T7: a store that gives no answer means no session, in either role and whatever it does."""
    for bug in BUGS.values():
        for recipient_fails in (True, False):
            refused_by(recipient_fails, bug)


@quietly
def test_T7_store_that_fails_in_the_clear():
    """T7: a store that gives no answer does not permit the clear either."""
    for bug in BUGS.values():
        juliet = Xep174.SessionManager.new(JULIET, None)  # has no key, and would talk in the clear
        romeo = Side(ROMEO, Keys())
        romeo.store.fail = bug
        outgoing, incoming = connections()
        romeo.manager.add_connection(outgoing, Xep174.SessionRole.INITIATOR, JULIET)
        juliet.add_connection(incoming, Xep174.SessionRole.RECIPIENT, ROMEO)
        heard = []
        juliet.connect("stanza-received", lambda *rest: heard.append(rest) or True)
        assert_unsent(romeo.say("never"))
        assert heard == []
        call(romeo.manager, "stop")
        call(juliet, "stop")


@quietly
def test_T7_every_function():
    """T7: each function that fails without a reason, or is not there, is an error with one."""
    calls = {"list": (), "add": ("ab" * 32, ROMEO), "set_trust": ("ab" * 32, Trust.VERIFIED),
             "forget": (ROMEO,)}

    class Nothing(GObject.Object, Xep174.TrustStore):
        pass

    class Strange(GObject.Object, Xep174.TrustStore):
        def do_list(self):
            return Gio.ListStore.new(Gio.Cancellable)

    for name, arguments in calls.items():
        raises(TRUST_ERROR.quark(), TRUST_ERROR.NOT_SUPPORTED, getattr(Nothing(), name), *arguments)
        keys = Keys()
        for bug in (gerror, BUGS["an exception"]):
            keys.fail = bug
            raises(TRUST_ERROR.quark(), TRUST_ERROR.FAILED, getattr(keys, name), *arguments)
        keys.fail = None
        getattr(keys, name)(*arguments)
    raises(TRUST_ERROR.quark(), TRUST_ERROR.FAILED, Strange().list)


def test_identity():
    """An identity from text is the same one; what is none is an error."""
    identity = Xep174.Identity.generate()
    same = Xep174.Identity.new_from_pem(identity.to_pem())
    assert re.fullmatch("[0-9a-f]{64}", identity.props.fingerprint)
    assert same.props.fingerprint == identity.dup_fingerprint()
    raises(TRUST_ERROR.quark(), TRUST_ERROR.FAILED, Xep174.Identity.new_from_pem, "no key")


def test_steal():
    """What the library encrypts it does not give back."""
    juliet, romeo = Side(JULIET), Side(ROMEO)
    his, _hers = meet(romeo, juliet)
    assert call(his, "open")
    raises(ERROR.quark(), ERROR.NOT_SUPPORTED, his.steal_stream)
    romeo.leave(juliet)
    call(juliet.manager, "stop")


def test_store_lives():
    """The store belongs to the manager as long as the manager lives, and goes with it."""
    juliet = Side(JULIET, Keys())
    watch = Watch(juliet.store, juliet.manager)
    juliet.store = None
    gc.collect()
    assert isinstance(juliet.manager.get_trust_store(), Keys)
    del juliet
    await_that(watch.all_gone, "end of the store")


if __name__ == "__main__":
    tap.main_of("gi/trust", globals())
