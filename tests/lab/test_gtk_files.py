# SPDX-License-Identifier: LGPL-2.1-or-later
"""The chat for the desktop: files, as its windows show and take them."""
import os
import random
import signal

from xep174lab import LabTest, await_that, main
from xep174lab.desktop import Desktop
from xep174lab.gtkchat import GtkChat

MIB = 1 << 20


class Files(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona', avahi=False)
        cls.mantua = lab.add('mantua', avahi=False)

    def window(self, host, user, **options):
        desktop = Desktop(host)
        self.addCleanup(desktop.close)
        os.makedirs(f'{host.directory}/.config', exist_ok=True)
        with open(f'{host.directory}/.config/user-dirs.dirs', 'w', encoding='ascii') as file:
            file.write('XDG_DOWNLOAD_DIR="$HOME/From Others"\n')
        window = GtkChat(desktop, user, **options)
        self.addCleanup(window.quit)
        return window

    def make(self, host, name, size):
        path = f'{host.directory}/{name}'
        with open(path, 'wb') as file:
            file.write(random.Random(size).randbytes(size))
        return path

    def read(self, path):
        with open(path, 'rb') as file:
            return file.read()

    def offered(self, window, text):
        """Opens the conversation with that offer in it."""
        window.await_person('romeo', 'Available', '1 unread')
        window.choose('romeo')
        window.await_message(text, 'offered')

    def test_take(self):
        """A file is offered like a message, saved into the folder of the user, or not wanted, or stopped."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        path = self.make(self.mantua, 'of _love_.txt', 174000)
        romeo.command('send-file', to=juliet.name, path=path, id='one')
        notifications = juliet.desktop.notifications
        juliet.await_shown('notification', lambda: notifications.shown)
        self.assertEqual(list(notifications.shown.values()),
                         [('romeo', 'File “of _love_.txt”, 174.0\u00a0kB')])
        self.offered(juliet, 'File “of _love_.txt”, 174.0\u00a0kB')
        juliet.await_person('romeo', 'Available')
        juliet.desktop.screenshot('file-offered')
        juliet.press('button', 'Save')
        juliet.await_message('File “of _love_.txt”, 174.0\u00a0kB', 'done')
        romeo.expect('transfer-done', id='one')
        saved = f'{self.verona.directory}/From Others/of _love_.txt'
        self.assertEqual(self.read(saved), self.read(path))
        juliet.await_shown('button', lambda: juliet.find('button', 'Open Folder'))
        juliet.desktop.screenshot('file-saved')

        path = self.make(self.mantua, 'poison', 1740)
        romeo.command('send-file', to=juliet.name, path=path, id='two')
        juliet.await_message('File “poison”, 1.7\u00a0kB', 'offered')
        juliet.press('button', 'Decline')
        romeo.expect('transfer-failed', id='two')
        juliet.await_shown('end', lambda: not juliet.find('button', 'Save'))
        juliet.desktop.screenshot('file-declined')

        path = self.make(self.mantua, 'long', 0)
        os.truncate(path, 2048 * MIB)
        romeo.command('send-file', to=juliet.name, path=path, id='three')
        juliet.await_message('File “long”, 2.1\u00a0GB', 'offered')
        juliet.press('button', 'Save')
        juliet.await_shown('bar', lambda: juliet.find('progress bar', 'How much of the file is over'))
        # It does not move on while one looks and clicks.
        romeo.signal(signal.SIGSTOP)
        juliet.desktop.screenshot('file-moving')
        juliet.press('button', 'Cancel')
        juliet.await_shown('end', lambda: not juliet.find('button', 'Cancel'))
        romeo.signal(signal.SIGCONT)
        romeo.expect('transfer-failed', id='three')
        await_that('no part', lambda: os.listdir(os.path.dirname(saved)) == [os.path.basename(saved)])
        juliet.desktop.screenshot('file-cancelled')


if __name__ == '__main__':
    main()
