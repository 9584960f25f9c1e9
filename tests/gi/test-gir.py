#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the introspection data says is complete, and agrees with the documentation."""

import os
import re
import xml.etree.ElementTree as ElementTree

import tap

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"

CALLABLES = ("constructor", "function", "method", "virtual-method", GLIB + "signal")
TYPES = ("class", "interface", "record", "enumeration", "bitfield", "callback")
# What bindings are not to see, with the reason; there is nothing.
HIDDEN = {}

# What is asked for there is a value that is always something.
NEVER_NOTHING = ("_finish", ".find_trust")

NAMESPACE = ElementTree.parse(os.environ["GIR"]).getroot().find(CORE + "namespace")


def tag(name):
    return name if name.startswith("{") else CORE + name


def is_class_struct(element):
    """A final type's is opaque; that of a type to derive from is made of its virtual methods."""
    return GLIB + "is-gtype-struct-for" in element.attrib


def types():
    return [e for e in NAMESPACE if e.tag in map(tag, TYPES) and not is_class_struct(e)]


def symbols():
    """(name, element, its parent) of all that a program can reach."""
    for top in NAMESPACE:
        if top.tag == tag("function") and "moved-to" not in top.attrib:
            yield top.get("name"), top, NAMESPACE
    for parent in types():
        yield parent.get("name"), parent, NAMESPACE
        for child in parent:
            if child.tag in map(tag, CALLABLES + ("property",)):
                yield f"{parent.get('name')}.{child.get('name')}", child, parent


def callables():
    for name, element, parent in symbols():
        if element.tag in map(tag, CALLABLES):
            yield name, element, parent


def parameters(element):
    return element.findall(f"{CORE}parameters/{CORE}parameter")


def values(element):
    """(what it is, element) of the parameters and the return value, if there is any."""
    for parameter in parameters(element):
        yield parameter.get("name"), parameter
    result = element.find(tag("return-value"))
    if result.find(f"{CORE}type[@name='none']") is None:
        yield "its return value", result


def words(element):
    return " ".join(element.findtext(tag("doc"), "").split())


def expect_none(found):
    if found:
        raise AssertionError("\n".join(found))


def test_documented():
    found = [f"{name}: not documented" for name, element, _ in symbols() if not words(element)]
    for name, element, _ in callables():
        found += [f"{name}: {what} is not documented" for what, value in values(element)
                  if not words(value) and what != "self"]
    for enumeration in types():
        found += [f"{member.get(C + 'identifier')}: not documented"
                  for member in enumeration.findall(tag("member")) if not words(member)]
    expect_none(found)


def test_since():
    expect_none([f"{name}: no Since:" for name, element, _ in symbols()
                 if not re.fullmatch(r"\d+\.\d+", element.get("version", ""))])


def test_introspectable():
    expect_none([f"{name}: introspectable=0" for name, element, _ in symbols()
                 if element.get("introspectable") == "0" and name not in HIDDEN])


def complaints_about_type(value):
    array = value.find(tag("array"))
    if array is not None:
        if array.find(tag("type")) is None:
            yield "has no element type"
        if "length" not in array.attrib and array.get("zero-terminated") == "0":
            yield "is an array without an end"
    elif value.find(tag("type")) is None:
        yield "has no type"
    elif value.find(tag("type")).get("name") in ("gpointer", "GLib.List", "GLib.SList"):
        if value.get("name") != "user_data":
            yield "is a pointer to whatever"


def test_types():
    found = []
    for name, element, _ in callables():
        for what, value in values(element):
            found += [f"{name}: {what} {why}" for why in complaints_about_type(value)]
            owners = ("none", "full") + ("container",) * (value.find(tag("array")) is not None)
            if value.get("transfer-ownership") not in owners:
                found.append(f"{name}: whose {what} is, is not said")
    for name, element, _ in symbols():
        if element.tag == tag("property"):
            found += [f"{name} {why}" for why in complaints_about_type(element)]
    expect_none(found)


def test_who_frees():
    """What is duplicated or made is the caller's; what is got is not."""
    found = []
    for name, element, _ in callables():
        transfer = element.find(tag("return-value")).get("transfer-ownership")
        verb = element.get("name").split("_")[0]
        if verb in ("dup", "new", "copy", "parse", "steal", "list", "to") and transfer != "full":
            # A string constant; a list of what belongs to the tree.
            if name not in ("StreamError.to_condition", "Element.list_children"):
                found.append(f"{name}: the caller should own what it returns")
        elif verb in ("get", "find") and not name.endswith("_finish") and transfer != "none":
            found.append(f"{name}: the caller should not own what it returns")
        if verb == "find" and not name.endswith(NEVER_NOTHING) \
                and element.find(tag("return-value")).get("nullable") != "1":
            found.append(f"{name}: what is looked for may be missing")
    expect_none(found)


