# SPDX-License-Identifier: LGPL-2.1-or-later
"""T1-T14 in the chat for the desktop: who can read along, the number to compare, and a changed key."""
import re
import shutil
import subprocess

from xep174lab import LabTest, main, tls
from xep174lab.desktop import Desktop
from xep174lab.gtkchat import GtkChat

ALONE, SEEN, COMPARED = 'not connected', 'encrypted, not compared', 'encrypted and compared'
CHANGED = 'the key has changed: nothing is sent'
STRIPPED = 'not encrypted any more: nothing is sent'
DISTRUSTED = 'key not trusted: nothing is sent'
REFUSED = 'your key is not accepted: nothing is sent'
COMPARE, SAME, DIFFERENT = 'Compare the Number', 'The Numbers Are the Same', 'They Are Not the Same'


class Trust(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona', avahi=False)
        cls.mantua = lab.add('mantua', avahi=False)

    def setUp(self):
        """Nobody knows a key from another story."""
        super().setUp()
        for host, user in ((self.verona, 'juliet'), (self.mantua, 'romeo')):
            shutil.rmtree(self.folder(host, user), ignore_errors=True)

    def folder(self, host, user):
        return host.data_of(user)['XEP174_DATA_DIR']

    def window(self, host, user, **options):
        desktop = Desktop(host)
        self.addCleanup(desktop.close)
        window = GtkChat(desktop, user, **options)
        self.addCleanup(window.quit)
        return window

    def meet(self):
        """Juliet at her window has heard from Romeo, who has a terminal."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.await_person('romeo', 'Available')
        juliet.choose('romeo')
        romeo.tell(juliet, 'good morrow')
        juliet.await_message('good morrow')
        juliet.await_mark(SEEN)
        return juliet, romeo

    def again(self, romeo, *arguments):
        """Romeo leaves, and somebody of his name comes who has none of his keys."""
        romeo.quit()
        shutil.rmtree(self.folder(self.mantua, 'romeo'))
        return self.chat(self.mantua, 'romeo', discovery='embedded', arguments=arguments)

    def numbers(self, window, count):
        """The numbers that the page shows, as a voice reads them."""
        def look():
            found = [label for label in window.labels()
                     if re.fullmatch(r'(\d( \d){4}(, |$)){12}', label)]
            return found if len(found) == count else None
        return window.await_shown(f'{count} numbers', look)

    def heading(self, window, words):
        window.await_shown(f'heading {words!r}', lambda: window.find('heading', words))

    def number(self, window):
        return self.numbers(window, 1)[0]

    def test_compare(self):
        """T1 T14: two windows talk encrypted, compare the number, and see that they have."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.window(self.mantua, 'romeo')
        romeo.await_person('juliet', 'Available')
        romeo.choose('juliet')
        romeo.await_mark(ALONE)
        romeo.press('button', COMPARE)
        romeo.await_label('To see the number, you have to be connected with juliet.')
        romeo.desktop.screenshot('compare-alone')
        romeo.press('button', 'Connect')
        number = self.number(romeo)
        romeo.desktop.key('Escape')
        romeo.await_mark(SEEN)
        romeo.say('what light through yonder window breaks?')
        romeo.await_message('what light through yonder window breaks?', 'received')

        juliet.await_person('romeo', 'Available', '1 unread')
        juliet.choose('romeo')
        juliet.await_mark(SEEN)
        juliet.desktop.screenshot('encrypted')
        juliet.desktop.key('ctrl+k')
        juliet.await_equal('number', lambda: self.number(juliet), number)
        juliet.await_shown('code', lambda: juliet.find('image', 'The same number as a QR code'))
        juliet.scroll_page('down')
        juliet.desktop.screenshot('compare-code')
        juliet.await_equal('code', lambda: self.scan(juliet), re.sub(r'(\d) ', r'\1', number).replace(',', ''))
        juliet.scroll_page('up')
        juliet.desktop.screenshot('compare')
        juliet.press('button', SAME)
        juliet.await_mark(COMPARED)
        juliet.say('how camest thou hither, tell me, and wherefore?')
        juliet.await_message('how camest thou hither, tell me, and wherefore?', 'read')

        # By the keyboard, and only for who has compared.
        romeo.await_mark(SEEN)
        romeo.desktop.key('ctrl+k')
        self.number(romeo)
        romeo.desktop.key('alt+s')
        romeo.await_mark(COMPARED)
        juliet.press('button', COMPARE)
        self.number(juliet)
        juliet.press('button', 'Back')
        juliet.await_focus('Message')

    def scan(self, window):
        """What a camera reads from the screen."""
        path = f'{window.desktop.host.directory}/screen.png'
        window.desktop.tool('import', '-silent', '-window', 'root', path)
        return subprocess.run(['zbarimg', '--quiet', '--raw', path], capture_output=True, text=True,
                              check=False).stdout.strip()

    def test_changed(self):
        """T6: a changed key stops the conversation; after a comparison what waited can be sent."""
        juliet, romeo = self.meet()
        romeo = self.again(romeo)
        juliet.say('wherefore art thou?')
        juliet.await_mark(CHANGED)
        juliet.await_message('wherefore art thou?', 'not sent: Nothing is sent to “romeo@mantua”: '
                             'the key has changed, so that this may be somebody else; accept the new '
                             'key if it is not')
        juliet.await_beginning('The key of romeo has changed. Perhaps romeo has a new computer')
        juliet.await_person('romeo', CHANGED)
        field = juliet.await_focus('Message')
        juliet.desktop.type('deny thy father')
        juliet.await_field(field, 'deny thy father')
        juliet.desktop.key('Return')
        # Sent, it would not be there any more.
        juliet.desktop.type('!')
        juliet.await_field(field, 'deny thy father!')
        juliet.desktop.screenshot('changed')
        juliet.await_equal('messages', lambda: len(juliet.messages()), 2)

        juliet.press('button', 'Compare')
        self.number(juliet)
        juliet.desktop.screenshot('compare-changed')
        juliet.press('button', SAME)
        juliet.await_mark(COMPARED)
        juliet.press('button', 'Send Again')
        juliet.await_message('wherefore art thou?', 'received')
        romeo.hear(juliet, 'wherefore art thou?')
        juliet.await_mark(COMPARED)
        juliet.await_field(field, 'deny thy father!')
        juliet.press('button', 'Send')
        romeo.hear(juliet, 'deny thy father!')
        juliet.await_focus('Message')

    def test_knock(self):
        """T6: somebody calls with another key; it is told, and who has the old one is still heard."""
        juliet, romeo = self.meet()
        old = f'{self.mantua.directory}/old'
        romeo.quit()
        kept = self.folder(self.mantua, 'romeo')
        shutil.copytree(kept, old)
        juliet.resize(360, 560)
        juliet.press('button', 'Back')
        juliet.await_people_only()
        other = self.again(self.chat(self.mantua, 'romeo', discovery='embedded'))
        other.meet(juliet)
        other.say(juliet, 'it is I')
        juliet.await_label('The key of romeo has changed')
        other.expect('failed')
        juliet.press('button', 'Show')
        juliet.await_mark(CHANGED)
        juliet.desktop.screenshot('changed-narrow')
        other.quit()

        shutil.rmtree(kept)
        shutil.move(old, kept)
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.press('button', 'Try Again')
        juliet.await_mark(SEEN)
        romeo.tell(juliet, 'I am here')
        juliet.await_message('I am here')

    def test_another_key(self):
        """T6: while one compares a number, somebody shows yet another key: what is said then is not said
        of that one."""
        juliet, romeo = self.meet()
        romeo = self.again(romeo)
        romeo.meet(juliet)
        romeo.say(juliet, 'it is I')
        romeo.expect('failed')
        juliet.await_mark(CHANGED)
        juliet.await_label(f'The new key begins with {self.beginning(romeo)}.')
        juliet.press('button', 'Compare')
        first = self.number(juliet)
        other = self.again(romeo)
        other.meet(juliet)
        other.say(juliet, 'no, it is I')
        other.expect('failed')
        self.heading(juliet, 'Meanwhile Another Key Was Shown')
        both = self.numbers(juliet, 2)
        self.assertEqual(both[0], first)
        juliet.desktop.screenshot('compare-another')
        juliet.await_gone('button', SAME)
        juliet.await_gone('button', DIFFERENT)
        juliet.desktop.key('Escape')

        # So it is above the conversation, where there are no numbers.
        juliet.await_mark(CHANGED)
        juliet.await_label('Meanwhile somebody has shown another key. '
                           f'It begins with {self.beginning(other)}.')
        juliet.desktop.screenshot('changed-another')
        juliet.press('button', 'Accept')
        juliet.press_for('button', 'Look at the Other Key',
                         f'The new key begins with {self.beginning(other)}.')
        juliet.press('button', 'Compare')
        juliet.await_equal('number', lambda: self.number(juliet), both[1])
        third = self.again(other)
        third.meet(juliet)
        third.say(juliet, 'hear me')
        third.expect('failed')
        juliet.await_equal('first number', lambda: self.numbers(juliet, 2)[0], both[1])
        juliet.press('button', 'Look at This Number')
        self.heading(juliet, 'Is It Really romeo?')
        self.number(juliet)
        juliet.press('button', SAME)
        juliet.await_mark(COMPARED)
        juliet.say('art thou not Romeo?')
        third.hear(juliet, 'art thou not Romeo?')

    def beginning(self, chat):
        """Of the key of who has just come."""
        key = tls.fingerprint(f'{self.folder(self.mantua, chat.user)}/identity.pem')
        return f'{key[:4]} {key[4:8]}'

    def test_refused(self):
        """T10 T14: whose key is not accepted reads it, sees the number, and can write as soon as it is."""
        juliet, romeo = self.meet()
        romeo.quit()
        shutil.rmtree(self.folder(self.mantua, 'romeo'))
        romeo = self.window(self.mantua, 'romeo')
        romeo.await_person('juliet', 'Available')
        romeo.choose('juliet')
        romeo.say('call me but love')
        romeo.await_mark(REFUSED)
        romeo.await_person('juliet', REFUSED)
        romeo.desktop.screenshot('refused')
        romeo.press('button', 'Compare')
        number = self.number(romeo)
        romeo.desktop.screenshot('compare-refused')
        juliet.await_mark(CHANGED)
        juliet.press('button', 'Compare')
        juliet.await_equal('number', lambda: self.number(juliet), number)
        juliet.press('button', SAME)
        juliet.await_mark(COMPARED)
        romeo.desktop.key('Escape')
        romeo.await_mark(SEEN)
        romeo.press('button', 'Send Again')
        juliet.await_message('call me but love')

    def test_accept(self):
        """T6: who accepts the new key without comparing, is told that it is not compared."""
        juliet, romeo = self.meet()
        romeo = self.again(romeo)
        romeo.meet(juliet)
        romeo.say(juliet, 'call me but love')
        juliet.await_mark(CHANGED)
        juliet.press('button', 'Accept')
        juliet.await_mark(SEEN)
        juliet.await_focus('Message')
        romeo.tell(juliet, 'henceforth I never will be Romeo')
        juliet.await_message('henceforth I never will be Romeo')

    def test_distrust(self):
        """T6: numbers that differ end the conversation, until one trusts the key again."""
        juliet, romeo = self.meet()
        juliet.press('button', COMPARE)
        self.number(juliet)
        juliet.press('button', DIFFERENT)
        juliet.await_mark(DISTRUSTED)
        juliet.await_person('romeo', DISTRUSTED)
        juliet.await_label(f'The key begins with {self.beginning(romeo)}.')
        juliet.desktop.screenshot('distrusted')
        romeo.say(juliet, 'art thou not Romeo?')
        romeo.expect('failed')
        juliet.press('button', 'Trust the Key Again')
        juliet.await_mark(SEEN)
        juliet.say('neither, fair saint')
        romeo.hear(juliet, 'neither, fair saint')

        # Or where one has said it; the number of a key that is shown all the same is there, too.
        juliet.press('button', COMPARE)
        self.number(juliet)
        juliet.press('button', DIFFERENT)
        juliet.await_mark(DISTRUSTED)
        romeo.say(juliet, 'call me but love')
        romeo.expect('failed')
        juliet.press('button', 'Try Again')
        juliet.press('button', COMPARE)
        self.number(juliet)
        juliet.desktop.screenshot('compare-distrusted')
        juliet.press('button', 'Trust This Key Again')
        juliet.await_mark(SEEN)
        romeo.tell(juliet, 'good night')
        juliet.await_message('good night')

    def test_other_names(self):
        """T6: whoever has a key may call himself anything: all other names of the key can be read."""
        juliet, _romeo = self.meet()
        others = [f'name{number}@verona' for number in range(5)]
        path = f'{self.folder(self.verona, "juliet")}/keys'
        with open(path, encoding='ascii') as file:
            kept = file.read()
        with open(path, 'w', encoding='ascii') as file:
            file.write(kept.replace('romeo@mantua;', f'romeo@mantua;{";".join(others)};'))
        words = 'This key also belongs to name0@verona, name1@verona, name2@verona and 2 others.'
        juliet.press('button', COMPARE)
        self.number(juliet)
        juliet.await_label(words)
        juliet.press('label', 'All Names of This Key')
        juliet.await_label('\n'.join(others))
        juliet.desktop.screenshot('compare-names')
        juliet.scroll_page('down')
        juliet.press('button', DIFFERENT)
        juliet.await_mark(DISTRUSTED)
        juliet.await_label(words)
        juliet.desktop.screenshot('distrusted-names')

    def test_unheard(self):
        """T5: somebody calls without encryption in a name that has a key; the conversation tells of it once."""
        juliet, romeo = self.meet()
        romeo = self.again(romeo, '--encryption', 'off')
        romeo.meet(juliet)
        for _ in range(2):
            romeo.say(juliet, 'it is I')
            romeo.expect('unconfirmed')
        line = ('Somebody called in the name of romeo without encryption, and was not heard. It may be romeo '
                'with another program, or somebody else.')
        juliet.await_label(line)
        juliet.desktop.screenshot('unheard')
        juliet.await_equal('messages', lambda: [text for text, _state in juliet.messages()],
                           ['good morrow', line])
        juliet.await_shown('whose they are', lambda: [
            found.label for found in juliet.find('list', 'Messages').walk()
            if found.label in ('Their message', 'Note')] == ['Their message', 'Note'])

    def test_stripped(self):
        """T5: who was encrypted once and is not any more gets nothing, until one forgets the key."""
        juliet, romeo = self.meet()
        romeo = self.again(romeo, '--encryption', 'off')
        juliet.say('speak')
        juliet.await_mark(STRIPPED)
        juliet.desktop.screenshot('stripped')
        juliet.press('button', 'Forget the Key')
        juliet.await_mark(ALONE)
        juliet.press('button', 'Send Again')
        romeo.hear(juliet, 'speak')
        juliet.await_mark('not encrypted')
        juliet.press('button', COMPARE)
        juliet.await_label('What you and romeo write is not encrypted, so there is no number to compare. '
                           'Others on this network can read along.')
        juliet.desktop.screenshot('compare-clear')

    def test_option(self):
        """T5 T7: with --encryption require nothing goes to who cannot encrypt; --data-dir is said if it
        cannot be."""
        juliet = self.window(self.verona, 'juliet',
                             arguments=['--encryption', 'require', '--data-dir', '/dev/null/none'])
        juliet.await_label('Keys cannot be kept here: next time others are warned of you')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded', arguments=['--encryption', 'off'])
        romeo.meet(juliet)
        juliet.choose('romeo')
        juliet.say('speak')
        juliet.await_message('speak', 'not sent: Nothing is sent to “romeo@mantua”: the program there does '
                             'not encrypt, and you allow encrypted conversations only')


if __name__ == '__main__':
    main()
