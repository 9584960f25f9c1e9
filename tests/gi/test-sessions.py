#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From Python: sessions on sockets of the program's own, and a directory written in Python."""
import gc
import sys

import gi
import tap
from gitest import (Call, Gio, GLib, Watch, Xep174, await_that, call, connections, raises)

gi.require_version("GObject", "2.0")
from gi.repository import GObject  # noqa: E402

ROMEO, JULIET = "romeo@montague", "juliet@capulet"
ERROR = Xep174.SessionError
State = Xep174.SessionState


class Side:
    """A manager whose signals are written down."""

    def __init__(self, name, directory=None):
        self.manager = Xep174.SessionManager.new(name, directory)
        self.log, self.heard, self.errors = [], [], []
        for signal in ("opened", "closing", "closed", "failed"):
            self.manager.connect("session-" + signal, self.on_session, signal)
        self.manager.connect("stanza-received", self.on_stanza)

    def on_session(self, _manager, session, *rest):
        gc.collect()
        self.log.append((rest[-1], session.get_name()))
        self.errors += rest[:-1]

    def on_stanza(self, _manager, _session, stanza):
        gc.collect()
        # On a busy machine a sign of life may be asked for, too.
        if stanza.get_name() != "message":
            return False
        self.heard.append(stanza)
        return True

    def session(self, name):
        return self.manager.ensure_session(name)

    def stop(self):
        assert call(self.manager, "stop")


def pair(recipient_knows=True):
    """Romeo has opened a stream to Juliet."""
    romeo, juliet = Side(ROMEO), Side(JULIET)
    outgoing, incoming = connections()
    watch = Watch(outgoing, incoming)
    assert romeo.manager.add_connection(outgoing, Xep174.SessionRole.INITIATOR, JULIET)
    assert juliet.manager.add_connection(incoming, Xep174.SessionRole.RECIPIENT,
                                         ROMEO if recipient_knows else None)
    return romeo, juliet, watch


def text(body):
    message = Xep174.Element.new("message", "jabber:client")
    message.set_attribute("type", "chat")
    message.append_new("body").append_text(body)
    return message


def bodies(side):
    return [stanza.dup_child_text("body") for stanza in side.heard]


def test_talk():
    """Both ways, in order, with what is missing filled in (X3)."""
    romeo, juliet, watch = pair()
    sends = [Call(romeo.session(JULIET), "send", text(f"love {n}")) for n in range(50)]
    await_that(lambda: len(juliet.heard) == 50)
    assert all(send.finish() for send in sends)
    assert bodies(juliet) == [f"love {n}" for n in range(50)], bodies(juliet)
    assert juliet.heard[7].get_attribute("from") == ROMEO and juliet.heard[7].is_sealed()
    session = juliet.session(ROMEO)
    assert call(session, "send_xml", "<message><body>Ay me!</body></message>")
    await_that(lambda: romeo.heard)
    assert bodies(romeo) == ["Ay me!"]
    assert romeo.log == [("opened", JULIET)] and juliet.log == [("opened", ROMEO)]
    assert session.props.state == State.OPEN and session.props.name == ROMEO
    assert session.props.role == Xep174.SessionRole.RECIPIENT and not session.props.encrypted
    assert session.props.local_name == JULIET and session.dup_jid() == ROMEO
    romeo.stop()
    await_that(lambda: ("closed", ROMEO) in juliet.log)
    assert juliet.log[1:] == [("closing", ROMEO), ("closed", ROMEO)] and juliet.errors == [None]
    del session, sends
    await_that(watch.all_gone, "end of the connections")


def test_sessions_model():
    """The sessions are a list model: a sequence in Python, with items-changed."""
    romeo, juliet, _watch = pair()
    model = romeo.manager.props.sessions
    changes, states = [], []
    model.connect("items-changed", lambda _, *change: changes.append(change))
    session = romeo.session(JULIET)
    session.connect("notify::state", lambda session, _: states.append(session.get_state()))
    assert session in model and len(model) == 1 and model[0] is session
    assert romeo.manager.find_session(JULIET.upper()) is session
    assert romeo.manager.find_session("tybalt") is None
    await_that(lambda: session.props.state == State.OPEN)
    assert states[-1] == State.OPEN, states
    romeo.stop()
    assert session.props.state == State.CLOSED and states[-1] == State.CLOSED
    del session
    await_that(lambda: len(model) == 0)
    assert changes[-1] == (0, 1, 0), changes
    juliet.stop()


