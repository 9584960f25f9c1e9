#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
import getpass
import sys

import gi

gi.require_version("Xep174", "1")
from gi.repository import GLib, Xep174  # noqa: E402


def on_contact_added(_client, contact):
    print(contact.props.name, "is here", flush=True)


def on_contact_removed(_client, contact):
    print(contact.props.name, "has left", flush=True)


def on_started(client, result):
    try:
        client.start_finish(result)
    except GLib.Error as error:
        print("Cannot go online:", error.message, file=sys.stderr)
        loop.quit()
    else:
        print("You are", client.props.local_name, flush=True)


loop = GLib.MainLoop()
me = Xep174.Profile.new(sys.argv[1] if len(sys.argv) > 1 else getpass.getuser())
client = Xep174.Client.new(me, None)
client.connect("contact-added", on_contact_added)
client.connect("contact-removed", on_contact_removed)
client.start_async(None, on_started)
loop.run()
