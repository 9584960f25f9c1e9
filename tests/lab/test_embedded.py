# SPDX-License-Identifier: LGPL-2.1-or-later
"""Discovery without a daemon, alone and in company."""
import os
import subprocess
import time

from xep174lab import LabTest, Process, main
from xep174lab.chat import tool


class Embedded(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona')
        cls.mantua = lab.add('mantua', avahi=False)
        cls.padua = lab.add('padua', avahi=False)

    def test_no_daemon_anywhere(self):
        """D1 D13: two hosts without a daemon find each other, talk and part."""
        juliet = self.chat(self.mantua, 'juliet', discovery='embedded')
        romeo = self.chat(self.padua, 'romeo', juliet, discovery='embedded')
        self.assertEqual(juliet.name, 'juliet@mantua')
        self.converse(juliet, romeo)
        juliet.command('status', status='dnd', message='asleep')
        romeo.expect('contact-changed', name=juliet.name, status='dnd')
        romeo.quit()
        juliet.expect('contact-removed', name=romeo.name)

    def test_embedded_and_daemon(self):
        """D1 X13: one with a daemon and one without see each other and talk."""
        juliet = self.chat(self.verona, 'juliet2')
        romeo = self.chat(self.mantua, 'romeo2', juliet, discovery='embedded')
        self.converse(juliet, romeo)
        romeo.close_session(juliet)
        juliet.expect('session-closed', contact=romeo.name)
        romeo.expect('session-closed', contact=juliet.name)
        self.converse(romeo, juliet, 'again')

    def test_beside_a_daemon(self):
        """D10 D11: embedded beside the daemon on one machine: neither disturbs the other."""
        nurse = self.chat(self.verona, 'nurse3')
        juliet = self.chat(self.verona, 'juliet3', nurse, discovery='embedded')
        romeo = self.chat(self.mantua, 'romeo3', nurse, juliet, discovery='embedded')
        self.assertEqual((nurse.name, juliet.name), ('nurse3@verona', 'juliet3@verona'))
        self.converse(juliet, nurse)
        self.converse(romeo, juliet)
        self.converse(nurse, romeo)
        with open(f'{self.verona.directory}/avahi.log', encoding='utf-8') as log:
            self.assertNotIn('conflict', log.read().lower())

    def test_two_on_one_machine(self):
        """D9 D10: two programs on one machine without a daemon, of the same name even."""
        one = self.chat(self.mantua, 'juliet4', discovery='embedded')
        other = self.chat(self.mantua, 'juliet4', one, discovery='embedded')
        self.assertEqual((one.name, other.name), ('juliet4@mantua', 'juliet4-1@mantua'))
        self.converse(one, other)

    def test_killed_and_back(self):
        """S9: killed without a goodbye, it comes back under the same name and is talked to."""
        juliet = self.chat(self.verona, 'juliet5')
        romeo = self.chat(self.mantua, 'romeo5', juliet, discovery='embedded')
        self.converse(juliet, romeo)
        romeo.kill()
        juliet.expect('session-closed', contact=romeo.name)
        romeo = self.chat(self.mantua, 'romeo5', discovery='embedded')
        self.assertEqual(romeo.name, 'romeo5@mantua')
        romeo.meet(juliet)
        self.converse(romeo, juliet, 'back')
        self.converse(juliet, romeo, 'indeed')

    def test_browse_unseen(self):
        """D18: who only browses sees the others, in his language, and is seen by nobody."""
        juliet = self.chat(self.verona, 'juliet6')
        nurse = self.chat(self.mantua, 'nurse6', juliet, discovery='embedded')
        folder = f'{self.verona.directory}/locales'
        os.makedirs(folder)
        subprocess.run(['localedef', '-i', 'de_DE', '-f', 'UTF-8', f'{folder}/de_DE.UTF-8'], check=True)
        german = {'LOCPATH': folder, 'LC_ALL': 'de_DE.UTF-8',
                  'XEP174_LOCALEDIR': os.environ.get('XEP174_LOCALEDIR', '')}
        for host, discovery, language, word in (
                (self.verona, 'avahi', german if german['XEP174_LOCALEDIR'] else {},
                 'verfügbar' if german['XEP174_LOCALEDIR'] else 'available'),
                (self.padua, 'embedded', {}, 'available')):
            browser = Process(host, f'browser@{host.name}', [
                tool(), 'browse', '--once', '--user', 'browser', '--discovery', discovery], language)
            self.assertEqual(browser.wait(), 0)
            seen = '\n'.join(browser.lines)
            self.assertIn(f'+ {juliet.name}: {word}', seen)
            self.assertIn(nurse.name, seen)
        for chat in (juliet, nurse):
            chat.forbid('contact-added', name=f'browser@{self.verona.name}')
            chat.forbid('contact-added', name=f'browser@{self.padua.name}')

    def test_status_in_a_hurry(self):
        """D14 D23: of twenty changes in two seconds the others see the last one, and no gap."""
        juliet = self.chat(self.mantua, 'juliet8', discovery='embedded')
        romeo = self.chat(self.padua, 'romeo8', juliet, discovery='embedded')
        nurse = self.chat(self.verona, 'nurse8', juliet)
        began = time.monotonic()
        for number in range(20):
            juliet.command('status', status=('away', 'dnd')[number % 2], message=f'{number}')
            # Two at once each time.
            time.sleep(0.2 * (number % 2))
        for other in (romeo, nurse):
            other.expect('contact-changed', name=juliet.name, status='dnd', message='19')
            # One a second, however long that was, with the first one and the last.
            self.assertLessEqual(len(other.take_all('contact-changed', name=juliet.name)),
                                 time.monotonic() - began + 1)
            self.converse(other, juliet)
        # One that takes an update for somebody else's would have another name by now.
        self.assertEqual(juliet.take_all('online'), [])
        juliet.quit()
        for other in (romeo, nurse):
            other.expect('contact-removed', name=juliet.name)
            for event in ('contact-removed', 'contact-added'):
                other.forbid(event, name=lambda name: name.startswith('juliet8'))

    def test_short_name_of_two(self):
        """A short name that two have is refused, always, and by who has heard nobody before."""
        others = [self.chat(host, 'juliet9', discovery='embedded')
                  for host in (self.mantua, self.padua)]
        for _ in range(3):
            short = self.send('romeo9', 'juliet9')
            whole = [self.send(f'{other.name.replace("@", "-")}', other.name) for other in others]
            self.assertEqual([process.wait() for process in whole], [0, 0])
            self.assertEqual(short.wait(), 1)
            words = '\n'.join(short.errors)
            for other in others:
                self.assertIn(other.name, words)
                other.expect('message', body=f'to {other.name}')
        for other in others:
            other.forbid('message')

    def send(self, user, to):
        return Process(self.verona, f'{user}@{self.verona.name}', [
            tool(), 'send', '--user', user, '--discovery', 'embedded', to, f'to {to}'])

    def test_chosen_by_itself(self):
        """Design: `auto` is the daemon where it answers, and embedded where none does."""
        self.assertEqual(self.online(self.verona, 'auto'), 'avahi')
        self.assertEqual(self.online(self.mantua, 'auto'), 'embedded')

    def online(self, host, discovery):
        chat = self.chat(host, 'prince', discovery=discovery, online=False)
        return chat.expect('online')['discovery']


class Alone(LabTest):
    @classmethod
    def build(cls, lab):
        cls.island = lab.add('island', links=0, bus=False, avahi=False)
        cls.late = lab.add('late', bus=False, avahi=False)
        cls.harbour = lab.add('harbour', bus=False, avahi=False)

    def test_loopback_alone(self):
        """D1: on a machine without any network two programs find each other and talk."""
        juliet = self.chat(self.island, 'juliet', discovery='embedded')
        romeo = self.chat(self.island, 'romeo', juliet, discovery='embedded')
        self.converse(juliet, romeo)

    def test_network_comes_later(self):
        """D22: a link that comes up later brings the contacts behind it."""
        self.late.link_down()
        juliet = self.chat(self.late, 'juliet2', discovery='embedded')
        romeo = self.chat(self.harbour, 'romeo2', discovery='embedded')
        self.late.link_up()
        juliet.meet(romeo)
        romeo.meet(juliet)
        self.converse(juliet, romeo)


if __name__ == '__main__':
    main()
