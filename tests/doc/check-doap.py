#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The description of the project (XEP-0453) has what a reader of it needs, and is of this tree."""

import os
import pathlib
import re
import xml.etree.ElementTree

import tap

ROOT = pathlib.Path(os.environ["SOURCE_ROOT"])
RDF, DOAP, XMPP = ("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}",
                   "{http://usefulinc.com/ns/doap#}", "{https://linkmauve.fr/ns/xmpp-doap#}")
PROJECT = xml.etree.ElementTree.parse(ROOT / "libxep174.doap").find(DOAP + "Project")
SUPPORTED = PROJECT.findall(f"{DOAP}implements/{XMPP}SupportedXep")


def number(supported):
    url = supported.find(XMPP + "xep").get(RDF + "resource")
    return re.fullmatch(r"https://xmpp\.org/extensions/xep-(\d{4})\.html", url)[1]


def test_properties():
    for name in ("name", "shortdesc", "description", "programming-language", "os"):
        assert PROJECT.findtext(DOAP + name), name
    for supported in SUPPORTED:
        status = supported.findtext(XMPP + "status")
        assert status in ("complete", "partial", "planned", "deprecated", "removed", "wontfix"), status
        assert supported.findtext(XMPP + "version"), number(supported)
        assert supported.findtext(XMPP + "since"), number(supported)


def test_is_of_this_tree():
    """Each extension that is claimed is named where it is implemented."""
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "lib").rglob("*.[ch]"))
    claimed = {number(supported) for supported in SUPPORTED}
    assert "0174" in claimed
    for one in claimed:
        assert f"XEP-{one}" in sources, one


def test_nothing_forgotten():
    """What a feature of the library implements is claimed."""
    claimed = {number(supported) for supported in SUPPORTED}
    for path in (ROOT / "lib/features").glob("*.c"):
        for one in re.findall(r"XEP-(\d{4})", path.read_text(encoding="utf-8")):
            assert one in claimed, f"XEP-{one} in {path.name}"


if __name__ == "__main__":
    tap.main_of("doap", globals())
