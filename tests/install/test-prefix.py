#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs outside build and run on what is installed, and on what is not installed yet."""

import os
import pathlib
import shutil
import subprocess

import tap
from stage import BUILD, CC, FOLDER, STAGE, flags, install, installed, run

ROOT = pathlib.Path(os.environ["SOURCE_ROOT"])
OPTIONS = os.environ["OPTIONS"].split()
STRICT = ["-Wall", "-Wextra", "-Werror"]
C = ROOT / "tests/install/outside.c"
VALA = ROOT / "tests/install/outside.vala"
PYTHON = ("import gi; gi.require_version('Xep174', '1'); from gi.repository import Xep174; "
          "print(Xep174.Client.new(Xep174.Profile.new('juliet')).props.profile.props.user, "
          "Xep174.Element('a', ''))")


def with_library(folder):
    return {**os.environ, "LD_LIBRARY_PATH": str(folder), "G_DEBUG": "fatal-criticals"}


def installed_library():
    return with_library(installed("libxep174-1.so.0").parent)


def test_files():
    """Everything has its place; a header that is in the tree is in the prefix."""
    wanted = ["libxep174-1.so", "libxep174-1.so.0", "libxep174-1.pc", "xep174-version.h"]
    wanted += [path.name for path in (ROOT / "include").rglob("*.h")]
    wanted += [f"xep174-{layer}-enums.h"
               for layer in ("common", "discovery", "stream", "session", "client")]
    if "introspection" in OPTIONS:
        wanted += ["Xep174-1.gir", "Xep174-1.typelib"]
    if "vapi" in OPTIONS:
        wanted += ["libxep174-1.vapi", "libxep174-1.deps"]
    if "documentation" in OPTIONS:
        wanted += ["class.Client.html", "libxep174-1.devhelp2"]
    if "examples" in OPTIONS:
        wanted += ["xep174.1"]
        assert run([installed_tool(), "--version"], env=installed_library()).startswith("xep174 ")
    for name in wanted:
        installed(name)
    print(f"# {len(wanted)} files")


def installed_tool():
    install()
    found = [path for path in FOLDER.rglob("bin/xep174")]
    assert len(found) == 1, found
    return found[0]


def test_c():
    """A Meson project finds the library through pkg-config."""
    project = FOLDER / "project-c"
    project.mkdir()
    shutil.copy(C, project)
    (project / "meson.build").write_text(
        "project('outside', 'c', default_options: ['warning_level=2', 'werror=true'])\n"
        "executable('outside', 'outside.c', dependencies: dependency('libxep174-1'))\n")
    run(["meson", "setup", "build"], cwd=project, env=install())
    run(["ninja", "-C", "build"], cwd=project)
    assert run(["build/outside"], cwd=project, env=installed_library()) == "juliet\n"


def test_not_installed():
    """So does a program beside a build that was never installed."""
    environment = {**os.environ, "PKG_CONFIG_PATH": f"{BUILD}/meson-uninstalled"}
    program = FOLDER / "uninstalled"
    run(CC + STRICT + [C, "-o", program] + flags(environment, "--cflags", "--libs"))
    assert STAGE.name not in " ".join(flags(environment, "--libs"))
    assert run([program], env=with_library(f"{BUILD}/lib")) == "juliet\n"


def complaints(source, least, most):
    """What the compiler says of a program for versions from @least to @most."""
    done = subprocess.run(CC + STRICT + ["-fsyntax-only", source,
                                         f"-DXEP174_VERSION_MIN_REQUIRED={least}",
                                         f"-DXEP174_VERSION_MAX_ALLOWED={most}"]
                          + flags(install(), "--cflags"),
                          capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (done.stderr == ""), done
    return done.stderr


def test_versions():
    """A program says for which versions it is; what is newer or older than that gives a warning."""
    now, before = "XEP174_VERSION_1_0", "G_ENCODE_VERSION(0,8)"
    assert complaints(C, now, now) == complaints(C, before, now) == ""
    assert "before 1.0" in complaints(C, before, before)
    assert "must not be less" in complaints(C, now, before)
    old = FOLDER / "old.c"
    old.write_text("#include <xep174/xep174.h>\n"
                   "XEP174_DEPRECATED_IN_1_0 void first (void);\n"
                   "XEP174_DEPRECATED_IN_1_0_FOR (third) void second (void);\n"
                   "int main (void) { first (); second (); return 0; }\n")
    assert complaints(old, before, now) == ""
    said = complaints(old, now, now)
    assert "first" in said and "third" in said, said


def test_python():
    environment = {**installed_library(),
                   "GI_TYPELIB_PATH": str(installed("Xep174-1.typelib").parent),
                   "PYTHONPATH": str(installed("gi/overrides/Xep174.py").parents[2])}
    assert run(["/usr/bin/python3", "-c", PYTHON], env=environment) == "juliet <a/>\n"


def test_vala():
    program = FOLDER / "outside-vala"
    said = run(["valac", "--fatal-warnings", "--pkg=libxep174-1", "-X", "-w",
                f"--vapidir={installed('libxep174-1.vapi').parent}", VALA, "-o", program],
               env=install())
    assert "warning" not in said, said
    assert run([program], env=installed_library()) == "juliet\n"


if __name__ == "__main__":
    tests = [("files", test_files), ("c", test_c), ("not-installed", test_not_installed),
             ("versions", test_versions)]
    if "introspection" in OPTIONS:
        tests.append(("python", test_python))
    if "vapi" in OPTIONS:
        tests.append(("vala", test_vala))
    with STAGE:
        tap.main([(f"/prefix/{name}", function) for name, function in tests])
