# SPDX-License-Identifier: LGPL-2.1-or-later
"""A program on somebody's screen that offers things to others: `files PATH…`, `picture`, `text TEXT` into the
clipboard."""
import sys

import gi
gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, GObject, Gtk  # noqa: E402


def provider(what, arguments):
    if what == 'files':
        uris = ''.join(GLib.filename_to_uri(path) + '\r\n' for path in arguments)
        return Gdk.ContentProvider.new_for_bytes('text/uri-list', GLib.Bytes.new(uris.encode()))
    if what == 'picture':
        pixels = GLib.Bytes.new(bytes(64 * 64 * 4))
        texture = Gdk.MemoryTexture.new(64, 64, Gdk.MemoryFormat.R8G8B8A8, pixels, 64 * 4)
        return Gdk.ContentProvider.new_for_value(GObject.Value(Gdk.Texture, texture))
    return Gdk.ContentProvider.new_for_value(arguments[0])


Gtk.init()
Gdk.Display.get_default().get_clipboard().set_content(provider(sys.argv[1], sys.argv[2:]))
print('ready', flush=True)
GLib.MainLoop().run()