def test_errors():
    """Every failure is a GLib.Error of the domain and code that is documented."""
    romeo, juliet, _watch = pair()
    session = romeo.session(JULIET)
    await_that(lambda: session.props.state == State.OPEN)
    raises(Xep174.StreamError.quark(), Xep174.StreamError.NOT_WELL_FORMED,
           call, session, "send_xml", "<message>")
    raises(ERROR.quark(), ERROR.INVALID_STANZA, call, session, "send_xml", "<a xmlns='b'/>")
    raises(ERROR.quark(), ERROR.INVALID_STANZA, call, session, "send", text("bell \a"))
    file = Gio.File.new_for_path("/dev/null").open_readwrite(None)
    raises(ERROR.quark(), ERROR.NOT_SUPPORTED, romeo.manager.add_connection, file,
           Xep174.SessionRole.INITIATOR, "tybalt")
    romeo.stop()
    raises(ERROR.quark(), ERROR.INVALID_STATE, session.steal_stream)
    juliet.stop()
    manager = Watch(romeo.manager)
    del romeo.manager
    await_that(manager.all_gone)
    raises(ERROR.quark(), ERROR.CLOSED, call, session, "send", text("anybody?"))


def test_refused():
    """An error of the stream reaches both programs, as an object with domain and code (X3)."""
    romeo, juliet, _watch = pair()
    session = romeo.session(JULIET)
    await_that(lambda: session.props.state == State.OPEN)
    stanza = text("I am not Romeo")
    stanza.set_attribute("from", "paris@verona")
    call(session, "send", stanza)
    await_that(lambda: juliet.errors and romeo.errors)
    for errors in (romeo.errors, juliet.errors):
        assert errors[0].matches(Xep174.StreamError.quark(), Xep174.StreamError.INVALID_FROM), errors
    assert juliet.heard == []
    romeo.stop()
    juliet.stop()


def test_cancelled():
    """A message that has not gone out can be taken back; the next one goes."""
    outgoing, incoming = connections()
    romeo, juliet = Side(ROMEO), Side(JULIET)
    romeo.manager.add_connection(outgoing, Xep174.SessionRole.INITIATOR, JULIET)
    session = romeo.session(JULIET)
    cancellable = Gio.Cancellable()
    cancelled = Call(session, "send", text("never"), cancellable=cancellable)
    kept = Call(session, "send", text("ever"))
    cancellable.cancel()
    raises(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED, cancelled.finish)
    raises(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED,
           call, session, "send", text("never"), cancellable=cancellable)
    juliet.manager.add_connection(incoming, Xep174.SessionRole.RECIPIENT, ROMEO)
    await_that(lambda: juliet.heard)
    assert kept.finish() and bodies(juliet) == ["ever"]
    romeo.stop()
    juliet.stop()


def test_steal():
    """The socket is the program's after a chat; both ends go on without us."""
    romeo, juliet, watch = pair()
    call(romeo.session(JULIET), "send", text("Shall I hear more?"))
    session = juliet.session(ROMEO)
    await_that(lambda: juliet.heard)
    call(session, "send", text("Hist!"))
    await_that(lambda: romeo.heard)
    stolen = juliet.session(ROMEO).steal_stream()
    assert isinstance(stolen, Gio.SocketConnection)
    assert session.props.state == State.CLOSED
    stolen.get_output_stream().write_all(b"</stream:stream>")
    await_that(lambda: ("closed", JULIET) in romeo.log)
    stolen.close()
    del stolen
    romeo.stop()
    juliet.stop()
    del session
    await_that(watch.all_gone, "end of the connections")


def test_dropped_with_handlers():
    """Managers go with what is under way; each callback comes, exactly once."""
    romeo, juliet, watch = pair()
    session = romeo.session(JULIET)
    sends = [Call(session, "send", text("into the dark")) for _ in range(5)]
    managers = Watch(romeo.manager, juliet.manager)
    del romeo, juliet
    await_that(lambda: all(send.results for send in sends))
    for send in sends:
        raises(ERROR.quark(), ERROR.CLOSED, send.finish)
    assert managers.all_gone() and session.props.state == State.CLOSED
    await_that(watch.all_gone, "end of the connections")


def test_unheard_callback():
    """A call without a callback, and one whose callable is held by nobody else."""
    romeo, juliet, _watch = pair()
    done = []
    romeo.session(JULIET).send_async(text("one"), None, None)
    romeo.session(JULIET).send_async(text("two"))
    romeo.session(JULIET).send_async(text("three"), None, lambda *_: done.append(len(_)))
    romeo.session(JULIET).send_async(text("four"), None, lambda *_: done.append(_[2:]), 1, "two")
    gc.collect()
    await_that(lambda: len(done) == 2 and len(juliet.heard) == 4)
    assert done[1] == (1, "two"), done
    romeo.stop()
    juliet.stop()


