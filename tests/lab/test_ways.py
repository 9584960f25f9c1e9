# SPDX-License-Identifier: LGPL-2.1-or-later
"""What leads from one host to another goes in a conversation, and something else leads there."""
import contextlib
import time

from xep174lab import Chat, Failure, LabTest, await_that, main
from xep174lab.raw import header


TRIES = 5


class Renamed(Exception):
    """Where an address goes, Avahi may take its host's own words for somebody else's, and gives the host
    another name (seen in one of seven times, whatever it has waited for). D22 tells what happens to
    sessions then; it is another story."""


class _Followed(LabTest):
    """D24: a way between two hosts goes, another one is there, and only juliet talks."""

    def talk_on(self, juliet, other, change, heard):
        """A message each half second, until one that `heard` knows of was said after the change."""
        change()
        start = time.monotonic()
        said = {}

        def arrived():
            if isinstance(other, Chat) and other.take_all('online'):
                raise Renamed
            body = f'word {len(said)}'
            said[body] = juliet.say(other, body)
            return heard(said)
        await_that('the first word on another way', arrived, pause=0.5)
        seconds = time.monotonic() - start
        unconfirmed = [body for body in said if juliet.take_all('unconfirmed', id=said[body])]
        self.note(f'{seconds:.1f} s until words go again, {len(unconfirmed)} unconfirmed')
        juliet.forbid('failed')
        return said, unconfirmed

    def follow(self, juliet, romeo, change):
        """A3: the session goes on on another way, and nothing is lost with the one."""
        said, unconfirmed = self.talk_on(juliet, romeo, change, lambda said:
                                         any(body in said for body in romeo.heard(juliet)))
        last = list(said)[-1]
        romeo.await_heard(juliet, last)
        self.assertEqual([body for body in romeo.heard(juliet) if body in said], list(said))
        self.assertEqual(unconfirmed, [])
        self.converse(romeo, juliet, 'from here')

    def meet(self, dialled=False, **options):
        """A session of juliet, on capulet, and romeo, on montague: she has opened it, or he has."""
        juliet = self.chat(self.capulet, self.fresh('juliet'), **options)
        romeo = self.chat(self.montague, self.fresh('romeo'), juliet, **options)
        self.converse(*((romeo, juliet) if dialled else (juliet, romeo)))
        return juliet, romeo

    def meet_legacy(self, **options):
        """The same with a peer that answers no ping; and who knows whether it is dialled anew."""
        juliet = self.chat(self.capulet, self.fresh('juliet'))
        tybalt = self.peer(self.montague, self.fresh('tybalt'), **options)
        juliet.meet(tybalt)
        juliet.say(tybalt, 'hello')
        stream = tybalt.accept()
        stream.send(header(tybalt.name, juliet.name, version=None))
        stream.expect(b'hello')
        return juliet, tybalt

    def follow_legacy(self, juliet, tybalt, change):
        again = []

        def heard(_):
            with contextlib.suppress(Failure):
                stream = tybalt.accept(timeout=0.1)
                stream.expect_header()  # or it was a call to find out whether anybody is here
                again.append(stream)
            return again
        said, unconfirmed = self.talk_on(juliet, tybalt, change, heard)
        again[0].send(header(tybalt.name, juliet.name, version=None))
        again[0].expect(list(said)[-1].encode())
        self.assertTrue(unconfirmed)


