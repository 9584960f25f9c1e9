# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the build compiles each source, for tests that compile something in the same way."""

import json
import os
import pathlib
import shlex

BUILD = pathlib.Path(os.environ["BUILD_ROOT"]).resolve()


def entries():
    return json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))


def command(entry):
    """The words of an entry's command, but for its source and what it writes."""
    words = iter(shlex.split(entry["command"]))
    kept = []
    for word in words:
        if word in ("-o", "-MF", "-MQ", "-MT"):
            next(words)
        elif word not in ("-c", "-MD", "-MMD", entry["file"]):
            kept.append(word)
    return kept
