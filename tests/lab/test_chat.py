# SPDX-License-Identifier: LGPL-2.1-or-later
"""The main job: programs on several hosts find each other and talk."""
from xep174lab import LabTest, Publisher, main

TROUBLE = 'a < b && c > "d" \'e\' ]]> \u00e9\u4e2d\U0001f339\n\tnext line'


class TwoHosts(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def test_talk_both_ways(self):
        """D1 S3 D13: two hosts find each other, talk both ways over one connection, and part."""
        juliet = self.chat(self.capulet, 'juliet')
        romeo = self.chat(self.montague, 'romeo', juliet)
        self.assertEqual((juliet.name, romeo.name), ('juliet@capulet', 'romeo@montague'))
        self.converse(juliet, romeo)
        opened = juliet.expect('session-opened', contact=romeo.name)
        self.assertEqual(opened['role'], 'initiator')
        self.assertEqual(romeo.expect('session-opened', contact=juliet.name)['role'], 'recipient')
        self.await_rest(1, self.capulet, self.montague)
        romeo.quit()
        juliet.expect('session-closed', contact=romeo.name)
        juliet.expect('contact-removed', name=romeo.name)
        self.await_rest(0, self.capulet)

    def test_any_text_in_order(self):
        """S7: odd characters, a long text and a hundred at once arrive whole and in order."""
        juliet = self.chat(self.capulet, 'juliet2')
        romeo = self.chat(self.montague, 'romeo2', juliet)
        long = 'wherefore art thou ' * 2000
        juliet.tell(romeo, TROUBLE)
        romeo.hear(juliet, TROUBLE)
        juliet.tell(romeo, long)
        romeo.hear(juliet, long)
        for i in range(100):
            juliet.say(romeo, f'verse {i}')
            romeo.say(juliet, f'answer {i}')
        romeo.hear(juliet, 'verse 99')
        juliet.hear(romeo, 'answer 99')
        self.assertEqual([m['body'] for m in romeo.take_all('message')],
                         [f'verse {i}' for i in range(99)])
        self.assertEqual([m['body'] for m in juliet.take_all('message')],
                         [f'answer {i}' for i in range(99)])
        juliet.forbid('failed')
        romeo.forbid('failed')

    def test_status(self):
        """D7 D14: a change of status is a change of the same contact, never a gap."""
        juliet = self.chat(self.capulet, 'juliet3')
        romeo = self.chat(self.montague, 'romeo3', juliet)
        for status, text in (('away', 'on the balcony'), ('dnd', 'in the tomb'), ('available', None)):
            juliet.command('status', status=status, **({'message': text} if text else {}))
            romeo.expect('contact-changed', name=juliet.name, status=status,
                         message=lambda got, text=text: (got or None) == text)
        romeo.forbid('contact-removed', name=juliet.name)
        romeo.forbid('contact-added', name=juliet.name)

    def test_records(self):
        """D1 D2 D4 D8: the records, as another host's mDNS daemon reads them."""
        juliet = self.chat(self.capulet, 'juliet4')
        reader = Publisher(self.montague)
        port, txt = reader.resolve(juliet.name)
        reader.close()
        self.assertEqual(port, juliet.port)
        # Avahi hands a record's strings over in the order of the wire or in its reverse.
        self.assertIn(b'txtvers=1', (txt[0], txt[-1]))
        self.assertIn(f'port.p2pj={juliet.port}'.encode(), txt)
        keys = [text.split(b'=')[0].lower() for text in txt]
        self.assertEqual(len(keys), len(set(keys)))

    def test_close_and_open_again(self):
        """S6 X5: a session that was closed opens again when there is something to say."""
        juliet = self.chat(self.capulet, 'juliet5')
        romeo = self.chat(self.montague, 'romeo5', juliet)
        for i in range(3):
            self.converse(juliet, romeo, f'round {i}')
            (juliet if i % 2 else romeo).close_session(romeo if i % 2 else juliet)
            juliet.expect('session-closed', contact=romeo.name)
            romeo.expect('session-closed', contact=juliet.name)
            self.await_rest(0, self.capulet, self.montague)
        self.converse(romeo, juliet, 'once more')

    def test_open_without_a_word(self):
        """S10: whoever opens and says nothing releases the other, who may then speak."""
        juliet = self.chat(self.capulet, 'juliet6')
        romeo = self.chat(self.montague, 'romeo6', juliet)
        juliet.command('open', contact=romeo.name)
        juliet.expect('session-opened', contact=romeo.name)
        romeo.expect('session-opened', contact=juliet.name)
        romeo.tell(juliet, 'you called?')
        juliet.hear(romeo, 'you called?')
        self.assertEqual(romeo.take_all('session-closed'), [])
        self.await_rest(1, self.capulet)

    def test_many_ways_to_leave(self):
        """X5: end of input ends a chat as `quit` does, and the other side is told."""
        juliet = self.chat(self.capulet, 'juliet7')
        romeo = self.chat(self.montague, 'romeo7', juliet)
        self.converse(juliet, romeo)
        romeo.popen.stdin.close()
        romeo.end()
        juliet.expect('session-closed', contact=romeo.name)
        juliet.expect('contact-removed', name=romeo.name)


class ThreeHosts(LabTest):
    @classmethod
    def build(cls, lab):
        cls.hosts = [lab.add(name) for name in ('verona', 'mantua', 'padua')]

    def test_each_pair(self):
        """D1 S3: three hosts, and each pair talks both ways."""
        one, two, three = (self.chat(host, user) for host, user in
                           zip(self.hosts, ('escalus', 'mercutio', 'paris')))
        everyone = one, two, three
        for chat in everyone:
            chat.meet(*(other for other in everyone if other is not chat))
        for chat in everyone:
            for other in everyone:
                if other is not chat:
                    chat.say(other, f'{chat.name} to {other.name}')
        for chat in everyone:
            for other in everyone:
                if other is not chat:
                    chat.hear(other, f'{other.name} to {chat.name}')
        self.await_rest(2, *self.hosts)


if __name__ == '__main__':
    main()