class Moves(_Followed):
    """D24: the contact's host gets another IPv4 address."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv6=None)
        cls.montague = lab.add('montague', ipv6=None)

    def test_moves(self):
        """D24 A3: the session goes on at the new address, and nothing is lost on the way."""
        self.follow(*self.meet(), lambda: self.montague.move('10.98.0.77'))

    def test_without_a_version(self):
        """D24: so does that with a peer that answers no ping."""
        self.follow_legacy(*self.meet_legacy(), lambda: self.montague.move('10.98.0.88'))

    def test_own_address(self):
        """D24 D22: our own host gets another address."""
        self.follow(*self.meet(), lambda: self.capulet.move('10.98.0.99'))

    def test_own_address_without_a_version(self):
        """D24: our own host gets another address, and the peer answers no ping."""
        self.follow_legacy(*self.meet_legacy(), lambda: self.capulet.move('10.98.0.111'))


class TwoWays(_Followed):
    """D24: two hosts share two networks, and one of four cables goes. mDNS names both addresses on."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', links=2)
        cls.montague = lab.add('montague', links=2)

    def used(self):
        """The number of the network that the session goes over."""
        (local, _, _), = self.capulet.connections()
        return next(i for i in (0, 1) if local[0] in (self.capulet.ipv4[i],
                                                      self.capulet.link_local(i)))

    def lose(self, host, how, legacy=False, **options):
        actors = self.meet_legacy(**options) if legacy else self.meet(**options)
        used = self.used()
        self.addCleanup(host.plug, used)
        (self.follow_legacy if legacy else self.follow)(*actors, lambda: how(used))

    def test_their_cable(self):
        """D24: the contact's cable is pulled; its host sees that, and says goodbye to nobody."""
        self.lose(self.montague, self.montague.unplug)

    def test_their_cable_and_their_dial(self):
        """D24: the same where the contact has opened the session: our end knows no port of theirs."""
        self.lose(self.montague, self.montague.unplug, dialled=True)

    def test_their_switch(self):
        """D24: the contact's cable leads nowhere any more, and no host is told."""
        self.lose(self.montague, self.montague.cut)

    def test_their_cable_embedded(self):
        """D24: the same where mDNS runs in our process."""
        self.lose(self.montague, self.montague.unplug, discovery='embedded')

    def test_their_cable_without_a_version(self):
        """D24: the same with a peer that answers no ping."""
        self.lose(self.montague, self.montague.unplug, legacy=True)

    def test_all_cables(self):
        """D24 D22: all that leads there is cut for a while: the session outlasts that."""
        juliet, romeo = self.meet()
        before = self.capulet.connections()
        for link in (0, 1):
            self.montague.cut(link)
        for i in range(10):
            juliet.say(romeo, f'word {i}')
            time.sleep(0.5)
        for link in (0, 1):
            self.montague.mend(link)
        for i in range(10):
            romeo.hear(juliet, f'word {i}')
        self.converse(romeo, juliet, 'on the same way')
        self.assertEqual(self.capulet.connections(), before)
        for chat in (juliet, romeo):
            chat.forbid('session-closed')
            chat.forbid('unconfirmed')

    def test_own_cable(self):
        """D24 D22: our own cable is pulled."""
        self.lose(self.capulet, self.capulet.unplug)

    def test_own_cable_embedded(self):
        """D24 D22: our own cable is pulled, and mDNS runs in our process."""
        self.lose(self.capulet, self.capulet.unplug, discovery='embedded')

    def test_own_cable_without_a_version(self):
        """D24: our own cable is pulled, and the peer answers no ping."""
        self.lose(self.capulet, self.capulet.unplug, legacy=True)


class TwoCablesInOneNetwork(_Followed):
    """D24: the contact's host has two cables into one network, and one of them is pulled."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague', links=(0, 0))

    def lose(self, **options):
        actors = self.meet(**options)
        (_, remote, _), = self.capulet.connections()
        used = next(i for i in (0, 1) if remote[0] in (self.montague.ipv4[i],
                                                       self.montague.link_local(i)))
        self.addCleanup(self.montague.plug, used)
        self.follow(*actors, lambda: self.montague.unplug(used))

    def test_cable(self):
        """D24: its cable is pulled."""
        self.lose()

    def test_cable_embedded(self):
        """D24: the same where mDNS runs in our process."""
        self.lose(discovery='embedded')


class TwoFamilies(_Followed):
    """D24: the contact's host has IPv4 and IPv6, and loses one of them."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv6='global')
        cls.montague = lab.add('montague', ipv6='global')

    def lose(self, family, other, meet, follow):
        for _ in range(TRIES):
            with contextlib.suppress(Renamed):
                return self.lose_once(family, other, meet, follow)
            self.note('Avahi has given the host another name: once more')
            self.montague.restore_family(family)
            self.montague.stop_avahi()
            self.montague.start_avahi()
            self.montague.await_avahi()
        raise Failure(f'Avahi has given the host another name {TRIES} times')

    def lose_once(self, family, other, meet, follow):
        self.montague.drop_family(other)
        self.addCleanup(self.montague.restore_family, family)
        actors = meet()
        (_, remote, _), = self.capulet.connections()
        self.assertEqual(':' in remote[0], family == 6)
        self.montague.restore_family(other)
        try:
            follow(*actors, lambda: self.montague.drop_family(family))
        except Renamed:
            for actor in actors:
                actor.kill()
            raise

    def test_ipv6_goes(self):
        """D24: IPv6 goes, and IPv4 stays."""
        self.lose(6, 4, self.meet, self.follow)

    def test_ipv4_goes(self):
        """D24: IPv4 goes, and IPv6 stays."""
        self.lose(4, 6, self.meet, self.follow)


if __name__ == '__main__':
    main()
