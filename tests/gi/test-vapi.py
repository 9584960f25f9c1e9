#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Vala binding is made without a warning, and says what a Vala program has to know."""

import os
import pathlib
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

import tap

CORE = "{http://www.gtk.org/introspection/core/1.0}"
GIR = os.environ["GIR"]
VAPI = pathlib.Path(os.environ["VAPI"]).read_text(encoding="utf-8")


def generate(metadata):
    """What vapigen prints about the GIR, with our metadata in that folder."""
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            [os.environ["VAPIGEN"], "--library=again", f"--directory={folder}", "--pkg=gio-2.0",
             f"--metadatadir={metadata}", GIR], capture_output=True, text=True, check=False)
        made = pathlib.Path(folder, "again.vapi").exists()
    return made, result.stdout + result.stderr


def test_no_warning():
    made, printed = generate(pathlib.Path(os.environ["SOURCE_ROOT"], "lib"))
    assert made and "0 warning(s)" in printed, printed


def test_warning_is_seen():
    made, printed = generate("nowhere")
    assert made and "0 warning(s)" not in printed and "warning:" in printed, printed


def test_async():
    """Each takes a cancellable that may be left out, returns something and may throw."""
    functions = re.findall(r"public .*\basync .*", VAPI)
    assert len(functions) > 10, functions
    for function in functions:
        assert " void " not in function, function
        assert "GLib.Cancellable? cancellable = null) throws GLib.Error;" in function, function


def test_nullable_properties():
    """What a getter may return, the property may be."""
    namespace = ElementTree.parse(GIR).getroot().find(CORE + "namespace")
    count = 0
    for parent in namespace.findall(CORE + "class"):
        text = re.search(rf"class {parent.get('name')} :.*?\n\t}}", VAPI, re.DOTALL)[0]
        for prop in parent.findall(CORE + "property"):
            getter = parent.find(f"{CORE}method[@name='{prop.get('getter')}']/{CORE}return-value")
            if getter is None:
                continue
            name = prop.get("name").replace("-", "_")
            line = re.search(rf"public \S+ {name} \{{", text)[0]
            assert ("? " in line) == (getter.get("nullable") == "1"), \
                f"{parent.get('name')}: {line}: to be put right in lib/Xep174-1.metadata"
            count += 1
    assert count > 20, count


def test_statics():
    """What vapigen left alone cannot do: ask an error for its methods."""
    line = 'unowned string to_condition ([CCode (type = "Xep174StreamError")] int code);'
    assert line in VAPI, line


if __name__ == "__main__":
    tap.main_of("vapi", globals())
