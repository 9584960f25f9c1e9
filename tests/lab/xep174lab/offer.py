# SPDX-License-Identifier: LGPL-2.1-or-later
"""A program on somebody's screen that offers things to others: `files PATH…`, `picture`, `text TEXT` into the
clipboard; `drag PATH…` in a window, to be dragged."""
import sys

import gi
gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, GObject, Gtk  # noqa: E402


def provider(what, arguments):
    if what in ('files', 'drag'):
        uris = ''.join(GLib.filename_to_uri(path) + '\r\n' for path in arguments)
        files = Gdk.ContentProvider.new_for_bytes('text/uri-list', GLib.Bytes.new(uris.encode()))
        # File managers give the names as a text, too.
        names = Gdk.ContentProvider.new_for_value(' '.join(arguments))
        return Gdk.ContentProvider.new_union([files, names]) if what == 'drag' else files
    if what == 'picture':
        pixels = GLib.Bytes.new(bytes(64 * 64 * 4))
        texture = Gdk.MemoryTexture.new(64, 64, Gdk.MemoryFormat.R8G8B8A8, pixels, 64 * 4)
        return Gdk.ContentProvider.new_for_value(GObject.Value(Gdk.Texture, texture))
    return Gdk.ContentProvider.new_for_value(arguments[0])


def show(offered):
    window = Gtk.Window(title='To be dragged', child=Gtk.Label(label='files'), decorated=False,
                        default_width=60, default_height=60)
    source = Gtk.DragSource()
    source.connect('prepare', lambda *_: offered)
    window.add_controller(source)
    window.present()


Gtk.init()
content = provider(sys.argv[1], sys.argv[2:])
if sys.argv[1] == 'drag':
    show(content)
else:
    Gdk.Display.get_default().get_clipboard().set_content(content)
print('ready', flush=True)
GLib.MainLoop().run()
