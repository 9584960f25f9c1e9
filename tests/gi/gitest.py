# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests in Python share: a main context turned by hand, with the collector at each turn."""
import gc
import os
import socket

import gi

os.environ["XEP174_DATA_DIR"] = "/dev/null/none"  # where nothing can be: keys are in memory

gi.require_version("Xep174", "1")
from gi.repository import Gio, GLib, Xep174  # noqa: E402

PATIENCE = 30
CONTEXT = GLib.MainContext.default()


def await_that(check, what="what was awaited"):
    """Turns the main context until check() gives something true, and gives that."""
    late = []
    timeout = GLib.timeout_add_seconds(PATIENCE, late.append, True)
    try:
        while True:
            gc.collect()
            found = check()
            if found:
                return found
            assert not late, f"no {what} within {PATIENCE} s"
            CONTEXT.iteration(True)
    finally:
        if not late:
            GLib.source_remove(timeout)


def settle():
    """Everything that is ready happens, and what nobody holds goes."""
    while CONTEXT.iteration(False):
        gc.collect()
    gc.collect()


class Call:
    """A call of NAME_async() that is under way; its callback must come exactly once."""

    def __init__(self, source, name, *arguments, cancellable=None):
        self.results = []
        self.source, self.name = source, name
        getattr(source, name + "_async")(*arguments, cancellable, self.on_done)

    def on_done(self, source, result):
        gc.collect()
        assert source is self.source
        self.results.append(result)

    def finish(self):
        """What NAME_finish() returns or raises."""
        result = await_that(lambda: self.results, f"end of {self.name}")[0]
        settle()
        assert len(self.results) == 1, f"{self.name} called back {len(self.results)} times"
        return getattr(self.source, self.name + "_finish")(result)


def call(source, name, *arguments, cancellable=None):
    return Call(source, name, *arguments, cancellable=cancellable).finish()


def raises(domain, code, function, *arguments, **options):
    """The message of the GLib.Error that the call must end with."""
    try:
        value = function(*arguments, **options)
    except GLib.Error as error:
        assert error.matches(domain, code), (error.domain, error.code, error.message)
        assert error.message
        return error.message
    raise AssertionError(f"no error, but {value!r}")


class Watch:
    """Counts those of some objects that are alive."""

    def __init__(self, *objects):
        self.alive = len(objects)
        for item in objects:
            item.weak_ref(self.gone)

    def gone(self):
        self.alive -= 1

    def all_gone(self):
        settle()
        return self.alive == 0


def connections():
    """The two ends of a connection."""
    ends = [Gio.Socket.new_from_fd(end.detach()) for end in socket.socketpair()]
    return [end.connection_factory_create_connection() for end in ends]
