#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our sessions in a program with a roster and a node class of its own, as Gajim has them.

The roster answers what sessions ask; stanzas go in and out as strings, which is what a node class
such as nbxmpp's reads and prints. Both ends are in this program, so that it can be run.
"""
import xml.etree.ElementTree as ET

import gi

gi.require_version("Xep174", "1")
from gi.repository import Gio, GLib, GObject, Xep174  # noqa: E402


def fold(name):
    """Two names are one if only the case of ASCII letters differs (as in DNS)."""
    return name.encode().lower()


class Roster(GObject.Object, Xep174.Directory):
    """Who is where: name -> (host, port)."""

    def __init__(self):
        super().__init__()
        self.places = {}

    def do_dup_connectable(self, name):
        for known, place in self.places.items():
            if fold(known) == fold(name):
                return Gio.NetworkAddress.new(*place)
        raise GLib.Error.new_literal(Xep174.DirectoryError.quark(), f"{name} is not known here",
                                     Xep174.DirectoryError.UNKNOWN_NAME)

    def do_identify_async(self, address, claimed_name, cancellable, callback, *_):
        host = address.get_address().to_string()
        names = [name for name, (where, _port) in self.places.items()
                 if where == host
                 and (claimed_name is None or fold(claimed_name) == fold(name))]
        task = Gio.Task.new(self, cancellable, callback)
        task.names = names
        task.return_boolean(len(names) == 1)

    def do_identify_finish(self, task):
        if task.propagate_boolean():
            return task.names[0]
        raise GLib.Error.new_literal(Xep174.DirectoryError.quark(), "nobody has that address",
                                     Xep174.DirectoryError.WRONG_ADDRESS)


class Connection:
    """What a client has for each account: nodes in, nodes out."""

    def __init__(self, name, roster):
        self.manager = Xep174.SessionManager.new(name, roster)
        self.manager.listen(0)
        self.manager.connect("stanza-received", self.on_stanza)
        self.on_node = None

    def send(self, to, node):
        session = self.manager.ensure_session(to)
        session.send_xml_async(ET.tostring(node, encoding="unicode"), None, self.on_sent)

    @staticmethod
    def on_sent(session, result):
        try:
            session.send_xml_finish(result)
        except GLib.Error as error:
            print("not sent to", session.props.name, "-", error.message)

    def on_stanza(self, _manager, _session, element):
        return self.on_node is not None and self.on_node(ET.fromstring(element.to_string()))


def main():
    loop = GLib.MainLoop()
    roster = Roster()
    juliet = Connection("juliet@capulet", roster)
    romeo = Connection("romeo@montague", roster)
    roster.places = {
        "Juliet@Capulet": ("127.0.0.1", juliet.manager.props.port),
        "Romeo@Montague": ("127.0.0.1", romeo.manager.props.port),
    }

    def on_node(node):
        print(node.get("from"), "says:", node.findtext("{jabber:client}body"))
        loop.quit()
        return True

    juliet.on_node = on_node
    node = ET.Element("message", type="chat")
    ET.SubElement(node, "body").text = "It is the east"
    romeo.send("juliet@capulet", node)
    loop.run()


main()
