# SPDX-License-Identifier: LGPL-2.1-or-later
"""What PyGObject adds to the typelib when a program imports Xep174: elements as Python has such things."""
from __future__ import annotations

from collections.abc import Iterator

from gi.module import get_introspection_module
from gi.overrides import override

Xep174 = get_introspection_module("Xep174")
__all__ = ["Element", "StreamParser"]


@override
class Element(Xep174.Element):
    """str() gives the XML, a loop the children; element["id"] is an attribute, as in a dictionary."""

    def __str__(self) -> str:
        return self.to_string()

    def __iter__(self) -> Iterator[Xep174.Element]:
        child = self.get_first_child()
        while child is not None:
            yield child
            child = child.get_next_sibling()

    def __contains__(self, item: str | Xep174.Element) -> bool:
        if isinstance(item, str):
            return self.get_attribute(item) is not None
        return any(child == item for child in self)

    def __getitem__(self, name: str) -> str:
        value = self.get_attribute(name)
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: str) -> None:
        self.set_attribute(name, value)

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self.set_attribute(name, None)


@override
class StreamParser(Xep174.StreamParser):
    """A loop gives what has arrived whole: pairs of a StreamItem and an element."""

    def __iter__(self) -> Iterator[tuple[Xep174.StreamItem, Xep174.Element | None]]:
        item, element = self.next()
        while item != Xep174.StreamItem.NONE:
            yield item, element
            item, element = self.next()
