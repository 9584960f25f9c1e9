# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bad weather on a cable: frames that come late, out of order, twice, or not at all.

A relay in user space between the host's cable and the bridge, because not every kernel has netem.
"""
import array
import fcntl
import heapq
import itertools
import random
import select
import socket
import struct
import threading
import time

from .lab import run

_ETH_P_ALL = 3
_SIOCETHTOOL = 0x8946
_SOL_PACKET, _PACKET_ADD_MEMBERSHIP, _PACKET_MR_PROMISC = 263, 1, 1
_OFFLOADS = (0x17, 0x1F, 0x24)      # ETHTOOL_STXCSUM, _STSO, _SGSO


class Weather:
    """delay: seconds each way; jitter: so many more at most, so that one frame overtakes another;
    loss, twice: the part of the frames that vanishes or comes twice; all chosen by the seed.
    shut: of this family (4 or 6) no TCP connection is made any more; those that are there go on.

    Each may be changed at any time; with a loss of 1 the network is in two parts.
    """

    def __init__(self, host, delay=0.0, loss=0.0, jitter=0.0, twice=0.0, link=0, seed=1):
        self.delay, self.loss, self.jitter, self.twice = delay, loss, jitter, twice
        self.shut = None
        self.lost = self.doubled = self.passed = 0
        self._random = random.Random(seed)
        self._host, self._link = host, link
        inner, outer = f'{host.port(link)}i', f'{host.port(link)}o'
        run('ip', 'link', 'add', inner, 'type', 'veth', 'peer', 'name', outer)
        self._outer = outer
        # What the kernel leaves to a network card (checksums, cutting up) nobody would do here.
        _plain(outer)
        with host.network():
            _plain(host.links[link])
        self._sockets = [_open(host.port(link)), _open(inner)]
        run('ip', 'link', 'set', host.port(link), 'nomaster')
        run('ip', 'link', 'set', outer, 'master', host.lab.bridge(link), 'up')
        run('ip', 'link', 'set', inner, 'up')
        self._stop = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        waiting = []
        count = itertools.count()
        one, other = self._sockets
        while not self._stop:
            pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 0.1
            for ready in select.select(self._sockets, [], [], pause)[0]:
                try:
                    frame, address = ready.recvfrom(1 << 16)
                except OSError:
                    continue
                if address[2] == socket.PACKET_OUTGOING or _calls(frame) == self.shut is not None:
                    continue
                for _ in range(self._copies()):
                    due = time.monotonic() + self.delay + self._random.random() * self.jitter
                    heapq.heappush(waiting, (due, next(count), other if ready is one else one, frame))
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, target, frame = heapq.heappop(waiting)
                try:
                    target.send(frame)
                except OSError:
                    pass

    def _copies(self):
        if self._random.random() < self.loss:
            self.lost += 1
            return 0
        self.passed += 1
        if self._random.random() < self.twice:
            self.doubled += 1
            return 2
        return 1

    def close(self):
        """Fair weather again."""
        self._stop = True
        self._thread.join()
        for sock in self._sockets:
            sock.close()
        run('ip', 'link', 'del', self._outer)
        self._host.mend(self._link)


def _calls(frame):
    """The family of a frame that begins a connection of TCP (a SYN), else None."""
    kind, inside = int.from_bytes(frame[12:14], 'big'), frame[14:]
    family, protocol, start = ((4, inside[9:10], (inside[:1] or b'0')[0] % 16 * 4) if kind == 0x0800 else
                               (6, inside[6:7], 40) if kind == 0x86dd else (None, b'', 0))
    flags = inside[start + 13:start + 14]
    return family if protocol == b'\x06' and flags and flags[0] & 0x12 == 0x02 else None


def _open(link):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
    sock.bind((link, 0))
    # Frames for others are what a relay is for.
    sock.setsockopt(_SOL_PACKET, _PACKET_ADD_MEMBERSHIP,
                    struct.pack('iHH8s', socket.if_nametoindex(link), _PACKET_MR_PROMISC, 0, b''))
    sock.setblocking(False)
    return sock


def _plain(link):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for offload in _OFFLOADS:
            value = array.array('B', struct.pack('II', offload, 0))
            request = struct.pack('16sP', link.encode(), value.buffer_info()[0])
            fcntl.ioctl(sock, _SIOCETHTOOL, request + bytes(40 - len(request)))
