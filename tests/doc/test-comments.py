#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The code in the comments that become the reference compiles, and what the pages list is whole."""
import re
import subprocess

import compilation
import pages
import tap

# What the pieces of code leave to the reader.
AROUND = """
#include <xep174/xep174.h>
void on_message (void);
void on_started (GObject *source, GAsyncResult *result, gpointer user_data);
void piece (void);
void
piece (void)
{
%s
}
"""


def pieces():
    """The blocks of C in the comments of the library, each with its place."""
    for path in sorted((pages.ROOT / "lib").rglob("*.[ch]")):
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r"^ \* ```c\n(.*?)^ \* ```$", text, re.MULTILINE | re.DOTALL):
            line = text[:found.start()].count("\n") + 1
            yield f"{path.relative_to(pages.ROOT)}:{line}", re.sub(r"^ \* ?", "", found[1],
                                                                   flags=re.MULTILINE)


def compiler():
    """The command that compiles a program on the library, without its files."""
    entry = next(entry for entry in compilation.entries()
                 if entry["file"].endswith("examples/tutorial/chat-1-see.c"))
    return (compilation.command(entry) + ["-Werror", "-fsyntax-only", "-x", "c", "-"],
            entry["directory"])


def complaint(code):
    command, directory = compiler()
    done = subprocess.run(command, cwd=directory, input=AROUND % code, capture_output=True,
                          text=True, check=False)
    return done.stderr if done.returncode != 0 else None


def test_code():
    found = [f"{where}: {complaint(code)}" for where, code in pieces() if complaint(code)]
    count = len(list(pieces()))
    print(f"# {count} pieces")
    assert count > 0 and not found, "\n".join(found)
    assert complaint("xep174_no_such_function ();"), "nothing is refused"


def test_every_error_is_told():
    """doc/errors.md has a row for each code of the three domains with a meaning of their own."""
    page = (pages.ROOT / "doc/errors.md").read_text(encoding="utf-8")
    count = 0
    for path in sorted((pages.ROOT / "include").rglob("*.h")):
        for domain, code in re.findall(r"^  XEP174_(SESSION|DIRECTORY|DISCOVERY)_ERROR_(\w+),$",
                                       path.read_text(encoding="utf-8"), re.MULTILINE):
            count += 1
            part = page.split(f"### {domain.capitalize()} errors")[1].split("\n### ")[0]
            assert f"| `{code}` |" in part, f"doc/errors.md does not tell of {domain} {code}"
    assert count > 15, count


def test_every_state_is_told():
    page = (pages.ROOT / "doc/sessions.md").read_text(encoding="utf-8")
    header = (pages.ROOT / "include/xep174/session/session/xep174-session.h").read_text(encoding="utf-8")
    states = re.findall(r"^  XEP174_SESSION_STATE_(\w+),$", header, re.MULTILINE)
    missing = [state for state in states if f"| `{state}` |" not in page]
    rules = [f"S{n}" for n in range(1, 12) if f"**S{n}.**" not in page]
    assert states and not missing and not rules, (missing, rules)


if __name__ == "__main__":
    tap.main_of("comments", globals())
