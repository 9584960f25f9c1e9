# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files between our plugin for libpurple, in its headless client, and our tool."""
import hashlib
import os
import random

from xep174lab import LabTest, await_that, main

MIB = 1 << 20
# For 200 MiB, both ends on a machine that is loaded.
LONG = 120


def digest(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()


class PurpleFiles(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def tearDown(self):
        """Nothing of ours draws a warning from GLib."""
        super().tearDown()
        for actor in self._actors:
            for line in getattr(actor, 'errors', ()):
                if 'CRITICAL' in line or 'WARNING' in line:
                    self.assertNotRegex(line, r'GLib-GObject|GLib-GIO|xep174')

    def meet(self):
        """Juliet has the plugin, and Romeo the tool."""
        juliet = self.purple_plugin(self.capulet, self.fresh('juliet'))
        romeo = self.chat(self.montague, self.fresh('romeo'), juliet)
        return juliet, romeo

    def folder(self, host, name):
        path = f'{host.directory}/{self.fresh(name)}'
        os.makedirs(path, exist_ok=True)
        return path

    def make(self, host, name, size):
        path = f'{self.folder(host, "out")}/{name}'
        with open(path, 'wb') as file:
            file.write(random.Random(size).randbytes(min(size, MIB + 1)) * (size // (MIB + 1) + 1))
            file.truncate(size)
        return path

    def from_purple(self, juliet, romeo, path):
        """Her offer, and its number there."""
        juliet.send_file(romeo, path)
        return romeo.expect('transfer-offered', contact=juliet.name, name=os.path.basename(path),
                            size=os.path.getsize(path))['transfer']

    def to_purple(self, romeo, juliet, path, number):
        romeo.command('send-file', to=juliet.name, path=path, id=number)
        juliet.expect(f'file-offered {romeo.name} {os.path.basename(path)} ',
                      f'of {os.path.getsize(path)}')

    def assert_same(self, path, other):
        self.assertEqual(os.path.getsize(path), os.path.getsize(other))
        self.assertEqual(digest(path), digest(other))

    def await_empty(self, folder):
        await_that('empty folder', lambda: not os.listdir(folder))

    def test_sent(self):
        """One octet and 20 MiB from the plugin: the same file, and libpurple knows that it is over."""
        juliet, romeo = self.meet()
        folder = self.folder(self.montague, 'in')
        for size in (1, 20 * MIB):
            path = self.make(self.capulet, f'{size}.bin', size)
            transfer = self.from_purple(juliet, romeo, path)
            romeo.command('accept-transfer', transfer=transfer, folder=folder)
            done = romeo.expect('transfer-done', transfer=transfer, timeout=LONG)
            self.assert_same(path, done['path'])
            juliet.expect(f'file-started {romeo.name} {size}.bin ')
            juliet.expect(f'file-sent {romeo.name} {size}.bin {size} of {size}')
        self.assertEqual(juliet.take_all('notify'), [])

    def test_taken(self):
        """Nothing, one octet and 20 MiB to the plugin: where its user wants them, and nothing else there."""
        juliet, romeo = self.meet()
        folder = self.folder(self.capulet, 'in')
        for size in (0, 1, 20 * MIB):
            path = self.make(self.montague, f'{size}.bin', size)
            self.to_purple(romeo, juliet, path, f'file-{size}')
            juliet.take_file(f'{folder}/mine-{size}')
            juliet.expect(f'file-started {romeo.name} {size}.bin ')
            juliet.expect(f'file-taken {romeo.name} {size}.bin {size} of {size}', timeout=LONG)
            self.assert_same(path, f'{folder}/mine-{size}')
            sent = romeo.expect('transfer-done', id=f'file-{size}', timeout=LONG)
            self.assertEqual(sent['sha256'], digest(path))
        self.assertEqual(len(os.listdir(folder)), 3)
        self.assertEqual(juliet.take_all('notify'), [])

    def make_tree(self, host, size):
        root = f'{self.folder(host, f"out-{size}")}/tree'
        os.makedirs(f'{root}/deep/deeper')
        with open(f'{root}/deep/deeper/large.bin', 'wb') as file:
            file.truncate(size)
        os.symlink('/', f'{root}/deep/link')
        return root

    def test_folder_sent(self):
        """A folder from the plugin: how much of it is not sent stands in the conversation, or is notified of."""
        juliet, romeo = self.meet()
        root, folder = self.make_tree(self.capulet, MIB), self.folder(self.montague, 'in')
        words = ': 1 link or special file in it is not sent'
        juliet.send_file(romeo, root)
        juliet.expect('notify Files ', words)
        juliet.say(romeo, 'and once more')
        romeo.expect('message', body='and once more')
        transfer = romeo.expect('transfer-offered', name='tree', files=1)['transfer']
        romeo.command('accept-transfer', transfer=transfer, folder=folder)
        juliet.expect(f'file-sent {romeo.name} tree ', timeout=LONG)
        self.assert_same(f'{root}/deep/deeper/large.bin', f'{folder}/tree/deep/deeper/large.bin')
        self.assertEqual(os.listdir(f'{folder}/tree/deep'), ['deeper'])
        juliet.send_file(romeo, root)
        juliet.expect(f'conversation system {romeo.name} ', words)
        self.assertEqual(juliet.take_all('notify'), [])

    def test_folder_taken(self):
        """A folder to the plugin: where its user wants it; of one that is cancelled nothing stays."""
        juliet, romeo = self.meet()
        root, folder = self.make_tree(self.montague, MIB), self.folder(self.capulet, 'in')
        for name in ('mine', 'tree'):
            romeo.command('send-file', to=juliet.name, path=root, id=name)
            juliet.expect(f'file-offered {romeo.name} tree ')
            juliet.expect('request ', ' tree: a folder with 1 file (1.')
            juliet.take_file(f'{folder}/{name}')
            juliet.expect(f'file-taken {romeo.name} tree ', timeout=LONG)
            self.assert_same(f'{root}/deep/deeper/large.bin', f'{folder}/{name}/deep/deeper/large.bin')
        self.assertEqual(sorted(os.listdir(folder)), ['mine', 'tree'])
        self.assertEqual(juliet.take_all('notify'), [])
        folder = self.folder(self.capulet, 'other')
        romeo.command('send-file', to=juliet.name, path=self.make_tree(self.montague, 500 * MIB), id='more')
        juliet.expect(f'file-offered {romeo.name} tree ')
        juliet.take_file(f'{folder}/mine')
        transfer = romeo.expect('transfer-started', id='more')['transfer']
        romeo.expect('transfer-progress', transfer=transfer)
        romeo.command('cancel-transfer', transfer=transfer)
        juliet.expect(f'file-cancelled {romeo.name} tree ')
        self.await_empty(folder)

    def test_replaced(self):
        """A file that is there goes when the new one is whole: not when that is cancelled."""
        juliet, romeo = self.meet()
        folder = self.folder(self.capulet, 'in')
        old = f'{folder}/old'
        with open(old, 'w', encoding='ascii') as file:
            file.write('of old')
        self.to_purple(romeo, juliet, self.make(self.montague, 'long.bin', 200 * MIB), 'long')
        juliet.take_file(old)
        transfer = romeo.expect('transfer-progress')['transfer']
        romeo.command('cancel-transfer', transfer=transfer)
        juliet.expect(f'file-cancelled {romeo.name} long.bin ')
        await_that('the old file alone', lambda: os.listdir(folder) == ['old'])
        self.assertEqual(os.path.getsize(old), 6)
        path = self.make(self.montague, 'new.bin', MIB)
        self.to_purple(romeo, juliet, path, 'new')
        juliet.take_file(old)
        juliet.expect(f'file-taken {romeo.name} new.bin ', timeout=LONG)
        self.assert_same(path, old)
        self.assertEqual(os.listdir(folder), ['old'])

    def test_name_taken_meanwhile(self):
        """What has got the name since is not lost, nor is the file: its user is told where it is."""
        juliet, romeo = self.meet()
        folder = self.folder(self.capulet, 'in')
        path = self.make(self.montague, 'long.bin', 200 * MIB)
        self.to_purple(romeo, juliet, path, 'long')
        juliet.take_file(f'{folder}/mine')
        romeo.expect('transfer-progress')
        with open(f'{folder}/mine', 'w', encoding='ascii') as file:
            file.write('somebody else')
        juliet.expect(f'file-taken {romeo.name} long.bin ', timeout=LONG)
        where = juliet.expect('notify Files | long.bin ').split('here: ')[1]
        self.assert_same(path, where)
        self.assertEqual(os.path.getsize(f'{folder}/mine'), 13)

    def test_declined(self):
        """Each says no to the other: who sends hears it."""
        juliet, romeo = self.meet()
        transfer = self.from_purple(juliet, romeo, self.make(self.capulet, 'hers.bin', MIB))
        romeo.command('decline-transfer', transfer=transfer)
        self.cancelled(juliet, romeo, 'hers.bin')
        self.to_purple(romeo, juliet, self.make(self.montague, 'his.bin', MIB), 'his')
        juliet.write('refuse')
        self.assertIn('does not want', romeo.expect('transfer-failed', id='his')['reason'])
        self.assertEqual(juliet.take_all('notify'), [])

    def cancelled(self, juliet, romeo, name):
        """She hears once that he has ended it."""
        juliet.expect('notify ', f'{romeo.name} cancelled the transfer of {name}')
        juliet.expect(f'file-cancelled {romeo.name} {name} ')

    def cancel(self, juliet, romeo, transfer, by_plugin):
        """One of the two ends what is under way: both hear it, once."""
        if by_plugin:
            juliet.write('stop')
            romeo.expect('transfer-failed', transfer=transfer)
            juliet.expect(f'file-stopped {romeo.name} long.bin ')
            self.assertEqual(juliet.take_all('file-cancelled'), [])
        else:
            romeo.command('cancel-transfer', transfer=transfer)
            self.cancelled(juliet, romeo, 'long.bin')
        self.assertEqual(juliet.take_all('notify'), [])

    def test_cancelled_sending(self):
        """Either side ends what the plugin sends, before it was accepted and under way."""
        juliet, romeo = self.meet()
        path = self.make(self.capulet, 'long.bin', 200 * MIB)
        folder = self.folder(self.montague, 'in')
        for by_plugin, begun in ((True, False), (True, True), (False, True)):
            transfer = self.from_purple(juliet, romeo, path)
            if begun:
                romeo.command('accept-transfer', transfer=transfer, folder=folder)
                romeo.expect('transfer-progress', transfer=transfer)
            self.cancel(juliet, romeo, transfer, by_plugin)
            self.await_empty(folder)

    def test_cancelled_taking(self):
        """Either side ends what the plugin takes, before it was accepted and under way: no part stays."""
        juliet, romeo = self.meet()
        path = self.make(self.montague, 'long.bin', 200 * MIB)
        folder = self.folder(self.capulet, 'in')
        for number, (by_plugin, begun) in enumerate(((True, True), (False, False), (False, True))):
            self.to_purple(romeo, juliet, path, str(number))
            transfer = romeo.expect('transfer-started', id=str(number))['transfer']
            if begun:
                juliet.take_file(f'{folder}/mine')
                romeo.expect('transfer-progress', transfer=transfer)
            self.cancel(juliet, romeo, transfer, by_plugin)
            self.await_empty(folder)

    def test_gone_offline(self):
        """Who signs off ends what is under way both ways, and everybody is told."""
        juliet, romeo = self.meet()
        folder = self.folder(self.capulet, 'in')
        self.to_purple(romeo, juliet, self.make(self.montague, 'his.bin', 200 * MIB), 'his')
        juliet.take_file(f'{folder}/mine')
        romeo.expect('transfer-progress')
        hers = self.from_purple(juliet, romeo, self.make(self.capulet, 'hers.bin', MIB))
        juliet.write('offline')
        for _ in range(2):
            juliet.expect('notify ', 'You have gone offline')
            juliet.expect(f'file-stopped {romeo.name} ')
        romeo.expect('transfer-failed', id='his')
        romeo.expect('transfer-failed', transfer=hers)
        self.await_empty(folder)

    def test_with_bonjour(self):
        """One octet and 20 MiB each way between the plugin and libpurple's own Bonjour."""
        juliet = self.purple_plugin(self.capulet, self.fresh('juliet'))
        romeo = self.purple(self.montague, self.fresh('romeo'))
        juliet.meet(romeo)
        romeo.meet(juliet)
        for sender, receiver in ((juliet, romeo), (romeo, juliet)):
            folder = self.folder(receiver.host, 'in')
            for size in (1, 20 * MIB):
                path = self.make(sender.host, f'{size}.bin', size)
                sender.send_file(receiver, path)
                receiver.expect(f'file-offered {sender.name} {size}.bin ')
                receiver.take_file(f'{folder}/{size}')
                receiver.expect(f'file-taken {sender.name} ', timeout=LONG)
                sender.expect(f'file-sent {receiver.name} ', timeout=LONG)
                self.assert_same(path, f'{folder}/{size}')

    def test_after_a_crash(self):
        """What the plugin sent goes on when its program is back, and libpurple shows it again."""
        juliet, romeo = self.meet()
        path = self.make(self.capulet, 'long.bin', 200 * MIB)
        transfer = self.from_purple(juliet, romeo, path)
        romeo.command('accept-transfer', transfer=transfer, folder=self.folder(self.montague, 'in'))
        romeo.expect('transfer-progress', transfer=transfer)
        juliet.kill()
        again = self.purple_plugin(self.capulet, juliet.name.split('@')[0])
        again.expect(f'file-sent {romeo.name} long.bin ', timeout=LONG)
        self.assert_same(path, romeo.expect('transfer-done', transfer=transfer, timeout=LONG)['path'])

    def test_taking_after_a_crash(self):
        """What it took is cancelled when its program is back: nothing of it stays, hidden or not."""
        juliet, romeo = self.meet()
        folder = self.folder(self.capulet, 'in')
        self.to_purple(romeo, juliet, self.make(self.montague, 'his.bin', 200 * MIB), 'his')
        juliet.take_file(f'{folder}/his.bin')
        romeo.expect('transfer-progress')
        juliet.kill()
        self.assertEqual(len(os.listdir(folder)), 1)
        self.purple_plugin(self.capulet, juliet.name.split('@')[0])
        romeo.expect('transfer-failed', id='his', timeout=LONG)
        await_that('nothing', lambda: os.listdir(folder) == [])

    def test_taking_from_bonjour_after_a_crash(self):
        """What cannot go on is not there any more when the program is back, either."""
        juliet = self.purple_plugin(self.capulet, self.fresh('juliet'))
        romeo = self.purple(self.montague, self.fresh('romeo'))
        juliet.meet(romeo)
        romeo.meet(juliet)
        folder = self.folder(self.capulet, 'in')
        romeo.send_file(juliet, self.make(self.montague, 'his.bin', 200 * MIB))
        juliet.expect(f'file-offered {romeo.name} his.bin ')
        juliet.take_file(f'{folder}/his.bin')
        juliet.expect(f'file-started {romeo.name} his.bin ')
        juliet.kill()
        self.assertEqual(len(os.listdir(folder)), 1)
        self.purple_plugin(self.capulet, juliet.name.split('@')[0])
        await_that('nothing', lambda: os.listdir(folder) == [])

    def test_cannot(self):
        """A file to somebody who has gone, and a folder that is not there: libpurple's user is told why."""
        juliet, romeo = self.meet()
        self.to_purple(romeo, juliet, self.make(self.montague, 'his.bin', MIB), 'his')
        juliet.take_file('/nowhere/at/all')
        juliet.expect('notify ', romeo.name)
        romeo.expect('transfer-failed', id='his')
        romeo.quit()
        juliet.expect(f'buddy-removed {romeo.name}')
        juliet.send_file(romeo, self.make(self.capulet, 'hers.bin', MIB))
        juliet.expect('notify ', 'Nobody of that name is on the network')
        juliet.expect(f'file-stopped {romeo.name} hers.bin ')


if __name__ == '__main__':
    main()
