#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows who is on the network, and who comes and goes. Others do not see this program."""
import argparse
import contextlib
import sys

import gi

gi.require_version("Xep174", "1")
from gi.repository import GLib, Xep174  # noqa: E402


def on_contact(_discovery, contact, is_here):
    status = contact.props.status.value_nick.replace("dnd", "do not disturb") if is_here else "gone"
    message = repr(contact.props.status_message) if is_here and contact.props.status_message else ""
    print(f"{contact.props.display_name:24} {status:14} {message}".rstrip(), flush=True)


def on_started(discovery, result, loop):
    try:
        discovery.start_finish(result)
    except GLib.Error as error:
        print("Cannot look around:", error.message, file=sys.stderr)
        loop.quit()


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--seconds", type=int, default=2**31, help="how long; without it, until Ctrl-C")
loop = GLib.MainLoop()
GLib.timeout_add_seconds(parser.parse_args().seconds, loop.quit)
discovery = Xep174.DefaultDiscovery.new()
discovery.connect("contact-added", on_contact, True)
discovery.connect("contact-removed", on_contact, False)
discovery.start_async(None, 0, None, on_started, loop)  # no profile: nothing is published
with contextlib.suppress(KeyboardInterrupt):
    loop.run()
discovery.disconnect_by_func(on_contact)  # when we stop, all contacts go: do not report it
sys.exit(not discovery.props.running)
