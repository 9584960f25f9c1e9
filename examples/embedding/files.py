#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Juliet's program keeps the pictures that Romeo sends, and nothing else. Both are in here."""
import os
import tempfile

import gi

gi.require_version("Xep174", "1")
from gi.repository import Gio, GLib, Xep174  # noqa: E402

CONTEXT = GLib.MainContext.default()


class Downloads:
    """Asks nobody: it keeps pictures of up to a megabyte."""

    def __init__(self, client, folder):
        self.folder = Gio.File.new_for_path(folder)
        client.connect("transfer-offered", self.on_offered)
        self.transfers = client.props.transfers

    def on_offered(self, _client, contact, transfer):
        if transfer.props.size > 1024 * 1024 or not (transfer.props.media_type or "").startswith("image/"):
            transfer.decline()
            return
        transfer.connect("notify::state", self.on_state, contact)
        transfer.accept_async(self.folder, None, self.on_accepted)

    def on_accepted(self, transfer, result):
        try:
            transfer.accept_finish(result)
        except GLib.Error as error:
            print("Not accepted:", error.message)

    def on_state(self, transfer, _property, contact):
        if transfer.props.state == Xep174.TransferState.DONE:
            print(f"{transfer.props.file.get_basename()} has come from {contact.props.name}")
        elif transfer.props.error:
            print("It will not come:", transfer.props.error.message)


def go_online(user, machine):
    profile = Xep174.Profile.new(user)
    profile.set_machine(machine)
    client = Xep174.Client(profile=profile, discovery=Xep174.ManualDiscovery.new(), data_dir="/dev/null/none")
    client.start_async()
    wait_for(lambda: client.props.running)
    return client


def meet(client, other):
    return client.props.discovery.add(other.props.local_name, "127.0.0.1", other.props.port)


def wait_for(condition):
    while not condition():
        CONTEXT.iteration(True)


def send(client, contact, path):
    sent = []
    client.send_file_async(contact, Gio.File.new_for_path(path), None,
                           lambda _, result: sent.append(client.send_file_finish(result)))
    wait_for(lambda: sent and sent[0].has_ended())
    return sent[0]


def main():
    romeo, juliet = go_online("romeo", "montague"), go_online("juliet", "capulet")
    contact = meet(romeo, juliet)
    meet(juliet, romeo)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as downloads:
        Downloads(juliet, downloads)
        for name in ("balcony.png", "sonnet.txt"):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(b"not much")
            transfer = send(romeo, contact, file.name)
            if transfer.props.error:
                print(f"{name}: {transfer.props.error.message}")


if __name__ == "__main__":
    main()