class AddressBook(GObject.Object, Xep174.Directory):
    """Who is where, in Python; names that are not in it are an error."""

    def __init__(self, **ports):
        super().__init__()
        self.ports = ports
        self.asked, self.failures = [], []
        self.answers = {}

    def do_dup_connectable(self, name):
        gc.collect()
        if name not in self.ports:
            raise GLib.Error.new_literal(Xep174.DirectoryError.quark(), f"{name} is not in the book",
                                         Xep174.DirectoryError.UNKNOWN_NAME)
        return Gio.NetworkAddress.new("127.0.0.1", self.ports[name])

    def do_identify_async(self, address, claimed_name, cancellable, callback, *_):
        gc.collect()
        self.asked.append((address.get_address().to_string(), claimed_name))
        task = Gio.Task.new(self, cancellable, callback)
        GLib.idle_add(self.answer, task, claimed_name)

    def answer(self, task, name):
        gc.collect()
        if name in self.ports:
            self.answers[task] = name
            task.return_boolean(True)
        else:
            task.return_error(GLib.Error.new_literal(
                Xep174.DirectoryError.quark(), "a stranger", Xep174.DirectoryError.UNKNOWN_NAME))

    def do_identify_finish(self, result):
        gc.collect()
        return self.answers.pop(result) if result.propagate_boolean() else None

    def do_report_failure(self, name):
        self.failures.append(name)


def listening(name, book):
    side = Side(name, book)
    side.manager.listen(0)
    return side


def test_directory():
    """Sessions ask a directory written in Python, for the way out and for who comes in."""
    book = AddressBook()
    romeo, juliet = listening("romeo", book), listening("juliet", book)
    book.ports.update(romeo=romeo.manager.props.port, juliet=juliet.manager.props.port)
    assert call(romeo.session("juliet"), "send", text("It is my lady"))
    await_that(lambda: juliet.heard)
    assert ("127.0.0.1", "romeo") in [(address[-9:], name) for address, name in book.asked]
    assert call(juliet.session("romeo"), "send", text("Ay me"))
    await_that(lambda: romeo.heard)
    assert book.answers == {} and book.failures == []
    raises(Xep174.DirectoryError.quark(), Xep174.DirectoryError.UNKNOWN_NAME,
           book.dup_connectable, "tybalt")
    romeo.stop()
    juliet.stop()
    managers, books = Watch(romeo.manager, juliet.manager), Watch(book)
    del romeo, juliet, book
    assert managers.all_gone()
    await_that(books.all_gone, "end of the directory")


def test_stranger():
    """Who is not in the book is turned away with the error that stands for it (X13)."""
    book = AddressBook()
    juliet = listening("juliet", book)
    book.ports.update(juliet=juliet.manager.props.port)
    paris = Side("paris", book)
    session = paris.session("juliet")
    raises(Xep174.StreamError.quark(), Xep174.StreamError.HOST_UNKNOWN, call, session, "open")
    assert ("failed", "juliet") in paris.log, paris.log
    paris.stop()
    juliet.stop()


class Broken(GObject.Object, Xep174.Directory):
    """Raises what is no GLib.Error, or forgets to return."""

    calls = 0

    def do_dup_connectable(self, name):
        self.calls += 1
        return BUGS[name]()

    def do_identify_async(self, _address, claimed_name, cancellable, callback, *_):
        self.name = claimed_name
        GLib.idle_add(Gio.Task.new(self, cancellable, callback).return_boolean, True)

    def do_identify_finish(self, _result):
        return BUGS[self.name]()


BUGS = {"forgets": lambda: None, "raises": lambda: 1 // 0}


def quietly(function, *arguments):
    """Without the traceback that PyGObject prints of an exception that nobody takes."""
    hook, sys.excepthook = sys.excepthook, lambda *_: None
    try:
        return function(*arguments)
    finally:
        sys.excepthook = hook


def test_broken_directory():
    """A bug in the program's directory is an error for the caller, and no crash."""
    book = Broken()
    unknown = Xep174.DirectoryError.quark(), Xep174.DirectoryError.UNKNOWN_NAME
    address = Gio.InetSocketAddress.new_from_string("127.0.0.1", 5298)
    romeo = Side("romeo", book)
    for name in BUGS:
        quietly(raises, *unknown, book.dup_connectable, name)
        quietly(raises, *unknown, call, book, "identify", address, name)
        cancellable = Gio.Cancellable()
        opening = quietly(lambda: Call(romeo.session(name), "open", cancellable=cancellable))
        assert book.calls == 2 and opening.results == []  # it will try again
        cancellable.cancel()
        raises(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED, opening.finish)
        book.calls = 0
    romeo.stop()


if __name__ == "__main__":
    tap.main([
        ("/gi/session/talk", test_talk),
        ("/gi/session/model", test_sessions_model),
        ("/gi/session/errors", test_errors),
        ("/gi/session/refused", test_refused),
        ("/gi/session/cancelled", test_cancelled),
        ("/gi/session/steal", test_steal),
        ("/gi/session/dropped", test_dropped_with_handlers),
        ("/gi/session/callbacks", test_unheard_callback),
        ("/gi/directory/python", test_directory),
        ("/gi/directory/stranger", test_stranger),
        ("/gi/directory/broken", test_broken_directory),
    ])
