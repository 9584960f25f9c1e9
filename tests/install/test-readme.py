#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the README says about using the library is true of what gets installed."""

import functools
import os
import pathlib
import re
import shlex
import subprocess
import tempfile

import tap

ROOT = pathlib.Path(os.environ["SOURCE_ROOT"])
BUILD = os.environ["BUILD_ROOT"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CC = shlex.split(os.environ["CC"])

STAGE = tempfile.TemporaryDirectory(prefix="xep174-install-")
PREFIX = pathlib.Path(STAGE.name, "usr/local")


def block(language, having):
    """The first block of the README in @language with @having in it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(text for text in blocks if having in text)


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


@functools.cache
def install():
    run(["meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", STAGE.name])
    found = list(pathlib.Path(STAGE.name).rglob("libxep174-1.pc"))
    assert len(found) == 1, found
    text = found[0].read_text()
    prefix = re.search(r"^prefix=(.*)$", text, re.MULTILINE)[1]
    found[0].write_text(text.replace(f"prefix={prefix}", f"prefix={STAGE.name}{prefix}"))
    return {**os.environ, "PKG_CONFIG_PATH": str(found[0].parent)}


def flags(environment, *what):
    return run(["pkg-config", *what, "libxep174-1"], env=environment).split()


def test_pkg_config():
    """The C of the README compiles with what pkg-config says, and without a warning."""
    environment = install()
    source = pathlib.Path(STAGE.name, "juliet.c")
    source.write_text(block("c", "int\nmain"))
    run(CC + ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", str(source), "-o",
              str(source.with_suffix(""))] + flags(environment, "--cflags", "--libs"))


def test_tutorial():
    """The command that doc/tutorial-c.md tells builds its programs with what is installed."""
    page = (ROOT / "doc/tutorial-c.md").read_text(encoding="utf-8")
    command = re.search(r"```sh\ncc (chat\.c .*)\n```", page)[1]
    for source in sorted((ROOT / "examples/tutorial").glob("*.c")):
        pathlib.Path(STAGE.name, "chat.c").write_text(source.read_text(encoding="utf-8"))
        run(f"{shlex.join(CC)} {command}", shell=True, cwd=STAGE.name, env=install())


def test_soname():
    found = list(pathlib.Path(STAGE.name).rglob("libxep174-1.so.0"))
    assert len(found) == 1, found


def test_only_ours_exported():
    library = next(pathlib.Path(STAGE.name).rglob("libxep174-1.so.0"))
    symbols = [line.split()[-1] for line in
               run(["nm", "-D", "--defined-only", str(library)]).splitlines()]
    strange = [name for name in symbols if not name.startswith("xep174_")]
    assert symbols and not strange, strange


def test_subproject():
    """A project with ours in subprojects/ finds it the way the README says."""
    project = pathlib.Path(STAGE.name, "project")
    (project / "subprojects").mkdir(parents=True)
    (project / "subprojects/libxep174").symlink_to(ROOT)
    (project / "juliet.c").write_text(block("c", "int\nmain"))
    (project / "meson.build").write_text(
        "project('juliet', 'c')\n" + block("meson", "fallback") +
        "executable('juliet', 'juliet.c', dependencies: xep174_dep)\n")
    run(["meson", "setup", "build"], cwd=project)


if __name__ == "__main__":
    with STAGE:
        tap.main([
            ("/install/pkg-config", test_pkg_config),
            ("/install/tutorial", test_tutorial),
            ("/install/soname", test_soname),
            ("/install/only-ours-exported", test_only_ours_exported),
            ("/install/subproject", test_subproject),
        ])
