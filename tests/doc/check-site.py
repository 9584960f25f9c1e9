#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manual as it is installed: every link between its pages leads to a page, and to a place that
the page has."""
import html.parser
import os
import pathlib
import re
import urllib.parse

import tap

SITE = pathlib.Path(os.environ["SITE"])


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.ids = set()
        self.links = set()
        self.elsewhere = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        if "data-namespace" in values:
            self.elsewhere.add(values["data-namespace"])
        if tag in ("img", "script") and "src" in values:
            self.links.add(values["src"])
        if tag == "link":
            self.links.add(values["href"])


PAGES = {path.name: Page(path) for path in SITE.glob("*.html")}


def problem(name, link):
    url = urllib.parse.urlsplit(link)
    if not link:
        return f"{name}: an empty link"
    if url.scheme:
        return None
    there = urllib.parse.unquote(url.path) or name
    if not (SITE / there).is_file():
        return f"{name}: {link} leads nowhere"
    if url.fragment and there in PAGES and url.fragment not in PAGES[there].ids:
        return f"{name}: {there} has no “{url.fragment}”"
    return None


def test_links():
    count = 0
    found = []
    for name, page in PAGES.items():
        for link in page.links:
            count += 1
            found.append(problem(name, link))
    found = sorted(filter(None, found))
    print(f"# {count} links on {len(PAGES)} pages")
    assert len(PAGES) > 100 and not found, "\n".join(found)


def test_links_can_fail():
    assert problem("index.html", "nowhere.html")
    assert problem("index.html", "#nowhere")
    assert problem("index.html", "")
    assert not problem("index.html", "class.Client.html#description")


def test_manuals_of_others():
    """What others document is linked by namespace; the map knows where each of their manuals is."""
    known = (SITE / "urlmap.js").read_text(encoding="utf-8")
    named = set().union(*(page.elsewhere for page in PAGES.values()))
    unknown = {name for name in named if f'["{name}", "https://' not in known}
    assert named and not unknown, unknown


def test_beginning():
    """A newcomer finds the way from the index, and it leads to the first chat."""
    assert "overview.html" in PAGES["index.html"].links
    assert {"tutorial-c.html", "tutorial-python.html"} <= PAGES["overview.html"].links


def test_one_after_the_other():
    """Whoever follows “Next” from the first page reads the whole manual, and no page is bare."""
    seen = []
    ahead = "overview.html"
    while ahead:
        assert ahead not in seen, f"{ahead} comes again"
        seen.append(ahead)
        text = (SITE / ahead).read_text(encoding="utf-8")
        following = re.findall(r'<p>Next: <a href="([^"]+)">', text)
        assert len(following) <= 1, f"{ahead} leads to {following}"
        ahead = following[0] if following else None
    assert seen[-1] == "conformance.html" and len(seen) > 10, seen


def test_dependencies():
    """The index has a row for each library that the API needs."""
    rows = re.findall(r"<td><strong>(\w+)</strong>",
                      (SITE / "index.html").read_text(encoding="utf-8"))
    assert rows == ["GObject", "Gio"], rows


def test_what_is_not_here():
    """Files of the tree that are not part of the site are named whole."""
    text = (SITE / "overview.html").read_text(encoding="utf-8")
    assert "<code>examples/python</code>: an echo bot" in text


if __name__ == "__main__":
    tap.main_of("site", globals())
