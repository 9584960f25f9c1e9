#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files as a program in Python has them: offered, accepted into a folder or a stream, declined."""

import hashlib
import os
import tempfile

import gitest
from gitest import Gio, GLib, Xep174

import tap


class Person:
    def __init__(self, user, machine):
        profile = Xep174.Profile.new(user)
        profile.set_machine(machine)
        self.discovery = Xep174.ManualDiscovery.new()
        self.client = Xep174.Client(profile=profile, discovery=self.discovery, data_dir="/dev/null/none")
        self.offered = []
        self.client.connect("transfer-offered", lambda _, contact, transfer: self.offered.append(transfer))
        assert self.client.props.transfers.get_n_items() == 0
        gitest.call(self.client, "start")

    def learn(self, other):
        return self.discovery.add(other.client.get_local_name(), "127.0.0.1", other.client.get_port())


def pair():
    romeo, juliet = Person("romeo", "montague"), Person("juliet", "capulet")
    juliet.learn(romeo)
    return romeo, juliet, romeo.learn(juliet)


def offer(romeo, juliet, contact, octets):
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "sonnet.txt")
    with open(path, "wb") as file:
        file.write(octets)
    sent = gitest.call(romeo.client, "send_file", contact,
                       Gio.File.new_for_path(path))
    gitest.await_that(lambda: juliet.offered)
    return folder, sent, juliet.offered[0]


def end(romeo, juliet):
    for person in (romeo, juliet):
        gitest.call(person.client, "stop")


def test_folder():
    romeo, juliet, contact = pair()
    folder, sent, offered = offer(romeo, juliet, contact, b"Shall I compare thee")
    states = []
    offered.connect("notify::state", lambda *_: states.append(offered.props.state))
    assert offered.props.name == "sonnet.txt" and offered.props.size == 20
    assert sent.props.outgoing and not offered.props.outgoing
    gitest.call(offered, "accept", Gio.File.new_for_path(folder))
    gitest.await_that(lambda: sent.has_ended() and offered.has_ended())
    assert offered.props.state == Xep174.TransferState.DONE, offered.props.error
    assert states == sorted(states), states
    path = offered.props.file.get_path()
    assert path == os.path.join(folder, "sonnet (1).txt")
    with open(path, "rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == offered.props.sha256 == sent.props.sha256
    assert list(romeo.client.props.transfers) == [sent]
    end(romeo, juliet)


def test_sent_folder():
    """A folder is one transfer, which says what is not sent of it, and cannot go to a stream."""
    romeo, juliet, contact = pair()
    sonnets, downloads = tempfile.mkdtemp(), tempfile.mkdtemp()
    os.mkdir(os.path.join(sonnets, "18"))
    for path in ("18/one.txt", "two.txt"):
        with open(os.path.join(sonnets, path), "w", encoding="ascii") as file:
            file.write(path)
    os.symlink(downloads, os.path.join(sonnets, "link"))
    sent = gitest.call(romeo.client, "send_file", contact, Gio.File.new_for_path(sonnets))
    gitest.await_that(lambda: juliet.offered)
    offered = juliet.offered[0]
    for transfer, n_left_out in ((sent, 1), (offered, 0)):
        assert transfer.props.is_folder and transfer.props.n_files == 2, transfer.props.n_files
        assert transfer.props.n_left_out == n_left_out, transfer.props.n_left_out
    try:
        offered.accept_into(Gio.MemoryOutputStream.new_resizable())
        raise AssertionError("a folder went to a stream")
    except GLib.Error as error:
        assert error.matches(Xep174.transfer_error_quark(), Xep174.TransferError.NOT_SUPPORTED)
    assert offered.props.folder is None
    gitest.call(offered, "accept", Gio.File.new_for_path(downloads))
    assert offered.props.folder.get_path() == downloads
    gitest.await_that(lambda: sent.has_ended() and offered.has_ended())
    assert offered.props.state == Xep174.TransferState.DONE, offered.props.error
    with open(offered.props.file.get_child("18/one.txt").get_path(), encoding="ascii") as file:
        assert file.read() == "18/one.txt"
    assert sorted(os.listdir(offered.props.file.get_path())) == ["18", "two.txt"]
    end(romeo, juliet)


def test_stream():
    romeo, juliet, contact = pair()
    _, sent, offered = offer(romeo, juliet, contact, b"to a summer's day")
    stream = Gio.MemoryOutputStream.new_resizable()
    offered.accept_into(stream)
    gitest.await_that(lambda: offered.has_ended())
    assert stream.steal_as_bytes().get_data() == b"to a summer's day"
    assert offered.props.file is None
    end(romeo, juliet)


def test_declined():
    romeo, juliet, contact = pair()
    folder, sent, offered = offer(romeo, juliet, contact, b"Thou art more lovely")
    offered.decline()
    gitest.await_that(sent.has_ended)
    assert sent.props.state == Xep174.TransferState.DECLINED
    assert sent.get_error().matches(Xep174.transfer_error_quark(), Xep174.TransferError.DECLINED)
    try:
        offered.accept_into(Gio.MemoryOutputStream.new_resizable())
        raise AssertionError("what was declined was accepted")
    except GLib.Error as error:
        assert error.matches(Xep174.transfer_error_quark(), Xep174.TransferError.INVALID_STATE)
    end(romeo, juliet)


if __name__ == "__main__":
    tap.main_of("gi-files", globals())
