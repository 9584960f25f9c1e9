# SPDX-License-Identifier: LGPL-2.1-or-later
"""A peer that says exactly the octets it is told to, and shows exactly those it got."""
import select
import socket
import ssl
import struct
import time

from .lab import await_that
from .process import PATIENCE, Failure
from .publisher import Publisher


def header(sender=None, to=None, version='1.0'):
    """A stream header as we write ours; None leaves the attribute out."""
    parts = ["<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
             "xmlns:stream='http://etherx.jabber.org/streams'"]
    parts += [f" {key}='{value}'" for key, value in
              (('from', sender), ('to', to), ('version', version)) if value is not None]
    return (''.join(parts) + '>').encode()


FEATURES = b'<stream:features/>'
FOOTER = b'</stream:stream>'
CONFLICT = (b"<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>")


def message(sender, to, body):
    return f"<message from='{sender}' to='{to}' type='chat'><body>{body}</body></message>".encode()


class RawStream:
    """One TCP connection."""

    def __init__(self, peer, sock, who):
        self.peer = peer
        self.socket = sock
        self.who = who
        self.received = b''
        self.ended = None
        self._mark = 0

    def _log(self, what):
        self.peer.host.lab.transcript.add(self.who, what)

    def send(self, octets):
        self._log(f'sends {octets!r}')
        self.socket.settimeout(PATIENCE)
        self.socket.sendall(octets)

    def _read(self, timeout):
        """One reading; whether something came (the end counts)."""
        # What TLS has read of its socket already, no select tells.
        pending = isinstance(self.socket, ssl.SSLSocket) and self.socket.pending()
        if self.ended or not (pending
                              or select.select([self.socket], [], [], max(timeout, 0))[0]):
            return False
        self.socket.settimeout(0)
        try:
            got = self.socket.recv(65536)
        except ssl.SSLWantReadError:
            return False
        except OSError as error:
            got, self.ended = b'', type(error).__name__
        if not got:
            self.ended = self.ended or 'EOF'
        self.received += got
        self._log(f'receives {got!r}' if got else f'is ended by {self.ended}')
        return True

    def expect(self, octets, timeout=PATIENCE):
        """Waits for these octets behind those expected before, and gives all up to their end."""
        deadline = time.monotonic() + timeout
        while octets not in self.received[self._mark:]:
            if not self._read(deadline - time.monotonic()) and (
                    self.ended or time.monotonic() >= deadline):
                raise Failure(f'{self.who}: {octets!r} did not come '
                              f'(ended: {self.ended}), but {self.received[self._mark:]!r}')
        end = self.received.index(octets, self._mark) + len(octets)
        got = self.received[self._mark:end]
        self._mark = end
        return got

    def expect_header(self):
        """The peer's stream header, as octets."""
        return self.expect(b'<stream:stream') + self.expect(b'>')

    def rest(self):
        """What has come and nobody expected yet."""
        while self._read(0):
            pass
        return self.received[self._mark:]

    def expect_silence(self, seconds):
        """Nothing but white space may come for that long (the one thing that no event can tell)."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._read(deadline - time.monotonic())
            if self.received[self._mark:].strip() or self.ended:
                break
        if self.received[self._mark:].strip() or self.ended:
            raise Failure(f'{self.who}: not silent: {self.received[self._mark:]!r} {self.ended}')

    def expect_end(self, timeout=PATIENCE):
        """Waits until the peer has closed TCP; gives 'EOF' or the kind of reset."""
        deadline = time.monotonic() + timeout
        while not self.ended:
            if not self._read(deadline - time.monotonic()) and not self.ended \
                    and time.monotonic() >= deadline:
                raise Failure(f'{self.who}: the peer did not close')
        return self.ended

    def finish(self):
        """Says that nothing more will come, and goes on reading."""
        self._log('finishes')
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self._log('closes')
        self.socket.close()

    def reset(self):
        self._log('resets')
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.socket.close()


class RawPeer:
    """Listens and announces itself on a host; dials from there."""

    def __init__(self, host, user, txt=None, publish=True, listen=True, only_ipv4=False, port=0):
        self.host = host
        self.name = f'{user}@{host.name}'
        self.streams = []
        self.port = port
        self._listener = None
        self._publisher = None
        if listen:
            self._listen(only_ipv4)
        if publish:
            self.publish(txt)

    def publish(self, txt=None, link=None, wait=True):
        """Announces itself, on all links or on one."""
        self._publisher = Publisher(self.host)
        self._publisher.announce(self.name, self.port or 5298, txt, link)
        if wait:
            self._publisher.await_all()

    def _listen(self, only_ipv4):
        family = (socket.AF_INET6 if self.host.has_ipv6 and not only_ipv4 else socket.AF_INET)
        with self.host.network():
            self._listener = socket.create_server(('', self.port), family=family, backlog=128,
                                                  dualstack_ipv6=family == socket.AF_INET6)
        self.port = self._listener.getsockname()[1]

    def accept(self, timeout=PATIENCE):
        self._listener.settimeout(timeout)
        try:
            sock, address = self._listener.accept()
        except TimeoutError:
            raise Failure(f'{self.name}: nobody connected within {timeout} s') from None
        return self._stream(sock, f'{self.name} (accepted)')

    def expect_no_connection(self, seconds):
        if select.select([self._listener], [], [], seconds)[0]:
            raise Failure(f'{self.name}: unexpected connection')

    def dial(self, chat, address=None):
        """Connects to a running chat, or to another raw peer."""
        address = address or chat.host.ipv4[0]
        with self.host.network():
            sock = socket.create_connection((address, chat.port), timeout=PATIENCE)
        return self._stream(sock, f'{self.name} (dialled)')

    def open(self, chat, address=None):
        """Connects and exchanges headers; returns after the features of the other side."""
        stream = self.dial(chat, address)
        stream.send(header(self.name, chat.name))
        stream.expect_header()
        stream.expect(b'</stream:features>' if b'<stream:features>' in
                      await_features(stream) else FEATURES)
        return stream

    def answer(self, stream, to, features=FEATURES):
        """Answers as the recipient of a stream that the other side opened."""
        got = stream.expect_header()
        stream.send(header(self.name, to) + features)
        return got

    def _stream(self, sock, who):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = RawStream(self, sock, f'{who} #{len(self.streams) + 1}')
        self.streams.append(stream)
        return stream

    def message(self, chat, body):
        return message(self.name, chat.name, body)

    def withdraw(self):
        self._publisher.withdraw(self.name)

    def change(self, txt):
        self._publisher.change(self.name, txt)

    def close(self):
        for stream in self.streams:
            stream.socket.close()
        if self._listener:
            self._listener.close()
        if self._publisher:
            self._publisher.close()


def await_features(stream):
    """The beginning of the features, whichever way they are written."""
    def seen():
        stream.rest()
        at = stream.received.find(b'<stream:features', stream._mark)
        return at >= 0 and b'>' in stream.received[at:] and stream.received[at:]
    return await_that(f'features for {stream.who}', seen, pause=0.005)
