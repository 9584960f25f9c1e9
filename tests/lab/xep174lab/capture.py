# SPDX-License-Identifier: LGPL-2.1-or-later
"""What passes a host's cable: TCP put together again, both directions of every connection."""
import contextlib
import socket
import struct
import threading
import time

_ETH_P_ALL = 3
_SO_RCVBUFFORCE = 33
_IPV4, _IPV6 = 0x0800, 0x86DD
_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16


class Flow:
    """One direction: octets in order, whatever the order or the number of the packets."""

    def __init__(self):
        self.octets = b''
        self.when = []          # (time, how many octets were known then)
        self.fin = False
        self.rst = False
        self._next = None
        self._early = {}

    def packet(self, seq, flags, data):
        if flags & _SYN:
            self._next = (seq + 1) & 0xFFFFFFFF
        if flags & _RST:
            self.rst = True
        if data:
            self._early[seq] = max(data, self._early.get(seq, b''), key=len)
        self._join()
        if flags & _FIN:
            self.fin = True

    def _join(self):
        if self._next is None:
            self._next = min(self._early, default=None)
        moved = True
        while moved:
            moved = False
            for seq in list(self._early):
                behind = (self._next - seq) & 0xFFFFFFFF
                if behind < 0x80000000:
                    fresh = self._early.pop(seq)[behind:]
                    self.octets += fresh
                    self._next = (self._next + len(fresh)) & 0xFFFFFFFF
                    moved = moved or bool(fresh)
        self.when.append((time.monotonic(), len(self.octets)))


class Connection:
    """to_server and to_client are flows; client dialled."""

    def __init__(self, client, server):
        self.client, self.server = client, server
        self.to_server, self.to_client = Flow(), Flow()


class Capture:
    """Listens on every link of a host until closed."""

    def __init__(self, host):
        self.connections = []
        self._open = {}
        self._lock = threading.Lock()
        with host.network():
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                         socket.htons(_ETH_P_ALL))
        # Whoever may asks for more than is usual, so that a busy machine overlooks nothing.
        for option in (socket.SO_RCVBUF, _SO_RCVBUFFORCE):
            with contextlib.suppress(PermissionError):
                self._socket.setsockopt(socket.SOL_SOCKET, option, 8 << 20)
        self._socket.settimeout(0.2)
        self._stop = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop:
            try:
                frame, address = self._socket.recvfrom(1 << 17)
            except TimeoutError:
                continue
            except OSError:
                return
            if address[0] != 'lo':
                with self._lock:
                    self._frame(address[1], frame[14:])

    def _frame(self, protocol, packet):
        if protocol == _IPV4 and packet[9] == 6:
            length = (packet[0] & 15) * 4
            total = struct.unpack_from('!H', packet, 2)[0] or len(packet)
            self._tcp(socket.inet_ntop(socket.AF_INET, packet[12:16]),
                      socket.inet_ntop(socket.AF_INET, packet[16:20]), packet[length:total])
        elif protocol == _IPV6 and packet[6] == 6:
            total = 40 + struct.unpack_from('!H', packet, 4)[0]
            self._tcp(socket.inet_ntop(socket.AF_INET6, packet[8:24]),
                      socket.inet_ntop(socket.AF_INET6, packet[24:40]),
                      packet[40:total if total > 40 else len(packet)])

    def _tcp(self, source, target, segment):
        sport, dport, seq, _ack, offset, flags = struct.unpack_from('!HHIIBB', segment)
        source, target = (source, sport), (target, dport)
        data = segment[(offset >> 4) * 4:]
        if flags & _SYN and not flags & _ACK:
            known = self._open.get((source, target))
            if not known or known.to_server.fin or known.to_server.rst:
                known = Connection(source, target)
                self._open[source, target] = known
                self.connections.append(known)
        connection = self._open.get((source, target))
        if connection:
            connection.to_server.packet(seq, flags, data)
            return
        connection = self._open.get((target, source))
        if connection:
            connection.to_client.packet(seq, flags, data)

    def snapshot(self):
        with self._lock:
            return list(self.connections)

    def close(self):
        self._stop = True
        self._thread.join()
        self._socket.close()
