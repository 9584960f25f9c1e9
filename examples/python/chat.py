#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Talks with the people on the network, with asyncio.

Write the name first to say who gets a line ("juliet: good night"). A line without a name goes to the
person you talked with last. If you name a contact on the command line, the program waits until that
contact is there; so the input may be a pipe.
"""
import argparse
import asyncio
import getpass
import sys

import gi

gi.require_version("Xep174", "1")
from gi.repository import Gio, GLib, Xep174  # noqa: E402

from glib_asyncio import call, run  # noqa: E402

try:
    gi.require_version("GioUnix", "2.0")
    from gi.repository import GioUnix  # noqa: E402
    UnixInputStream = GioUnix.InputStream
except (ImportError, ValueError):  # before GLib 2.80
    UnixInputStream = Gio.UnixInputStream

PATIENCE = 10  # seconds


def show(*words, to=sys.stdout):
    """Makes what others say safe to show: a terminal obeys control characters."""
    text = " ".join(words)
    print("".join(c if c.isprintable() else " " for c in text), file=to, flush=True)


class Chat:
    def __init__(self, user, other):
        self.other = other  # gets the lines that name nobody
        self.failures = 0
        self.somebody_came = asyncio.Event()
        self.client = Xep174.Client.new(Xep174.Profile.new(user))
        self.client.connect("message-received", self.on_message)
        self.client.connect("message-unconfirmed", self.on_unconfirmed)
        self.client.connect("message-refused", self.on_refused)
        self.client.connect("contact-added", self.on_contact_added)
        self.client.connect("contact-removed", self.on_contact_removed)

    async def run(self):
        await call(self.client, "start")
        show("* You are", self.client.props.local_name)
        try:
            if self.other:
                await asyncio.wait_for(self.meet(self.other), PATIENCE)
            async with asyncio.TaskGroup() as sending:
                async for line in self.lines():
                    sending.create_task(self.say(line))
        except asyncio.TimeoutError:
            self.fail(f"{self.other} is not here")
        finally:
            await call(self.client, "stop")

    async def lines(self):
        """The lines that are typed, or come from a pipe or a file, as far as they can be read."""
        stdin = Gio.DataInputStream.new(UnixInputStream.new(sys.stdin.fileno(), False))
        while True:
            try:
                line, _length = await call(stdin, "read_line", GLib.PRIORITY_DEFAULT,
                                           finish="read_line_finish_utf8")
            except GLib.Error as error:
                self.fail(f"cannot read any further: {error.message}")
                return
            if line is None:
                return
            yield line

    def find(self, name):
        """The contact with this name, or with this name before its @."""
        return self.client.find_contact(name) or next(
            (contact for contact in self.client.props.contacts
             if contact.props.name.startswith(f"{name}@")), None)

    async def meet(self, name):
        while self.find(name) is None:
            self.somebody_came.clear()
            await self.somebody_came.wait()

    async def say(self, line):
        name, colon, text = line.partition(":")
        if colon and self.find(name):
            self.other, line = name, text.strip()
        contact = self.other and self.find(self.other)
        if not line:
            return
        if not contact:
            return self.fail(f"{self.other} is not here" if self.other else "To whom? (NAME: TEXT)")
        try:
            await call(self.client, "send_text", contact, line)
        except GLib.Error as error:
            self.fail(f"not sent to {contact.props.name}: {error.message}")

    def fail(self, why):
        self.failures += 1
        show("!", why, to=sys.stderr)

    def on_message(self, _client, contact, message):
        self.other = contact.props.name
        show(contact.props.display_name + ":", message.props.body)

    def on_unconfirmed(self, _client, contact, message):
        self.fail(f"{contact.props.name} may not have read: {message.props.body}")

    def on_refused(self, _client, contact, _message_id, error):
        self.fail(f"{contact.props.name} did not take a message: {error.message}")

    def on_contact_added(self, _client, contact):
        self.somebody_came.set()
        show("*", contact.props.name, "is here")

    def on_contact_removed(self, _client, contact):
        show("*", contact.props.name, "has left")


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("user", nargs="?", default=getpass.getuser(), help="your own name")
    parser.add_argument("contact", nargs="?", help="whom to talk to")
    arguments = parser.parse_args()
    chat = Chat(arguments.user, arguments.contact)
    await chat.run()
    return min(chat.failures, 1)


if __name__ == "__main__":
    try:
        sys.exit(run(main()))
    except GLib.Error as error:
        sys.exit(f"Cannot go online: {error.message}")
    except KeyboardInterrupt:
        pass