def test_nullable():
    """NULL is spoken of exactly where it may stand; a call that failed returns it without that."""
    found = []
    for name, element, _ in callables():
        for what, value in values(element):
            if value.get("direction") == "out" or what in ("cancellable", "callback", "user_data"):
                continue
            fails = what == "its return value" and element.get("throws") == "1"
            spoken = "%NULL" in words(value) and not fails
            allowed = value.get("nullable") == "1"
            if allowed and not spoken and re.search(r"\bas \[|\bsee \[", words(value)):
                continue
            if allowed and what != "its return value" and element.tag == GLIB + "signal":
                continue
            if spoken != allowed:
                found.append(f"{name}: {what} is {'' if allowed else 'not '}nullable, and its "
                             f"documentation says {'' if spoken else 'nothing of '}%NULL")
    expect_none(found)


def complaints_about_async(element, siblings):
    last = parameters(element)[-3:]
    if [p.get("name") for p in last] != ["cancellable", "callback", "user_data"]:
        yield "does not end with cancellable, callback, user_data"
        return
    cancellable, callback, data = last
    if cancellable.get("nullable") != "1":
        yield "cannot go without a cancellable"
    if callback.get("scope") != "async":
        yield f"its callback has the scope {callback.get('scope')}"
    if callback.get("closure") != str(parameters(element).index(data)):
        yield "its callback is not tied to user_data"
    finish = siblings.get((element.tag, element.get("name").replace("_async", "_finish")))
    if finish is None:
        yield "has no _finish of the same name, which bindings look for"
    elif finish.get("throws") != "1" or [p.get("name") for p in parameters(finish)] != ["result"]:
        yield "its _finish does not take a result and throw"


def test_async_pairs():
    found, pairs = [], 0
    for name, element, parent in callables():
        if name.endswith("_async"):
            pairs += 1
            siblings = {(child.tag, child.get("name")): child for child in parent}
            found += [f"{name} {why}" for why in complaints_about_async(element, siblings)]
    expect_none(found)
    assert pairs > 10, pairs


def test_accessors():
    """Bindings find the functions behind a property."""
    found = []
    for name, element, parent in symbols():
        if element.tag != tag("property"):
            continue
        methods = {method.get("name") for method in parent.findall(tag("method"))}
        getter = "get_" + element.get("name").replace("-", "_")
        if getter in methods and element.get("getter") != getter:
            found.append(f"{name}: its getter is not {getter}")
    expect_none(found)


def test_setters():
    """A property cannot tell why it fails, so what may fail is only set by a function."""
    found = []
    for name, element, parent in symbols():
        if element.tag == tag("property") and element.get("writable") == "1":
            setter = parent.find(f"{CORE}method[@name='set_{element.get('name').replace('-', '_')}']")
            if setter is not None and setter.get("throws") == "1":
                found.append(f"{name}: can be set without an error, and its setter has one")
    expect_none(found)


def test_constructors():
    """What makes an object of a type gives that type, also in C."""
    expect_none([f"{name}: gives {kind.get(C + 'type')}"
                 for name, element, parent in callables() if element.tag == tag("constructor")
                 for kind in [element.find(tag("return-value")).find(tag("type"))]
                 if kind.get(C + "type").rstrip("*") != parent.get(C + "type")])


def test_virtual_names():
    """PyGObject cannot derive from a class of which an interface has a function of the same name."""
    virtual = {e.get("name"): {v.get("name") for v in e.findall(tag("virtual-method"))}
               for e in types()}
    expect_none([f"{e.get('name')}.{name}: is in {interface.get('name')}, too"
                 for e in types() for interface in e.findall(tag("implements"))
                 for name in virtual[e.get("name")] & virtual.get(interface.get("name"), set())])


def test_error_domains():
    domains = [e for e in types() if GLIB + "error-domain" in e.attrib]
    named = {e.get("name") for e in types() if e.get("name").endswith("Error")}
    assert named == {e.get("name") for e in domains} and len(named) == 6, named
    expect_none([f"{e.get('name')}: no quark()" for e in domains
                 if e.find(f"{CORE}function[@name='quark']") is None])


if __name__ == "__main__":
    print(f"# {len(list(symbols()))} symbols")
    tap.main_of("gir", globals())
