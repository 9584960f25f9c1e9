#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
import sys

import gi

gi.require_version("Xep174", "1")
from gi.repository import Gio, GLib, Xep174  # noqa: E402

try:
    gi.require_version("GioUnix", "2.0")
    from gi.repository import GioUnix  # noqa: E402
    UnixInputStream = GioUnix.InputStream
except (ImportError, ValueError):  # before GLib 2.80
    UnixInputStream = Gio.UnixInputStream


class Chat:
    def __init__(self, user, other):
        self.other = other
        self.loop = GLib.MainLoop()
        self.input = Gio.DataInputStream.new(UnixInputStream.new(0, False))
        self.client = Xep174.Client.new(Xep174.Profile.new(user), None)
        self.client.connect("contact-added", self.on_contact_added)
        self.client.connect("contact-removed", self.on_contact_removed)
        self.client.connect("message-received", self.on_message)
        self.client.connect("message-unconfirmed", self.on_unconfirmed)
        self.client.connect("message-refused", self.on_refused)

    def run(self):
        self.client.start_async(None, self.on_started)
        self.loop.run()

    def on_started(self, client, result):
        try:
            client.start_finish(result)
        except GLib.Error as error:
            print("Cannot go online:", error.message, file=sys.stderr)
            self.loop.quit()
        else:
            print("You are", client.props.local_name, flush=True)
            self.read_line()

    @staticmethod
    def on_contact_added(_client, contact):
        print(contact.props.name, "is here", flush=True)

    @staticmethod
    def on_contact_removed(_client, contact):
        print(contact.props.name, "has left", flush=True)

    @staticmethod
    def on_message(_client, contact, message):
        print(f"{contact.props.display_name}: {message.props.body}", flush=True)

    @staticmethod
    def on_unconfirmed(_client, contact, message):
        print(contact.props.display_name, "may not have read:", message.props.body, flush=True)

    @staticmethod
    def on_refused(_client, contact, _message_id, error):
        print(contact.props.display_name, "has not got it:", error.message, flush=True)

    def read_line(self):
        self.input.read_line_async(GLib.PRIORITY_DEFAULT, None, self.on_line)

    def on_line(self, stream, result):
        try:
            line, _length = stream.read_line_finish_utf8(result)
        except GLib.Error as error:
            print("Cannot read:", error.message, file=sys.stderr)
            line = None
        if line is None:
            self.client.stop_async(None, self.on_stopped)
        else:
            self.say(line)
            self.read_line()

    def say(self, text):
        contact = self.client.find_contact(self.other)
        if contact is None:
            print(self.other, "is not here", flush=True)
        elif text:
            self.client.send_text_async(contact, text, None, self.on_sent)

    def on_sent(self, client, result):
        try:
            client.send_text_finish(result)
        except GLib.Error as error:
            print("Not sent:", error.message, flush=True)

    def on_stopped(self, client, result):
        client.stop_finish(result)
        self.loop.quit()


if len(sys.argv) != 3:
    sys.exit(f"Usage: {sys.argv[0]} MY-NAME OTHER@MACHINE")
Chat(sys.argv[1], sys.argv[2]).run()
