#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The man page of xep174-gtk beside its --help."""

import os
import re
import subprocess

import tap


def test_options():
    """The man page has the options of --help, and no other."""
    text = subprocess.run([os.environ["XEP174_GTK"], "--help"], check=True, encoding="utf-8",
                          stdout=subprocess.PIPE).stdout
    options = set(re.findall(r"^  (?:-\w, )?--(?!help-)([a-z-]+)(?=[= ])", text, re.MULTILINE))
    with open(os.environ["MANUAL"], encoding="utf-8") as file:
        text = file.read().replace("\\-", "-")
    told = re.findall(r'^\.BR? (?:-\w ", " )?--([a-z-]+)', text, re.MULTILINE)
    assert set(told) == options and len(told) == len(options), (told, options)


if __name__ == "__main__":
    tap.main_of("gtk-manual", globals())
