#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""With --unity=on no file of ours is compiled together with another one: a static function is known in
its own file only, and several files have one of the same name.  That what is set up so compiles, and
can be used, is tried by test-readme.py."""

import os
import pathlib
import re
import subprocess
import tempfile

import tap

SOURCE = os.environ["SOURCE_ROOT"]


def compiled_together(text):
    return len(re.findall(r"^#include", text, re.MULTILINE)) > 1


def test_apart():
    with tempfile.TemporaryDirectory(prefix="xep174-unity-") as folder:
        done = subprocess.run(["meson", "setup", "--unity=on", folder, SOURCE],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        made = list(pathlib.Path(folder).rglob("*-unity*.c*"))
        found = [path.parent.name for path in made if compiled_together(path.read_text())]
        # Those of one file, which need no word of ours.
        assert made and not found, f"without “override_options: apart”: {sorted(set(found))}"


def test_can_fail():
    assert compiled_together('#include "a.c"\n#include "b.c"\n')
    assert not compiled_together('#include "a.c"\n')


if __name__ == "__main__":
    tap.main_of("unity", globals())
