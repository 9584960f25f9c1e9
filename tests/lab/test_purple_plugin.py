# SPDX-License-Identifier: LGPL-2.1-or-later
"""prpl-xep174, our plugin for libpurple, in the same headless client that also speaks its Bonjour."""
import os
import re
import shutil
import subprocess
import time
import types

from xep174lab import Failure, LabTest, RawPeer, await_that, main, tls

OURS = 'prpl-xep174'
ROUNDS = 40
# Seconds by which we are ahead of libpurple's own: it asks for the address before there is a need.
SKEWS = (0.0, 0.015, 0.02, 0.023, 0.026, 0.03, 0.035)
STATES = (b"<message type='chat'>"
          b"<composing xmlns='http://jabber.org/protocol/chatstates'/></message>")


class PurplePlugin(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.tomb = lab.add('tomb', bus=False, avahi=False)

    def ours(self, host, user, online=True, **settings):
        """The headless client with our plugin."""
        purple = self.purple_plugin(host, user, online, **settings)
        purple.protocol = OURS
        return purple

    def pair(self, number, theirs=False, **settings):
        """One with our plugin, and one with ours too or with libpurple's own Bonjour."""
        one = self.ours(self.capulet, f'juliet{number}', **settings)
        other = (self.purple if theirs else self.ours)(self.montague, f'romeo{number}')
        one.meet(other)
        other.meet(one)
        other.protocol = 'prpl-bonjour' if theirs else OURS
        return one, other

    def tearDown(self):
        """Nothing of ours draws a warning from GLib."""
        super().tearDown()
        for actor in self._actors:
            for line in getattr(actor, 'errors', ()):
                if 'CRITICAL' in line or 'WARNING' in line:
                    self.assertNotRegex(line, r'GLib-GObject|GLib-GIO|xep174')

    def both_talk(self, one, other, text):
        for speaker, hearer in ((one, other), (other, one)):
            speaker.say(hearer, text)
            hearer.hear(speaker, text)

    def raw_stream(self, purple, user):
        """A stream to a client with our plugin, from somebody who writes octets."""
        raw = self.peer(self.montague, user)
        purple.meet(raw)
        return raw, raw.open(types.SimpleNamespace(name=purple.name, host=self.capulet, port=5298))

    # What a person sees

    def test_with_bonjour(self):
        """D1 D7 D14: ours and libpurple's own see each other with their status, and talk."""
        juliet, romeo = self.pair(1, theirs=True)
        self.both_talk(juliet, romeo, 'hello')
        juliet.status('dnd', 'in the &lt;tomb&gt;')
        self.assertIn('status=away', romeo.expect(f'buddy-status {juliet.name}', 'in the <tomb>'))
        juliet.status('available')
        romeo.expect(f'buddy-status {juliet.name}', 'status=available')
        romeo.status('away', 'banished')
        self.assertIn('status=dnd', juliet.expect(f'buddy-status {romeo.name}', 'banished'))
        juliet.quit()
        romeo.expect(f'buddy-removed {juliet.name}')

    def test_profile(self):
        """D7 D18: what the account's options say is seen, and nothing that they do not say."""
        juliet, romeo = self.pair(2, nick='Juliet <3', email='juliet@capulet.example j@c.example',
                                  port='6001')
        romeo.write(f'tooltip {juliet.name}')
        text = romeo.expect(f'tooltip {juliet.name}')
        self.assertIn('<b>Nickname</b>: Juliet &lt;3', text)
        self.assertIn('<b>E-mail</b>: juliet@capulet.example j@c.example', text)
        romeo.write('buddies')
        romeo.expect(f'buddy {juliet.name} alias=Juliet <3 status=available message=- ')
        juliet.write(f'tooltip {romeo.name}')
        self.assertEqual(juliet.expect(f'tooltip {romeo.name}').split(' ', 2)[2],
                         '<b>Status</b>: Available')

    def test_markup(self):
        """What is bold for one is bold for the other; what is no markup stays none."""
        juliet, romeo = self.pair(3, theirs=True)
        juliet.say(romeo, '1 &lt; 2 &amp;&amp; <b>bold</b>&nbsp;&copy;<br>next')
        heard = romeo.hear(juliet)
        self.assertIn('1 &lt; 2 &amp;&amp; ', heard)
        self.assertRegex(heard, r'<span style=.+font-weight: bold;.+>bold</span>')
        romeo.say(juliet, '3 &lt; 4, <b>bold</b> and <i>it<u>al</u>ic</i><br>&lt;b&gt;')
        self.assertEqual(juliet.hear(romeo).split(' ', 2)[2],
                         '3 &lt; 4, <b>bold</b> and <i>it<u>al</u>ic</i><br>&lt;b&gt;')

    def test_hostile_markup(self):
        """A body is text whatever it looks like; HTML beside it counts if it says the same words."""
        juliet = self.ours(self.capulet, 'juliet4')
        raw, stream = self.raw_stream(juliet, 'mercutio')

        def shown(body, html=None):
            html = html and f"<html xmlns='http://www.w3.org/1999/xhtml'><body>{html}</body></html>"
            stream.send(f"<message type='chat' from='{raw.name}' to='{juliet.name}'>"
                        f"<body>{body}</body>{html or ''}</message>".encode())
            return juliet.hear(raw).split(' ', 2)[2].replace('\\"', '"')

        self.assertEqual(shown('&lt;img src="x"&gt;\n&amp;amp;'),
                         '&lt;img src=&quot;x&quot;&gt;<br>&amp;amp;')
        self.assertEqual(shown('yes', '<b>no</b>'), 'yes')
        self.assertEqual(shown('yes', '<script>no</script><b>yes</b>'), '<b>yes</b>')
        self.assertEqual(shown('bank', '<a href="http://evil.example/">bank</a>'), 'bank')
        self.assertEqual(shown('yes', '<b onclick="x" style="y">yes</b>'), '<b>yes</b>')
        self.assertEqual(
            shown('yes', '<span style="color: red; background: url(http://evil.example/)">yes</span>'),
            '<font color="red">yes</font>')
        self.assertEqual(shown('yes', '<font color="red&quot;&gt;&lt;img">yes</font>'), 'yes')

    def test_D15_pictures(self):
        """D15: ours and libpurple's own see each other's picture, and ours a changed one.

        libpurple shows a former picture as the new one while its daemon remembers it, so each size
        has an owner of its own there."""
        romeo = self.purple(self.montague, 'romeo30')
        for size in (500, 8000, 60000):
            path = f'{self.capulet.directory}/icon-{size}'
            with open(path, 'wb') as icon:
                icon.write(b'\x89PNG\r\n\x1a\n' + os.urandom(size - 8))
            juliet = self.ours(self.capulet, f'juliet.{size}', icon=path)
            romeo.expect(f'buddy-icon {juliet.name}', f'icon={size}')
            romeo.write(f'icon {path}')
            juliet.expect(f'buddy-icon {romeo.name}', f'icon={size}')
        late = self.ours(self.tomb, 'nurse30', discovery='embedded')
        for name in (juliet.name, romeo.name):
            late.expect(f'buddy-icon {name}', 'icon=60000')

    def test_typing(self):
        """Typing is told between those who speak of it (XEP-0085), and to nobody else."""
        juliet, romeo = self.pair(5)
        romeo.write(f'typing {juliet.name} now')
        self.both_talk(juliet, romeo, 'hello')
        for state, event in (('now', 'typing'), ('paused', 'typed'), ('no', 'typing-stopped')):
            juliet.write(f'typing {romeo.name} {state}')
            romeo.expect(f'{event} {juliet.name}')
        self.assertEqual(juliet.take_all('typing '), [])

    def test_typing_on_the_wire(self):
        """Each is answered in the dialect it has used; who is silent about typing hears none."""
        juliet = self.ours(self.capulet, 'juliet6')
        raw, stream = self.raw_stream(juliet, 'benvolio')
        juliet.write(f'typing {raw.name} now')
        stream.send(raw.message(juliet, 'one'))
        juliet.hear(raw)
        juliet.write(f'typing {raw.name} now')
        juliet.say(raw, 'one')
        self.assertIn(b'<body>one</body>', stream.expect(b'</message>'))
        stream.send(STATES)
        juliet.expect(f'typing {raw.name}')
        juliet.write(f'typing {raw.name} now')
        self.assertIn(b'chatstates', stream.expect(b'</message>'))

    def test_typing_on_the_wire_of_old(self):
        """Message events (XEP-0022), as clients have them that know nothing newer."""
        juliet = self.ours(self.capulet, 'juliet26')
        raw, stream = self.raw_stream(juliet, 'benvolio2')
        for event, told in ((b'<composing/><id>7</id>', 'typing'), (b'<id>7</id>', 'typing-stopped')):
            stream.send(b"<message type='chat'><x xmlns='jabber:x:event'>" + event + b'</x></message>')
            juliet.expect(f'{told} {raw.name}')
        juliet.write(f'typing {raw.name} now')
        self.assertRegex(stream.expect(b'</message>'), b'jabber:x:event.+<composing/><id/>')

    # Whose words they are

    @staticmethod
    def choose(purple, other, label):
        purple.write(f'menu {other.name} {label}')
        return purple.expect(f'menu {other.name}')

    @staticmethod
    def asked(purple, title):
        """The number of the question that is open, in three lines of four groups."""
        text = purple.expect(f'request {title}')
        lines = re.findall(r'\d{5}(?: \d{5}){3}', text)
        if len(lines) != 3:
            raise Failure(f'no number in “{text}”')
        return lines

    def number(self, purple, other):
        self.choose(purple, other, 'Compare keys…')
        return self.asked(purple, 'Compare keys')

    def anew(self, user, other):
        """They come back with another key."""
        if user.popen.poll() is None:
            user.quit()
            other.expect(f'buddy-removed {user.name}')
        name = user.name.split('@')[0]
        shutil.rmtree(f'{self.montague.directory}/purple-{name}/xep174')
        again = self.ours(self.montague, name)
        other.meet(again)
        again.meet(other)
        return again

    def refused(self, juliet, romeo, text):
        """Their key is refused: they are told why, and she of the new key."""
        romeo.say(juliet, text)
        self.assertIn('key is not accepted', romeo.expect(f'conversation error {juliet.name}', text))
        self.assertIn('Accept the new key', juliet.expect(
            f'conversation system {romeo.name} The key has changed: nothing is sent'))

    def test_T14_compare(self):
        """T5 T14: a conversation says that it is encrypted; two people compare, and it says that."""
        juliet, romeo = self.pair(18)
        capture = self.capture(self.capulet)
        juliet.say(romeo, 'it is not yet near day')
        romeo.hear(juliet)
        for one, other in ((juliet, romeo), (romeo, juliet)):
            one.expect(f'conversation system {other.name} Encrypted, not compared')
        self.assertEqual(self.number(juliet, romeo), self.number(romeo, juliet))
        juliet.write('press The same')
        juliet.expect(f'conversation system {romeo.name} Encrypted and compared')
        romeo.write('press Later')
        self.assertNotIn('Accept', self.choose(romeo, juliet, ''))
        self.assertEqual(romeo.take_all('conversation system'), [])
        for connection in capture.snapshot():
            self.assertNotIn(b'near day', connection.to_server.octets)
        self.assertTrue(os.path.isfile(f'{self.capulet.directory}/purple-juliet18/xep174/keys'))

    def test_T6_changed(self):
        """T6 T14: another key is told, and comes to nothing until it is accepted; a distrust can be undone."""
        juliet, romeo = self.pair(19)
        self.both_talk(juliet, romeo, 'hello')
        romeo = self.anew(romeo, juliet)
        self.refused(juliet, romeo, 'it is I')
        juliet.say(romeo, 'who?')
        self.assertIn('the key has changed', juliet.expect(f'conversation error {romeo.name}', 'who?'))
        self.assertIn(' | Accept the new key', self.choose(juliet, romeo, 'Accept the new key…'))
        self.assertEqual(self.asked(juliet, 'Accept the new key'), self.number(romeo, juliet))
        romeo.write('press Later')
        juliet.write('press Accept')
        self.both_talk(romeo, juliet, 'it is I, on a new machine')
        self.choose(juliet, romeo, 'Do not trust the key…')
        self.asked(juliet, 'Do not trust the key')
        juliet.write('press Do not trust')
        juliet.say(romeo, 'farewell')
        self.assertIn('not to be trusted', juliet.expect(f'conversation error {romeo.name}', 'farewell'))
        self.choose(juliet, romeo, 'Trust the key again…')
        juliet.expect('request Trust the key again')
        juliet.write('press Trust again')
        self.both_talk(juliet, romeo, 'forgiven')
        self.assertNotIn('Trust the key again', self.choose(juliet, romeo, ''))
        self.assertEqual(juliet.take_all('notify'), [])

    def test_T6_question(self):
        """T6: an answer is about the key whose number was shown, not one that has come since."""
        juliet, romeo = self.pair(22)
        self.both_talk(juliet, romeo, 'hello')
        romeo = self.anew(romeo, juliet)
        self.refused(juliet, romeo, 'first')
        self.choose(juliet, romeo, 'Accept the new key…')
        first = self.asked(juliet, 'Accept the new key')
        romeo = self.anew(romeo, juliet)
        self.refused(juliet, romeo, 'second')
        juliet.write('press Accept')
        romeo.say(juliet, 'third')
        romeo.expect(f'conversation error {juliet.name}', 'third')
        self.choose(juliet, romeo, 'Do not trust the key…')
        self.assertNotEqual(self.asked(juliet, 'Do not trust the key'), first)
        juliet.write('press Cancel')
        self.choose(juliet, romeo, 'Accept the new key…')
        juliet.expect('request Accept the new key')
        juliet.write('press Accept')
        self.both_talk(juliet, romeo, 'fourth')

    def impostor(self, romeo):
        """Somebody who calls in his name, and how juliet's client is dialled."""
        raw = self._add(RawPeer(self.montague, 'impostor', publish=False))
        raw.name = romeo.name
        return raw

    @staticmethod
    def callee(juliet):
        return types.SimpleNamespace(name=juliet.name, host=juliet.host, port=5298)

    def test_T6_beside(self):
        """T6: a key that is refused beside an open conversation can be read whole, and accepted or not."""
        juliet, romeo = self.pair(23)
        self.both_talk(juliet, romeo, 'hello')
        raw = self.impostor(romeo)

        def knock(name):
            key = tls.Key(self.montague, name)
            tls.call(raw, self.callee(juliet), key, accepted=False).expect_end()
            juliet.expect(f'conversation system {romeo.name} Somebody else with this name')
            return key.fingerprint

        def decide(key, answer):
            """What is in the menu afterwards."""
            self.choose(juliet, romeo, 'The refused key…')
            text = juliet.expect('request The refused key')
            self.assertIn(key, re.sub(r'[\\n ]', '', text))
            juliet.write(f'press {answer}')
            return self.choose(juliet, romeo, '')
        self.assertNotIn('The refused key', self.choose(juliet, romeo, ''))
        key = knock('first')
        self.assertIn('The refused key', decide(key, 'Later'))
        self.assertNotIn('The refused key', decide(key, 'Do not trust'))
        self.assertNotIn('The refused key', decide(knock('second'), 'Accept'))
        self.assertIn('Trust the key again', self.choose(juliet, romeo, ''))
        self.both_talk(juliet, romeo, 'all the while')
        self.assertEqual(juliet.take_all('notify'), [])

    def test_T5_not_heard(self):
        """T5: who calls without encryption in a name that has a key is told of once."""
        juliet, romeo = self.pair(24)
        romeo.say(juliet, 'hello')
        juliet.hear(romeo)
        raw = self.impostor(romeo)
        line = f'conversation system {romeo.name} Somebody called in this name without encryption'

        def call():
            stream = raw.open(self.callee(juliet))
            stream.send(raw.message(juliet, 'it is I'))
            stream.expect_end()
        call()
        juliet.expect(line)
        call()
        self.both_talk(juliet, romeo, 'and I')
        self.assertEqual(juliet.take_all(line), [])

    def test_A4_last(self):
        """A4: the buddy's tooltip tells whether the last message has arrived; no line does."""
        juliet, romeo = self.pair(25)

        def last():
            juliet.write(f'tooltip {romeo.name}')
            return juliet.expect(f'tooltip {romeo.name}').partition('<b>Your last message</b>: ')[2]
        self.assertEqual(last(), '')
        juliet.say(romeo, 'hello')
        romeo.hear(juliet, 'hello')
        await_that('receipt', lambda: last() == 'received')
        self.montague.cut()
        juliet.say(romeo, 'never read')
        await_that('send', lambda: last() == 'sent, not confirmed yet')
        self.assertEqual(juliet.take_all('conversation error'), [])
        self.montague.mend()
        await_that('second receipt', lambda: last() == 'received')
        self.assertEqual(juliet.take_all('conversation error'), [])

    def test_T5_bonjour(self):
        """T5: libpurple's own is spoken to in the clear, and the conversation says so."""
        juliet, romeo = self.pair(20, theirs=True)
        self.both_talk(juliet, romeo, 'hello')
        juliet.expect(f'conversation system {romeo.name} Not encrypted')
        self.choose(juliet, romeo, 'Compare keys…')
        juliet.expect('notify Compare keys', 'has not shown a key')

    def test_T5_require(self):
        """T5: an account that always encrypts sends nothing to who does not, and says why."""
        juliet, romeo = self.pair(21, theirs=True, encryption='require')
        juliet.say(romeo, 'hello')
        self.assertIn('does not encrypt', juliet.expect(f'conversation error {romeo.name}', 'hello'))
        self.assertEqual(romeo.take_all('im-received'), [])

    # What must not be lost

    def at_once(self, one, other, closers):
        """Both speak at once, over and over; what the first says must arrive. Gives how many crossed."""
        capture = self.capture(self.capulet)
        crossed = dialled = 0
        for i in range(ROUNDS):
            one.say(other, f'number {i}.')
            time.sleep(SKEWS[i % len(SKEWS)] if other.protocol != OURS else 0)
            other.say(one, f'number {i}.')
            other.hear(one, f'number {i}.')
            if other.protocol == OURS:
                one.hear(other, f'number {i}.')
            closer = closers[i % len(closers)]
            closer.close_conversation(other if closer is one else one)
            self.part(other.protocol == OURS)
            seen, dialled = dialled, len(capture.snapshot())
            crossed += dialled - seen > 1
        self.note(f'{one.name} ({one.protocol}) and {other.name} ({other.protocol}) at once: '
                  f'{ROUNDS} rounds, {crossed} with two connections')
        return crossed

    def part(self, may_stay):
        """Waits for the end of the sessions; between two of ours a dial that the close has crossed may
        be the next session."""
        await_that('end of the sessions', lambda: len(self.capulet.connections(
            ('ESTABLISHED', 'CLOSE_WAIT', 'SYN_SENT', 'SYN_RECV'))) <= may_stay)

    def test_at_once(self):
        """S5 S7: 40 times two of ours speak at once: none lost, none doubled."""
        juliet, romeo = self.pair(7)
        self.assertGreater(self.at_once(juliet, romeo, (juliet, romeo)), 0, 'nothing crossed')
        for one, other in ((juliet, romeo), (romeo, juliet)):
            self.assertEqual(one.take_all('im-received'), [])
            self.assertEqual(one.take_all('conversation error'), [])

    def test_at_once_with_bonjour(self):
        """S7: the same with libpurple's own, which loses of its own: none of ours is lost."""
        juliet, romeo = self.pair(8, theirs=True)
        self.at_once(juliet, romeo, (juliet,))
        theirs = len(juliet.take_all(f'im-received {romeo.name}'))
        self.note(f'ours {ROUNDS} sent, {ROUNDS} received; theirs {ROUNDS} sent, {theirs} received')
        self.assertEqual(romeo.take_all('im-received'), [])
        self.assertEqual(juliet.take_all('conversation error'), [])
        self.both_talk(juliet, romeo, 'no confusion')

    # Coming and going

    @staticmethod
    def turns(purple):
        purple.write('turns')
        return int(purple.expect('turns ').split()[1])

    def test_gone(self):
        """Who has gone is no buddy any more, and what is said to them comes back with the reason."""
        juliet, romeo = self.pair(9)
        before = self.turns(juliet)
        romeo.write('offline')
        romeo.expect(f'buddy-removed {juliet.name}')
        # A second later, as is the way of mDNS; a loop that never rests turns a thousand times.
        juliet.expect(f'buddy-removed {romeo.name}')
        self.assertLess(self.turns(juliet) - before, 100)
        juliet.say(romeo, 'are you <b>there</b>?')
        juliet.expect(f'conversation sent {romeo.name} are you')
        self.assertIn('was not sent: nobody of that name', juliet.expect(
            f'conversation error {romeo.name}', 'are you there?'))
        romeo.write('online')
        juliet.meet(romeo)
        romeo.meet(juliet)
        self.both_talk(juliet, romeo, 'again')

    def test_no_cable(self):
        """A2: a message that nobody confirms is reported in the conversation, when it is given up."""
        juliet, romeo = self.pair(10)
        self.both_talk(juliet, romeo, 'hello')
        self.montague.cut()
        juliet.say(romeo, 'never read')
        juliet.expect(f'conversation sent {romeo.name} never read')
        romeo.kill()
        self.montague.mend()
        juliet.write('offline')
        self.assertIn('may not have arrived', juliet.expect(f'conversation error {romeo.name}',
                                                            'never read'))

    def test_refused(self):
        """X14: why a message was refused stands in the conversation, and is no message."""
        juliet = self.ours(self.capulet, 'juliet17')
        raw, stream = self.raw_stream(juliet, 'tybalt17')
        stream.send(raw.message(juliet, 'peace?'))
        juliet.hear(raw)
        juliet.say(raw, 'good pilgrim')
        stream.expect(b'good pilgrim')
        stream.send(b"<message type='error'><body>good pilgrim</body><error type='cancel'><forbidden"
                    b" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
        self.assertIn('is why a message was refused', juliet.expect(
            f'conversation error {raw.name}', 'Their program does not allow it'))
        self.assertEqual(juliet.take_all('im-received'), [])

    def test_correction(self):
        """F8: libpurple has no place for a better text, so it stands there as a new message; and who asks for
        a receipt gets none, because nothing of a message is said without its text."""
        juliet = self.ours(self.capulet, 'juliet18')
        raw, stream = self.raw_stream(juliet, 'tybalt18')
        for words in ("id='1'><body>peas</body><request xmlns='urn:xmpp:receipts'/>"
                      "<markable xmlns='urn:xmpp:chat-markers:0'/>",
                      "id='2'><body>peace</body><replace id='1' xmlns='urn:xmpp:message-correct:0'/>"):
            stream.send(f"<message type='chat' {words}</message>".encode())
        juliet.hear(raw, 'peas')
        juliet.hear(raw, 'peace')
        juliet.say(raw, 'talk of it')
        said = stream.expect(b'talk of it')
        self.assertNotRegex(said, b'receipts|chat-markers|message-correct')

    def test_language(self):
        """The plugin speaks the language of the program that has it."""
        folder = f'{self.capulet.directory}/locales'
        if 'XEP174_LOCALEDIR' not in os.environ:
            self.skipTest('built without translations')
        os.makedirs(folder)
        subprocess.run(['localedef', '-i', 'de_DE', '-f', 'UTF-8', f'{folder}/de_DE.UTF-8'], check=True)
        german = {'LOCPATH': folder, 'LC_ALL': 'de_DE.UTF-8', 'LANGUAGE': '',
                  'XEP174_LOCALEDIR': os.environ['XEP174_LOCALEDIR']}
        juliet = self.ours(self.capulet, 'juliet19', environment=german)
        romeo = self.ours(self.montague, 'romeo19')
        juliet.meet(romeo)
        juliet.say(romeo, 'guten Abend')
        romeo.hear(juliet, 'guten Abend')
        juliet.expect(f'conversation system {romeo.name}', 'sselt, nicht verglichen. Um sicher')
        romeo.write('offline')
        juliet.expect(f'buddy-removed {romeo.name}')
        juliet.say(romeo, 'noch da?')
        juliet.expect(f'conversation error {romeo.name}', 'wurde nicht gesendet: Niemand dieses Namens')

    def test_off_and_on_at_once(self):
        """D9: who is back before the old connection has gone keeps its name."""
        juliet, romeo = self.pair(11)
        self.both_talk(juliet, romeo, 'hello')
        juliet.events.clear()
        # In one go, so that it is not online in between.
        juliet.write('\n'.join(['offline', 'online'] * 3))
        juliet.await_online()
        juliet.meet(romeo)
        self.assertEqual(juliet.take_all('notify'), [])
        self.both_talk(juliet, romeo, 'again')

    def test_name_taken(self):
        """D9: who gets another name is told so, and talks under it."""
        first = self.chat(self.capulet, 'juliet12')
        second = self.ours(self.capulet, 'juliet12')
        second.expect('notify', 'Others see you as juliet12-1@capulet')
        first.expect('contact-added', name='juliet12-1@capulet')
        second.meet(first)
        second.say(first, 'hello, me')
        first.expect('message', **{'from': 'juliet12-1@capulet'}, body='hello, me')

    def test_cannot_connect(self):
        """A taken port, a name that cannot be, no daemon: the account says what to do."""
        self.ours(self.capulet, 'juliet13', port='6013')
        second = self.ours(self.capulet, 'nurse13', online=False, port='6013')
        self.assertIn('Set the port of the account to 0', second.expect('connection-error 7'))
        third = self.ours(self.capulet, 'x' * 70, online=False)
        third.expect('connection-error 1 ')
        fourth = self.ours(self.tomb, 'juliet13', online=False, discovery='avahi')
        self.assertIn('Start avahi-daemon', fourth.expect('connection-error 0'))
        fourth.say(fourth, 'is anybody there?')
        fourth.write('offline')
        fourth.write('tooltip nobody')
        fourth.expect('tooltip nobody')

    def test_two_accounts(self):
        """D10: two accounts in one process see each other and talk."""
        both = self.ours(self.capulet, 'juliet14', also='nurse14@capulet', discovery='embedded')
        both.await_online()
        nurse = types.SimpleNamespace(name='nurse14@capulet')
        both.meet(nurse)
        both.meet(both)
        both.say(nurse, 'good morrow')
        both.hear(both, 'good morrow')

    def leave_in_good_order(self, juliet, romeo, order):
        """Last words, closing tags and the goodbye go out, though nobody turns our loop any more."""
        self.both_talk(juliet, romeo, 'hello')
        juliet.say(romeo, 'last words')
        juliet.write(order)
        romeo.hear(juliet, 'last words')
        romeo.expect(f'buddy-removed {juliet.name}')
        self.await_rest(0, self.capulet)
        self.assertEqual(romeo.take_all('conversation error'), [])

    def test_unload(self):
        """The plugin goes while a session is open, and no daemon says goodbye for it."""
        juliet, romeo = self.pair(15, discovery='embedded')
        self.leave_in_good_order(juliet, romeo, 'unload')
        juliet.expect('unloaded')

    def test_quit(self):
        """The program goes, no daemon says goodbye for it, and somebody does not answer."""
        juliet, romeo = self.pair(16, discovery='embedded')
        raw, stream = self.raw_stream(juliet, 'tybalt')
        stream.send(raw.message(juliet, 'peace?'))
        juliet.hear(raw)
        self.leave_in_good_order(juliet, romeo, 'quit')


if __name__ == '__main__':
    main()
