# SPDX-License-Identifier: LGPL-2.1-or-later
"""Announces services through a host's avahi-daemon, for peers that are no real clients."""
import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

from .lab import await_that  # noqa: E402

_NAME = 'org.freedesktop.Avahi'
_ESTABLISHED = 2
_UNSPECIFIED = -1
_NO_REVERSE = 16


class Publisher:
    """One connection to the bus, any number of services; all of them go when it closes."""

    def __init__(self, host):
        self.host = host
        self._bus = Gio.DBusConnection.new_for_address_sync(
            f'unix:path={host.bus_path}',
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self._groups = {}

    def _call(self, path, interface, method, signature=None, *values):
        answer = self._bus.call_sync(
            _NAME, path, f'{_NAME}.{interface}', method,
            GLib.Variant(signature, values) if signature else None, None,
            Gio.DBusCallFlags.NONE, 30000, None)
        return answer.unpack()

    def announce(self, name, port, txt=None, link=None, addresses=()):
        """Begins to announce; txt is a dict, or a list of raw octet strings; on all links, or one; at this
        host, or, with addresses, at one that has these, whosever they are.

        See `await_all`.
        """
        interface = _UNSPECIFIED if link is None else self.host.index_of_link(link)
        if txt is None:
            txt = {'txtvers': '1', 'status': 'avail'}
        if isinstance(txt, dict):
            txt = [f'{key}={value}'.encode() for key, value in txt.items()]
        group, = self._call('/', 'Server', 'EntryGroupNew')
        self._groups[name] = group
        target = f'other-{self.host.name}.local' if addresses else ''
        for address in addresses:
            self._call(group, 'EntryGroup', 'AddAddress', '(iiuss)', interface, _UNSPECIFIED, _NO_REVERSE,
                       target, address)
        self._call(group, 'EntryGroup', 'AddService', '(iiussssqaay)', interface, _UNSPECIFIED,
                   0, name, '_presence._tcp', 'local', target, port, txt)
        self._call(group, 'EntryGroup', 'Commit')
        self.host.lab.transcript.add(self.host.name, f'announces {name!r} at port {port}: {txt}')

    def change(self, name, txt):
        raw = [f'{key}={value}'.encode() for key, value in txt.items()]
        self._call(self._groups[name], 'EntryGroup', 'UpdateServiceTxt', '(iiusssaay)',
                   _UNSPECIFIED, _UNSPECIFIED, 0, name, '_presence._tcp', 'local', raw)

    def await_all(self):
        """Returns when the daemon has probed and announced every one of them."""
        for name, group in self._groups.items():
            await_that(f'announcement of {name}',
                       lambda: self._call(group, 'EntryGroup', 'GetState')[0] == _ESTABLISHED)

    def resolve(self, name):
        """What this host's daemon knows of a service: (port, TXT strings as octets)."""
        found = self._call('/', 'Server', 'ResolveService', '(iisssiu)', _UNSPECIFIED, _UNSPECIFIED,
                           name, '_presence._tcp', 'local', _UNSPECIFIED, 0)
        return found[8], [bytes(text) for text in found[9]]

    def withdraw(self, name):
        self._call(self._groups.pop(name), 'EntryGroup', 'Free')
        self.host.lab.transcript.add(self.host.name, f'withdraws {name!r}')

    def close(self):
        self._bus.close_sync(None)
