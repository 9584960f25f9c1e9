# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which addresses there are is nobody's concern: two hosts talk with what they have."""
import socket
import threading

from xep174lab import LabTest, main
from xep174lab.raw import FEATURES, header


class _Pair(LabTest):
    options = {}

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', **cls.options)
        cls.montague = lab.add('montague', **cls.options)

    def talk(self):
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.montague, 'romeo', juliet)
        self.converse(juliet, romeo)
        juliet.close_session(romeo)
        juliet.expect('session-closed')
        self.await_rest(0, self.capulet, self.montague)
        self.converse(romeo, juliet, 'and back')
        self.await_rest(1, self.capulet, self.montague)
        (local, remote, _), = self.capulet.connections()
        return local[0], remote[0]


class OnlyIpv4(_Pair):
    options = {'ipv6': None}

    def test_talk(self):
        """D12 X13: IPv4 only."""
        self.assertIn('10.98.0.2', self.talk()[1])


class OnlyLinkLocal(_Pair):
    options = {'ipv4': False}

    def test_talk(self):
        """D12 X13: IPv6 link-local addresses only, which mean nothing without their interface."""
        for address in self.talk():
            self.assertTrue(address.startswith('fe80:'), address)


class Both(_Pair):
    options = {'ipv6': 'global'}

    def test_talk(self):
        """D12 X13: IPv4, IPv6 and link-local addresses side by side."""
        self.talk()


class Mixed(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv6='global')
        cls.montague = lab.add('montague', ipv6=None)
        cls.padua = lab.add('padua', ipv4=False, ipv6='global')

    def test_talk(self):
        """D12: a host with both talks to one that has IPv4 only and to one that has IPv6 only."""
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.montague, 'romeo', juliet)
        nurse = self.chat(self.padua, 'nurse', juliet)
        self.converse(juliet, romeo)
        self.converse(nurse, juliet)


class TwoCables(LabTest):
    """Two hosts that share two networks, say a wired and a wireless one."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', links=2)
        cls.montague = lab.add('montague', links=2)

    def test_one_contact(self):
        """D11 D14 D22: over two interfaces it is one contact, which goes when the last one goes."""
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.montague, 'romeo', juliet)
        self.converse(juliet, romeo)
        juliet.command('status', status='away', message='two cables')
        romeo.expect('contact-changed', name=juliet.name, status='away')
        romeo.take_all('contact-changed')
        (local, _, _), = self.capulet.connections()
        used = next(i for i in (0, 1) if local[0].endswith(self.capulet.ipv4[i]) or
                    local[0] == self.capulet.link_local(i))
        self.capulet.unplug(1 - used)
        self.converse(juliet, romeo, 'the other is out')
        self.capulet.plug(1 - used)
        self.converse(juliet, romeo, 'the other is in')
        for chat in (juliet, romeo):
            chat.forbid('session-closed')
        # Now the one that the stream goes over: what is on its way may get lost, and is reported.
        self.capulet.unplug(used)
        first = juliet.tell(romeo, 'on its way')
        juliet.expect('session-closed', contact=romeo.name)
        self.converse(juliet, romeo, 'on the other')
        self.assertTrue('on its way' in romeo.heard(juliet)
                        or juliet.take_all('unconfirmed', id=first))
        self.capulet.plug(used)
        for chat in (juliet, romeo):
            chat.forbid('contact-added')
            chat.forbid('contact-removed')
        for link in (0, 1):
            self.capulet.link_down(link)
        juliet.expect('contact-removed', name=romeo.name)
        self.capulet.link_up(0)
        juliet.meet(romeo)
        self.capulet.link_up(1)
        self.converse(juliet, romeo, 'again')
        juliet.forbid('contact-added', name=romeo.name)


class SomethingElse(LabTest):
    """D12: at the contact's IPv6 address something else answers; its IPv4 address is the right one."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv6='global')
        cls.montague = lab.add('montague', ipv6='global')

    def meet(self, user, answer):
        """`answer` gets each connection to the wrong address.

        A `user` for each story, for the goodbye of the one before may come late.
        """
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.peer(self.montague, user, only_ipv4=True)
        taken = []
        with self.montague.network():
            wrong = socket.create_server(('', romeo.port), family=socket.AF_INET6)
        self.addCleanup(wrong.close)

        def serve():
            while True:
                try:
                    taken.append(wrong.accept()[0])
                except OSError:
                    return
                answer(taken[-1], juliet)
        threading.Thread(target=serve, daemon=True).start()
        juliet.meet(romeo)
        number = juliet.say(romeo, 'hello')
        stream = romeo.accept()
        romeo.answer(stream, juliet.name)
        stream.expect(b'hello')
        juliet.expect('sent', id=number)
        juliet.forbid('failed')
        self.assertEqual(len(taken), 1)
        wrong.shutdown(socket.SHUT_RDWR)
        for sock in taken:
            sock.close()

    def test_closes(self):
        """D12: it closes at once."""
        self.meet('romeo', lambda sock, juliet: sock.close())

    def test_is_silent(self):
        """D12: it takes the connection and says nothing."""
        self.meet('mercutio', lambda sock, juliet: None)

    def test_speaks_http(self):
        """D12: it is a web server."""
        self.meet('benvolio', lambda sock, juliet: sock.sendall(
            b'HTTP/1.1 400 Bad Request\r\n\r\n'))

    def test_is_somebody_else(self):
        """D12: it is the chat of another person."""
        self.meet('paris', lambda sock, juliet: sock.sendall(
            header('tybalt@montague', juliet.name) + FEATURES))


if __name__ == '__main__':
    main()
