#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the README says about using the library is true of what gets installed."""

import os
import pathlib
import re
import shlex

import tap
from stage import CC, FOLDER, STAGE, flags, install, installed, run

ROOT = pathlib.Path(os.environ["SOURCE_ROOT"])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language, having):
    """The first block of the README in @language with @having in it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(text for text in blocks if having in text)


def test_pkg_config():
    """The C of the README compiles with what pkg-config says, and without a warning."""
    environment = install()
    source = FOLDER / "juliet.c"
    source.write_text(block("c", "int\nmain"))
    run(CC + ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", str(source), "-o",
              str(source.with_suffix(""))] + flags(environment, "--cflags", "--libs"))


def test_tutorial():
    """The command that doc/tutorial-c.md tells builds its programs with what is installed."""
    page = (ROOT / "doc/tutorial-c.md").read_text(encoding="utf-8")
    command = re.search(r"```sh\ncc (chat\.c .*)\n```", page)[1]
    for source in sorted((ROOT / "examples/tutorial").glob("*.c")):
        (FOLDER / "chat.c").write_text(source.read_text(encoding="utf-8"))
        run(f"{shlex.join(CC)} {command}", shell=True, cwd=STAGE.name, env=install())


def test_python():
    """The Python of the README runs, but for going onto the network of who runs this."""
    script = ("import gi; gi.require_version('Xep174', '1'); from gi.repository import Xep174\n"
              "Xep174.Client.start_async = lambda client: print(client.props.profile.props.user)\n"
              + block("python", "start_async"))
    library, typelib = installed("libxep174-1.so.0"), installed("Xep174-1.typelib")
    environment = {**os.environ, "LD_LIBRARY_PATH": str(library.parent),
                   "GI_TYPELIB_PATH": str(typelib.parent)}
    assert run(["/usr/bin/python3", "-c", script], env=environment) == "juliet\n"


def test_soname():
    assert installed("libxep174-1.so.0").exists()


def test_only_ours_exported():
    symbols = [line.split()[-1] for line in
               run(["nm", "-D", "--defined-only", installed("libxep174-1.so.0")]).splitlines()]
    strange = [name for name in symbols if not name.startswith("xep174_")]
    assert symbols and not strange, strange


def test_subproject():
    """A project with ours in subprojects/ has it built into its program the way the README says: no
    variable of ours is named, and nothing of ours is installed.  Whoever likes unity builds can."""
    project = FOLDER / "project"
    (project / "subprojects").mkdir(parents=True)
    (project / "subprojects/libxep174").symlink_to(ROOT)
    (project / "juliet.c").write_text(block("c", "int\nmain"))
    (project / "meson.build").write_text(
        "project('juliet', 'c')\n" + block("meson", "fallback") +
        "executable('juliet', 'juliet.c', dependencies: xep174_dep)\n")
    run(["meson", "setup", "build", "--buildtype=plain", "--unity=on"], cwd=project)
    run(["ninja", "-C", "build"], cwd=project)
    needed = run(["objdump", "-p", "build/juliet"], cwd=project)
    assert "libgio-2.0.so.0" in needed and "libxep174" not in needed, needed
    run(["meson", "install", "-C", "build", "--destdir", str(project / "stage")], cwd=project)
    stray = [path.name for path in (project / "stage").rglob("*") if path.is_file()]
    assert stray == [], f"installed beside the host: {stray}"


if __name__ == "__main__":
    tests = [
        ("/install/pkg-config", test_pkg_config),
        ("/install/tutorial", test_tutorial),
        ("/install/soname", test_soname),
        ("/install/only-ours-exported", test_only_ours_exported),
        ("/install/subproject", test_subproject),
    ]
    if "introspection" in os.environ["OPTIONS"].split():
        tests.append(("/install/python", test_python))
    with STAGE:
        tap.main(tests)
