#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Octets to elements and back under asyncio: no main loop of GLib, no session of ours."""
import asyncio
import socket

import gi

gi.require_version("Xep174", "1")
from gi.repository import GLib, Xep174  # noqa: E402

NS_STREAMS = "http://etherx.jabber.org/streams"


async def elements(reader, writer):
    """The header and the elements of a stream, until it ends."""
    parser = Xep174.StreamParser.new()
    while octets := await reader.read(4096):
        parser.feed(octets)
        try:
            for item, element in parser:
                if item == Xep174.StreamItem.FOOTER:
                    return
                yield element
        except GLib.Error as error:
            writer.write(Xep174.stream_write_error(error.code, error.message).encode())
            return


async def juliet(reader, writer):
    """The initiator speaks first, and waits for the features before its first stanza."""
    writer.write(Xep174.stream_write_header("juliet@capulet", "romeo@montague", None).encode())
    async for element in elements(reader, writer):
        if element.matches("features", NS_STREAMS):
            message = Xep174.Element.new("message", "jabber:client")
            message.append_new("body", None).append_text("Good night & good night")
            writer.write(Xep174.stream_write_element(message, "juliet@capulet",
                                                     "romeo@montague").encode())
            writer.write(Xep174.STREAM_FOOTER.encode())
    writer.close()


async def romeo(reader, writer):
    async for element in elements(reader, writer):
        if element.matches("stream", NS_STREAMS):
            writer.write(Xep174.stream_write_header(element.get_attribute("to"),
                                                    element.get_attribute("from"), "1").encode())
            writer.write(Xep174.stream_write_element(Xep174.Element.new("features", NS_STREAMS),
                                                     None, None).encode())
        elif element.matches("message", None):
            print(element.get_attribute("from"), "says:", element.dup_child_text("body", None))
    writer.write(Xep174.STREAM_FOOTER.encode())
    writer.close()


async def main():
    ends = [await asyncio.open_connection(sock=half) for half in socket.socketpair()]
    await asyncio.gather(juliet(*ends[0]), romeo(*ends[1]))


asyncio.run(main())
