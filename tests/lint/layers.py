#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""No layer reaches upward, and no dependency leaks out of the files that may use it.

Include paths keep a layer from its neighbours: that is proven by includes that must not compile.
What lies in the system's own include path is found in the compiler's dependency lists.
"""

import functools
import os
import pathlib
import re
import subprocess
import sys

import compilation
import tap

ROOT = pathlib.Path(os.environ["SOURCE_ROOT"]).resolve()
BUILD = compilation.BUILD

# What each layer may see besides itself.
SEES = {
    "common": set(),
    "discovery": {"common"},
    "stream": {"common"},
    "trust": {"common"},
    "session": {"stream", "trust", "common"},
    "features": {"session", "stream", "trust", "common"},
    "client": {"features", "session", "stream", "trust", "discovery", "common"},
}

GNUTLS_FILE = re.compile(r"lib/trust/xep174-[^/]*-gnutls\.c$")
# The rooms of a layer: what each sees of the others. "" is the folder of the layer itself.
ROOMS = {
    "stream": {
        "octets": set(),
        "tree": {"octets"},
        "input": {"octets", "tree"},
        "": {"octets", "tree", "input"},
    },
    "discovery": {
        "base": set(),
        "people": {"base"},
        "class": {"base", "people"},
        "mdns": {"base", "people"},
        "avahi": {"base", "mdns"},
        "embedded": {"base", "mdns"},
        "manual": set(),
        "default": {"base", "mdns"},
    },
    "session": {
        "rules": set(),
        "wire": set(),
        "features": set(),
        "slot": {"rules", "wire", "features"},
        "session": {"rules", "wire", "features", "slot"},
        "manager": {"rules", "wire", "features", "slot", "session"},
    },
    "features": {
        "files/rules": set(),
        "files/words": {"files/rules"},
        "files/disk": {"files/rules", "files/words"},
        "files/streams": {"files/rules", "files/disk", "files/words"},
        "files/transfer": {"files/rules", "files/words", "files/disk", "files/streams"},
        "": set(),
    },
}
# The rooms that the layers above see, too.
OPEN = {
    "stream": {"", "octets", "tree"},
    "discovery": {"class"},
    "session": set(ROOMS["session"]),
    "features": {""},
}
# The rooms that see less of the layers below than their layer does.
NARROW = {
    ("session", "rules"): set(),
    ("session", "wire"): {"trust", "common"},
    ("session", "features"): {"stream", "common"},
    ("session", "slot"): {"stream", "trust", "common"},
    ("session", "session"): {"stream", "trust", "common"},
    ("session", "manager"): {"stream", "trust", "common"},
    ("features", "files/rules"): set(),
    ("features", "files/disk"): {"trust", "stream", "common"},
    ("features", "files/words"): {"stream", "common"},
    ("features", "files/streams"): {"session", "stream", "trust", "common"},
}

LIBXML_FILE = re.compile(r"lib/stream/(?!octets/)")
AVAHI_FILE = re.compile(r"lib/discovery/embedded/xep174-embedded[^/]*\.c$")
# The machines are values in, values out: GLib, and no object, stream or clock.
PURE_FILE = re.compile(r"lib/(session|features/files)/rules/")


def commands():
    """The compile command of every source of a layer, by its path from the root.

    The layer's own command: tests compile some sources a second time, in their own way.
    """
    found = {}
    for entry in compilation.entries():
        if not entry["output"].startswith("lib/"):
            continue
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if path.is_relative_to(ROOT / "lib") and path.suffix == ".c":
            found[str(path.relative_to(ROOT))] = entry
    return found


COMMANDS = commands()


def compiler(entry, *extra, source=None):
    """Runs the compile command of @entry with other outputs, and another source if given."""
    where = entry["file"] if source is None else "-"
    language = [] if source is None else ["-x", "c"]
    return subprocess.run(
        compilation.command(entry) + list(extra) + language + [where],
        cwd=entry["directory"],
        input=source,
        capture_output=True,
        text=True,
    )


@functools.cache
def whole_path(folder, path):
    """One of the same few hundred each time."""
    return str((pathlib.Path(folder) / path).resolve())


def dependencies(entry, source=None):
    result = compiler(entry, "-M", source=source)
    if result.returncode != 0:
        raise RuntimeError(result.stderr)
    text = result.stdout.replace("\\\n", " ").split(":", 1)[1]
    return [whole_path(entry["directory"], word) for word in text.split()]


@functools.cache
def layer_of(path):
    """The layer that one of our files belongs to, or None for anybody else's."""
    for root in (ROOT, BUILD):
        for folder in ("lib", "include/xep174"):
            if pathlib.Path(path).is_relative_to(root / folder):
                layer = pathlib.Path(path).relative_to(root / folder).parts[0]
                return layer if layer in SEES else None
    return None


