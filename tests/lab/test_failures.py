# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that die, links that drop, daemons that go away: and what comes after."""
import signal
import time

from xep174lab import Failure, LabTest, Publisher, main

CUT = 10.0      # seconds


class Failures(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')

    def test_killed_and_back(self):
        """S9: a peer is killed; it is seen to go, comes back under its name, and talks."""
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.montague, 'romeo', juliet)
        self.converse(juliet, romeo)
        romeo.kill()
        juliet.expect('session-closed', contact=romeo.name)
        juliet.expect('contact-removed', name=romeo.name)
        romeo = self.chat(self.montague, 'romeo')
        romeo.meet(juliet)
        self.assertEqual(romeo.name, 'romeo@montague')
        juliet.meet(romeo)
        self.converse(romeo, juliet, 'back')
        self.await_rest(1, self.capulet)

    def test_power_failure(self):
        """S9: a peer is gone without a packet; when it is back and speaks first, it is heard."""
        juliet = self.chat(self.capulet, 'juliet2')
        romeo = self.chat(self.montague, 'romeo2', juliet)
        self.converse(juliet, romeo)
        self.montague.power_off()
        self.montague.power_on()
        romeo = self.chat(self.montague, 'romeo2')
        romeo.meet(juliet)
        romeo.tell(juliet, 'is it you?')
        juliet.hear(romeo, 'is it you?')
        self.converse(juliet, romeo, 'it is')
        self.await_rest(1, self.capulet)

    def test_power_failure_seen_from_the_other_side(self):
        """S7 S9: what is said to one whose power failed arrives, or is reported."""
        juliet = self.chat(self.capulet, 'juliet3')
        romeo = self.chat(self.montague, 'romeo3', juliet)
        self.converse(juliet, romeo)
        self.montague.power_off()
        self.montague.power_on()
        romeo = self.chat(self.montague, 'romeo3')
        romeo.meet(juliet)
        number = juliet.say(romeo, 'are you there?')
        self.converse(juliet, romeo, 'again')
        # The kernel took it before it knew that nobody was there any more: then it is unconfirmed.
        if 'are you there?' not in romeo.heard(juliet):
            juliet.expect('unconfirmed', id=number)

    def cut_in_a_conversation(self, juliet, romeo, cut, mend):
        """Both talk on while the link is cut, and after that."""
        self.converse(juliet, romeo)
        cut()
        until = time.monotonic() + CUT
        said = 0
        while time.monotonic() < until:
            juliet.say(romeo, f'word {said}')
            romeo.say(juliet, f'word {said}')
            said += 1
            time.sleep(CUT / 5)
        mend()
        if romeo.take_all('contact-removed', name=juliet.name):
            romeo.meet(juliet)
        bodies = [f'word {i}' for i in range(said)] + ['last word']
        juliet.say(romeo, bodies[-1])
        romeo.say(juliet, bodies[-1])
        self.assert_both_received(juliet, romeo, bodies)
        self.converse(juliet, romeo, 'after all')

    def test_link_cut_for_ten_seconds(self):
        """S7 A3 D22: a link drops silently for 10 s in a conversation; nothing is lost or in doubt."""
        juliet = self.chat(self.capulet, 'juliet4')
        romeo = self.chat(self.montague, 'romeo4', juliet)
        self.cut_in_a_conversation(juliet, romeo, self.montague.cut, self.montague.mend)

    def test_interface_down_for_ten_seconds(self):
        """S7 D22: the same where the host's interface goes: its contacts go, and come again."""
        juliet = self.chat(self.capulet, 'juliet5')
        romeo = self.chat(self.montague, 'romeo5', juliet)
        self.cut_in_a_conversation(juliet, romeo, self.montague.link_down, self.montague.link_up)
        for chat in (juliet, romeo):
            chat.forbid('session-closed')
        romeo.forbid('contact-removed', name=juliet.name)

    def test_cable_unplugged_for_ten_seconds(self):
        """S7 D22: the same where only the carrier goes: the session outlasts that."""
        juliet = self.chat(self.capulet, 'juliet9')
        romeo = self.chat(self.montague, 'romeo9', juliet)
        self.cut_in_a_conversation(juliet, romeo, self.montague.unplug, self.montague.plug)
        for chat in (juliet, romeo):
            chat.forbid('session-closed')

    def test_cut_before_the_first_word(self):
        """S7: what is said to a contact that cannot be reached goes out when it can."""
        juliet = self.chat(self.capulet, 'juliet6')
        romeo = self.chat(self.montague, 'romeo6', juliet)
        self.montague.cut()
        number = juliet.say(romeo, 'patience')
        time.sleep(3)
        juliet.forbid('failed')
        self.montague.mend()
        romeo.hear(juliet, 'patience', timeout=60)
        juliet.expect('sent', id=number)

    def test_daemon_restarted(self):
        """D19: the daemon dies: contacts go, the session goes on; it is back: all is as before."""
        juliet = self.chat(self.capulet, 'juliet7')
        romeo = self.chat(self.montague, 'romeo7', juliet)
        self.converse(juliet, romeo)
        for number in (signal.SIGKILL, signal.SIGTERM):
            self.capulet.stop_avahi(number)
            try:
                juliet.expect('contact-removed', name=romeo.name)
                self.converse(juliet, romeo, f'without a daemon ({number})')
            finally:
                self.capulet.start_avahi()
                self.capulet.await_avahi()
            juliet.meet(romeo)
            self.assert_published(juliet)
            self.converse(juliet, romeo, f'with it ({number})')
        juliet.forbid('session-closed')
        self.await_rest(1, self.capulet)

    def assert_published(self, chat):
        """A host that has never heard of it resolves the name that it had before."""
        reader = Publisher(self.padua)
        deadline = time.monotonic() + 30
        while True:
            try:
                port, _ = reader.resolve(chat.name)
                break
            except Exception as error:      # the daemon's "timeout reached", as GLib has it
                if time.monotonic() > deadline:
                    raise Failure(f'{chat.name} is not published again: {error}') from None
        reader.close()
        self.assertEqual(port, chat.port)

    def test_bad_weather(self):
        """S7 S9: 20 % loss and 250 ms each way; a conversation goes on and nothing is lost."""
        self.weather(self.montague, delay=0.25, loss=0.2)
        juliet = self.chat(self.capulet, 'juliet8')
        romeo = self.chat(self.montague, 'romeo8', juliet)
        bodies = [f'word {i}' for i in range(10)]
        for body in bodies:
            juliet.say(romeo, body)
            romeo.say(juliet, body)
        self.assert_both_received(juliet, romeo, bodies)


if __name__ == '__main__':
    main()
