#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Takes the pictures of the chat for the desktop that the README shows, into PICTURES: a window in light
colours beside a narrow one in dark ones.  Not a test; `ninja -C build-test screenshots` runs it."""
import os
import shutil
import signal
import subprocess
import tempfile

from xep174lab import LabTest, main
from xep174lab.desktop import Desktop
from xep174lab.gtkchat import GtkChat

TALK = [
    ('Romeo', 'But soft, what light through yonder window breaks?'),
    ('Juliet', 'How camest thou hither, tell me, and wherefore?'),
    ('Juliet', 'The orchard walls are high and hard to climb.'),
    ('Romeo', 'With love’s light wings did I o’er-perch these walls.'),
    ('Juliet', 'By whose direction came you to this place?'),
    ('Romeo', 'This map: https://verona.example/orchard'),
    ('Juliet', 'Thou knowest the mask of night is on my face'),
    ('Romeo', 'I have night’s cloak to hide me from their eyes.'),
    ('Juliet', 'Dost thou love me?'),
]
NEWS = ['Lady, by yonder blessed moon I vow', 'That tips with silver all these fruit-tree tops']
FRAME = '#8f8f8f'


class Pictures(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona', avahi=False)
        cls.mantua = lab.add('mantua', avahi=False)

    def window(self, user, width, height, colours):
        """One that fills its screen."""
        desktop = Desktop(self.verona, width, height)
        desktop.environment['ADW_DEBUG_COLOR_SCHEME'] = f'prefer-{colours}'
        self.addCleanup(desktop.close)
        window = GtkChat(desktop, user)
        self.addCleanup(window.quit)
        window.resize(width, height)
        return window

    def say_all(self, juliet, romeo, talk):
        for who, text in talk:
            if who == 'Romeo':
                romeo.tell(juliet, text)
                juliet.await_message(text)
            else:
                juliet.desktop.type(text)
                juliet.desktop.key('Return')
                juliet.await_message(text, 'received')
                romeo.hear(juliet, text)

    def take(self, window, folder, name):
        """Without the pointer over anything that would look different then."""
        window.desktop.tool('xdotool', 'mousemove', '0', '0', 'sleep', '0.5')
        window.desktop.tool('import', '-silent', '-window', 'root', f'{folder}/{name}.png')
        window.quit()
        return f'{folder}/{name}.png'

    def wide(self, folder):
        juliet = self.window('Juliet', 860, 480, 'light')
        people = {name: self.chat(self.mantua, name, discovery='embedded')
                  for name in ('Romeo', 'Nurse', 'Friar Laurence', 'Benvolio')}
        people['Nurse'].command('status', status='dnd', message='ask me later')
        people['Friar Laurence'].command('status', status='away', message='gathering herbs')
        for chat in people.values():
            chat.meet(juliet)
        juliet.await_person('Friar Laurence', 'Away · gathering herbs')
        juliet.choose('Romeo')
        juliet.await_focus('Message')
        self.say_all(juliet, people['Romeo'], TALK)
        for text in ('Madam!', 'I come, anon'):
            people['Nurse'].tell(juliet, text)
        juliet.await_person('Nurse', 'Do not disturb · ask me later', '2 unread')
        juliet.scroll('up', 2)
        juliet.await_shown('button', lambda: juliet.find('button', 'Go to the newest message'))
        for text in NEWS:
            people['Romeo'].tell(juliet, text)
        juliet.await_shown('count', lambda: juliet.find(
            'button', 'Go to the newest message, 2 new'))
        return self.take(juliet, folder, 'wide')

    def narrow(self, folder):
        juliet = self.window('Juliet', 360, 480, 'dark')
        romeo = self.chat(self.mantua, 'Romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.await_person('Romeo', 'Available')
        juliet.choose('Romeo')
        juliet.await_focus('Message')
        self.say_all(juliet, romeo, TALK[:3])
        romeo.quit()
        juliet.await_label('Romeo is not here; messages cannot be delivered')
        juliet.say('Romeo, Romeo!')
        juliet.await_message('Romeo, Romeo!',
                             'not sent: Romeo@mantua is not on the network (any more)')
        return self.take(juliet, folder, 'narrow')

    def compare(self, folder):
        juliet = self.window('Juliet', 560, 690, 'light')
        romeo = self.chat(self.mantua, 'Romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.await_person('Romeo', 'Available')
        juliet.choose('Romeo')
        juliet.await_focus('Message')
        self.say_all(juliet, romeo, TALK[:2])
        juliet.desktop.key('ctrl+k')
        juliet.await_shown('button', lambda: juliet.find('button', 'The Numbers Are the Same'))
        picture = self.take(juliet, folder, 'compare')
        romeo.quit()
        return picture

    def changed(self, folder):
        """The same two, but Romeo's key is another one."""
        juliet = self.window('Juliet', 360, 690, 'dark')
        shutil.rmtree(self.mantua.data_of('Romeo')['XEP174_DATA_DIR'])
        romeo = self.chat(self.mantua, 'Romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.await_person('Romeo', 'Available')
        juliet.choose('Romeo')
        juliet.say('Art thou not Romeo, and a Montague?')
        juliet.await_mark('the key has changed: nothing is sent')
        juliet.await_focus('Message')
        juliet.desktop.type('What man art thou?')
        picture = self.take(juliet, folder, 'changed')
        romeo.quit()
        return picture

    def send(self, romeo, juliet, name, size):
        path = f'{self.mantua.directory}/{name}'
        with open(path, 'wb') as file:
            file.truncate(size)
        romeo.command('send-file', to=juliet.name, path=path)
        juliet.await_shown('offer', lambda: any(
            name in text and state == 'offered' for text, state in juliet.messages()))

    def offered(self, folder):
        juliet = self.window('Juliet', 560, 480, 'light')
        romeo = self.chat(self.mantua, 'Romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.await_person('Romeo', 'Available')
        juliet.choose('Romeo')
        juliet.await_focus('Message')
        self.say_all(juliet, romeo, TALK[3:6])
        self.send(romeo, juliet, 'The orchard.pdf', 1740000)
        juliet.press('button', 'Save')
        juliet.await_shown('arrival', lambda: juliet.find('button', 'Open Folder'))
        self.send(romeo, juliet, 'Sonnets.odt', 174000)
        picture = self.take(juliet, folder, 'offered')
        romeo.quit()
        return picture

    def moving(self, folder):
        # Juliet would still have the file that she has not answered.
        juliet = self.window('Rosaline', 360, 480, 'dark')
        romeo = self.chat(self.mantua, 'Romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.await_person('Romeo', 'Available')
        juliet.choose('Romeo')
        juliet.await_focus('Message')
        self.say_all(juliet, romeo, TALK[6:8])
        self.send(romeo, juliet, 'The whole play.webm', 4 << 30)
        juliet.press('button', 'Save')
        juliet.await_shown('rate', lambda: juliet.messages()[-1][1].endswith(' left'))
        romeo.signal(signal.SIGSTOP)
        picture = self.take(juliet, folder, 'moving')
        romeo.signal(signal.SIGCONT)
        romeo.quit()
        return picture

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            self.join('gtk-files.png', self.offered(folder), self.moving(folder))

    def test_chat(self):
        with tempfile.TemporaryDirectory() as folder:
            narrow = self.narrow(folder)
            self.join('gtk-chat.png', self.wide(folder), narrow)

    def test_trust(self):
        with tempfile.TemporaryDirectory() as folder:
            self.join('gtk-trust.png', self.compare(folder), self.changed(folder))

    def join(self, name, *pictures):
        """One picture with those side by side."""
        subprocess.run(
            ['convert', *pictures, '-bordercolor', FRAME, '-border', '1', '(', '-clone', '0',
             '-fill', 'none', '-draw', 'color 0,0 reset', '-crop', '24x+0+0', '+repage', ')',
             '-insert', '1', '-background', 'none', '+append', '-strip', '+dither', '-colors', '255',
             f"PNG8:{os.environ['PICTURES']}/{name}"], check=True)


if __name__ == '__main__':
    main()