def offences(source, paths):
    """What the file @source must not have included, among @paths."""
    own = layer_of(str(ROOT / source))
    found = []
    for path in paths:
        layer = layer_of(path)
        if layer is not None and layer != own and layer not in SEES[own]:
            found.append(f"{source} reaches up to {path}")
        if "/libxml/" in path and not LIBXML_FILE.match(source):
            found.append(f"{source} includes libxml2: {path}")
        if "/gnutls/" in path and not GNUTLS_FILE.search(source):
            found.append(f"{source} includes GnuTLS: {path}")
        if re.search(r"/avahi-\w+/", path) and not AVAHI_FILE.search(source):
            found.append(f"{source} includes Avahi: {path}")
        if re.search(r"/(gobject|gio)/", path) and PURE_FILE.search(source):
            found.append(f"{source} is to be pure, and includes {path}")
    return found


def expect_none(found):
    if found:
        raise AssertionError("\n".join(found))


def public_headers(layer):
    return sorted((ROOT / "include/xep174" / layer).rglob("*.h"))


def private_headers(layer):
    return sorted((ROOT / "lib" / layer).rglob("*.h"))


def room_headers(layer, room):
    """Its own, and the public ones that have a folder for it."""
    folders = ["lib", "include/xep174"] if room else ["lib"]
    return sorted(header.name for folder in folders
                  for header in (ROOT / folder / layer / room).glob("*.h"))


def seen_by_room(layer, room):
    return NARROW.get((layer, room), SEES[layer])


def any_of(layer):
    """A source of it, from the room that sees most."""
    if layer in ROOMS:
        return of_room(layer, list(ROOMS[layer])[-1])
    return next(e for path, e in COMMANDS.items() if path.startswith(f"lib/{layer}/"))


def one_that_sees(layer, other):
    """A source of @layer, from the highest of its rooms that has @other in reach."""
    for room in reversed(ROOMS.get(layer, {})):
        if other in seen_by_room(layer, room) | {layer}:
            return of_room(layer, room)
    return any_of(layer)


def of_room(layer, room):
    folder = str(pathlib.Path("lib", layer, room))
    return next(e for path, e in COMMANDS.items() if str(pathlib.Path(path).parent) == folder)


def in_reach(entry, names):
    """The headers among @names that the source of @entry could include."""
    source = "".join(f'#if __has_include("{name}")\n"{name}"\n#endif\n' for name in names)
    return re.findall(r'^"(.*)"$', compiler(entry, "-E", "-P", source=source).stdout, re.MULTILINE)


def built():
    """What each object was made of, by its path in the build folder: ninja keeps the compiler's lists."""
    text = subprocess.run(["ninja", "-C", str(BUILD), "-t", "deps"], check=True,
                          capture_output=True, text=True).stdout
    return {block.split(":", 1)[0]: [whole_path(BUILD, line.strip()) for line in block.split("\n")[1:]]
            for block in re.split(r"\n\n", text) if "(VALID)" in block}


def test_sources():
    found = []
    lists = built()
    for source, entry in COMMANDS.items():
        found += offences(source, lists[entry["output"]])
    print(f"# {len(COMMANDS)} files looked at")
    expect_none(found)


def test_public_headers():
    """Each compiles alone, seen from the top, and pulls in nothing private and no dependency."""
    entry = any_of("client")
    found = []
    for layer in SEES:
        for header in public_headers(layer):
            for path in dependencies(entry, f'#include "{header.name}"\n'):
                if re.search(r"/libxml/|/avahi-\w+/|-private\.h$", path):
                    found.append(f"{header.name} includes {path}")
    expect_none(found)


