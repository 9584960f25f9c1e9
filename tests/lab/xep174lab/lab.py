# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hosts on a cable: a network namespace each, with a bus and an avahi-daemon of its own."""
import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

from .inside import RUN
from .process import PATIENCE, Failure, Transcript

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000

BUS = '''<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow user="*"/><allow own="*"/>
    <!-- a bus of type "system" lets no answer through that is not allowed by name -->
    <allow send_type="method_call"/><allow send_type="signal"/>
    <allow send_type="method_return"/><allow send_type="error"/>
    <allow receive_type="method_call"/><allow receive_type="signal"/>
    <allow receive_type="method_return"/><allow receive_type="error"/>
  </policy>
</busconfig>
'''

AVAHI = '''[server]
host-name={name}
use-ipv4={ipv4}
use-ipv6={ipv6}
allow-interfaces={links}
enable-dbus=yes
ratelimit-interval-usec=0
[publish]
publish-hinfo=no
publish-workstation=no
'''


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f'{" ".join(command)}: {done.stderr.strip()}')
    return done.stdout


def await_that(what, check, timeout=PATIENCE, pause=0.02):
    """Asks again and again, for what tells nobody that it is there (a socket, a log line)."""
    deadline = time.monotonic() + timeout
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Failure(f'no {what} within {timeout} s')
        time.sleep(pause)


