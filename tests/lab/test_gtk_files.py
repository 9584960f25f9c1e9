# SPDX-License-Identifier: LGPL-2.1-or-later
"""The chat for the desktop: files, as its windows show and take them."""
import contextlib
import http.server
import os
import random
import re
import shutil
import signal
import threading

from xep174lab import Failure, LabTest, Process, await_that, jingle, main
from xep174lab.desktop import Desktop
from xep174lab.gtkchat import GtkChat

MIB = 1 << 20


class Files(LabTest):
    question = 'Files Are on Their Way'

    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona', avahi=False)
        cls.mantua = lab.add('mantua', avahi=False)
        cls.padua = lab.add('padua')

    def setUp(self):
        super().setUp()
        self.ended = []
        # What one story leaves under way goes on at the next start of that user's program.
        for host, user in (self.verona, 'juliet'), (self.mantua, 'romeo'):
            shutil.rmtree(host.data_of(user)['XEP174_DATA_DIR'], ignore_errors=True)
            shutil.rmtree(f'{host.directory}/From Others', ignore_errors=True)

    def leave(self, window):
        if window not in self.ended:
            window.quit()

    def window(self, host, user, **options):
        desktop = Desktop(host)
        self.addCleanup(desktop.close)
        os.makedirs(f'{host.directory}/.config', exist_ok=True)
        with open(f'{host.directory}/.config/user-dirs.dirs', 'w', encoding='ascii') as file:
            file.write('XDG_DOWNLOAD_DIR="$HOME/From Others"\n')
        window = GtkChat(desktop, user, **options)
        self.addCleanup(self.leave, window)
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
        juliet.await_equal('notifications', lambda: list(notifications.shown.values()),
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
        juliet.await_gone('button', 'Save')
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
        juliet.await_gone('button', 'Cancel')
        romeo.signal(signal.SIGCONT)
        romeo.expect('transfer-failed', id='three')
        await_that('no part', lambda: os.listdir(os.path.dirname(saved)) == [os.path.basename(saved)])
        juliet.desktop.screenshot('file-cancelled')

    def meet(self):
        """Juliet looks at the conversation with Romeo, who has the tool."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.await_person('romeo', 'Available')
        juliet.choose('romeo')
        juliet.await_focus('Message')
        return juliet, romeo

    def take(self, romeo, juliet, name, path=None):
        """Romeo takes it, and has the same."""
        folder = f'{self.mantua.directory}/in'
        os.makedirs(folder, exist_ok=True)
        offer = romeo.expect('transfer-offered', contact=juliet.name,
                             name=lambda offered: re.fullmatch(name, offered))
        sent = self.read(path) if path else None
        romeo.command('accept-transfer', transfer=offer['transfer'], folder=folder)
        done = romeo.expect('transfer-done', transfer=offer['transfer'])
        got = self.read(done['path'])
        self.assertEqual(got, sent or got)
        return got

    def other_program(self, juliet, what, *arguments):
        """Another program on that screen, which has files or a picture for the clipboard or to be dragged."""
        program = f'{os.path.dirname(__file__)}/xep174lab/offer.py'
        process = Process(juliet.desktop.host, what, ['/usr/bin/python3', program, what, *arguments],
                          {**juliet.desktop.environment, 'NO_AT_BRIDGE': '1', 'GTK_A11Y': 'none'})
        self.addCleanup(process.kill)
        process.await_that('sign of life', lambda: 'ready' in process.lines)
        return process

    def within(self, check):
        try:
            return await_that('it', check, timeout=2)
        except Failure:
            return None

    def paste(self, juliet, check):
        """Until there is something to paste: her window hears of the clipboard some time later, and nothing shows
        that it has."""
        def done():
            juliet.desktop.key('ctrl+v')
            return self.within(check)
        juliet.await_shown('what is pasted', done)

    def file_manager(self, host, program):
        """What the desktop opens folders with there."""
        applications = f'{host.directory}/.local/share/applications'
        os.makedirs(applications, exist_ok=True)
        os.makedirs(f'{host.directory}/.config', exist_ok=True)
        with open(f'{applications}/manager.desktop', 'w', encoding='ascii') as file:
            file.write(f'[Desktop Entry]\nType=Application\nName=Folders\nExec={program} %U\n'
                       'MimeType=inode/directory;\n')
        with open(f'{host.directory}/.config/mimeapps.list', 'w', encoding='ascii') as file:
            file.write('[Default Applications]\ninode/directory=manager.desktop\n')

    def test_open_folder(self):
        """The folder of what was saved opens in the desktop's program for folders; it is told if it has gone."""
        manager, opened = f'{self.verona.directory}/manager', f'{self.verona.directory}/opened'
        with open(manager, 'w', encoding='ascii') as file:
            file.write(f'#!/bin/sh\necho "$@" >> {opened}\n')
        os.chmod(manager, 0o755)
        self.file_manager(self.verona, manager)
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        romeo.command('send-file', to=juliet.name, path=self.make(self.mantua, 'chart', 1740))
        self.offered(juliet, 'File “chart”, 1.7\u00a0kB')
        juliet.press('button', 'Save')
        juliet.await_message('File “chart”, 1.7\u00a0kB', 'done')
        juliet.press('button', 'Open Folder')
        folder = f'{self.verona.directory}/From Others'
        await_that('folder on the screen', lambda: os.path.exists(opened))
        await_that('its name', lambda: self.read(opened).decode() == f'{folder}\n')
        shutil.rmtree(folder)
        juliet.press('button', 'Open Folder')
        juliet.await_shown('why not', lambda: any(
            folder in label and 'No such file' in label for label in juliet.labels()))
        juliet.desktop.screenshot('file-folder-gone')

    def test_save_in(self):
        """The user says which folder a file goes into."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        path = self.make(self.mantua, 'map', 1740)
        romeo.command('send-file', to=juliet.name, path=path)
        self.offered(juliet, 'File “map”, 1.7\u00a0kB')
        folder = f'{self.verona.directory}/Maps'
        os.makedirs(folder)
        save = juliet.await_shown('Save', lambda: juliet.find('button', 'Save'))
        x, y = juliet.middle(save)
        juliet.desktop.click(x + save.extents[2] // 2 + 12, y)
        juliet.await_shown('menu', lambda: juliet.find('menu item', 'Save In…'))
        juliet.desktop.screenshot('file-save-in')
        juliet.desktop.key('i')
        juliet.answer_dialog('Save In', folder)
        juliet.await_message('File “map”, 1.7\u00a0kB', 'done')
        self.assertEqual(self.read(f'{folder}/map'), self.read(path))

    def test_send(self):
        """Files are chosen with the button; what the other side does with them is shown."""
        juliet, romeo = self.meet()
        path = self.make(self.verona, 'letter', 1740)
        juliet.press('button', 'Send Files')
        juliet.answer_dialog('Send Files to romeo', path)
        juliet.await_message('File “letter”, 1.7\u00a0kB', 'waiting for an answer')
        juliet.desktop.screenshot('file-sent')
        self.take(romeo, juliet, 'letter', path)
        juliet.await_message('File “letter”, 1.7\u00a0kB', 'done')

    def make_folder(self, host):
        """With a file in a folder in it, and two things that are not sent."""
        out = self.fresh('out')
        path = f'{host.directory}/{out}/letters'
        os.makedirs(f'{path}/old')
        self.make(host, f'{out}/letters/old/letter', 1740)
        os.symlink('/', f'{path}/link')
        os.mkfifo(f'{path}/old/pipe')
        return path

    def take_folder(self, romeo, juliet, path, number):
        """Romeo takes it, and has the same; Juliet reads how much she has not sent."""
        text = '“letters”: a folder with 1 file, 1.8\u00a0kB'
        left_out = '2 links and special files in it are not sent'
        juliet.await_shown('folder', lambda: juliet.messages().count((text, 'waiting for an answer')) == 1)
        juliet.await_equal('left out', lambda: juliet.labels().count(left_out), number)
        folder = f'{self.mantua.directory}/{self.fresh("in")}-{number}'
        os.makedirs(folder)
        offer = romeo.expect('transfer-offered', contact=juliet.name, name='letters', files=1)
        juliet.desktop.screenshot('file-folder')
        romeo.command('accept-transfer', transfer=offer['transfer'], folder=folder)
        romeo.expect('transfer-done', transfer=offer['transfer'])
        self.assertEqual(self.read(f'{folder}/letters/old/letter'),
                         self.read(f'{path}/old/letter'))
        juliet.await_shown('end', lambda: juliet.messages().count((text, 'done')) == number)
        juliet.await_equal('left out', lambda: juliet.labels().count(left_out), number)

    def test_send_folder(self):
        """A folder is chosen with its button, or with keys alone; it is told what of it is not sent."""
        juliet, romeo = self.meet()
        path = self.make_folder(self.verona)
        juliet.press('button', 'Send a Folder')
        juliet.answer_dialog('Send a Folder to romeo', path)
        self.take_folder(romeo, juliet, path, 1)
        juliet.desktop.key('ctrl+shift+o')
        juliet.answer_dialog('Send a Folder to romeo', path)
        self.take_folder(romeo, juliet, path, 2)

    def test_paste(self):
        """Files of the clipboard are sent; a picture is, too, and no copy of it stays."""
        juliet, romeo = self.meet()
        paths = [self.make(self.verona, name, 1740) for name in ('one', 'two')]
        before = set(os.listdir(self.verona.directory))
        owner = self.other_program(juliet, 'files', *paths)
        self.paste(juliet, lambda: len(juliet.messages()) == 2)
        for path in paths:
            self.take(romeo, juliet, os.path.basename(path), path)
            juliet.await_message(f'File “{os.path.basename(path)}”, 1.7\u00a0kB', 'done')
        owner.kill()

        owner = self.other_program(juliet, 'picture')
        self.paste(juliet, lambda: len(juliet.messages()) == 3)
        picture = self.take(romeo, juliet, r'Picture \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png')
        self.assertTrue(picture.startswith(b'\x89PNG'))
        await_that('no copy', lambda: set(os.listdir(self.verona.directory)) == before)
        owner.kill()

        owner = self.other_program(juliet, 'text', 'good morrow')
        self.paste(juliet, lambda: 'good morrow' in juliet.await_focus('Message').text)

    def test_drop(self):
        """Files that are dropped on the conversation are sent, over the field, too; there is no text of them."""
        juliet, romeo = self.meet()
        path = self.make(self.verona, 'dropped', 1740)
        places = juliet.find('list', 'Messages'), juliet.await_focus('Message')
        self.to_drag(juliet, path)
        for number, place in enumerate(places, 1):
            self.drag(juliet, place, number)
            self.take(romeo, juliet, 'dropped', path)
        juliet.await_field(places[1], '')

    def test_drop_folder(self):
        """A folder that is dropped is sent with all that is in it."""
        juliet, romeo = self.meet()
        path = self.make_folder(self.verona)
        self.to_drag(juliet, path)
        self.drag(juliet, juliet.find('list', 'Messages'), 1)
        self.take_folder(romeo, juliet, path, 1)

    def to_drag(self, juliet, path):
        self.other_program(juliet, 'drag', path)
        window = juliet.desktop.await_window('To be dragged')
        juliet.desktop.tool('xdotool', 'windowmove', '--sync', window, '830', '570')

    def drag(self, juliet, place, number):
        """Until there are so many messages."""
        x, y = juliet.middle(place)
        desktop = juliet.desktop

        def done():
            desktop.tool('xdotool', 'mousemove', '860', '600', 'mousedown', '1')
            # What is dragged, and where it is, is said from program to program at each step.
            for step in ((850, 590), (840, 580), (x, y), (x + 5, y), (x, y)):
                desktop.tool('xdotool', 'mousemove', *map(str, step), 'sleep', '0.2')
            desktop.tool('xdotool', 'mouseup', '1')
            return self.within(lambda: len(juliet.messages()) == number)
        juliet.await_shown('what was dropped', done)

    def test_quit(self):
        """What has not arrived is told at the end, and goes on at the next start."""
        juliet, romeo = self.meet()
        path = self.make(self.verona, 'will', 1740)
        self.other_program(juliet, 'files', path)
        self.paste(juliet, lambda: len(juliet.messages()) == 1)
        offer = romeo.expect('transfer-offered', name='will')
        juliet.await_message('File “will”, 1.7\u00a0kB', 'waiting for an answer')
        juliet.desktop.key('ctrl+q')
        juliet.await_label('Not Everything Has Arrived')
        juliet.await_label('A file that waits goes on when both of you are there again')
        juliet.await_line('romeo: File “will”, 1.7\u00a0kB')
        juliet.desktop.screenshot('file-untold')
        self.ended.append(juliet)
        juliet.press('button', 'Close')
        self.assertEqual(juliet.wait(), 1)

        juliet = self.window(self.verona, 'juliet')
        juliet.await_person('romeo', 'Available')
        juliet.choose('romeo')
        romeo.command('accept-transfer', transfer=offer['transfer'], folder=self.mantua.directory)
        romeo.expect('transfer-done', transfer=offer['transfer'])
        juliet.await_message('File “will”, 1.7\u00a0kB', 'done')
        self.assertEqual(self.read(f'{self.mantua.directory}/will'), self.read(path))

    def told(self, juliet):
        """Whom the lines at the end of her program are about."""
        return [line.split(':')[1] for line in juliet.errors if line.startswith('xep174-gtk: ')]

    def save_slowly(self):
        """Juliet saves a file that does not move before Romeo's program goes on."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        path = self.make(self.mantua, 'slow', 174000)
        romeo.command('send-file', to=juliet.name, path=path)
        self.offered(juliet, 'File “slow”, 174.0\u00a0kB')
        romeo.signal(signal.SIGSTOP)
        self.addCleanup(romeo.signal, signal.SIGCONT)
        juliet.press('button', 'Save')
        juliet.await_shown('bar', lambda: juliet.find('progress bar', 'How much of the file is over'))
        return juliet, romeo, path

    def test_close_when_done(self):
        """Who closes the window while a file is on its way is asked before anything stops: it stays, or goes when
        the file is there."""
        juliet, romeo, path = self.save_slowly()
        waiting = 'Waiting until your files are done…'
        juliet.desktop.key('ctrl+w')
        juliet.answer_question(self.question, 'Escape')
        juliet.await_message('File “slow”, 174.0\u00a0kB', 'connecting')
        juliet.desktop.key('ctrl+q')
        juliet.answer_question(self.question, 'Return')
        juliet.await_label(waiting)
        juliet.desktop.screenshot('file-waiting')
        juliet.desktop.key('ctrl+w')
        juliet.answer_question(self.question, 'alt+k')
        juliet.await_shown('end of the waiting', lambda: waiting not in juliet.labels())
        juliet.desktop.key('ctrl+w')
        juliet.answer_question(self.question, 'alt+d')
        juliet.await_label(waiting)
        romeo.signal(signal.SIGCONT)
        self.ended.append(juliet)
        self.assertEqual(juliet.wait(), 0)
        self.assertEqual(self.read(f'{self.verona.directory}/From Others/slow'), self.read(path))

    def test_waiting_covers_nothing(self):
        """What is said while the window waits stands clear of the newest file and its button."""
        juliet, romeo = self.meet()
        for i in range(12):
            romeo.tell(juliet, f'line {i}')
        path = self.make(self.mantua, 'slow', 174000)
        romeo.command('send-file', to=juliet.name, path=path)
        juliet.await_message('File “slow”, 174.0\u00a0kB', 'offered')
        romeo.signal(signal.SIGSTOP)
        self.addCleanup(romeo.signal, signal.SIGCONT)
        juliet.press('button', 'Save')
        juliet.await_shown('bar', lambda: juliet.find('progress bar', 'How much of the file is over'))
        juliet.desktop.key('ctrl+w')
        juliet.answer_question(self.question, 'Return')
        juliet.await_label('Waiting until your files are done…')

        def is_clear():
            _x, top, _width, height = juliet.find('button', 'Cancel').extents
            return top + height <= juliet.find('button', 'Quit Now').extents[1]
        juliet.await_shown('button that is not covered', is_clear)
        juliet.desktop.screenshot('file-waiting-long')
        romeo.signal(signal.SIGCONT)
        self.ended.append(juliet)
        self.assertEqual(juliet.wait(), 0)

    def test_close_when_interrupted(self):
        """… also if the connection breaks meanwhile: the two programs soon find each other again."""
        juliet, romeo, path = self.save_slowly()
        juliet.desktop.key('ctrl+w')
        juliet.answer_question(self.question, 'Return')
        juliet.await_label('Waiting until your files are done…')
        self.mantua.destroy_connections()
        juliet.await_message('File “slow”, 174.0\u00a0kB', '0 %, waiting for the other side')
        romeo.signal(signal.SIGCONT)
        self.ended.append(juliet)
        self.assertEqual(juliet.wait(), 0)
        self.assertEqual(self.read(f'{self.verona.directory}/From Others/slow'), self.read(path))

    def test_close_now(self):
        """… or goes at once, and the file goes on at the next start."""
        juliet, romeo, path = self.save_slowly()
        juliet.desktop.key('ctrl+w')
        self.ended.append(juliet)
        juliet.answer_question(self.question, 'alt+n')
        self.assertEqual(juliet.wait(), 1)
        self.assertEqual(self.told(juliet), [' from romeo@mantua'])
        romeo.signal(signal.SIGCONT)
        self.window(self.verona, 'juliet')
        await_that('file', lambda: 'slow' in os.listdir(f'{self.verona.directory}/From Others'))
        self.assertEqual(self.read(f'{self.verona.directory}/From Others/slow'), self.read(path))

    def save_long(self):
        """Juliet saves a file of Romeo, which moves until his program stands still."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        path = self.make(self.mantua, 'long', 0)
        os.truncate(path, 2048 * MIB)
        romeo.command('send-file', to=juliet.name, path=path)
        self.offered(juliet, 'File “long”, 2.1\u00a0GB')
        juliet.press('button', 'Save')
        juliet.await_shown('progress', lambda: any('%' in state for _text, state in juliet.messages()))
        romeo.signal(signal.SIGSTOP)
        return juliet, romeo

    def await_untold(self, juliet):
        """What Juliet waited for has not come: the window says so, and so does the end of the program."""
        juliet.await_label('Not Everything Has Arrived')
        juliet.await_line('romeo: File “long”, 2.1\u00a0GB')
        juliet.desktop.screenshot('file-interrupted')
        self.ended.append(juliet)
        juliet.press('button', 'Close')
        self.assertEqual(juliet.wait(), 1)
        self.assertEqual(self.told(juliet), [' from romeo@mantua'])

    def test_never_done(self):
        """Who waits until a file is there is told if it does not come: the other program is gone."""
        juliet, romeo = self.save_long()
        juliet.desktop.key('ctrl+q')
        juliet.answer_question(self.question, 'Return')
        juliet.await_label('Waiting until your files are done…')
        romeo.kill()
        self.await_untold(juliet)

    def test_interrupted(self):
        """… and so is who closes the window after that, though the row has said it already."""
        juliet, romeo = self.save_long()
        romeo.kill()
        juliet.await_shown('interruption', lambda: any('waiting' in state for _text, state in juliet.messages()))
        juliet.desktop.key('ctrl+w')
        self.await_untold(juliet)

    def test_return(self):
        """The key Return opens the conversation with who has the focus in the list."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        juliet.await_person('romeo', 'Available')

        def focused():
            if not any(found.focused for found in juliet.find('list', 'People').walk()):
                juliet.desktop.key('Tab')
                return False
            return True
        juliet.await_shown('focus in the list', focused)
        juliet.desktop.key('Return')
        juliet.await_focus('Message')

    def test_absent(self):
        """What was interrupted is there after a restart, before its contact is: in its order, and it can be
        cancelled."""
        juliet, romeo = self.meet()
        names = [f'letter {number}' for number in range(4)]
        for name in names:
            self.other_program(juliet, 'files', self.make(self.verona, name, 1740))
            self.paste(juliet, lambda name=name: (f'File “{name}”, 1.7\u00a0kB', 'waiting for an answer')
                       in juliet.messages())
        self.ended.append(juliet)
        juliet.signal(signal.SIGTERM)
        self.assertEqual(juliet.wait(), 1)
        romeo.quit()
        juliet = self.window(self.verona, 'juliet')
        juliet.await_person('romeo', 'Not here')
        juliet.choose('romeo')
        juliet.await_label('romeo is not here; messages cannot be delivered')
        juliet.await_equal('files', juliet.messages, [(f'File “{name}”, 1.7\u00a0kB', 'waiting for an answer')
                                                      for name in names])
        juliet.desktop.screenshot('file-absent')
        juliet.press('button', 'Cancel')
        juliet.await_shown('cancelled', lambda: any('cancelled' in state for _text, state in juliet.messages()))

    def test_several(self):
        """One notification says how many files there are; keys come to the newest one first; its menu has a name."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        for number in range(3):
            romeo.command('send-file', to=juliet.name, path=self.make(self.mantua, f'leaf {number}', 1740))
            juliet.await_person('romeo', 'Available', f'{number + 1} unread')
        juliet.await_equal('notifications', lambda: list(juliet.desktop.notifications.shown.values()),
                           [('romeo · 3 unread', 'File “leaf 2”, 1.7\u00a0kB')])
        juliet.choose('romeo')
        juliet.await_focus('Message')
        juliet.await_shown('menu', lambda: juliet.find('button', 'Where to save it'))
        juliet.await_gone('button', 'GtkMenuButton')
        juliet.await_shown('focus on the newest', lambda: self.tab_into(juliet))
        juliet.desktop.key('Return')
        juliet.await_message('File “leaf 2”, 1.7\u00a0kB', 'done')
        juliet.desktop.screenshot('file-several')

    def tab_into(self, juliet):
        """Backwards, to the first Save that comes."""
        def focused():
            return any(found.focused and found.label.endswith('Save') for found in
                       juliet.find('list', 'Messages').walk())
        if not focused():
            juliet.desktop.key('shift+Tab')
        return focused()

    def test_narrow(self):
        """In a narrow window, too, a line ends where a word does, if the word has room."""
        juliet, romeo = self.meet()
        juliet.resize(360, 560)
        word = 'donaudampfschifffahrtsgesellschaft'
        text = f'ein Donaudampfschiff fahrt {word} los'
        romeo.tell(juliet, text)
        juliet.await_message(text)
        juliet.await_shown('whole word', lambda: word in juliet.find('label', text).line(text.index('los') - 2))
        juliet.desktop.screenshot('file-narrow')

    def test_declined_unseen(self):
        """Which file was not wanted is said where one does not look, until one does."""
        juliet, romeo = self.meet()
        for name in ('one', 'two'):
            self.other_program(juliet, 'files', self.make(self.verona, name, 1740))
            self.paste(juliet, lambda name=name: (f'File “{name}”, 1.7\u00a0kB', 'waiting for an answer')
                       in juliet.messages())
        juliet.desktop.key('ctrl+k')
        juliet.await_label('The Numbers Are the Same')
        for name in ('one', 'two'):
            offer = romeo.expect('transfer-offered', name=name)
            romeo.command('decline-transfer', transfer=offer['transfer'])
        juliet.await_label('Not sent to romeo: File “one”, 1.7\u00a0kB')
        juliet.desktop.screenshot('file-declined-unseen')
        juliet.press('button', 'Show')
        juliet.await_message('File “two”, 1.7\u00a0kB', '“romeo@mantua” does not want the file')
        juliet.await_gone('button', 'Show')
        juliet.await_equal('toasts', lambda: [
            label for label in juliet.labels() if label.startswith('Not sent')], [])

    def test_no_room(self):
        """With keys alone, in a narrow window: what has no room is offered still, and says why."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(juliet)
        name = 'W' * 200
        path = self.make(self.mantua, name, 0)
        os.truncate(path, 8 << 40)
        romeo.command('send-file', to=juliet.name, path=path)
        juliet.await_person('romeo', 'Available', '1 unread')
        juliet.search('romeo')
        juliet.desktop.key('Return')
        juliet.await_focus('Message')
        juliet.resize(360, 560)
        save = juliet.await_shown('Save', lambda: juliet.find('button', 'Save'))
        juliet.await_shown('narrow', lambda: sum(save.extents[::2]) <= 360)
        juliet.tab_back_to('Save')
        juliet.desktop.key('Return')
        juliet.await_message(f'File “{name}”, 8.8\u00a0TB',
                             'offered: There is not enough room here. Make some, or choose another folder')
        juliet.await_focus(f'File “{name}”, 8.8\u00a0TB')
        for label in 'Decline', 'Save':
            juliet.desktop.key('Tab')
            juliet.await_button_focus(label)
        juliet.desktop.screenshot('file-no-room')

    def test_focus(self):
        """A button that disappears leaves the focus to one of the row that ends nothing, or to its text: by keys,
        and where one has clicked."""
        juliet, romeo = self.meet()
        path = self.make(self.mantua, 'long', 0)
        os.truncate(path, 2048 * MIB)
        romeo.command('send-file', to=juliet.name, path=path, id='long')
        juliet.await_message('File “long”, 2.1\u00a0GB', 'offered')
        juliet.tab_back_to('Save')
        juliet.desktop.key('Return')
        # Not to a button that would cancel it for who holds the key too long.
        juliet.await_focus('File “long”, 2.1\u00a0GB')
        romeo.signal(signal.SIGSTOP)
        juliet.desktop.screenshot('file-focus')
        juliet.desktop.key('Return')
        juliet.desktop.key('Tab')
        juliet.await_button_focus('Cancel')
        juliet.desktop.key('Return')
        juliet.await_focus('File “long”, 2.1\u00a0GB')
        romeo.signal(signal.SIGCONT)
        romeo.expect('transfer-failed', id='long')

        path = self.make(self.mantua, 'short', 1740)
        romeo.command('send-file', to=juliet.name, path=path, id='poison')
        juliet.press('button', 'Decline')
        romeo.expect('transfer-failed', id='poison')
        juliet.await_focus('File “short”, 1.7\u00a0kB')
        romeo.command('send-file', to=juliet.name, path=path, id='short')
        juliet.press('button', 'Save')
        romeo.expect('transfer-done', id='short')
        juliet.await_shown('button', lambda: juliet.find('button', 'Open Folder'))
        juliet.await_focus('File “short”, 1.7\u00a0kB')

    def test_words_of_the_other(self):
        """Whatever a contact says why it ends a file, the row tells of it in one line, no longer than one reads."""
        juliet = self.window(self.verona, 'juliet')
        nurse = self.peer(self.padua, 'nurse', txt={'txtvers': '1'})
        juliet.choose('nurse')
        stream = nurse.open(juliet)
        for sid, end, told in (('a.1', jingle.terminate, '“nurse@padua” has cancelled the file'),
                               ('b.1', jingle.refuse, 'Their program does not take such messages: ')):
            stream.send(jingle.offer(nurse, juliet, sid, sid))
            text = f'File “{sid}”, 3 bytes'
            juliet.await_message(text, 'offered')
            juliet.press('button', 'Save')
            juliet.await_gone('button', 'Save')
            stream.send(end(stream, juliet, sid))
            juliet.await_shown(f'end of {sid}', lambda text=text, told=told: any(
                shown == text and state.startswith(told) and jingle.is_safe(state)
                for shown, state in juliet.messages()))
            juliet.desktop.screenshot(f'file-words-{sid}')

    @contextlib.contextmanager
    def serve(self, host, octets):
        """Gives the file to one who asks; where it is."""
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header('Content-Length', str(len(octets)))
                self.end_headers()
                self.wfile.write(octets)

            def log_message(self, *arguments):
                pass
        with host.network():
            server = http.server.HTTPServer((host.ipv4[0], 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield 'http://%s:%d' % server.server_address[:2]
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def test_unsized(self):
        """No size is said of a file (XEP-0066): none is shown before it comes, and then the true one."""
        juliet = self.window(self.verona, 'juliet')
        nurse = self.peer(self.padua, 'nurse', txt={'txtvers': '1'})
        juliet.choose('nurse')
        stream = nurse.open(juliet)
        with self.serve(self.padua, b'7 octet') as place:
            stream.send(f"<iq from='{nurse.name}' to='{juliet.name}' type='set' id='a'>"
                        f"<query xmlns='jabber:iq:oob'><url type='file'>{place}/sonnet.txt</url></query></iq>"
                        .encode())
            juliet.await_message('File “sonnet.txt”, empty or of unknown size', 'offered')
            juliet.press('button', 'Save')
            juliet.await_message('File “sonnet.txt”, 7 bytes', 'done')


if __name__ == '__main__':
    main()
