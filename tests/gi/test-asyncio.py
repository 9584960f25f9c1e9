#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bridge of examples/python: asyncio and GLib in one loop that sleeps when both have nothing."""
import asyncio
import os
import pathlib
import signal
import sys

import tap
from gitest import Gio, GLib, connections

sys.path.insert(0, str(pathlib.Path(os.environ["SOURCE_ROOT"], "examples/python")))
import glib_asyncio  # noqa: E402
from glib_asyncio import call, run  # noqa: E402


def test_both_clocks():
    """The timers of both fire, and each wakes the other."""
    async def main():
        loop = asyncio.get_running_loop()
        fired, done = [], loop.create_future()

        def in_glib(step):
            fired.append(step)
            loop.call_later(0.01, in_asyncio, step + 1)

        def in_asyncio(step):
            fired.append(step)
            if step < 8:
                GLib.timeout_add(10, in_glib, step + 1)
            else:
                done.set_result("done")

        GLib.timeout_add(10, in_glib, 1)
        assert await done == "done"
        return fired

    assert run(main()) == list(range(1, 9))


def test_descriptors():
    """asyncio's own transports work beside GLib's streams."""
    async def main():
        def answer(reader, writer):
            writer.write(b"from asyncio\n")
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            client = Gio.SocketClient.new()
            connection = await call(client, "connect_to_host", f"127.0.0.1:{port}", port)
            lines = Gio.DataInputStream.new(connection.get_input_stream())
            line, _length = await call(lines, "read_line", GLib.PRIORITY_DEFAULT)
        connection.close()
        return line

    assert run(main()) == b"from asyncio"


def test_sleeps():
    """An idle loop does not turn."""
    turns = []

    class Counting(glib_asyncio.MainContextSelector):
        def select(self, timeout=None):
            turns.append(timeout)
            return super().select(timeout)

    loop = asyncio.SelectorEventLoop(Counting())
    loop.run_until_complete(asyncio.sleep(0.3))
    loop.close()
    assert len(turns) < 10, turns


def test_errors_and_cancellation():
    """What an operation fails with is raised; a cancelled task cancels its operation."""
    async def main():
        end, _other = connections()
        try:
            await call(Gio.File.new_for_path("/nowhere"), "load_contents")
        except GLib.Error as error:
            assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND)
        else:
            raise AssertionError("no error")
        stream = end.get_input_stream()
        reading = asyncio.create_task(call(stream, "read_bytes", 1, GLib.PRIORITY_DEFAULT))
        await asyncio.sleep(0)
        assert stream.has_pending()
        reading.cancel()
        await asyncio.wait([reading])
        assert reading.cancelled()
        while stream.has_pending():
            await asyncio.sleep(0.01)

    run(main())


def test_interrupt():
    """Ctrl-C cancels what runs, as asyncio.run() does."""
    cleaned = []

    async def main():
        GLib.timeout_add(10, lambda: os.kill(os.getpid(), signal.SIGINT))
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            cleaned.append(await asyncio.sleep(0, "up"))

    # It is ignored in what a shell began in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run(main())
    except KeyboardInterrupt:
        assert cleaned == ["up"]
    else:
        raise AssertionError("not interrupted")


if __name__ == "__main__":
    tap.main_of("asyncio", globals())
