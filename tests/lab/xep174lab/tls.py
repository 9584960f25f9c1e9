# SPDX-License-Identifier: LGPL-2.1-or-later
"""TLS as others do it: keys made by openssl, streams encrypted by Python's ssl."""
import base64
import contextlib
import hashlib
import os
import socket
import ssl
import threading

from .lab import await_that, run
from .process import PATIENCE, Process
from .raw import await_features, header

NAMESPACE = b"xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
STARTTLS = b'<starttls ' + NAMESPACE + b'/>'
PROCEED = b'<proceed ' + NAMESPACE + b'/>'
OFFER = b'<stream:features>' + STARTTLS + b'</stream:features>'
FEATURES_END = b'</stream:features>'

_KINDS = {
    'ed25519': ('-newkey', 'ed25519'),
    'p256': ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'),
    'p384': ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'),
    'rsa2048': ('-newkey', 'rsa:2048'),
}


def fingerprint(pem):
    """Of a key or certificate in a file: SHA-256 over its public half (SPKI), in hex."""
    public = run('openssl', 'pkey', '-in', pem, '-pubout')
    der = base64.b64decode(''.join(public.splitlines()[1:-1]))
    return hashlib.sha256(der).hexdigest()


class Key:
    """A secret and a certificate around it, both in one file on that host."""

    def __init__(self, host, name='key', kind='ed25519'):
        self.kind = kind
        self.pem = f'{host.directory}/{name}-{kind}.pem'
        run('openssl', 'req', '-x509', '-nodes', *_KINDS[kind], '-days', '9', '-subj', '/CN=test',
            '-keyout', self.pem, '-out', self.pem + '.crt')
        with open(self.pem, 'a', encoding='ascii') as file, \
                open(self.pem + '.crt', encoding='ascii') as certificate:
            file.write(certificate.read())
        self.fingerprint = fingerprint(self.pem)


def as_client(key=None):
    """No certificate but that of the key is shown, and any is taken: it is the other side that judges."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if key:
        context.load_cert_chain(key.pem)
    return context


def as_server(key, known=None):
    """known: a file with the one certificate that the client must show; without it none is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(key.pem)
    if known:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(known)
    return context


# Streams of raw peers

def begin(stream, context):
    """The rest of this stream is inside TLS."""
    stream._log('begins TLS')
    stream.socket.settimeout(PATIENCE)
    stream.socket = context.wrap_socket(stream.socket, do_handshake_on_connect=False,
                                        server_side=context.protocol == ssl.PROTOCOL_TLS_SERVER)
    stream.socket.do_handshake()
    stream._log(f'has {stream.socket.version()} {stream.socket.cipher()}')
    stream._mark = len(stream.received)


def ask(peer, chat, address=None, name=None):
    """Dials, and asks for TLS; the next that is said there is its first octet."""
    stream = peer.dial(chat, address)
    stream.send(header(name or peer.name, chat.name))
    stream.expect_header()
    stream.expect(FEATURES_END)
    stream.send(STARTTLS)
    stream.expect(PROCEED)
    return stream


def call(peer, chat, key, address=None, name=None, accepted=True):
    """A whole encrypted stream to there, up to the features inside."""
    stream = ask(peer, chat, address, name)
    begin(stream, as_client(key))
    stream.send(header(name or peer.name, chat.name))
    if accepted:
        stream.expect_header()
        await_features(stream)
    return stream


def offer(peer, to, timeout=PATIENCE, name=None):
    """Accepts a stream and grants TLS; the next that is said there is its first octet."""
    stream = peer.accept(timeout)
    stream.expect_header()
    stream.send(header(name or peer.name, to.name) + OFFER)
    stream.expect(STARTTLS)
    stream.send(PROCEED)
    return stream


def answer(peer, to, key, timeout=PATIENCE, name=None):
    """Accepts a whole encrypted stream, up to the features inside."""
    stream = offer(peer, to, timeout, name)
    begin(stream, as_server(key))
    peer.answer(stream, to.name)
    return stream


# Other programs

class Judge(Process):
    """A program that speaks TLS on a host; all that it prints stands in one text."""

    def __init__(self, host, *command):
        self.output = ''
        super().__init__(host, command[0], list(command))

    def _read(self, pipe, lines, mark):
        while octets := os.read(pipe.fileno(), 65536):
            text = octets.decode('utf-8', 'replace')
            self._log.add(self.who, f'{mark} {text}')
            with self.changed:
                self.output += text
                self.changed.notify_all()
        with self.changed:
            self._closed += 1
            self.changed.notify_all()

    def expect(self, text, timeout=PATIENCE):
        self.await_that(repr(text), lambda: text in self.output, timeout)

    def report(self, timeout=PATIENCE):
        """All that it has printed, once it has ended by itself."""
        with contextlib.suppress(BrokenPipeError):
            self.popen.stdin.close()
        self.wait(timeout)
        return self.output


def splice(one, other):
    """What either of two sockets says the other hears, until one ends."""
    def copy(source, target):
        with contextlib.suppress(OSError):
            while octets := source.recv(65536):
                target.sendall(octets)
            target.shutdown(socket.SHUT_WR)
    for sock in one, other:
        sock.settimeout(None)
    for pair in (one, other), (other, one):
        threading.Thread(target=copy, args=pair, daemon=True).start()


def connect(host, address, port):
    """A connection from that host, as soon as somebody listens there."""
    def attempt():
        with host.network(), contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection((address, port), timeout=PATIENCE)
        return None
    return await_that(f'listener at {address} {port}', attempt)
