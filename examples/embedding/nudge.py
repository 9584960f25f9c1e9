#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A feature of your own in Python: Romeo asks for Juliet's attention (XEP-0224). Both are in here."""
import gi

gi.require_version("Xep174", "1")
from gi.repository import GLib, GObject, Xep174  # noqa: E402

LOOP = GLib.MainLoop()


class Nudge(Xep174.Feature):
    NS = "urn:xmpp:attention:0"

    __gsignals__ = {"nudged": (GObject.SignalFlags.RUN_LAST, None, (str,))}

    def __init__(self):
        """What is given to it, and what others are told that we can do."""
        super().__init__(payloads=[self.NS], announces=[self.NS])

    def do_handle(self, contact, _stanza, _payload):
        self.emit("nudged", contact)
        return True  # nobody else has to see it

    def send(self, contact):
        message = Xep174.Element.new("message", "jabber:client")
        message.append_new("attention", self.NS)
        self.get_host().send_async(contact, message, None, self.on_sent)

    @staticmethod
    def on_sent(host, result):
        try:
            host.send_finish(result)
        except GLib.Error as error:
            print("Not sent:", error.message)
            LOOP.quit()


def go_online(name, book):
    manager = Xep174.SessionManager.new(name, book)
    manager.listen(0)
    book.add(name, "127.0.0.1", manager.props.port)
    return manager


def on_nudged(_nudge, contact):
    print(f"{contact} wants our attention")
    LOOP.quit()


def main():
    book = Xep174.ManualDiscovery.new()
    juliet, romeo = go_online("juliet@capulet", book), go_online("romeo@montague", book)
    hers, his = Nudge(), Nudge()
    juliet.add_feature(hers)
    romeo.add_feature(his)
    hers.connect("nudged", on_nudged)
    his.send("juliet@capulet")
    LOOP.run()


if __name__ == "__main__":
    main()
