#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keys in a database of the program's own: here SQLite. Both ends are in this program."""
import socket
import sqlite3

import gi

gi.require_version("Xep174", "1")
from gi.repository import Gio, GLib, GObject, Xep174  # noqa: E402

JULIET, ROMEO = "juliet@capulet", "romeo@montague"


def fold(name):
    """Two names are one if only the case of ASCII letters differs (as in DNS)."""
    return name.encode().lower()


def failing(function):
    """What the library can hand on to people is a GLib.Error."""
    def wrapped(*arguments):
        try:
            return function(*arguments)
        except sqlite3.Error as error:
            raise GLib.Error.new_literal(Xep174.TrustError.quark(), f"The keys: {error}",
                                         Xep174.TrustError.FAILED) from error
    return wrapped


class Keys(GObject.Object, Xep174.TrustStore):
    """A row for each key, and one for each name that it has."""

    def __init__(self, path):
        super().__init__()
        self.base = sqlite3.connect(path)
        self.base.executescript("""
            CREATE TABLE IF NOT EXISTS key (print TEXT PRIMARY KEY, trust INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS name (print TEXT, folded BLOB, name TEXT,
                                             PRIMARY KEY (print, folded));""")

    @failing
    def do_list(self):
        records = Gio.ListStore.new(Xep174.KeyRecord)
        for key, trust in self.base.execute("SELECT print, trust FROM key"):
            names = self.base.execute("SELECT name FROM name WHERE print = ?", (key,))
            records.append(Xep174.KeyRecord.new(key, Xep174.Trust(trust),
                                                [name for name, in names]))
        return records

    @failing
    def do_add(self, fingerprint, name):
        with self.base:
            self.base.execute("INSERT OR IGNORE INTO key VALUES (?, ?)",
                              (fingerprint, int(Xep174.Trust.SEEN)))
            self.base.execute("INSERT OR IGNORE INTO name VALUES (?, ?, ?)",
                              (fingerprint, fold(name), name))
        return True

    @failing
    def do_set_trust(self, fingerprint, trust):
        with self.base:
            self.base.execute("INSERT OR REPLACE INTO key VALUES (?, ?)", (fingerprint, int(trust)))
        return True

    @failing
    def do_forget(self, name):
        with self.base:
            self.base.execute("DELETE FROM name WHERE folded = ?", (fold(name),))
            self.base.execute("DELETE FROM key WHERE trust != ? AND print NOT IN"
                              " (SELECT print FROM name)", (int(Xep174.Trust.DISTRUSTED),))
        return True


def show(store):
    for record in store.list():
        print(record.get_trust().value_nick, *record.get_names())


def connect(romeo, juliet):
    his, hers = [Gio.Socket.new_from_fd(end.detach()).connection_factory_create_connection()
                 for end in socket.socketpair()]
    romeo.add_connection(his, Xep174.SessionRole.INITIATOR, JULIET)
    juliet.add_connection(hers, Xep174.SessionRole.RECIPIENT, ROMEO)


def main():
    loop = GLib.MainLoop()
    keys = Keys(":memory:")
    managers = []
    for name, store in ((JULIET, keys), (ROMEO, Xep174.MemoryTrustStore.new())):
        identity = Xep174.Identity.generate()
        manager = Xep174.SessionManager.new(name, None)
        manager.set_identity(identity)
        manager.set_trust_store(store)
        managers.append(manager)
    juliet, romeo = managers
    juliet.connect("key-seen", lambda *_: loop.quit())

    connect(romeo, juliet)
    loop.run()
    show(keys)
    juliet.verify_key(ROMEO, juliet.find_session(ROMEO).dup_peer_fingerprint())
    show(keys)
    juliet.forget_keys(ROMEO)
    print("forgotten:", len(keys.list()) == 0)


main()