def test_wrong_includes():
    """Nothing of a layer that a layer does not see can be included from it."""
    found = []
    tried = 0
    for layer in SEES:
        entry = any_of(layer)
        for other in set(SEES) - SEES[layer] - {layer}:
            names = [header.name for header in public_headers(other) + private_headers(other)]
            tried += len(names)
            found += [f"lib/{layer} can include {name} of {other}" for name in in_reach(entry, names)]
    print(f"# {tried} wrong includes refused")
    expect_none(found)


def test_rooms():
    """Each room has the headers of those below it in reach, and of no other."""
    tried = 0
    for layer, rooms in ROOMS.items():
        found = {str(path.parent.relative_to(ROOT / "lib" / layer)) for path in private_headers(layer)}
        assert found - {"."} <= set(rooms), f"a folder of lib/{layer} that is no room: {found}"
        for other in rooms:
            names = room_headers(layer, other)
            for room, sees in rooms.items():
                tried += len(names)
                expected = names if other in sees | {room} else []
                reached = in_reach(of_room(layer, room), names)
                assert reached == expected, f"lib/{layer}/{room} has {reached} of {other} in reach"
            for above in (above for above, sees in SEES.items() if layer in sees):
                expected = names if other in OPEN[layer] else []
                reached = in_reach(any_of(above), names)
                assert reached == expected, f"lib/{above} has {reached} of {layer}/{other} in reach"
    print(f"# {tried} headers looked for")


def test_rooms_and_layers():
    """No room has a header of a layer in reach that it does not see."""
    for layer, room in [(layer, room) for layer, rooms in ROOMS.items() for room in rooms]:
        for other in set(SEES) - seen_by_room(layer, room) - {layer}:
            names = [header.name for header in public_headers(other) + private_headers(other)]
            reached = in_reach(of_room(layer, room), names)
            assert not reached, f"lib/{layer}/{room} has {reached} of {other} in reach"


def test_right_includes():
    """The same way of asking says yes where it should, so a no means something."""
    for layer in SEES:
        for other in SEES[layer] | {layer}:
            entry = one_that_sees(layer, other)
            for header in public_headers(other)[:1]:
                source = f'#include "{header.name}"\nint the_source_is_not_empty;\n'
                result = compiler(entry, "-fsyntax-only", source=source)
                assert result.returncode == 0, result.stderr


def test_system_includes():
    """libxml2 is out of reach but for the stream layer; Avahi is in reach, and is found out."""
    for layer in set(SEES) - {"stream"}:
        result = compiler(any_of(layer), "-fsyntax-only", source="#include <libxml/parser.h>\n")
        assert result.returncode != 0, f"lib/{layer} can include libxml2"
    result = compiler(of_room("stream", "octets"), "-fsyntax-only",
                      source="#include <libxml/parser.h>\n")
    assert result.returncode != 0, "lib/stream/octets can include libxml2"
    planted = dependencies(any_of("session"), "#include <avahi-common/error.h>\n")
    assert offences("lib/session/session/xep174-session.c", planted), "an Avahi header went unnoticed"
    planted = dependencies(any_of("trust"), "#include <gnutls/gnutls.h>\n")
    assert offences("lib/trust/xep174-identity.c", planted), "a GnuTLS header went unnoticed"
    planted = dependencies(any_of("session"), "#include <gio/gio.h>\n")
    assert offences("lib/session/rules/xep174-arbiter.c", planted), "an impure machine went unnoticed"
    above = [str(ROOT / "include/xep174/client/xep174-client.h")]
    assert offences("lib/stream/tree/xep174-element.c", above), "an upward include went unnoticed"


if __name__ == "__main__":
    missing = [layer for layer in SEES if not any(p.startswith(f"lib/{layer}/") for p in COMMANDS)]
    if missing:
        sys.exit(f"no source of {missing} in {BUILD}/compile_commands.json")
    tap.main_of("layers", globals())
