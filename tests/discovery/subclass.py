#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A discovery written in Python: the vfuncs, their callbacks and what the base class adds."""
import gi

gi.require_version("Xep174", "1")
from gi.repository import Gio, GLib, Xep174  # noqa: E402


class Book(Xep174.Discovery):
    def do_start_async(self, profile, port, cancellable, callback, *_):
        task = Gio.Task.new(self, cancellable, callback)
        self.put_contact("romeo@montague", profile.dup_txt(port))
        GLib.idle_add(task.return_boolean, True)

    def do_start_finish(self, result):
        return result.propagate_boolean()

    def do_make_connectable(self, name):
        return Gio.NetworkAddress.new("192.0.2.1", 5298)


def call(function, *arguments):
    loop = GLib.MainLoop()
    results = []

    def on_done(source, result, *_):
        results.append(result)
        loop.quit()

    function(*arguments, on_done)
    loop.run()
    return results[0]


def main():
    book = Book()
    me = Xep174.Profile(user="juliet")
    me.set_machine("capulet")
    added = []
    book.connect("contact-added", lambda _, contact: added.append(contact.get_name()))

    assert book.start_finish(call(book.start_async, me, 5298, None))
    assert book.props.running and book.props.local_name == "juliet@capulet"
    assert added == ["romeo@montague"]
    assert [contact.props.name for contact in book.props.contacts] == added
    assert book.dup_connectable("Romeo@montague").props.port == 5298

    source = Gio.InetSocketAddress.new_from_string("192.0.2.1", 40000)
    assert book.identify_finish(call(book.identify_async, source, None, None)) == added[0]

    try:
        me.set_nick("x" * 300)
        raise AssertionError("too long a nickname was taken")
    except GLib.Error as error:
        assert error.matches(Xep174.DiscoveryError.quark(), Xep174.DiscoveryError.TOO_LONG)

    assert book.stop_finish(call(book.stop_async, None))
    assert not book.props.running and len(book.props.contacts) == 0


print("1..1")
main()
print("ok 1 /subclass/python")
