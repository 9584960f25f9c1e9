// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the manuals of others are, for links such as [class@Gio.SocketClient].
baseURLs = [
  ["GLib", "https://docs.gtk.org/glib/"],
  ["GObject", "https://docs.gtk.org/gobject/"],
  ["Gio", "https://docs.gtk.org/gio/"],
];
