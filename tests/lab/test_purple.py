# SPDX-License-Identifier: LGPL-2.1-or-later
"""libpurple's own Bonjour client on the other host: what Pidgin, Finch and Chatty are made of."""
import hashlib
import time

from xep174lab import Failure, LabTest, await_that, main

ROUNDS = 40
# Seconds by which we are ahead: we look the address up before we dial, which takes some.
SKEWS = (0.0, 0.015, 0.02, 0.023, 0.026, 0.03, -0.005, 0.1)


class Purple(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def meet(self, juliet='juliet', romeo='romeo', **options):
        purple = self.purple(self.montague, romeo)
        chat = self.chat(self.capulet, juliet, purple, **options)
        return chat, purple

    def both_talk(self, chat, purple, text):
        chat.tell(purple, f'{text} from us')
        purple.hear(chat, f'{text} from us')
        purple.say(chat, f'{text} from them')
        chat.hear(purple, f'{text} from them')

    def test_seen_and_heard(self):
        """Each sees the other, and hears it whoever speaks first; they part, and each sees that."""
        chat, purple = self.meet()
        self.both_talk(chat, purple, 'hello')
        self.await_rest(1, self.capulet)
        other, stranger = self.meet('nurse', 'peter')
        stranger.say(other, 'I first')
        other.hear(stranger, 'I first')
        self.both_talk(other, stranger, 'then')
        other.quit()
        stranger.expect(f'buddy-removed {other.name}')
        purple.quit()
        chat.expect('contact-removed', name=purple.name)

    def test_markup(self):
        """Angle brackets, ampersands, quotes and letters of any script survive, both ways."""
        chat, purple = self.meet('juliet2', 'romeo2')
        text = 'a < b && c > "d" \'e\''
        chat.tell(purple, text)
        # libpurple takes our text for HTML; what it shows is as written.
        purple.hear(chat, text)
        chat.tell(purple, '\u00e9\u4e2d\U0001f339')
        purple.hear(chat, '\\303\\251\\344\\270\\255\\360\\237\\214\\271')
        purple.say(chat, '1 &lt; 2 &amp;&amp; 3 &gt; 2, <b>bold</b> and <i>italic</i>')
        chat.hear(purple, '1 < 2 && 3 > 2, bold and italic')
        purple.say(chat, '\\303\\251\\344\\270\\255\\360\\237\\214\\271')
        chat.hear(purple, '\u00e9\u4e2d\U0001f339')

    def test_D15_picture(self):
        """D15 D16: the picture of the tool's user, whose name has a dot in it, is seen."""
        path = f'{self.capulet.directory}/picture'
        with open(path, 'wb') as picture:
            picture.write(b'\x89PNG\r\n\x1a\n' + bytes(range(256)) * 20)
        chat, purple = self.meet('juliet.c', 'romeo.m', arguments=['--avatar', path])
        purple.expect(f'buddy-icon {chat.name}', 'icon=5128')
        purple.write(f'icon {path}')
        with open(path, 'rb') as picture:
            sha1 = hashlib.sha1(picture.read()).hexdigest()
        chat.expect('contact-changed', name=purple.name, avatar_hash=sha1)

    def test_status(self):
        """D7 D14: status and message of each as the other shows them."""
        chat, purple = self.meet('juliet3', 'romeo3')
        chat.command('status', status='dnd', message='in the tomb')
        self.assertIn('status=away', purple.expect(f'buddy-status {chat.name}', 'in the tomb'))
        chat.command('status', status='avail')
        purple.expect(f'buddy-status {chat.name}', 'status=available')
        # libpurple says "dnd" for its away.
        purple.status('away', 'banished')
        chat.expect('contact-changed', name=purple.name, status='dnd', message='banished')
        purple.status('available')
        chat.expect('contact-changed', name=purple.name, status='available')

    def test_close_and_open_again(self):
        """X5 S6 S7: either closes, and either opens again; nothing of either is lost."""
        chat, purple = self.meet('juliet4', 'romeo4')
        for i in range(6):
            self.both_talk(chat, purple, f'round {i}') if i % 4 < 2 \
                else self.they_first(chat, purple, i)
            if i % 2:
                purple.close_conversation(chat)
            else:
                chat.close_session(purple)
            chat.expect('session-closed', contact=purple.name)
            self.await_rest(0, self.capulet)
        self.both_talk(chat, purple, 'last')

    def they_first(self, chat, purple, i):
        purple.say(chat, f'they first {i}')
        chat.hear(purple, f'they first {i}')
        chat.tell(purple, f'we second {i}')
        purple.hear(chat, f'we second {i}')

    def simultaneously(self, chat, purple):
        capture = self.capture(self.capulet)
        ours = theirs = crossed = seen = 0
        for i in range(ROUNDS):
            skew = SKEWS[i % len(SKEWS)]
            if skew < 0:
                purple.say(chat, f'theirs {i}.')
                time.sleep(-skew)
            number = chat.say(purple, f'ours {i}.')
            if skew >= 0:
                time.sleep(skew)
                purple.say(chat, f'theirs {i}.')
            purple.hear(chat, f'ours {i}.')
            ours += 1
            chat.expect('sent', id=number)
            try:
                chat.hear(purple, f'theirs {i}.', timeout=0.5)
                theirs += 1
            except Failure:
                pass        # libpurple loses its own, without a word to its user
            chat.close_session(purple)
            await_that('end of the sessions',
                       lambda: not self.capulet.connections(('ESTABLISHED', 'SYN_SENT')))
            dialled = len(capture.snapshot())
            crossed += dialled - seen > 1
            seen = dialled
        unsure = len(chat.take_all('unconfirmed'))
        extra = len(purple.take_all(f'im-received {chat.name}'))
        late = chat.heard(purple)
        self.note(f'{chat.name} and libpurple at once, {ROUNDS} rounds, {crossed} of them crossed: '
                  f'ours {ROUNDS} sent, {ours} received, {ROUNDS - ours} lost, {extra} doubled, '
                  f'{unsure} unconfirmed; theirs {ROUNDS} sent, {theirs + len(late)} received')
        self.assertEqual(extra, 0)
        # How libpurple closes TCP behind its closing tag tells that it had read everything.
        self.assertEqual(unsure, 0)
        chat.forbid('failed')
        self.both_talk(chat, purple, 'no confusion')

    def test_at_once_as_the_smaller(self):
        """S5 S7: 40 times both speak at once, our name the smaller; none of ours is lost."""
        self.simultaneously(*self.meet('juliet5', 'romeo5'))

    def test_at_once_as_the_larger(self):
        """S5 S7: the same with our name the larger."""
        self.simultaneously(*self.meet('zeno', 'antonio'))

    def test_embedded(self):
        """D1: the same client sees and hears one with embedded discovery."""
        chat, purple = self.meet('juliet6', 'romeo6', discovery='embedded')
        self.both_talk(chat, purple, 'no daemon here')


if __name__ == '__main__':
    main()
