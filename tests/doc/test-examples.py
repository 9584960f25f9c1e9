#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs of doc/embedding.md, doc/trust.md and doc/gjs.md do what the page says: each is run, and prints
what the block below it holds, nothing else, and complains of nothing."""
import os
import pathlib
import subprocess
import sys

import pages
import tap

BUILD = pathlib.Path(os.environ["BUILD_ROOT"])
FOLDER = "examples/embedding"
LEFT_OUT = os.environ["LEFT_OUT"].split()


def command(source):
    if source.endswith(".py"):
        return ["/usr/bin/python3", str(pages.ROOT / source)]
    if source.endswith(".js"):
        return ["gjs", "-m", str(pages.ROOT / source)]
    return [str(BUILD / source.rpartition(".")[0])]


def play(source):
    """The whole of a story is told over the loopback or a pair of sockets within moments."""
    def test():
        done = subprocess.run(command(source), capture_output=True, text=True, timeout=60,
                              env={**os.environ, "G_DEBUG": "fatal-criticals"}, check=False)
        # Those that show what keys are for end at once, and say why.
        if not os.environ["ENCRYPTS"] and "was built without TLS" in done.stderr:
            return
        assert done.returncode == 0, f"{done.returncode}: {done.stderr}"
        assert done.stdout.rstrip("\n") == pages.printed_by(source), done.stdout
        assert done.stderr == "", done.stderr
    return test


def test_none_forgotten():
    """Only a language that this build leaves out excuses a program; a missing library does not."""
    there = {f"{FOLDER}/{path.name}" for path in (pages.ROOT / FOLDER).iterdir()
             if path.suffix in (".c", ".py", ".vala")}
    there |= set(pages.printed_of("examples/gjs/"))
    excused = {name for name in there if pathlib.Path(name).suffix in LEFT_OUT}
    missing = there - excused - set(sys.argv[1:])
    assert not missing, f"{missing} could not be built; is libstrophe installed?"


if __name__ == "__main__":
    sys.exit(tap.run([(f"/examples/{pathlib.Path(name).name}", play(name)) for name in sys.argv[1:]]
                     + [("/examples/none-forgotten", test_none_forgotten)]))
