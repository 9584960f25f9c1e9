#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From Python: elements, the stream parser, messages and profiles."""
import gc

import tap
from gitest import GLib, Watch, Xep174, raises, settle

ERROR = Xep174.StreamError
CLIENT = "jabber:client"


def test_build():
    message = Xep174.Element.new("message", CLIENT)
    message.set_attribute("to", "juliet@capulet")
    message.set_attribute("xml:lang", "it")
    body = message.append_new("body")
    body.append_text("Che c'è? <&>")
    message.append_new("x", "jabber:x:event").append_new("composing")
    assert message.to_string() == (
        "<message xmlns='jabber:client' to='juliet@capulet' xml:lang='it'>"
        "<body>Che c'è? &lt;&amp;&gt;</body>"
        "<x xmlns='jabber:x:event'><composing/></x></message>"), message.to_string()
    message.set_attribute("to", None)
    assert message.get_attribute("to") is None


def test_parse():
    stanza = Xep174.Element.parse("<iq id='1'><query xmlns='a'><item/>t&lt;<item n='2'/></query></iq>")
    assert stanza.get_name() == "iq" and stanza.get_xmlns() == CLIENT
    assert stanza.matches("iq", CLIENT) and stanza.matches("iq") and not stanza.matches("iq", "a")
    query = stanza.find_child("query", "a")
    assert query.get_parent().get_attribute("id") == "1" and query.dup_text() == "t<"
    first = query.get_first_child()
    assert first.get_first_child() is None and first.get_attribute("n") is None
    assert first.get_next_sibling().get_attribute("n") == "2"
    assert first.get_next_sibling().get_next_sibling() is None
    assert stanza.dup_child_text("query", "a") == "t<" and stanza.dup_child_text("body") is None
    assert stanza.find_child("body") is None and stanza.get_parent() is None


def test_look_ups():
    """None is any namespace, "" is none; what is listed can be asked for."""
    stanza = Xep174.Element.parse("<m a='1' xml:lang='it' xmlns:x='urn:x' x:a='2'>"
                                  "<a xmlns='' n='1'/>text<a n='2'/><b xmlns='urn:x' n='3'/></m>")

    def numbers(*what):
        return [child.get_attribute("n") for child in stanza.list_children(*what)]

    assert numbers() == ["1", "2", "3"] and numbers("a") == ["1", "2"] and numbers("c") == []
    assert numbers("a", "") == ["1"] and numbers(None, CLIENT) == ["2"]
    assert stanza.find_child(None, "urn:x").get_name() == "b"
    assert stanza.find_child("a").get_xmlns() == "" and not stanza.matches("m", "")
    names = stanza.list_attributes()
    assert names == ["a", "xml:lang", "{urn:x}a"], names
    assert [stanza.get_attribute(name) for name in names] == ["1", "it", "2"]
    children = stanza.list_children()
    del stanza
    gc.collect()
    assert children[1].get_parent().get_attribute("{urn:x}a") == "2"


def test_errors():
    """Each error has its domain and code, and the code its name on the wire (X6)."""
    parse = Xep174.Element.parse
    for xml, code in (("<a>", ERROR.NOT_WELL_FORMED), ("<a></b>", ERROR.NOT_WELL_FORMED),
                      ("<a><!-- --></a>", ERROR.RESTRICTED_XML),
                      ("<p:a/>", ERROR.NOT_WELL_FORMED), ("<a/><b/>", ERROR.BAD_FORMAT)):
        raises(ERROR.quark(), code, parse, xml)
    assert ERROR.to_condition(ERROR.RESTRICTED_XML) == "restricted-xml"
    assert ERROR.to_condition(ERROR.CONFLICT) == "conflict"


def test_tree_outlives_its_root():
    """A child keeps the whole tree, also when its parent's wrapper has gone."""
    child = Xep174.Element.parse("<message><body>hello</body></message>").get_first_child()
    gc.collect()
    assert child.dup_text() == "hello" and child.get_parent().get_name() == "message"
    kept = [Xep174.Element.parse(f"<a><b><c n='{n}'/></b></a>").find_child("b").find_child("c")
            for n in range(100)]
    gc.collect()
    assert [c.get_attribute("n") for c in kept] == [str(n) for n in range(100)]
    assert kept[0].get_parent().get_parent().to_string().endswith("<b><c n='0'/></b></a>")


def test_copies():
    """What is sealed is changed by changing a copy."""
    sealed = Xep174.Element.parse("<a><b>text</b></a>")
    sealed.seal()
    copy = sealed.find_child("b").copy()
    assert sealed.is_sealed() and sealed.get_first_child().is_sealed() and not copy.is_sealed()
    copy.append_text(" and more")
    other = Xep174.Element.new("x", "y")
    other.append_child(copy)
    other.append_child(sealed)
    assert copy.get_parent() is None
    assert other.find_child("b", CLIENT).dup_text() == "text and more"
    assert sealed.find_child("b").dup_text() == "text"


