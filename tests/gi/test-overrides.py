#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From Python: what lib/python adds to the typelib, and what PyGObject itself makes of it."""
import asyncio
import gc

import gi
import tap
from gitest import GLib, Xep174

CLIENT = "jabber:client"
HEADER = (b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")


def test_element_str():
    assert str(Xep174.Element("message", CLIENT)) == "<message xmlns='jabber:client'/>"
    assert f"{Xep174.Element.parse('<a>b</a>')}" == "<a xmlns='jabber:client'>b</a>"


def test_element_children():
    """They keep their tree, and an element without any is still something."""
    names = []
    for child in Xep174.Element.parse("<m>t<a/>t<b><c/></b></m>"):
        gc.collect()
        names.append((child.get_name(), [inner.get_name() for inner in child]))
    assert names == [("a", []), ("b", ["c"])]
    empty = Xep174.Element("m", "")
    assert list(empty) == [] and empty
    added = empty.append_new("a")
    assert added in empty and added.copy() not in empty


def test_element_attributes():
    element = Xep174.Element("m", "")
    element["id"] = "1"
    element["{urn:x}role"] = "2"
    element["xml:lang"] = "it"
    assert [element[name] for name in element.list_attributes()] == ["1", "2", "it"]
    assert "id" in element and "role" not in element
    del element["id"]
    for failing in (lambda: element["id"], lambda: element.__delitem__("id")):
        try:
            failing()
        except KeyError as error:
            assert error.args == ("id",)
        else:
            raise AssertionError("no KeyError")
    assert element.get_attribute("id") is None


def test_parser():
    """A loop ends when nothing whole is left, and goes on when more has arrived."""
    parser = Xep174.StreamParser.new()
    parser.feed(HEADER + b"<a/><b>")
    assert [(item.value_nick, element.get_name()) for item, element in parser] == [
        ("header", "stream"), ("element", "a")]
    parser.feed(b"</b></stream:stream>")
    assert [(item.value_nick, element and str(element)) for item, element in parser] == [
        ("element", "<b xmlns='jabber:client'/>"), ("footer", None)]
    assert list(parser) == []
    parser = Xep174.StreamParser(max_depth=16)
    parser.feed(HEADER + b"<a>" * 17)
    try:
        list(parser)
    except GLib.Error as error:
        assert error.matches(Xep174.StreamError.quark(), Xep174.StreamError.POLICY_VIOLATION)
    else:
        raise AssertionError("no error")


def test_await():
    """PyGObject makes something to await of each pair of functions, from 3.50 on."""
    if gi.version_info < (3, 50):
        raise tap.Skip(f"PyGObject is {gi.__version__}, and has this from 3.50 on")
    from gi.events import GLibEventLoop

    async def main():
        profile = Xep174.Profile.new("juliet")
        profile.set_machine("capulet")
        client = Xep174.Client.new(profile, Xep174.ManualDiscovery.new())
        identity, store = Xep174.Identity.generate(), Xep174.MemoryTrustStore.new()
        client.props.session_manager.props.identity = identity
        client.props.session_manager.props.trust_store = store
        await client.start_async()
        name = client.props.local_name
        client.props.discovery.add("romeo@montague", "127.0.0.1", 9)
        session = client.props.session_manager.ensure_session("romeo@montague")
        try:
            await session.send_xml_async("<message>")
        except GLib.Error as error:
            assert error.matches(Xep174.StreamError.quark(), Xep174.StreamError.NOT_WELL_FORMED)
        else:
            raise AssertionError("no error")
        await client.stop_async()
        return name

    loop = GLibEventLoop(GLib.MainContext.default())
    try:
        assert loop.run_until_complete(asyncio.wait_for(main(), 30)) == "juliet@capulet"
    finally:
        loop.close()


if __name__ == "__main__":
    tap.main_of("overrides", globals())
