#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library's errors are in the language of the program that runs it."""

import os
import subprocess
import sys

import tap

# A program that has chosen its locale, as those with a window do by themselves.
PROGRAM = """
import locale
import gi
gi.require_version("Xep174", "1")
from gi.repository import GLib, Xep174
locale.setlocale(locale.LC_ALL, "")
try:
    Xep174.Profile.new("Ann").set_nick("\\n")
except GLib.Error as error:
    print(error.message)
"""


def told(**variables):
    done = subprocess.run([sys.executable, "-c", PROGRAM], env={**os.environ, **variables},
                          capture_output=True, text=True, check=True)
    return done.stdout.strip()


def locale_to_translate_in():
    """One that is not C. What glibc 2.36 still does in C.UTF-8 it does not do in 2.41: look at LANGUAGE."""
    there = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.split()
    for name in there:
        if not name.startswith(("C", "POSIX")) and "utf8" in name.lower():
            return name
    name, _, version = os.confstr("CS_GNU_LIBC_VERSION").partition(" ")
    if name == "glibc" and tuple(map(int, version.split("."))) <= (2, 36):
        return "C.UTF-8"
    raise tap.Skip("this machine has no locale but C")


def test_english():
    """In the locale C nothing is translated."""
    assert told(LC_ALL="C.UTF-8", LANGUAGE="").startswith("The nickname has a character"), told()


def test_german():
    """A sentence and what is put into it."""
    message = told(LC_ALL=locale_to_translate_in(), LANGUAGE="de")
    assert message.startswith("Der Spitzname enthält ein Zeichen"), message


def test_unknown():
    """A language that we do not have is English."""
    message = told(LC_ALL=locale_to_translate_in(), LANGUAGE="eo")
    assert message.startswith("The nickname has a character"), message


if __name__ == "__main__":
    tap.main_of("language", globals())
