#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The installed tests pass where they are installed, under the runner that distributions use."""

import os
import pathlib
import subprocess
import tempfile

import tap

BUILD, PREFIX = os.environ["BUILD_ROOT"], os.environ["PREFIX"]
STAGE = tempfile.TemporaryDirectory(prefix="xep174-installed-")
ROOT = pathlib.Path(STAGE.name + PREFIX)


def run(command, environment=None):
    return subprocess.run(command, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", check=False)


def test_runner():
    result = run(["meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", STAGE.name])
    assert result.returncode == 0, result.stdout
    tests = list(ROOT.rglob("*.test"))
    assert tests, "none installed"
    for test in tests:
        # They name where they belong, not where this test has put them.
        test.write_text(test.read_text().replace(f"{PREFIX}/", f"{ROOT}/"))

    libraries = str(next(ROOT.rglob("libxep174-1.so.0")).parent)
    result = run(["gnome-desktop-testing-runner", "--tap", "libxep174-1"], {
        "XDG_DATA_DIRS": f"{ROOT / 'share'}:/usr/local/share:/usr/share",
        "LD_LIBRARY_PATH": libraries,
        "XEP174_LOCALEDIR": str(ROOT / "share/locale"),
        "GI_TYPELIB_PATH": str(pathlib.Path(libraries, "girepository-1.0")),
    })
    assert result.returncode == 0, result.stdout
    passed = sum(line.startswith("ok ") for line in result.stdout.splitlines())
    assert passed >= len(tests), result.stdout
    print(f"# {len(tests)} installed tests")


if __name__ == "__main__":
    tap.main_of("install", globals())