class Host:
    """A machine of the lab.

    ipv4, ipv6: 'link-local', 'global' or None for IPv6; links: how many cables, one bridge each, or the
    number of the bridge for each cable; bus and avahi: whether it runs the daemons; publishing: whether
    avahi lets programs publish.
    """

    def __init__(self, lab, name, ipv4=True, ipv6='link-local', links=1, bus=True, avahi=True,
                 host_name=None, publishing=True):
        self.lab = lab
        self.name = name
        self.host_name = host_name or name
        self.number = len(lab.hosts) + 1
        self.directory = f'{RUN}/{lab.name}/{name}'
        self.bus_path = f'{self.directory}/bus'
        self._bridges = list(range(links)) if isinstance(links, int) else list(links)
        self.links = [f'eth{i}' for i in range(len(self._bridges))]
        self.has_ipv4, self.has_ipv6 = ipv4, ipv6
        self.runs_bus, self.runs_avahi = bus or avahi, avahi
        self.publishing = publishing
        self._net = f'{lab.name}-{name}'
        self._daemons = {}
        # Of two cables on one bridge the second has another number there.
        places = [(bridge, self.number + 100 * self._bridges[:i].count(bridge))
                  for i, bridge in enumerate(self._bridges)]
        self.ipv4 = [f'10.{98 + bridge}.0.{n}' for bridge, n in places] if ipv4 else []
        self.ipv6 = [f'fd98:{bridge}::{n}' for bridge, n in places] if ipv6 == 'global' else []
        os.makedirs(self.directory)
        self._plug_in()

    def _plug_in(self):
        run('ip', 'netns', 'add', self._net)
        # A name of its own too: embedded discovery has no daemon to ask for it.
        open(f'{self.directory}/uts', 'w', encoding='ascii').close()
        run('unshare', f'--uts={self.directory}/uts', sys.executable, '-I', '-c',
            f'import socket; socket.sethostname("{self.host_name}")')
        with self.network():
            # No duplicate address detection, or link-local addresses are tentative for a while.
            self._sysctl('ipv6/conf/default/accept_dad', 0)
            if not self.has_ipv6:
                self._sysctl('ipv6/conf/all/disable_ipv6', 1)
                self._sysctl('ipv6/conf/default/disable_ipv6', 1)
        self.ip('link', 'set', 'lo', 'up')
        for i, link in enumerate(self.links):
            # The same hardware address after a power failure: no neighbour's table is stale.
            run('ip', 'link', 'add', link, 'netns', self._net,
                'address', f'02:98:00:{i:02x}:00:{self.number:02x}', 'type', 'veth', 'peer',
                'name', self.port(i))
            run('ip', 'link', 'set', self.port(i), 'master', self._bridge(i), 'up')
            self._address(i)

    def _address(self, i):
        link = self.links[i]
        self.ip('link', 'set', link, 'up')
        if self.ipv4:
            self.ip('addr', 'replace', f'{self.ipv4[i]}/24', 'dev', link)
            self.ip('route', 'replace', '224.0.0.0/4', 'dev', link, 'metric', str(10 + i))
        if self.ipv6:
            self.ip('addr', 'replace', f'{self.ipv6[i]}/64', 'dev', link)

    @staticmethod
    def _sysctl(key, value):
        with open(f'/proc/sys/net/{key}', 'w', encoding='ascii') as file:
            file.write(str(value))

    def port(self, link=0):
        """Where the host's cable is plugged into the bridge."""
        return f'{self.lab.name}p{self.number}.{link}'

    def _bridge(self, link):
        return self.lab.bridge(self._bridges[link])

    def ip(self, *arguments):
        return run('ip', '-n', self._net, *arguments)

    def command(self, command):
        """The command line that runs something on this host, in a process of that same id."""
        return ['nsenter', f'--net=/run/netns/{self._net}', f'--uts={self.directory}/uts',
                '--'] + command

    def data_of(self, user):
        """The environment of a program of that user, who has a key of his own and keeps it."""
        return {'XEP174_DATA_DIR': f'{self.directory}/{urllib.parse.quote(user, safe="")}.data'}

    def environment(self, more=None):
        own = {
            'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'HOME': self.directory,
            'TMPDIR': self.directory, 'XDG_RUNTIME_DIR': self.directory,
            'DBUS_SYSTEM_BUS_ADDRESS': f'unix:path={self.bus_path}', 'G_DEBUG': 'fatal-criticals',
        }
        own.update({key: value for key, value in os.environ.items()
                    if key in ('LD_LIBRARY_PATH', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS')})
        own.update(more or {})
        return own

    @contextlib.contextmanager
    def network(self):
        """The calling thread is on this host inside: a socket made here belongs there for good."""
        with open('/proc/thread-self/ns/net', 'rb') as home:
            with open(f'/run/netns/{self._net}', 'rb') as there:
                _setns(there)
            try:
                yield
            finally:
                _setns(home)

    # The daemons

    def start_daemons(self):
        if self.runs_bus:
            self.start_bus()
        if self.runs_avahi:
            self.start_avahi()

    def await_daemons(self):
        if self.runs_avahi:
            self.await_avahi()

    def start_bus(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.bus_path)
        conf = f'{self.directory}/bus.conf'
        with open(conf, 'w', encoding='ascii') as file:
            file.write(BUS.format(path=self.bus_path))
        self._start_daemon('dbus', ['dbus-daemon', '--nofork', '--nopidfile',
                                    f'--config-file={conf}'])
        await_that(f'bus on {self.name}', lambda: os.path.exists(self.bus_path))

    def start_avahi(self):
        """Starts the daemon; `await_avahi` waits until it is up."""
        conf = f'{self.directory}/avahi.conf'
        yes = {True: 'yes', False: 'no'}
        with open(conf, 'w', encoding='ascii') as file:
            file.write(AVAHI.format(name=self.host_name, ipv4=yes[bool(self.has_ipv4)],
                                    ipv6=yes[bool(self.has_ipv6)], links=','.join(self.links)))
            if not self.publishing:
                file.write('disable-user-service-publishing=yes\n')
        # Its socket and pid file have a fixed place, so each daemon gets a /run of its own.
        os.makedirs(f'{self.directory}/run', exist_ok=True)
        os.makedirs('/run/avahi-daemon', exist_ok=True)
        self._start_daemon('avahi', [
            'unshare', '--mount', 'sh', '-c',
            f'mount --bind {self.directory}/run /run/avahi-daemon && exec avahi-daemon -f {conf} '
            '--no-drop-root --no-rlimits --no-chroot --no-proc-title'])

    def await_avahi(self):
        log = f'{self.directory}/avahi.log'

        def up():
            with open(log, encoding='utf-8', errors='replace') as file:
                return 'Server startup complete' in file.read()
        try:
            await_that(f'avahi-daemon on {self.name}', up)
        except Failure as failure:
            with open(log, encoding='utf-8', errors='replace') as file:
                raise Failure(f'{failure}: {file.read()}') from None

    def _start_daemon(self, name, command):
        with open(f'{self.directory}/{name}.log', 'w', encoding='utf-8') as log:
            self._daemons[name] = subprocess.Popen(
                self.command(command), env=self.environment(), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        self.lab.transcript.add(self.name, f'{name} started')

    def stop_avahi(self, number=signal.SIGTERM):
        self._stop_daemon('avahi', number)

    def daemon_pid(self, name):
        """Of 'dbus' or 'avahi'; the programs that lead there are replaced by it."""
        return self._daemons[name].pid

    def _stop_daemon(self, name, number=signal.SIGKILL):
        daemon = self._daemons.pop(name, None)
        if daemon:
            daemon.send_signal(number)
            daemon.wait(PATIENCE)
            self.lab.transcript.add(self.name, f'{name} stopped')

    # The cable

    def cut(self, link=0):
        """Nothing passes any more and nobody is told, as when a radio link drops."""
        self.lab.transcript.add(self.name, f'cable {link} cut')
        run('ip', 'link', 'set', self.port(link), 'nomaster')

    def mend(self, link=0):
        self.lab.transcript.add(self.name, f'cable {link} mended')
        run('ip', 'link', 'set', self.port(link), 'master', self._bridge(link))
        run('ip', 'link', 'set', self.port(link), 'up')

    def unplug(self, link=0):
        """The carrier goes: the host sees that its link is down."""
        self.lab.transcript.add(self.name, f'cable {link} unplugged')
        run('ip', 'link', 'set', self.port(link), 'down')

    plug = mend

    def link_down(self, link=0):
        self.ip('link', 'set', self.links[link], 'down')

    def link_up(self, link=0):
        self._address(link)

    def move(self, address, link=0):
        """The link has another IPv4 address, as after another lease."""
        self.lab.transcript.add(self.name, f'{self.ipv4[link]} becomes {address}')
        self.ip('addr', 'del', f'{self.ipv4[link]}/24', 'dev', self.links[link])
        self.ipv4[link] = address
        self._address(link)

    def drop_family(self, family, link=0):
        """The link has no IPv4 or no IPv6 any more (4 or 6)."""
        self.lab.transcript.add(self.name, f'IPv{family} goes')
        with self.network():
            if family == 6:
                self._sysctl(f'ipv6/conf/{self.links[link]}/disable_ipv6', 1)
            else:
                self.ip('-4', 'addr', 'flush', 'dev', self.links[link])

    def restore_family(self, family, link=0):
        self.lab.transcript.add(self.name, f'IPv{family} is back')
        with self.network():
            if family == 6:
                self._sysctl(f'ipv6/conf/{self.links[link]}/disable_ipv6', 0)
        self._address(link)

    def power_off(self):
        """All that runs here is gone, the kernel's connections too, without a packet to anybody."""
        for link in range(len(self.links)):
            self.cut(link)
        for process in self.lab.processes:
            if process.host is self and process.popen.poll() is None:
                process.kill()
        self.close()

    def power_on(self):
        self._plug_in()
        self.start_daemons()
        self.await_daemons()

    # What the kernel knows

    def link_local(self, link=0):
        for line in self.ip('-6', '-o', 'addr', 'show', 'dev', self.links[link]).splitlines():
            address = line.split()[3].split('/')[0]
            if address.startswith('fe80:'):
                return address
        raise Failure(f'{self.name} has no link-local address')

    def index_of_link(self, link=0):
        """The number that the host's kernel has given to the link."""
        with self.network():
            return socket.if_nametoindex(self.links[link])

    def connections(self, states=('ESTABLISHED',)):
        """TCP connections of this host, as (local, remote, state); the loopback's left out."""
        found = []
        with self.network():
            for table in ('tcp', 'tcp6'):
                with contextlib.suppress(FileNotFoundError), \
                        open(f'/proc/thread-self/net/{table}', encoding='ascii') as file:
                    found += [_connection(line) for line in file.readlines()[1:]]
        return [entry for entry in found
                if entry[2] in states and entry[0][0] not in ('127.0.0.1', '::1')]

    def octets_sent(self, link=0):
        """How many octets have gone out through the cable, headers and all."""
        with self.network(), open('/proc/thread-self/net/dev', encoding='ascii') as file:
            for line in file:
                name, _, numbers = line.partition(':')
                if name.strip() == self.links[link]:
                    return int(numbers.split()[8])
        raise Failure(f'{self.name} has no {self.links[link]}')

    def destroy_connections(self):
        """The kernel gives up every TCP connection of this host (SOCK_DESTROY); gives how many."""
        done = run(*self.command(['ss', '-HtnK', 'state', 'connected']))
        self.lab.transcript.add(self.name, f'connections destroyed: {done}')
        return len(done.splitlines())

    def close(self):
        for daemon in list(self._daemons):
            self._stop_daemon(daemon)
        # By hand: the namespace lives on while anybody holds a socket of it.
        for link in range(len(self.links)):
            run('ip', 'link', 'del', self.port(link))
        run('umount', f'{self.directory}/uts')
        run('ip', 'netns', 'del', self._net)


_STATES = ('', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT',
           'CLOSE', 'CLOSE_WAIT', 'LAST_ACK', 'LISTEN', 'CLOSING', 'NEW_SYN_RECV')


def _connection(line):
    fields = line.split()
    return _end(fields[1]), _end(fields[2]), _STATES[int(fields[3], 16)]


def _end(text):
    address, port = text.split(':')
    words = bytes.fromhex(address)
    octets = b''.join(words[i:i + 4][::-1] for i in range(0, len(words), 4))
    family = socket.AF_INET if len(octets) == 4 else socket.AF_INET6
    return socket.inet_ntop(family, octets), int(port, 16)


def _setns(namespace):
    if _libc.setns(namespace.fileno(), _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), 'setns')


class Lab:
    """Some hosts on one network (or on several: a host with two links is on two bridges)."""

    count = 0

    def __init__(self):
        Lab.count += 1
        self.name = f'lab{Lab.count}'
        self.hosts = []
        self.processes = []
        self.transcript = Transcript()
        self._bridges = []

    def bridge(self, number):
        while len(self._bridges) <= number:
            name = f'{self.name}br{len(self._bridges)}'
            # No querier here, so snooping would drop multicast: flood it.
            run('ip', 'link', 'add', name, 'type', 'bridge', 'mcast_snooping', '0')
            run('ip', 'link', 'set', name, 'up')
            self._bridges.append(name)
        return self._bridges[number]

    def add(self, name, **options):
        host = Host(self, name, **options)
        self.hosts.append(host)
        return host

    def start(self):
        """The daemons of all hosts, at once; returns when all are up."""
        for host in self.hosts:
            host.start_daemons()
        for host in self.hosts:
            host.await_daemons()

    def close(self):
        for process in self.processes:
            if process.popen.poll() is None:
                process.kill()
        for host in self.hosts:
            host.close()
        for bridge in self._bridges:
            run('ip', 'link', 'del', bridge)
        shutil.rmtree(f'{RUN}/{self.name}', ignore_errors=True)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.close()