def items(parser, octets):
    parser.feed(octets)
    while True:
        item, element = parser.next()
        if item == Xep174.StreamItem.NONE:
            return
        yield item, element
        if item == Xep174.StreamItem.FOOTER:
            return


def test_parser():
    """Octets go in however they are cut; elements come out, and belong to us."""
    octets = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' from='julietta@capuletè' "
              "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'> <message>"
              "<body>Ohimè</body></message><iq/></stream:stream>").encode()
    parser = Xep174.StreamParser.new()
    found = []
    for i in range(len(octets)):
        found += items(parser, octets[i:i + 1])
    gc.collect()
    kinds = [item.value_nick for item, _ in found]
    assert kinds == ["header", "element", "element", "footer"], kinds
    assert found[0][1].get_attribute("from") == "julietta@capuletè"
    assert found[1][1].dup_child_text("body") == "Ohimè" and found[1][1].is_sealed()
    assert found[3][1] is None
    parser = Xep174.StreamParser.new()
    assert [item for item, _ in items(parser, octets)] == [item for item, _ in found]
    assert not parser.has_pending()


def test_parser_errors():
    parser = Xep174.StreamParser(max_depth=16)
    assert parser.props.max_depth == 16
    parser.feed(b"<stream:stream xmlns='jabber:client' "
                b"xmlns:stream='http://etherx.jabber.org/streams'>")
    assert parser.next()[0] == Xep174.StreamItem.HEADER
    parser.feed(b"<a>" * 17)
    raises(ERROR.quark(), ERROR.POLICY_VIOLATION, parser.next)
    assert parser.next() == (Xep174.StreamItem.NONE, None)
    parser = Xep174.StreamParser.new()
    parser.feed(b"\xff")
    raises(ERROR.quark(), ERROR.UNSUPPORTED_ENCODING, parser.next)


def test_message():
    message = Xep174.Message.new(Xep174.MessageKind.CHAT, "hello")
    assert message.props.body == "hello" and message.get_kind() == Xep174.MessageKind.CHAT
    assert message.props.id is None and message.get_element() is None
    changes = []
    message.connect("notify::id", lambda message, _: changes.append(message.props.id))
    message.set_id("a1")
    message.props.id = "a1"
    message.props.id = "a2"
    assert changes == ["a1", "a2"], changes
    watch = Watch(message)
    del message
    assert watch.all_gone()


def test_profile():
    domain = Xep174.DiscoveryError.quark()
    me = Xep174.Profile.new("juliet")
    changes = []
    me.connect("changed", lambda _: changes.append(me.props.status_message))
    assert me.set_machine("capulet") and me.dup_instance_name(0) == "juliet@capulet"
    assert me.dup_instance_name(2) == "juliet-2@capulet"
    assert me.set_status(Xep174.Status.DND, "asleep") and me.props.status == Xep174.Status.DND
    assert changes[-1] == "asleep", changes
    assert me.props.emails is None or me.props.emails == []
    me.set_emails(["j@capulet.example", "juliet@capulet.example"])
    assert me.get_emails() == me.props.emails == ["j@capulet.example", "juliet@capulet.example"]
    me.set_emails(None)
    assert not me.get_emails()
    assert me.set_nick("Jule")
    assert me.set_parameter("vc", "!") and me.get_parameter("vc") == "!"
    txt = me.dup_txt(5298)
    assert isinstance(txt, GLib.Bytes) and b"port.p2pj=5298" in txt.get_data()
    assert b"msg=asleep" in txt.get_data() and b"nick=Jule" in txt.get_data()
    raises(domain, Xep174.DiscoveryError.TOO_LONG, me.set_nick, "x" * 300)
    raises(domain, Xep174.DiscoveryError.INVALID_NAME, me.set_machine, "capulèt")
    raises(domain, Xep174.DiscoveryError.INVALID_NAME, Xep174.Profile.new, "")
    assert me.props.nick == "Jule"
    settle()


def test_version():
    """The headers' version and the library's; a later one, and another major one, is not there."""
    major, minor, micro = Xep174.MAJOR_VERSION, Xep174.MINOR_VERSION, Xep174.MICRO_VERSION
    assert (major, minor, micro) == (Xep174.get_major_version(), Xep174.get_minor_version(),
                                     Xep174.get_micro_version())
    check = Xep174.check_version
    assert check(major, minor, micro) and check(1, 0, 0)
    assert not check(major, minor, micro + 1) and not check(major, minor + 1, 0)
    assert not check(major + 1, 0, 0) and not check(major - 1, 9, 9)


if __name__ == "__main__":
    tap.main([
        ("/gi/element/build", test_build),
        ("/gi/element/parse", test_parse),
        ("/gi/element/look-ups", test_look_ups),
        ("/gi/element/errors", test_errors),
        ("/gi/element/tree-outlives-its-root", test_tree_outlives_its_root),
        ("/gi/element/copies", test_copies),
        ("/gi/parser/items", test_parser),
        ("/gi/parser/errors", test_parser_errors),
        ("/gi/message", test_message),
        ("/gi/profile", test_profile),
        ("/gi/version", test_version),
    ])
