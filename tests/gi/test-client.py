#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From Python: the client, its contacts, and a discovery written in Python."""
import gc
import hashlib

import tap
from gitest import Call, Gio, GLib, Watch, Xep174, await_that, call, raises, settle

ERROR = Xep174.SessionError
CANCELLED = Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED


class Person:
    """A client on loopback, whose contacts are entered by hand."""

    def __init__(self, user, discovery=None):
        self.discovery = discovery or Xep174.ManualDiscovery.new()
        self.client = Xep174.Client.new(Xep174.Profile.new(user), self.discovery)
        self.client.props.profile.set_machine("verona")
        self.heard = []
        self.refused = []
        self.client.connect("message-received", self.on_message)
        self.client.connect("message-refused", self.on_refused)

    def on_message(self, client, contact, message):
        gc.collect()
        assert client is self.client
        self.heard.append((contact.props.name, message.props.body))

    def on_refused(self, client, contact, message_id, error):
        gc.collect()
        assert client is self.client and error.matches(Xep174.SessionError.quark(), ERROR.REFUSED)
        self.refused.append((contact.props.name, message_id, error.message))

    def start(self):
        assert call(self.client, "start")
        return self

    def add(self, other):
        return self.discovery.add(other.client.props.local_name, "127.0.0.1",
                                  other.client.props.port)

    def stop(self):
        assert call(self.client, "stop")
        assert not self.client.props.running


def acquainted():
    romeo, juliet = Person("romeo").start(), Person("juliet").start()
    return romeo, juliet, romeo.add(juliet), juliet.add(romeo)


def test_talk():
    romeo, juliet, to_juliet, to_romeo = acquainted()
    assert romeo.client.props.running and romeo.client.props.local_name == "romeo@verona"
    assert call(romeo.client, "send_text", to_juliet, "Con un bacio: è \U0001f940")
    await_that(lambda: juliet.heard)
    assert juliet.heard == [("romeo@verona", "Con un bacio: è \U0001f940")]
    message = Xep174.Message.new(Xep174.MessageKind.NORMAL, "I come anon")
    assert message.props.id is None
    assert call(juliet.client, "send_message", to_romeo, message)
    assert message.props.id
    await_that(lambda: romeo.heard)
    stanza = Xep174.Element.parse("<message xmlns='jabber:client' type='chat'><body>soon</body>"
                                  "<x xmlns='urn:example'/></message>")
    assert call(juliet.client, "send_stanza", to_romeo, stanza)
    await_that(lambda: len(romeo.heard) == 2)
    assert romeo.heard[1] == ("juliet@verona", "soon")
    assert len(romeo.client.props.session_manager.props.sessions) == 1
    romeo.stop()
    juliet.stop()


