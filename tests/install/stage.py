# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is installed, in a folder of its own that goes with the test."""

import functools
import os
import pathlib
import re
import shlex
import subprocess
import tempfile

BUILD = os.environ["BUILD_ROOT"]
CC = shlex.split(os.environ["CC"])
STAGE = tempfile.TemporaryDirectory(prefix="xep174-install-")
FOLDER = pathlib.Path(STAGE.name)


def run(command, **options):
    """What it prints; it must succeed."""
    result = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


@functools.cache
def install():
    """Installs, and gives the environment in which pkg-config finds it."""
    run(["meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", STAGE.name])
    found = list(FOLDER.rglob("libxep174-1.pc"))
    assert len(found) == 1, found
    text = found[0].read_text()
    prefix = re.search(r"^prefix=(.*)$", text, re.MULTILINE)[1]
    found[0].write_text(text.replace(f"prefix={prefix}", f"prefix={STAGE.name}{prefix}"))
    return {**os.environ, "PKG_CONFIG_PATH": str(found[0].parent)}


def installed(name):
    """The one file of that name."""
    install()
    found = [path for path in FOLDER.rglob(name) if "project" not in path.parts]
    assert len(found) == 1, f"{name}: {found}"
    return found[0]


def flags(environment, *what):
    return run(["pkg-config", *what, "libxep174-1"], env=environment).split()
