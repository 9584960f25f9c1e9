# SPDX-License-Identifier: LGPL-2.1-or-later
"""Says on a host's link whatever it is told to say, true or not: mDNS packets made by hand."""
import socket
import struct
import time

A, PTR, TXT, AAAA, SRV = 1, 12, 16, 28, 33
_IN, _UNIQUE = 1, 0x8000
_RESPONSE = 0x8400
_GROUP = ('224.0.0.251', 5353)
_FULL = 1400

SERVICE = ('_presence', '_tcp', 'local')


def name(*labels):
    """A domain name, not compressed.  A label is text or octets, anything up to 63 of them."""
    octets = b''
    for label in labels:
        label = label.encode() if isinstance(label, str) else label
        octets += bytes([len(label)]) + label
    return octets + b'\0'


def record(owner, kind, rdata, ttl=4500, unique=False):
    return owner + struct.pack('!HHIH', kind, _IN | (_UNIQUE if unique else 0), ttl,
                               len(rdata)) + rdata


def txt(*strings):
    """The data of a TXT record: text or octets, up to 255 each."""
    raw = [text.encode() if isinstance(text, str) else text for text in strings]
    return b''.join(bytes([len(text)]) + text for text in raw) or b'\0'


def ptr(instance, domain=SERVICE, ttl=4500):
    return record(name(*SERVICE), PTR, name(instance, *domain), ttl)


def srv(instance, target, port, ttl=4500):
    return record(name(instance, *SERVICE), SRV, struct.pack('!HHH', 0, 0, port) + target, ttl,
                  True)


def person(instance, rdata, target=None, port=5298, ttl=4500):
    """The three records of somebody who is there, or who says goodbye if ttl is 0."""
    return [ptr(instance, ttl=ttl), srv(instance, target or name('nowhere', 'local'), port, ttl),
            record(name(instance, *SERVICE), TXT, rdata, ttl, True)]


def packet(records):
    return struct.pack('!HHHHHH', 0, _RESPONSE, 0, len(records), 0, 0) + b''.join(records)


class Liar:
    """Needs no daemon on its host, nor that anybody asks."""

    def __init__(self, host):
        self.host = host
        self.pause = 0.0005
        self.packets = 0
        with host.network():
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                                socket.inet_aton(host.ipv4[0]))
        self._socket.bind((host.ipv4[0], 5353))

    def send(self, octets):
        self._socket.sendto(octets, _GROUP)
        self.packets += 1
        # Lets who listens keep up: what is lost on the way attacks nobody.
        time.sleep(self.pause)

    def say(self, records):
        """In as few packets as an Ethernet takes."""
        some, size = [], 0
        for each in records:
            if size + len(each) > _FULL and some:
                self.send(packet(some))
                some, size = [], 0
            some.append(each)
            size += len(each)
        if some:
            self.send(packet(some))

    def close(self):
        self._socket.close()
