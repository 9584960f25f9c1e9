# SPDX-License-Identifier: LGPL-2.1-or-later
"""The chat for the desktop: what its windows show, on hosts with a screen each."""
import os
import re
import signal
import struct
import zlib

from xep174lab import LabTest, Process, main
from xep174lab.desktop import Desktop
from xep174lab.gtkchat import GtkChat


# A colour that nothing else in the window has.
MAGENTA = b'\xff\x00\xff'


def png_of(colour, pixels):
    def chunk(kind, data):
        return (struct.pack('>I', len(data)) + kind + data
                + struct.pack('>I', zlib.crc32(kind + data)))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', pixels, pixels, 8, 2, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress((b'\0' + colour * pixels) * pixels)) + chunk(b'IEND', b''))


class Windows(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona', avahi=False)
        cls.mantua = lab.add('mantua', avahi=False)
        cls.padua = lab.add('padua')

    def setUp(self):
        super().setUp()
        self.ended = []

    def window(self, host, user, **options):
        desktop = Desktop(host)
        self.addCleanup(desktop.close)
        window = GtkChat(desktop, user, **options)
        self.addCleanup(self.leave, window)
        return window

    def leave(self, window):
        if window not in self.ended:
            window.quit()

    def await_loss(self, window, *texts):
        """Waits for an end that tells of these messages, and of no others."""
        self.ended.append(window)
        self.assertEqual(window.wait(), 1)
        self.assertEqual([line.rpartition(': ')[2] for line in window.errors
                          if line.startswith('xep174-gtk: to ')], list(texts))

    def count_pixels(self, window, colour):
        """How many there are of that colour on the screen."""
        path = f'{window.desktop.host.directory}/screen.ppm'
        window.desktop.tool('import', '-silent', '-window', 'root', '-depth', '8', f'ppm:{path}')
        with open(path, 'rb') as file:
            octets = file.read()[-900 * 640 * 3:]
        return sum(octets[at:at + 3] == colour for at in range(0, len(octets), 3))

    def test_D15_pictures(self):
        """D15: a picture is shown in the list, above the conversation, and to who has set it."""
        path = f'{self.mantua.directory}/picture.png'
        with open(path, 'wb') as picture:
            picture.write(png_of(MAGENTA, 96))
        juliet = self.window(self.verona, 'juliet')
        self.chat(self.padua, 'mercutio', discovery='embedded', arguments=['--avatar', path])
        juliet.await_person('mercutio', 'Available')
        juliet.await_shown('picture', lambda: self.count_pixels(juliet, MAGENTA) > 500)
        listed = self.count_pixels(juliet, MAGENTA)
        juliet.choose('mercutio')
        juliet.await_shown('second picture', lambda: self.count_pixels(juliet, MAGENTA) > listed + 300)
        juliet.desktop.screenshot('picture')
        romeo = self.window(self.mantua, 'romeo', arguments=['--avatar', path])
        romeo.await_shown('own picture', lambda: self.count_pixels(romeo, MAGENTA) > 300)
        juliet.await_person('romeo', 'Available')

    def test_talk(self):
        """S7 D13 D14: two windows find each other, talk and part, and tell the truth of it."""
        juliet = self.window(self.verona, 'juliet')
        juliet.await_label('Nobody Here Yet')
        romeo = self.window(self.mantua, 'romeo')
        juliet.await_person('romeo', 'Available')
        romeo.await_person('juliet', 'Available')

        romeo.choose('juliet')
        romeo.say('what light through yonder window breaks?')
        romeo.await_message('what light through yonder window breaks?', 'received')
        romeo.await_mark('encrypted, not compared')
        juliet.await_person('romeo', 'Available', '1 unread')
        juliet.desktop.screenshot('unread')

        notifications = juliet.desktop.notifications
        juliet.await_shown('notification', lambda: notifications.shown)
        number, shown = notifications.shown.popitem()
        self.assertEqual(shown, ('romeo', 'what light through yonder window breaks?'))
        notifications.click(number)
        juliet.await_message('what light through yonder window breaks?')
        juliet.await_person('romeo', 'Available')
        juliet.say('how camest thou hither, tell me, and wherefore?')
        romeo.await_message('how camest thou hither, tell me, and wherefore?')
        romeo.await_equal('messages', lambda: len(romeo.messages()), 2)
        self.assertEqual(romeo.desktop.notifications.shown, {})

        juliet.press('button', 'Your status: Available')
        for status in ('Available', 'Away'):
            juliet.await_focus(status)
            juliet.desktop.key('Down')
        juliet.await_focus('Do Not Disturb')
        romeo.await_person('juliet', 'Do not disturb')
        juliet.desktop.key('Escape')
        juliet.await_focus('Your status: Do not disturb')
        romeo.desktop.screenshot('wide')

        juliet.desktop.key('ctrl+q')
        juliet.end()
        romeo.await_label('juliet is not here; messages cannot be delivered')
        romeo.await_person('juliet', 'Not here')
        romeo.await_equal('messages', lambda: len(romeo.messages()), 2)
        romeo.say('wilt thou leave me so unsatisfied?')
        romeo.await_message('wilt thou leave me so unsatisfied?',
                            'not sent: juliet@verona is not on the network (any more)')
        romeo.desktop.screenshot('failed')

        juliet = self.window(self.verona, 'juliet')
        romeo.await_person('juliet', 'Available')
        romeo.press('button', 'Send Again')
        romeo.await_focus('wilt thou leave me so unsatisfied?')
        romeo.await_message('wilt thou leave me so unsatisfied?', 'received')
        juliet.await_person('romeo', 'Available', '1 unread')

    def test_narrow(self):
        """Where there is room for one thing only, people and conversation take turns."""
        juliet = self.window(self.verona, 'juliet')
        juliet.resize(360, 560)
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.await_person('romeo', 'Available')
        romeo.tell(juliet, 'good morrow')
        juliet.await_person('romeo', 'Available', '1 unread')
        juliet.desktop.screenshot('narrow-people')

        juliet.choose('romeo')
        juliet.await_message('good morrow')
        juliet.say('what early tongue so sweet saluteth me?')
        romeo.hear(juliet, 'what early tongue so sweet saluteth me?')
        juliet.desktop.screenshot('narrow-conversation')

        juliet.press('button', 'Back')
        juliet.await_people_only()
        juliet.await_person('romeo', 'Available')
        romeo.tell(juliet, 'the last is true')
        juliet.await_person('romeo', 'Available', '1 unread')
        juliet.choose('romeo')
        juliet.await_message('the last is true')
        juliet.desktop.key('alt+Left')
        juliet.await_people_only()
        juliet.await_person('romeo', 'Available')
        romeo.tell(juliet, 'the sweeter rest was mine')
        juliet.await_person('romeo', 'Available', '1 unread')

    def test_newest(self):
        """The newest message is in view, unless one reads further up: then a button leads there."""
        juliet = self.window(self.verona, 'juliet')
        juliet.resize(700, 400)
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        for number in range(12):
            romeo.tell(juliet, f'{number}: ' + 'she hangs upon the cheek of night ' * (number % 4 + 1))
        last = '11: ' + 'she hangs upon the cheek of night ' * 4
        juliet.await_person('romeo', 'Available', '12 unread')
        juliet.choose('romeo')
        juliet.await_in_view(last)
        for number in range(6):
            romeo.tell(juliet, f'like a rich jewel {number}')
            juliet.await_in_view(f'like a rich jewel {number}')
            juliet.say(f'in the ear of night {number}')
            juliet.await_in_view(f'in the ear of night {number}')

        juliet.await_gone('button', 'Go to the newest message')
        juliet.scroll('up')
        juliet.await_shown('button', lambda: juliet.find('button', 'Go to the newest message'))
        romeo.tell(juliet, 'beauty too rich for use')
        romeo.tell(juliet, 'for earth too dear')
        juliet.await_shown('count', lambda: juliet.find(
            'button', 'Go to the newest message, 2 new'))
        juliet.await_equal('message in view', lambda: juliet.in_view('for earth too dear'), False)
        juliet.desktop.screenshot('newest')
        juliet.press('button', 'Go to the newest message, 2 new')
        juliet.await_focus('Message')
        juliet.await_in_view('for earth too dear')
        juliet.await_gone('button', 'Go to the newest message')
        juliet.scroll('up')
        juliet.await_shown('button', lambda: juliet.find('button', 'Go to the newest message'))
        juliet.say('so shows a snowy dove')
        juliet.await_in_view('so shows a snowy dove')
        juliet.resize(500, 300)
        juliet.await_in_view('so shows a snowy dove')

    def test_many_people(self):
        """D9: who is who, the unread and the latest first, and a way to find somebody."""
        juliet = self.window(self.verona, 'juliet')
        first = self.chat(self.mantua, 'romeo', discovery='embedded')
        juliet.await_person('romeo', 'Available')
        second = self.chat(self.padua, 'romeo', discovery='embedded')
        for host in ('mantua', 'padua'):
            juliet.await_person('romeo', f'romeo@{host} · Available')
        crowd = [self.chat(self.mantua, user, discovery='embedded')
                 for user in ('abram', 'balthasar', 'sampson')]
        juliet.await_shown('five in order', lambda: juliet.names() == [
            'abram', 'balthasar', 'romeo', 'romeo', 'sampson'])
        crowd[2].meet(juliet)
        crowd[2].tell(juliet, 'a dog of the house of Montague moves me')
        juliet.await_shown('unread first', lambda: juliet.names()[0] == 'sampson')
        second.meet(juliet)
        second.tell(juliet, 'by a name I know not how to tell thee who I am')
        juliet.await_shown('the latest first', lambda: juliet.people()[:2] == [
            ['romeo', 'romeo@padua · Available', '1 unread'], ['sampson', 'Available', '1 unread']])
        crowd[2].quit()
        juliet.await_shown('unread of who has left', lambda: juliet.people()[1] == [
            'sampson', 'Not here', '1 unread'])
        notifications = juliet.desktop.notifications
        juliet.await_shown('notification', lambda: 'romeo (romeo@padua)' in [
            title for title, _text in notifications.shown.values()])
        juliet.choose('romeo@padua · Available')
        juliet.await_message('by a name I know not how to tell thee who I am')
        juliet.await_shown('read below unread', lambda: juliet.names()[:2] == ['sampson', 'romeo'])
        juliet.desktop.screenshot('people')
        second.quit()
        juliet.await_label('not connected, encrypted only · romeo@padua · Not here')

        juliet.search('MANTUA')
        juliet.await_shown('those at mantua', lambda: sorted(juliet.names()) == [
            'abram', 'balthasar', 'romeo', 'sampson'])
        juliet.search('zasa')
        juliet.await_label('Nobody Found')
        juliet.search('hasa')
        juliet.await_shown('one found', lambda: juliet.names() == ['balthasar'])
        juliet.desktop.screenshot('search')
        juliet.desktop.key('Return')
        juliet.await_shown('all again', lambda: len(juliet.names()) == 5)
        juliet.say('do you bite your thumb at us, sir?')
        crowd[1].hear(juliet, 'do you bite your thumb at us, sir?')
        first.quit()

    def test_taken_name(self):
        """D9: one's own name is taken: others see another one, and that is said."""
        self.chat(self.verona, 'juliet', discovery='embedded', arguments=['--port', '5300'])
        juliet = self.window(self.verona, 'juliet')
        juliet.await_label('Others see you as juliet-1@verona now')

    def test_no_network(self):
        """S7: without a network the line above the conversation and its messages say the same."""
        juliet = self.window(self.padua, 'juliet', discovery='avahi')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.choose('romeo')
        juliet.say('stay but a little')
        juliet.await_message('stay but a little', 'received')
        self.addCleanup(self.padua.link_up)
        self.padua.link_down()
        juliet.await_label('romeo cannot be seen any more; messages may not arrive')
        juliet.say('I will come again')
        juliet.await_message('I will come again', 'sent')
        juliet.desktop.screenshot('no-network')
        self.padua.link_up()
        juliet.await_person('romeo', 'Available')
        romeo.hear(juliet, 'I will come again')
        juliet.await_message('I will come again', 'received')

    def test_links(self):
        """Addresses of the web are links, and are not hyphenated however long they are."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.choose('romeo')
        address = 'https://verona.example/' + 'orchard' * 9 + '/?wall=1&moon'
        romeo.tell(juliet, f'look: {address}, <b>softly</b>')
        juliet.await_message(f'look: {address}, <b>softly</b>')
        juliet.say('line one')
        juliet.await_focus('Message')
        juliet.desktop.type('line two')
        for line in range(3):
            juliet.desktop.key('shift+Return')
            juliet.desktop.type(f'and another {line}')
        juliet.desktop.screenshot('links')
        juliet.resize(360, 560)
        juliet.desktop.screenshot('links-narrow')
        juliet.desktop.key('Return')
        text = 'line two\n' + '\n'.join(f'and another {line}' for line in range(3))
        romeo.hear(juliet, text)
        juliet.await_in_view(text)

    def test_hostile_words(self):
        """What others call themselves and say is shown as it is, and does nothing."""
        juliet = self.window(self.verona, 'juliet')
        nurse = self.peer(self.padua, 'nurse', txt={
            'txtvers': '1', 'status': 'avail', 'nick': '\u202e<b>mad</b>\nnurse',
            'msg': '<span size="99999">anon</span> & anon'})
        presence = 'Available · <span size="99999">anon</span> & anon'
        juliet.await_person('<b>mad</b> nurse', presence)

        stream = nurse.open(juliet)
        stream.send(nurse.message(juliet, '&lt;a href="x:y">go&lt;/a> &amp;amp; \u202eback'))
        juliet.await_person('<b>mad</b> nurse', presence, '1 unread')
        juliet.await_equal('notifications', lambda: list(juliet.desktop.notifications.shown.values()),
                           [('<b>mad</b> nurse', '‹a href="x:y">go‹/a> &amp; \\u{202E}back')])

        juliet.choose('<b>mad</b> nurse')
        juliet.await_message('<a href="x:y">go</a> &amp; \ufffdback')
        juliet.await_shown('end of the notification',
                           lambda: not juliet.desktop.notifications.shown)
        nurse.withdraw()
        stream.close()
        juliet.await_label('<b>mad</b> nurse is not here; messages cannot be delivered')
        juliet.say('anon')
        juliet.await_message('anon', 'not sent: nurse@padua is not on the network (any more)')
        juliet.desktop.screenshot('hostile')

    def test_no_receipt(self):
        """S7: a message that may be lost, or that the other side refused, is marked as that."""
        juliet = self.window(self.verona, 'juliet')
        nurse = self.peer(self.padua, 'nurse', txt={'txtvers': '1', 'nick': '<i>nurse</i> & co'})
        juliet.choose('<i>nurse</i> & co')
        juliet.say('ancient lady')
        stream = nurse.accept()
        nurse.answer(stream, juliet.name)
        number = re.search(b"id=['\"]([^'\"]+)", stream.expect(b'</message>')).group(1)
        juliet.await_message('ancient lady', 'sent')
        stream.send(b"<message type='error' id='%s' from='%s'><body>ancient lady</body></message>"
                    % (number, nurse.name.encode()))
        juliet.await_message('ancient lady', 'not sent: Their program could not take it')

        juliet.say('farewell')
        stream.expect(b'farewell</body>')
        juliet.await_message('farewell', 'sent')
        stream.reset()
        juliet.await_message('farewell', 'may not have arrived: the other program did not confirm it')
        juliet.await_message('ancient lady', 'not sent: Their program could not take it')
        juliet.desktop.screenshot('unconfirmed')

        juliet.resize(360, 560)
        juliet.say('speak')
        stream = nurse.accept()
        juliet.press('button', 'Back')
        juliet.await_people_only()
        nurse.answer(stream, juliet.name, features=b"<stream:error><host-unknown xmlns="
                     b"'urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")
        juliet.await_label('Not sent to <i>nurse</i> & co: speak')
        juliet.desktop.screenshot('toast')
        juliet.press('button', 'Show')
        juliet.await_shown('message that failed', lambda: any(
            text == 'speak' and state.startswith('not sent: ')
            for text, state in juliet.messages()))
        juliet.await_gone('button', 'Show')
        # That it is really in front is seen from where the keys go.
        juliet.say('jesu, what haste')
        juliet.await_shown('message', lambda: juliet.messages()[-1][0] == 'jesu, what haste')
        # Only this one is news at the end, and nobody may be there to close a window then.
        juliet.signal(signal.SIGTERM)
        self.await_loss(juliet, 'jesu, what haste')

    def test_quit(self):
        """S7 S9: who quits waits until what was said is confirmed, or hears what may be lost."""
        juliet = self.window(self.verona, 'juliet')
        nurse = self.peer(self.padua, 'nurse', txt={'txtvers': '1'})
        juliet.choose('nurse')
        texts = ['go thy ways', 'serve God', 'what says he']
        juliet.say(texts[0])
        stream = nurse.accept()
        nurse.answer(stream, juliet.name)
        for text in texts[1:]:
            juliet.say(text)
        stream.expect(b'what says he</body>')
        juliet.await_message('what says he', 'sent')
        juliet.desktop.key('ctrl+q')
        juliet.await_label('Waiting until your messages have arrived…')
        juliet.desktop.screenshot('waiting')
        juliet.await_label('These Messages May Not Have Arrived')
        for text in texts:
            juliet.await_line(f'nurse: {text}')
        juliet.desktop.screenshot('untold')
        juliet.press('button', 'Close')
        self.await_loss(juliet, *texts)
        stream.close()

        for again in (lambda: juliet.press('button', 'Quit Now'),
                      lambda: juliet.desktop.key('ctrl+q'),
                      lambda: juliet.signal(signal.SIGTERM)):
            juliet = self.window(self.verona, 'juliet')
            juliet.choose('nurse')
            juliet.say('a jaunt')
            stream = nurse.accept()
            nurse.answer(stream, juliet.name)
            stream.expect(b'a jaunt</body>')
            juliet.await_message('a jaunt', 'sent')
            juliet.desktop.key('ctrl+q')
            juliet.await_label('Waiting until your messages have arrived…')
            again()
            self.await_loss(juliet, 'a jaunt')
            stream.close()

    def test_no_daemon(self):
        """Without discovery the window says what to do, and then it works."""
        juliet = self.window(self.verona, 'juliet', discovery='avahi')
        juliet.await_label('Not on the Network')
        juliet.await_shown('what to do', lambda: any(
            label.startswith('No avahi-daemon answers on the system bus; start it, or use the '
                             'embedded discovery, which works without it')
            for label in juliet.labels()))
        juliet.desktop.screenshot('no-daemon')
        self.verona.start_avahi()
        self.addCleanup(self.verona.stop_avahi)
        self.verona.await_avahi()
        juliet.press('button', 'Try Again')
        juliet.await_label('Nobody Here Yet')

    def test_command_line(self):
        """A contact by hand; and what makes no sense is said and not begun."""
        romeo = self.chat(self.mantua, 'romeo', discovery='none')
        juliet = self.window(self.verona, 'juliet', discovery='none', arguments=[
            '--contact', f'romeo@mantua={self.mantua.ipv4[0]}:{romeo.port}'])
        romeo.command('add', name=juliet.name, address=self.verona.ipv4[0], port=juliet.port)
        juliet.choose('romeo')
        juliet.say('well met')
        romeo.hear(juliet, 'well met')

        for arguments, complaint in (
                (['--discovery', 'carrier pigeon'], '--discovery cannot be “carrier pigeon”'),
                (['--port', '70000'], 'For --port choose a number'),
                (['--contact', 'x@y=1:2'], 'only with --discovery none')):
            wrong = Process(self.verona, 'wrong', [os.environ['XEP174_GTK'], *arguments],
                            juliet.desktop.environment)
            self.assertEqual(wrong.wait(), 2)
            wrong.await_that('complaint', lambda: any(complaint in line for line in wrong.errors))


if __name__ == '__main__':
    main()
