# SPDX-License-Identifier: LGPL-2.1-or-later
"""GLib's default main context inside of an asyncio event loop: no thread, no polling.

An asyncio loop sleeps in the select() of its selector. Ours sleeps in the main context, which wakes
up for its own sources, after the time that asyncio gives it, and for asyncio's descriptors: those
are all behind the one descriptor of an epoll. PyGObject brings the like from 3.50 on (gi.events).
"""
import asyncio
import math
import selectors

from gi.repository import Gio, GLib


class MainContextSelector(selectors.EpollSelector):
    def __init__(self):
        super().__init__()
        self._watch = GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, self.fileno(),
                                            GLib.IOCondition.IN, lambda *_: GLib.SOURCE_CONTINUE)

    def select(self, timeout=None):
        alarm = None
        if timeout is not None and timeout > 0:
            alarm = GLib.Timeout(math.ceil(timeout * 1000))
            alarm.set_callback(lambda *_: GLib.SOURCE_REMOVE)
            alarm.attach()
        # Only one turn: a callback of GLib may have given asyncio something to do.
        GLib.MainContext.default().iteration(timeout is None or timeout > 0)
        if alarm is not None:
            alarm.destroy()
        return super().select(0)

    def close(self):
        GLib.source_remove(self._watch)
        super().close()


def new_event_loop():
    return asyncio.SelectorEventLoop(MainContextSelector())


def run(coroutine):
    """asyncio.run() with GLib in it."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(coroutine)


async def call(source, name, *arguments, finish=None):
    """Awaits a pair of GLib functions, source.NAME_async() and source.NAME_finish().

    Cancelling the task cancels the operation. What it fails with, a GLib.Error, is raised here.
    """
    done = asyncio.get_running_loop().create_future()
    cancellable = Gio.Cancellable()

    def on_done(source, result):
        try:
            value = getattr(source, finish or name + "_finish")(result)
        except GLib.Error as error:
            if not done.cancelled():
                done.set_exception(error)
        else:
            if not done.cancelled():
                done.set_result(value)

    getattr(source, name + "_async")(*arguments, cancellable, on_done)
    try:
        return await done
    except asyncio.CancelledError:
        cancellable.cancel()
        raise
