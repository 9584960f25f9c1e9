#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the manual: gi-docgen, and what it does not do for pages that are read in the tree as well.

The pages link to each other as files (`errors.md`) and to files of the tree, and have code in
languages that gi-docgen does not colour; on its index there is no place for a link to begin with.
"""
import argparse
import pathlib
import re
import subprocess

COLOURED = {"c", "css", "xml", "javascript", "plain"}
BEGIN = "Where to begin"


def prepare(text):
    """A page of the tree as a page of the site."""
    text = re.sub(r"\]\(([\w-]+)\.md(#[\w-]+)?\)", r"](\1.html\2)", text)
    # What is not part of the site is named and not linked.
    text = re.sub(r"\[[^\]]+\]\(\.\./([^)]+)\)", r"`\1`", text)
    return re.sub(r"^```(\w+)$", lambda fence: fence[0] if fence[1] in COLOURED else "```", text,
                  flags=re.MULTILINE)


def lead_on(page, following):
    """The way to the page after, for who reads one after the other."""
    title = re.search(r"^Title: (.+)$", following.read_text(encoding="utf-8"), re.MULTILINE)[1]
    with page.open("a", encoding="utf-8") as file:
        file.write(f"\n---\n\nNext: [{title}]({following.stem}.html)\n")


def finish(index):
    html = index.read_text(encoding="utf-8")
    html = re.sub(r'<tr><td><em>\w+</em></td><td><a href="" .*?</tr>\n?', "", html)
    html = html.replace(f"“{BEGIN}”", f'<a href="overview.html">{BEGIN}</a>')
    index.write_text(html, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    for name in ("gi_docgen", "config", "gir", "output", "scratch"):
        parser.add_argument(name)
    parser.add_argument("sources", nargs="+", type=pathlib.Path)
    options = parser.parse_args()

    scratch = pathlib.Path(options.scratch)
    scratch.mkdir(parents=True, exist_ok=True)
    for source in options.sources:
        text = source.read_text(encoding="utf-8")
        (scratch / source.name).write_text(prepare(text) if source.suffix == ".md" else text,
                                           encoding="utf-8")
    pages = [scratch / source.name for source in options.sources if source.suffix == ".md"]
    for page, following in zip(pages, pages[1:]):
        lead_on(page, following)

    subprocess.run([options.gi_docgen, "generate", "--quiet", "--fatal-warnings",
                    f"--config={options.config}", f"--output-dir={options.output}",
                    "--no-namespace-dir", f"--content-dir={scratch}", options.gir], check=True)
    finish(pathlib.Path(options.output, "index.html"))


main()
