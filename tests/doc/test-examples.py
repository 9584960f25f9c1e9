#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs of doc/embedding.md, doc/trust.md, doc/conversations.md, doc/files.md and doc/gjs.md do what the page says:
each is run, and prints what the block below it holds, nothing else, and complains of nothing."""
import os
import pathlib
import subprocess
import sys
import tempfile

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


TRAP = """
import GLib from 'gi://GLib';
const later = ms => new Promise(resolve => GLib.timeout_add(0, ms, () => resolve() ?? GLib.SOURCE_REMOVE));
const loop = GLib.MainLoop.new(null, false);
%s
later(0).then(() => print('awaited'));
GLib.timeout_add(GLib.PRIORITY_LOW, 200, () => loop.quit() ?? GLib.SOURCE_REMOVE);
loop.run();
print('the loop has ended');
"""


def test_await_at_the_top():
    """What doc/gjs.md says of it is true: behind an `await` outside of functions nothing goes on in time."""
    for line, awaited in (("", 0), ("await later(0);", 1)):
        with tempfile.NamedTemporaryFile("w", suffix=".js") as program:
            program.write(TRAP % line)
            program.flush()
            done = subprocess.run(["gjs", "-m", program.name], capture_output=True, text=True, timeout=60,
                                  check=True)
        assert done.stdout.split("\n").index("awaited") == awaited, (line, done.stdout)


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
                     + [("/examples/none-forgotten", test_none_forgotten)]
                     + [("/examples/await-at-the-top", test_await_at_the_top)] * (".js" not in LEFT_OUT)))
