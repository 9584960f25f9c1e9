# SPDX-License-Identifier: LGPL-2.1-or-later
"""A screen and a session bus on a host, and what its windows tell who cannot see them.

Programs are looked at the way a screen reader does it (AT-SPI), and get their keys and clicks from
the X server, as from a person.
"""
import itertools
import os
import threading

from gi.repository import Gio, GLib

from .inside import go_first
from .lab import await_that, run
from .process import PATIENCE, Failure, Process

# One bus for the session and for accessibility, whose registry is started when first called.
BUS = '''<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <servicedir>/usr/share/dbus-1/accessibility-services</servicedir>
  <policy context="default">
    <allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
'''

# States of AT-SPI, the place of their bit.
_FOCUSED, _SELECTED = 12, 23

SETTINGS = '''[Settings]
gtk-font-name=Cantarell 11
gtk-enable-animations=0
'''


class Desktop:
    """What a person sits at; `host` is the machine."""

    _screens = itertools.count(1)

    def __init__(self, host, width=900, height=640):
        # Keys and clicks are for whoever has the focus by then: a window must not come late.
        go_first(10)
        self.host = host
        path = f'{host.directory}/session-bus'
        conf = f'{host.directory}/session-bus.conf'
        # Its abstract socket belongs to the host's network, so nobody else's screen is in the way.
        screen = f':{next(self._screens)}'
        self.environment = {
            'DISPLAY': screen, 'DBUS_SESSION_BUS_ADDRESS': f'unix:path={path}',
            'AT_SPI_BUS_ADDRESS': f'unix:path={path}', 'GDK_BACKEND': 'x11',
            'GSK_RENDERER': 'cairo', 'GTK_A11Y': 'atspi', 'GTK_USE_PORTAL': '0',
            'ADW_DISABLE_PORTAL': '1', 'GSETTINGS_BACKEND': 'memory', 'NO_AT_BRIDGE': '0',
            'G_DEBUG': 'fatal-criticals',
        }
        with open(conf, 'w', encoding='ascii') as file:
            file.write(BUS.format(path=path))
        os.makedirs(f'{host.directory}/.config/gtk-4.0', exist_ok=True)
        with open(f'{host.directory}/.config/gtk-4.0/settings.ini', 'w', encoding='ascii') as file:
            file.write(SETTINGS)
        self._processes = [
            Process(host, f'{host.name} screen', [
                'Xvfb', screen, '-screen', '0', f'{width}x{height}x24', '-nolisten', 'unix',
                '-nolock', '-noreset', '-displayfd', '1']),
            Process(host, f'{host.name} session bus', [
                'dbus-daemon', '--nofork', '--nopidfile', f'--config-file={conf}',
                '--print-address=1'], self.environment)]
        for process in self._processes:
            process.await_that('sign of life', lambda process=process: process.lines)
        self.bus = Gio.DBusConnection.new_for_address_sync(
            f'unix:path={path}', Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.bus.set_exit_on_close(False)
        self.notifications = Notifications(self)

    def call(self, name, path, interface, method, arguments=None):
        return self.bus.call_sync(name, path, interface, method, arguments, None,
                                  Gio.DBusCallFlags.NONE, int(PATIENCE * 1000), None).unpack()

    def tool(self, *command):
        """Runs one of the small X programs on this screen."""
        settings = [f'{key}={value}' for key, value in self.environment.items()]
        return run(*self.host.command(['env', *settings, *command]))

    def applications(self):
        """The roots of all that shows windows here."""
        root = Accessible(self, 'org.a11y.atspi.Registry', '/org/a11y/atspi/accessible/root')
        return root.children()

    def await_window(self, title):
        """The number of the window of that title, as soon as it is there."""
        def find():
            try:
                return self.tool('xdotool', 'search', '--onlyvisible', '--name', f'^{title}$').split()[0]
            except Failure:
                return None  # None yet; or another one went away while it looked

        return await_that(f'window {title!r}', find)

    def key(self, key):
        self.tool('xdotool', 'key', '--clearmodifiers', key)

    def type(self, text):
        self.tool('xdotool', 'type', '--delay', '2', text)

    def click(self, x, y):
        self.tool('xdotool', 'mousemove', str(x), str(y), 'click', '1')

    def screenshot(self, name):
        """Keeps what the screen shows, for a person to look at later."""
        folder = os.environ.get('XEP174_SCREENSHOTS')
        if folder:
            os.makedirs(folder, exist_ok=True)
            self.tool('import', '-silent', '-window', 'root', f'{folder}/{name}.png')

    def close(self):
        self.notifications.close()
        self.bus.close_sync(None)
        for process in reversed(self._processes):
            process.kill()


class Accessible:
    """One object of a window, as it tells of itself."""

    def __init__(self, desktop, name, path):
        self.desktop = desktop
        self.name = name
        self.path = path

    def _call(self, interface, method, arguments=None):
        return self.desktop.call(self.name, self.path, f'org.a11y.atspi.{interface}', method,
                                 arguments)

    def children(self):
        return [Accessible(self.desktop, *child)
                for child in self._call('Accessible', 'GetChildren')[0]]

    @property
    def role(self):
        return self._call('Accessible', 'GetRoleName')[0]

    @property
    def label(self):
        return self.desktop.call(self.name, self.path, 'org.freedesktop.DBus.Properties', 'Get',
                                 GLib.Variant('(ss)', ('org.a11y.atspi.Accessible', 'Name')))[0]

    @property
    def text(self):
        """What is in a field to write in."""
        return self._call('Text', 'GetText', GLib.Variant('(ii)', (0, 1 << 20)))[0]

    def line(self, offset):
        """The line of its text that this character is in, as it stands on the screen."""
        return self._call('Text', 'GetStringAtOffset', GLib.Variant('(iu)', (offset, 3)))[0]

    def _is(self, state):
        return bool(self._call('Accessible', 'GetState')[0][0] >> state & 1)

    @property
    def focused(self):
        """Whether it is what the keys go to."""
        return self._is(_FOCUSED)

    @property
    def selected(self):
        return self._is(_SELECTED)

    @property
    def extents(self):
        """x, y, width and height in the window; no size: it has never been on the screen."""
        return self._call('Component', 'GetExtents', GLib.Variant('(u)', (1,)))[0]

    def walk(self):
        yield self
        for child in self.children():
            yield from child.walk()


class Notifications:
    """What the desktop would show of a program's notifications."""

    NAME = 'org.freedesktop.Notifications'
    PATH = '/org/freedesktop/Notifications'
    INTERFACE = '''<node><interface name="org.freedesktop.Notifications">
      <method name="Notify"><arg type="s"/><arg type="u"/><arg type="s"/><arg type="s"/>
        <arg type="s"/><arg type="as"/><arg type="a{sv}"/><arg type="i"/>
        <arg type="u" direction="out"/></method>
      <method name="CloseNotification"><arg type="u"/></method>
      </interface></node>'''

    def __init__(self, desktop):
        self.shown = {}         # number: (title, text)
        self._desktop = desktop
        self._count = 0
        self._context = GLib.MainContext()
        self._loop = GLib.MainLoop(self._context)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        ready = threading.Event()
        source = GLib.Idle()
        source.set_callback(lambda *data: ready.set())
        source.attach(self._context)
        self._thread.start()
        ready.wait()

    def _serve(self):
        self._context.push_thread_default()
        info = Gio.DBusNodeInfo.new_for_xml(self.INTERFACE).interfaces[0]
        self._desktop.bus.register_object(self.PATH, info, self._on_call, None, None)
        self._desktop.call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                           'RequestName', GLib.Variant('(su)', (self.NAME, 0)))
        self._loop.run()
        self._context.pop_thread_default()

    def _on_call(self, bus, sender, path, interface, method, arguments, invocation):
        if method == 'Notify':
            _program, number, _icon, title, text, *_rest = arguments.unpack()
            self._count += 1
            number = number or self._count
            self.shown[number] = (title, text)
            invocation.return_value(GLib.Variant('(u)', (number,)))
        else:
            self.shown.pop(arguments.unpack()[0], None)
            invocation.return_value(None)

    def click(self, number):
        self._desktop.bus.emit_signal(None, self.PATH, self.NAME, 'ActionInvoked',
                                      GLib.Variant('(us)', (number, 'default')))

    def close(self):
        self._loop.quit()
        self._thread.join()
