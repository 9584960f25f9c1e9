#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""In “meson devenv” the tool and the bindings are those of the build, with nothing installed."""

import os
import subprocess

import tap

BUILD = os.environ["BUILD_ROOT"]
IMPORT = ("import gi; gi.require_version('Xep174', '1'); from gi.repository import Xep174; "
          "print(Xep174.Profile.new('juliet').props.user, Xep174.Element('a', ''))")


def inside(*command):
    result = subprocess.run(["meson", "devenv", "-C", BUILD, *command], capture_output=True,
                            text=True, check=False)
    assert result.returncode == 0, result
    return result.stdout.splitlines()[-1]


def test_tool():
    assert inside("xep174", "--version").startswith("xep174 ")
    assert inside("sh", "-c", "command -v xep174").startswith(BUILD)


def test_bindings():
    assert inside("/usr/bin/python3", "-c", IMPORT) == "juliet <a/>"


if __name__ == "__main__":
    tap.main_of("devenv", globals())
