#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each text for people is in the template, and each language has each text."""

import os
import pathlib
import re
import subprocess
import tempfile

import tap

ROOT = pathlib.Path(os.environ["SOURCE_ROOT"])
PO = ROOT / "po"


def test_template():
    """po/libxep174.pot is what the sources say today; else run po/update."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = pathlib.Path(folder) / "fresh.pot"
        subprocess.run([PO / "update", fresh], check=True)
        assert fresh.read_text(encoding="utf-8") == \
            (PO / "libxep174.pot").read_text(encoding="utf-8"), "run po/update, then translate"


def test_files():
    """No file with a text for people is missing in po/POTFILES."""
    listed = set((PO / "POTFILES").read_text(encoding="utf-8").split("\n"))
    for folder in ("lib", "examples/cli", "examples/gtk", "examples/purple"):
        for path in (ROOT / folder).rglob("*.[ch]"):
            if re.search(r'\b(N?_|(xep174_)?ngettext) ?\("', path.read_text(encoding="utf-8")):
                assert str(path.relative_to(ROOT)) in listed, f"{path} is missing in po/POTFILES"


def test_interfaces():
    """The texts of a window's file are marked as such, and are in the library's domain."""
    listed = (PO / "POTFILES").read_text(encoding="utf-8").split("\n")
    for path in (ROOT / "examples/gtk").rglob("*.ui"):
        words = path.read_text(encoding="utf-8")
        plain = re.search(r'name="(label|title|tooltip-text|placeholder-text|description)">([^<]*[A-Za-z][^<]*)<',
                          words)
        assert not plain, f"{path}: not translatable: {plain and plain[2]}"
        if "translatable" in words:
            assert str(path.relative_to(ROOT)) in listed, f"{path} is missing in po/POTFILES"
            assert '<interface domain="libxep174">' in words, f"{path} has no domain"


def check(language):
    """All texts are there, none is doubtful, and the placeholders are those of the original."""
    with tempfile.TemporaryDirectory() as folder:
        merged = pathlib.Path(folder) / "merged.po"
        subprocess.run(["msgmerge", "--quiet", "--no-fuzzy-matching", "--output-file", merged,
                        PO / f"{language}.po", PO / "libxep174.pot"], check=True)
        done = subprocess.run(["msgfmt", "--check-format", "--statistics", "--output-file=/dev/null",
                               merged], check=True, capture_output=True, text=True).stderr
    assert "untranslated" not in done and "fuzzy" not in done, f"{language}: {done}"


def test_languages():
    """Every language of po/LINGUAS is whole."""
    for language in (PO / "LINGUAS").read_text(encoding="utf-8").split("\n")[1:]:
        if language:
            check(language)


if __name__ == "__main__":
    tap.main_of("translations", globals())
