#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine that has what “./dev demo” installs and nothing else can build all there is to see."""

import os
import pathlib
import subprocess
import tempfile

import tap

SOURCE = os.environ["SOURCE_ROOT"]
# What the README says that we need, and what the tool is made with.
NEEDED = ["gobject-2.0", "gio-2.0", "gio-unix-2.0", "libxml-2.0", "avahi-core", "avahi-glib",
          "json-glib-1.0", "readline"]


def ask(*words):
    return subprocess.run(["pkg-config", *words], capture_output=True, text=True,
                          check=True).stdout


def with_what_they_need(packages):
    found, ahead = set(), list(packages)
    while ahead:
        package = ahead.pop()
        if package not in found:
            found.add(package)
            ahead += [line.split()[0] for line in
                      ask("--print-requires", "--print-requires-private", package).splitlines()]
    return found


def test_configure():
    with tempfile.TemporaryDirectory(prefix="xep174-bare-") as name:
        folder = pathlib.Path(name)
        (folder / "pkgconfig").mkdir()
        for package in with_what_they_need(NEEDED):
            file = pathlib.Path(ask("--variable=pcfiledir", package).strip(), f"{package}.pc")
            (folder / "pkgconfig" / file.name).symlink_to(file)
        # It looks further than pkg-config.
        (folder / "machine.ini").write_text("[binaries]\ncmake = '/nowhere'\n")
        done = subprocess.run(["meson", "setup", "--native-file", folder / "machine.ini",
                               folder / "build", SOURCE], capture_output=True, text=True,
                              check=False,
                              env={**os.environ, "PKG_CONFIG_LIBDIR": str(folder / "pkgconfig"),
                                   "PKG_CONFIG_PATH": ""})
        assert done.returncode == 0, done.stdout


if __name__ == "__main__":
    tap.main_of("bare", globals())
