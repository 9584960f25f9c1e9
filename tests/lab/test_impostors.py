# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who comes without the key: handshakes that stop, others in somebody's place, somebody in between."""
import contextlib
import re
import selectors
import shutil
import signal
import socket
import ssl
import threading

from xep174lab import FOOTER, PATIENCE, RawPeer, await_that, converse, header, main, run, tls
from xep174lab.trust import IN_THE_CLEAR, SEEN, TrustTest

OFFER = re.compile(rb'<starttls [^>]*/>|<starttls .*?</starttls>')


def client_hello():
    """The first octets of a handshake."""
    outgoing = ssl.MemoryBIO()
    handshake = tls.as_client().wrap_bio(ssl.MemoryBIO(), outgoing)
    with contextlib.suppress(ssl.SSLWantReadError):
        handshake.do_handshake()
    return outgoing.read()


class Strangers(TrustTest):
    """Handshakes that never end, and people who are not who they say."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv6=None)
        cls.montague = lab.add('montague', ipv6=None)
        cls.padua = lab.add('padua', ipv6=None)
        # Whoever has a machine may have as many addresses as it likes.
        cls.capulet.ip('route', 'add', '10.98.0.0/16', 'dev', 'eth0')
        cls.sources = [f'10.98.7.{i}' for i in range(1, 126)]
        for source in cls.sources:
            cls.padua.ip('addr', 'add', f'{source}/16', 'dev', 'eth0')

    def impostor(self, host, person, key, port=0):
        """Somebody on that host who says that it is that person."""
        raw = self._add(RawPeer(host, person.user, publish=False, port=port))
        raw.name, raw.key = person.name, key
        return raw

    # Handshakes that stop

    @staticmethod
    def begun(raw, chat, key):
        stream = tls.ask(raw, chat)
        tls.begin(stream, tls.as_client(key))
        return stream

    def stop_as_caller(self, chat, key):
        """One known person to each point where a caller may stop, with the stream that it has left."""
        hello = client_hello()
        half = header('romeo', 'juliet')[:50]

        def sending(stream, octets):
            stream.send(octets)
            return stream
        points = {
            'header': lambda raw: sending(raw.dial(chat), header(raw.name, chat.name)),
            'asked': lambda raw: tls.ask(raw, chat),
            'half-hello': lambda raw: sending(tls.ask(raw, chat), hello[:40]),
            'hello': lambda raw: sending(tls.ask(raw, chat), hello),
            'finished': lambda raw: self.begun(raw, chat, key),
            'half-header': lambda raw: sending(self.begun(raw, chat, key), half),
        }
        peers = {point: self.peer(self.montague, self.fresh(point), publish=False) for point in points}
        for raw in peers.values():
            raw.publish(wait=False)
        for raw in peers.values():
            self.introduce(raw, chat, key)
        return [(raw, points[point](raw)) for point, raw in peers.items()]

    def stop_as_called(self, chat, key):
        """The same for who is called; the names are new."""
        def begin(stream):
            tls.begin(stream, tls.as_server(key))

        def answer_half(stream):
            stream.expect(b'\x16\x03')      # the client begins
            stream.send(b'\x16\x03\x03\x00\x7a\x02\x00\x00')
        points = {'granted': lambda stream: None, 'half-answer': answer_half, 'begun': begin}
        stopped = []
        for point, stop in points.items():
            raw = self.peer(self.padua, self.fresh(f'called-{point}'))
            chat.meet(raw)
            chat.say(raw, f'to {raw.name}')
            stop(tls.offer(raw, chat))
            stopped.append(raw)
        return stopped

    def test_stopped_handshake_T11(self):
        """T11: a handshake that stops, at any point and at either side, ends; then the person is reached."""
        juliet, romeo = self.pair()
        key = tls.Key(self.montague)
        callers = self.stop_as_caller(juliet, key)
        called = self.stop_as_called(juliet, key)
        converse(juliet, romeo, 'meanwhile')
        for raw in called:
            tls.answer(raw, juliet, key).expect(f'to {raw.name}'.encode())
            juliet.expect('session-opened', contact=raw.name, **SEEN)
        for raw, stream in callers:
            stream.expect_end()
            again = tls.call(raw, juliet, key)
            again.send(raw.message(juliet, f'from {raw.name}'))
            juliet.hear(raw, f'from {raw.name}')
        juliet.forbid('failed')

    def test_half_open_T11(self):
        """T11: 1,000 handshakes that stop in the middle: bounded, and two others talk all the while."""
        juliet, romeo = self.friends()
        memory, files, most = juliet.resident(), juliet.open_files(), 0
        said = header(None, juliet.name) + tls.STARTTLS + client_hello()[:60]
        crowd = []
        with selectors.DefaultSelector() as waiting, self.padua.network():
            for i in range(1000):
                sock = socket.socket()
                sock.setblocking(False)
                sock.bind((self.sources[i % len(self.sources)], 0))
                sock.connect_ex((self.capulet.ipv4[0], juliet.port))
                waiting.register(sock, selectors.EVENT_WRITE)
                crowd.append(sock)
            while waiting.get_map():
                for ready, _ in waiting.select(PATIENCE):
                    waiting.unregister(ready.fileobj)
                    with contextlib.suppress(OSError):      # refused already
                        ready.fileobj.send(said)
                most = max(most, juliet.open_files() - files)
        for i in range(5):
            converse(romeo, juliet, f'in spite of them {i}')
            most = max(most, juliet.open_files() - files)
        await_that('end of the crowd', lambda: juliet.open_files() <= files)
        grown = juliet.resident() - memory
        for sock in crowd:
            sock.close()
        self.note(f'{len(crowd)} handshakes that stop: at most {most} descriptors held, memory grown by '
                  f'{grown} kB')
        # 128 who have not said who they are, as many who do not answer the end of theirs, 32 turned away.
        self.assertLess(most, 300)
        self.assertLess(grown, 80_000 if juliet.sanitized() else 6000)
        for person in juliet, romeo:
            person.forbid('session-closed')

    # Others in somebody's place

    def test_newcomer_T8_T12(self):
        """T8 T12: only who shows its key ends a silent session; from whichever address it calls."""
        juliet, romeo = self.friends()
        romeo.signal(signal.SIGSTOP)
        stranger = self.impostor(self.padua, romeo, tls.Key(self.padua, 'stranger'))
        stream = stranger.open(juliet)
        stream.send(stranger.message(juliet, 'in the clear'))
        stream.expect_end()
        for key in None, stranger.key:
            stream = tls.call(stranger, juliet, key, accepted=False)
            stream.expect(b'<stream:error>')
            stream.expect_end()
        romeo.signal(signal.SIGCONT)
        converse(romeo, juliet, 'all the while')
        juliet.forbid('session-closed', contact=romeo.name)
        juliet.forbid('message', **{'from': romeo.name})
        self.await_rest(1, self.capulet)
        romeo.signal(signal.SIGSTOP)
        own = tls.Key(self.padua, 'copy')
        shutil.copy(f'{romeo.folder}/identity.pem', own.pem)
        stream = tls.call(stranger, juliet, own)
        juliet.expect('session-closed', contact=romeo.name)
        stream.send(stranger.message(juliet, 'it is I'))
        juliet.hear(romeo, 'it is I')
        stream.send(FOOTER)
        stream.expect(FOOTER)
        romeo.kill()

    def test_power_T8(self):
        """T8 T9: its power fails and no packet says so; it comes back with its key and takes its place."""
        juliet, romeo = self.friends()
        self.montague.power_off()
        number = juliet.say(romeo, 'are you there?')
        self.montague.power_on()
        romeo = self.person(self.montague, romeo.user, folder=romeo.folder)
        romeo.meet(juliet)
        romeo.tell(juliet, 'it is I')
        juliet.hear(romeo, 'it is I')
        converse(juliet, romeo, 'again')
        if 'are you there?' not in romeo.heard(juliet):
            juliet.expect('unconfirmed', id=number)
        juliet.forbid('key-changed')
        self.await_rest(1, self.capulet)

    def test_stolen_address_T6(self):
        """T6: another machine takes the address over: it is neither heard nor told anything."""
        juliet, romeo = self.friends()
        juliet.close_session(romeo)
        romeo.expect('session-closed', contact=juliet.name)
        self.montague.cut()
        self.addCleanup(self.capulet.ip, 'neigh', 'flush', 'all')
        self.addCleanup(self.padua.move, self.padua.ipv4[0])
        self.addCleanup(self.montague.mend)
        self.padua.move(self.montague.ipv4[0])
        self.capulet.ip('neigh', 'flush', 'all')
        thief = self.impostor(self.padua, romeo, tls.Key(self.padua, 'thief'), port=romeo.port)
        stream = tls.call(thief, juliet, thief.key, accepted=False)
        stream.send(thief.message(juliet, 'it is I'))
        stream.expect(b'<not-authorized ')
        juliet.key_changed(romeo, thief.key.fingerprint, romeo.fingerprint)
        number = juliet.say(romeo, 'secret')
        with contextlib.suppress(ssl.SSLError):     # it goes as soon as it has seen the key
            stream = tls.answer(thief, juliet, thief.key)
            stream.expect_end()
        self.assertIn('key', juliet.expect('failed', id=number)['reason'])
        self.assertFalse(any(b'secret' in each.received for each in thief.streams))
        juliet.forbid('message', **{'from': romeo.name})


class Between(TrustTest):
    """Somebody cuts the cable, and sits between its ends with the address of each side."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv6=None)
        cls.montague = lab.add('montague', ipv6=None)
        cls.as_montague = lab.add('padua', ipv6=None, bus=False, avahi=False)
        cls.as_capulet = lab.add('venice', ipv6=None, bus=False, avahi=False, links=[1])

    def relay(self, listener, host, port, address):
        """Passes everything on, but for the offer to encrypt if `strips` says so."""
        def copy(source, target):
            with contextlib.suppress(OSError):
                while octets := source.recv(65536):
                    self.overheard += octets
                    if self.strips:
                        octets = re.sub(OFFER, b'', octets)
                    target.sendall(octets)
            with contextlib.suppress(OSError):
                target.shutdown(socket.SHUT_WR)

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    here = listener.accept()[0]
                    there = tls.connect(host, address, port)
                    there.settimeout(None)
                    for pair in (here, there), (there, here):
                        threading.Thread(target=copy, args=pair, daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()

    def come_between(self, juliet, romeo):
        self.overheard, self.strips = b'', True
        run('ip', 'link', 'set', self.montague.port(), 'master', self.lab.bridge(1))
        self.addCleanup(self.montague.mend)
        for man, real, person, other in ((self.as_montague, self.montague, romeo, self.as_capulet),
                                         (self.as_capulet, self.capulet, juliet, self.as_montague)):
            man.ip('link', 'set', 'eth0', 'address', f'02:98:00:00:00:{real.number:02x}')
            man.move(real.ipv4[0])
            with man.network():
                listener = socket.create_server((real.ipv4[0], person.port))
            # The thread that waits in it would keep it alive.
            self.addCleanup(listener.close)
            self.addCleanup(listener.shutdown, socket.SHUT_RDWR)
            self.addCleanup(man.link_down)
            self.relay(listener, other, person.port, real.ipv4[0])

    def end_session(self, juliet, romeo):
        juliet.close_session(romeo)
        for one, other in (juliet, romeo), (romeo, juliet):
            one.expect('session-closed', contact=other.name)
            one.take_all('session-opened')

    def test_stripped_T5(self):
        """T5: the offer is taken out between two who know each other: nothing is said, by either."""
        juliet, romeo = self.friends()
        self.end_session(juliet, romeo)
        self.come_between(juliet, romeo)
        self.refused(juliet, romeo, 'secret', 'not encrypted')
        self.refused(romeo, juliet, 'secret', 'not encrypted')
        self.assertIn(b'<starttls ', self.overheard)
        self.assertNotIn(b'secret', self.overheard)
        # Who only listens hears nothing.
        self.strips, self.overheard = False, b''
        converse(juliet, romeo, 'secret')
        juliet.expect('session-opened', contact=romeo.name, **SEEN)
        self.assertIn(b'<proceed', self.overheard)
        self.assertNotIn(b'secret', self.overheard)

    def test_stripped_at_the_first_meeting_T5(self):
        """T5: between two who never met: in the clear, and both are told so; then encrypted, for ever."""
        juliet, romeo = self.pair()
        self.come_between(juliet, romeo)
        converse(juliet, romeo, 'not so secret')
        for one, other in (juliet, romeo), (romeo, juliet):
            one.expect('session-opened', contact=other.name, **IN_THE_CLEAR)
        self.assertIn(b'not so secret', self.overheard)
        self.end_session(juliet, romeo)
        self.strips = False
        converse(juliet, romeo, 'secret')
        juliet.expect('session-opened', contact=romeo.name, **SEEN)
        self.end_session(juliet, romeo)
        self.strips = True
        self.refused(juliet, romeo, 'secret', 'not encrypted')


if __name__ == '__main__':
    main()
