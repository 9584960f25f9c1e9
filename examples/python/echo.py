#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sends every message back to the person who wrote it, until Ctrl-C."""
import argparse
import sys

import gi

gi.require_version("Xep174", "1")
from gi.repository import GLib, Xep174  # noqa: E402


def on_started(client, result, loop):
    try:
        client.start_finish(result)
        print("Online as", client.props.local_name, flush=True)
    except GLib.Error as error:
        print("Cannot go online:", error.message, file=sys.stderr)
        loop.quit()


def on_message(client, contact, message):
    print(contact.props.display_name, "says", repr(message.props.body), flush=True)
    client.send_text_async(contact, message.props.body)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("user", nargs="?", default="echo", help="the name that others see")
loop = GLib.MainLoop()
client = Xep174.Client.new(Xep174.Profile.new(parser.parse_args().user))
client.connect("message-received", on_message)
client.start_async(None, on_started, loop)
try:
    loop.run()
    sys.exit(1)
except KeyboardInterrupt:
    client.stop_async(None, lambda *_: loop.quit())  # says goodbye
    loop.run()