def test_refused():
    """X14: what comes back as an error is no message, and there is a signal for it."""
    romeo, juliet, to_juliet, _ = acquainted()
    back = ("<message type='error' id='7'><body>hello</body><error type='cancel'>"
            "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
    assert call(romeo.client, "send_stanza", to_juliet, Xep174.Element.parse(back))
    await_that(lambda: juliet.refused)
    assert juliet.refused == [("romeo@verona", "7", "Their program does not take such messages")]
    assert not juliet.heard
    romeo.stop()
    juliet.stop()


def test_contacts():
    """A list model that is a sequence in Python, of objects that stay the same."""
    romeo, juliet = Person("romeo").start(), Person("juliet").start()
    contacts, changes, events = romeo.client.props.contacts, [], []
    contacts.connect("items-changed", lambda _, *change: changes.append(change))
    romeo.client.connect("contact-added", lambda _, who: events.append(("added", who)))
    romeo.client.connect("contact-removed", lambda _, who: events.append(("removed", who)))
    contact = romeo.add(juliet)
    gc.collect()
    assert changes == [(0, 0, 1)] and len(contacts) == 1 and contacts[0] is contact
    assert list(contacts) == [contact] and contact in contacts
    assert romeo.client.find_contact("JULIET@Verona") is contact
    assert romeo.client.find_contact("tybalt@verona") is None
    assert not romeo.client.dup_contact("tybalt@verona").props.online
    assert romeo.client.dup_contact("juliet@verona") is contact
    assert contact.props.display_name == "juliet" and contact.props.status == Xep174.Status.AVAILABLE
    assert contact.props.emails == [] and contact.props.status_message is None
    online = []
    contact.connect("notify::online", lambda contact, _: online.append(contact.props.online))
    assert romeo.discovery.remove("juliet@verona")
    assert not romeo.discovery.remove("juliet@verona")
    assert changes[1:] == [(0, 1, 0)] and len(contacts) == 0 and online == [False]
    assert events == [("added", contact), ("removed", contact)]
    assert romeo.add(juliet) is contact and online == [False, True]
    romeo.stop()
    assert len(contacts) == 0 and not contact.props.online
    juliet.stop()


def test_errors():
    romeo, juliet, to_juliet, _to_romeo = acquainted()
    raises(ERROR.quark(), ERROR.INVALID_STATE, call, romeo.client, "start")
    raises(ERROR.quark(), ERROR.INVALID_STANZA, call, romeo.client, "send_text", to_juliet, "")
    taken = Person("tybalt")
    taken.client.props.port = romeo.client.props.port
    raises(Gio.io_error_quark(), Gio.IOErrorEnum.ADDRESS_IN_USE, call, taken.client, "start")
    assert not taken.client.props.running
    romeo.discovery.remove("juliet@verona")
    raises(Xep174.DirectoryError.quark(), Xep174.DirectoryError.UNKNOWN_NAME,
           call, romeo.client, "send_text", to_juliet, "Farewell")
    romeo.stop()
    raises(ERROR.quark(), ERROR.INVALID_STATE,
           call, romeo.client, "send_text", to_juliet, "Farewell")
    juliet.stop()


def test_cancelled():
    """A cancelled start is as if it had never been; a cancelled message is never sent."""
    romeo, juliet, to_juliet, _to_romeo = acquainted()
    cancellable = Gio.Cancellable()
    cancellable.cancel()
    late = Person("mercutio")
    raises(*CANCELLED, call, late.client, "start", cancellable=cancellable)
    assert not late.client.props.running and late.client.props.local_name is None
    cancellable = Gio.Cancellable()
    never = Call(romeo.client, "send_text", to_juliet, "never", cancellable=cancellable)
    ever = Call(romeo.client, "send_text", to_juliet, "ever")
    cancellable.cancel()
    raises(*CANCELLED, never.finish)
    assert ever.finish()
    await_that(lambda: juliet.heard)
    assert juliet.heard == [("romeo@verona", "ever")]
    romeo.stop()
    juliet.stop()


def test_unreferenced():
    """All of it goes when the program lets go of it, running or not, after it ends its calls."""
    people = list(acquainted())
    watch = Watch(people[0].client, people[1].client, people[0].discovery, people[1].discovery,
                  people[2], people[3], people[0].client.props.profile,
                  people[0].client.props.session_manager)
    done = []
    people[0].client.send_text_async(people[2], "a last word", None, lambda *_: done.append(_))
    await_that(lambda: done)
    assert people[0].client.send_text_finish(done.pop()[1])
    people.clear()
    await_that(watch.all_gone, "end of everything")


def test_held_while_busy():
    """A client whose wrapper goes lives on until its calls have ended."""
    done = []
    person = Person("benvolio")
    watch = Watch(person.client)
    person.client.start_async(None, lambda client, result: done.append(client.start_finish(result)))
    del person
    await_that(lambda: done)
    assert done == [True]
    await_that(watch.all_gone, "end of the client")


class Book(Xep174.Discovery):
    """A discovery in Python, which starts and stops in its own time."""

    def __init__(self, **entries):
        super().__init__()
        self.entries = entries
        self.log = []

    def later(self, step, callback, cancellable, function):
        gc.collect()
        self.log.append(step)
        task = Gio.Task.new(self, cancellable, callback)
        GLib.idle_add(function, task)

    def do_start_async(self, profile, port, cancellable, callback, *_):
        self.port = port
        self.later("start", callback, cancellable, self.appear)

    def appear(self, task):
        if not task.return_error_if_cancelled():
            for name in self.entries:
                self.put_contact(name, None)
            task.return_boolean(True)

    def do_start_finish(self, result):
        gc.collect()
        return result.propagate_boolean()

    def do_stop_async(self, cancellable, callback, *_):
        self.later("stop", callback, cancellable, lambda task: task.return_boolean(True))

    def do_stop_finish(self, result):
        return result.propagate_boolean()

    def do_profile_changed(self):
        self.log.append(self.get_profile().get_status_message())

    def do_dup_contact_connectable(self, name):
        gc.collect()
        return Gio.NetworkAddress.new("127.0.0.1", self.entries[name.lower()])

    def do_report_contact_failure(self, name):
        self.log.append("failed " + name)


def test_subclass():
    """A whole client on a discovery in Python."""
    juliet = Person("juliet").start()
    book = Book(**{"juliet@verona": juliet.client.props.port})
    romeo = Person("romeo", book).start()
    juliet.add(romeo)
    assert book.props.running and book.port == romeo.client.props.port
    assert [contact.props.name for contact in romeo.client.props.contacts] == ["juliet@verona"]
    assert call(romeo.client, "send_text", romeo.client.props.contacts[0], "Lady")
    await_that(lambda: juliet.heard)
    juliet.client.send_text_async(juliet.client.props.contacts[0], "O Romeo")
    await_that(lambda: romeo.heard)
    romeo.client.props.profile.set_status(Xep174.Status.AWAY, "in the garden")
    romeo.client.props.profile.set_status(Xep174.Status.DND, "on the balcony")
    await_that(lambda: len(book.log) > 1)
    romeo.stop()
    juliet.stop()
    assert book.log == ["start", "on the balcony", "stop"], book.log
    watch = Watch(book, romeo.client)
    del book, romeo, juliet
    await_that(watch.all_gone, "end of the discovery")


class Gallery(Book):
    """It has a picture for everybody, who all announce the same one."""

    announced = b"\x89PNG" * 1000
    picture = announced

    def appear(self, task):
        record = b"phsh=" + hashlib.sha1(self.announced).hexdigest().encode()
        for name in self.entries:
            self.put_contact(name, GLib.Bytes.new(bytes([len(record)]) + record))
        task.return_boolean(True)

    def do_load_avatar_async(self, name, digest, cancellable, callback, *_):
        assert digest == hashlib.sha1(self.announced).hexdigest()
        self.later("picture of " + name, callback, cancellable, lambda task: task.return_boolean(True))

    def do_load_avatar_finish(self, result):
        gc.collect()
        result.propagate_boolean()
        return GLib.Bytes.new(self.picture)


def test_D15_pictures():
    """D15: what a discovery in Python loads is believed if it has the hash that was announced."""
    code = Xep174.DiscoveryError
    gallery = Gallery(romeo=1, juliet=2)
    assert call(gallery, "start", None, 0)
    romeo, juliet = gallery.props.contacts
    for picture in (b"another one", bytes(1000000), b""):
        gallery.picture = picture
        raises(Xep174.DiscoveryError.quark(), code.WRONG_AVATAR, call, romeo, "load_avatar")
    gallery.picture = gallery.announced
    both = Call(romeo, "load_avatar"), Call(romeo, "load_avatar")
    assert [load.finish().get_data() for load in both] == [gallery.announced] * 2
    assert call(juliet, "load_avatar").get_data() == gallery.announced
    assert gallery.log == ["start"] + ["picture of romeo"] * 4
    assert call(gallery, "stop")

    book = Book(romeo=1)
    assert call(book, "start", None, 0)
    raises(Xep174.DiscoveryError.quark(), code.NO_AVATAR, call, book.props.contacts[0], "load_avatar")
    assert call(book, "stop")

    profile = Xep174.Profile.new("romeo")
    assert profile.set_avatar(GLib.Bytes.new(gallery.announced))
    assert profile.props.avatar.get_data() == gallery.announced
    raises(Xep174.DiscoveryError.quark(), code.TOO_LONG, profile.set_avatar,
           GLib.Bytes.new(bytes(65536)))


def test_subclass_directory():
    """What the base class adds: who is called so, and who speaks from an address (X4, X13)."""
    book = Book(**{"juliet@verona": 5298})
    assert call(book, "start", None, 0)
    assert book.dup_connectable("Juliet@Verona").props.port == 5298
    address = Gio.InetSocketAddress.new_from_string
    for claimed in (None, "juliet@verona"):
        assert call(book, "identify", address("127.0.0.1", 40000), claimed) == "juliet@verona"
    domain, code = Xep174.DirectoryError.quark(), Xep174.DirectoryError
    raises(domain, code.WRONG_ADDRESS, call, book, "identify", address("192.0.2.7", 40000),
           "juliet@verona")
    raises(domain, code.UNKNOWN_NAME, book.dup_connectable, "tybalt@verona")
    book.report_failure("juliet@verona")
    assert book.log == ["start", "failed juliet@verona"]
    assert call(book, "stop") and book.props.contacts.get_n_items() == 0


def test_subclass_cancelled():
    """Its start sees the cancellation, and its error is the caller's."""
    cancellable = Gio.Cancellable()
    book = Book()
    start = Call(book, "start", None, 0, cancellable=cancellable)
    cancellable.cancel()
    raises(*CANCELLED, start.finish)
    assert not book.props.running
    start = Call(book, "start", None, 0)
    stop = Call(book, "stop")
    raises(*CANCELLED, start.finish)
    assert stop.finish() and book.log == ["start", "start"], book.log


class Hasty(Book):
    """Calls back before its functions return, which GTask puts off to the main loop."""

    def later(self, step, callback, cancellable, function):
        function(Gio.Task.new(self, cancellable, callback))


class Refusing(Book):
    def appear(self, task):
        task.return_error(GLib.Error("no radio", "xep174-discovery-error-quark",
                                     Xep174.DiscoveryError.NO_NETWORK))


def test_subclass_outcomes():
    hasty = Person("romeo", Hasty()).start()
    hasty.stop()
    refused = Person("romeo", Refusing())
    said = raises(Xep174.DiscoveryError.quark(), Xep174.DiscoveryError.NO_NETWORK,
                  call, refused.client, "start")
    assert said == "no radio" and not refused.client.props.running


def test_default_and_abstract():
    assert isinstance(Xep174.DefaultDiscovery.new(), Xep174.Discovery)
    try:
        Xep174.Discovery()
    except TypeError as error:
        assert "abstract" in str(error)
    else:
        raise AssertionError("an abstract class was made")
    settle()


if __name__ == "__main__":
    tap.main([
        ("/gi/client/talk", test_talk),
        ("/gi/client/X14-refused", test_refused),
        ("/gi/client/contacts", test_contacts),
        ("/gi/client/errors", test_errors),
        ("/gi/client/cancelled", test_cancelled),
        ("/gi/client/unreferenced", test_unreferenced),
        ("/gi/client/held-while-busy", test_held_while_busy),
        ("/gi/discovery/subclass", test_subclass),
        ("/gi/discovery/directory", test_subclass_directory),
        ("/gi/discovery/cancelled", test_subclass_cancelled),
        ("/gi/discovery/outcomes", test_subclass_outcomes),
        ("/gi/discovery/default-and-abstract", test_default_and_abstract),
    ])
