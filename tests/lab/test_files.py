# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files from host to host: between two of ours, and with libpurple's own Bonjour client.

XEP174_LAB_CUTS: how often a connection breaks under a file; XEP174_LAB_MEGABYTES: how large it is;
XEP174_LAB_SEED: at which octets.
"""
import contextlib
import hashlib
import itertools
import os
import random
import select
import shlex
import signal
import socket
import threading

from xep174lab import LabTest, Process, Publisher, await_that, header, jingle, main, run
from xep174lab.chat import tool

CUTS = int(os.environ.get('XEP174_LAB_CUTS', '5'))
MEGABYTES = int(os.environ.get('XEP174_LAB_MEGABYTES', '64'))
SEED = int(os.environ.get('XEP174_LAB_SEED', '174'))
MIB = 1 << 20
# Of a file that is smaller than 1 GiB, where 1 % is less than what one side has sent at a cut and the other
# one, on a busy machine, has not read.
LOST_AT_A_CUT = MIB
# For 100 MiB, both ends on a machine that is loaded.
LONG = 120


def reset(host):
    """Both ends are told at once."""
    host.destroy_connections()


def flicker(host):
    """The link is down for a moment, which TCP survives."""
    host.unplug()
    host.plug()


def lose(host):
    """The link is down, and the host gives its connections up: the other end is not told."""
    host.unplug()
    host.destroy_connections()
    host.plug()


BREAKS = [reset, flicker, lose]


def digest(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()


class _Files(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def make(self, host, name, size):
        """What stands in it repeats after some odd number of octets, so no block is like the next one."""
        folder = f'{host.directory}/{self.fresh("out")}'
        os.makedirs(folder, exist_ok=True)
        path = f'{folder}/{name}'
        block = random.Random(size).randbytes(min(size, MIB + 1))
        with open(path, 'wb') as file:
            for start in range(0, size, len(block) or 1):
                file.write(block[:size - start])
        return path

    def folder(self, host):
        path = f'{host.directory}/{self.fresh("in")}'
        os.makedirs(path, exist_ok=True)
        return path

    def offer(self, sender, to, path):
        sender.offers = getattr(sender, 'offers', itertools.count(1))
        number = f'file-{next(sender.offers)}'
        sender.command('send-file', to=to.name, path=path, id=number)
        return number

    def offered(self, receiver, sender, path):
        return receiver.expect('transfer-offered', contact=sender.name,
                               name=os.path.basename(path), size=os.path.getsize(path))['transfer']

    def accept(self, receiver, transfer, folder):
        receiver.command('accept-transfer', transfer=transfer, folder=folder)

    def assert_same(self, path, other):
        self.assertEqual(os.path.getsize(path), os.path.getsize(other))
        self.assertEqual(digest(path), digest(other))

    def assert_nothing_left(self, folder):
        await_that('an empty folder', lambda: os.listdir(folder) == [])


class Ours(_Files):
    """Jingle (XEP-0234) between two tools."""

    def meet(self, **options):
        juliet = self.chat(self.capulet, self.fresh('juliet'), **options)
        return juliet, self.chat(self.montague, self.fresh('romeo'), juliet, **options)

    def pass_on(self, sender, receiver, path, folder, timeout=LONG):
        """From the offer to the file in its place; returns where that is."""
        number = self.offer(sender, receiver, path)
        transfer = self.offered(receiver, sender, path)
        self.accept(receiver, transfer, folder)
        done = receiver.expect('transfer-done', transfer=transfer, timeout=timeout)
        sent = sender.expect('transfer-done', id=number, timeout=timeout)
        self.assertEqual(done['sha256'], digest(path))
        self.assertEqual(sent['sha256'], digest(path))
        self.assert_same(path, done['path'])
        return done['path']

    def sizes(self, *which, **options):
        juliet, romeo = self.meet(**options)
        self.converse(juliet, romeo)
        folder = self.folder(self.montague)
        for size in which:
            path = self.make(self.capulet, f'{size}.bin', size)
            self.assertEqual(self.pass_on(juliet, romeo, path, folder), f'{folder}/{size}.bin')
        self.assertEqual(sorted(os.listdir(folder)), sorted(f'{size}.bin' for size in which))

    def test_sizes(self):
        """Nothing, one octet, a block more or less, 100 MiB: encrypted, the same file."""
        self.sizes(0, 1, 65535, 65537, MIB, 100 * MIB)

    def families(self):
        """Of the connections between the two."""
        return {4 if '.' in local[0] else 6 for local, _, _ in self.capulet.connections()}

    def test_family_is_shut(self):
        """The family of the conversation takes no second connection: a file goes over the other one, beside
        the conversation, and is not kept by it."""
        juliet, romeo = self.meet()
        self.converse(juliet, romeo)
        of_talk = self.families()
        self.assertEqual(len(of_talk), 1)
        self.weather(self.montague).shut, = of_talk
        path = self.make(self.capulet, 'a.bin', 32 * MIB)
        self.offer(juliet, romeo, path)
        transfer = self.offered(romeo, juliet, path)
        self.accept(romeo, transfer, self.folder(self.montague))
        romeo.expect('transfer-progress', transfer=transfer)
        self.assertEqual(self.families(), {4, 6})
        self.assert_same(path, romeo.expect('transfer-done', transfer=transfer, timeout=LONG)['path'])

    def test_in_the_clear(self):
        """The same between two who do not encrypt."""
        self.sizes(0, 1, 10 * MIB, arguments=['--encryption', 'off'])

    def test_both_at_once(self):
        """Three each way at a time, and a word beside them; a name that is taken is not overwritten."""
        juliet, romeo = self.meet()
        there = self.folder(self.montague), self.folder(self.capulet)
        paths = [(self.make(self.capulet, 'a.bin', MIB + n), self.make(self.montague, 'b.bin', MIB + n))
                 for n in (0,)] * 3
        for path, back in paths:
            self.offer(juliet, romeo, path)
            self.offer(romeo, juliet, back)
        for path, back in paths:
            self.accept(romeo, self.offered(romeo, juliet, path), there[0])
            self.accept(juliet, self.offered(juliet, romeo, back), there[1])
        self.converse(juliet, romeo, 'meanwhile')
        for chat, folder, path in ((romeo, there[0], paths[0][0]), (juliet, there[1], paths[0][1])):
            for _ in paths:
                done = chat.expect('transfer-done', path=lambda p, f=folder: p.startswith(f), timeout=LONG)
                self.assert_same(path, done['path'])
            self.assertEqual(len(os.listdir(folder)), 3)

    def make_tree(self, host, large=0):
        """A thousand small files, nested ones, an empty folder and names in other scripts."""
        root = f'{host.directory}/{self.fresh("out")}/sonnets'
        os.makedirs(f'{root}/leer/ganz leer')
        for n in range(1000):
            folder = f'{root}/{n % 10}/Äpfel/日本'
            os.makedirs(folder, exist_ok=True)
            with open(f'{folder}/{n}.txt', 'wb') as file:
                file.write(random.Random(n).randbytes(n))
        if large:
            with open(f'{root}/5/large.bin', 'wb') as file:
                file.truncate(large)
        return root

    def assert_same_tree(self, one, other):
        def tree(root):
            return {os.path.relpath(f'{folder}/{name}', root): digest(f'{folder}/{name}')
                    for folder, _, names in os.walk(root) for name in names}
        self.assertEqual(tree(one), tree(other))
        self.assertTrue(os.path.isdir(f'{other}/leer/ganz leer'))

    def begin_tree(self, juliet, romeo, root, folder):
        number = self.offer(juliet, romeo, root)
        offered = romeo.expect('transfer-offered', contact=juliet.name, name='sonnets')
        self.accept(romeo, offered['transfer'], folder)
        return number, offered

    def test_folder(self):
        """A folder with 1,000 small files is one transfer, and arrives the same."""
        juliet, romeo = self.meet()
        root, folder = self.make_tree(self.capulet), self.folder(self.montague)
        number, offered = self.begin_tree(juliet, romeo, root, folder)
        self.assertEqual(offered['files'], 1000)
        done = romeo.expect('transfer-done', transfer=offered['transfer'], timeout=LONG)
        self.assertEqual(done['path'], f'{folder}/sonnets')
        self.assertEqual(done['files'], 1000)
        self.assertEqual(juliet.expect('transfer-done', id=number, timeout=LONG)['sha256'], done['sha256'])
        self.assert_same_tree(root, done['path'])
        await_that('no part', lambda: os.listdir(folder) == ['sonnets'])

    def test_folder_started_again(self):
        """The receiver's program is killed under a folder and started again: it goes on by itself."""
        self.folder_again('romeo')

    def test_folder_sender_started_again(self):
        """So does the sender's."""
        self.folder_again('juliet')

    def folder_again(self, who):
        juliet, romeo = self.meet()
        root, folder = self.make_tree(self.capulet, 200 * MIB), self.folder(self.montague)
        _, offered = self.begin_tree(juliet, romeo, root, folder)
        romeo.expect('transfer-progress', transfer=offered['transfer'])
        victim, host = (romeo, self.montague) if who == 'romeo' else (juliet, self.capulet)
        victim.signal(signal.SIGKILL)
        victim.popen.wait()
        self.chat(host, victim.user)
        await_that('the folder', lambda: os.listdir(folder) == ['sonnets'], LONG)
        self.assert_same_tree(root, f'{folder}/sonnets')

    def test_declined(self):
        """Who is offered a file says no: the sender hears it, and nothing is written."""
        juliet, romeo = self.meet()
        path = self.make(self.capulet, 'no.bin', MIB)
        number = self.offer(juliet, romeo, path)
        transfer = self.offered(romeo, juliet, path)
        romeo.command('decline-transfer', transfer=transfer)
        romeo.expect('transfer-failed', transfer=transfer)
        self.assertIn('does not want', juliet.expect('transfer-failed', id=number)['reason'])
        for command in 'decline-transfer', 'cancel-transfer':
            romeo.command(command, transfer=transfer)
            self.assertIn('ended', romeo.expect('error')['message'])

    def test_cancelled(self):
        """Either side ends it, before it was accepted and under way: the other one hears it, no part stays."""
        juliet, romeo = self.meet()
        for mover, begun in itertools.product((juliet, romeo), (False, True)):
            path = self.make(self.capulet, 'long.bin', 200 * MIB)
            folder = self.folder(self.montague)
            number = self.offer(juliet, romeo, path)
            transfer = self.offered(romeo, juliet, path)
            if begun:
                self.accept(romeo, transfer, folder)
                romeo.expect('transfer-progress', transfer=transfer)
            own = transfer if mover is romeo else juliet.expect('transfer-started', id=number)['transfer']
            mover.command('cancel-transfer', transfer=own)
            romeo.expect('transfer-failed', transfer=transfer)
            juliet.expect('transfer-failed', id=number)
            self.assert_nothing_left(folder)

    def test_link_breaks(self):
        """Connections and links break at random octets: the same file, and little goes twice over the wire."""
        juliet, romeo = self.meet()
        path = self.make(self.capulet, 'long.bin', MEGABYTES * MIB)
        plain = self.capulet.octets_sent()
        self.pass_on(juliet, romeo, path, self.folder(self.montague))
        plain = self.capulet.octets_sent() - plain
        broken = self.capulet.octets_sent()
        self.pass_on_broken(juliet, romeo, path)
        broken = self.capulet.octets_sent() - broken
        self.note(f'{CUTS} cuts in {MEGABYTES} MiB: {broken} octets instead of {plain}, '
                  f'{(broken - plain) / os.path.getsize(path):.2%} of the file more')
        self.assertLessEqual(broken - plain,
                             CUTS * LOST_AT_A_CUT if MEGABYTES < 1024 else os.path.getsize(path) // 100)

    def pass_on_broken(self, sender, receiver, path):
        chance = random.Random(SEED)
        folder = self.folder(self.montague)
        number = self.offer(sender, receiver, path)
        transfer = self.offered(receiver, sender, path)
        self.accept(receiver, transfer, folder)
        start = self.capulet.octets_sent()
        for at in sorted(chance.sample(range(os.path.getsize(path)), CUTS)):
            await_that('octet', lambda a=at: self.capulet.octets_sent() - start >= a, LONG, 0.001)
            chance.choice(BREAKS)(chance.choice([self.capulet, self.montague]))
        done = receiver.expect('transfer-done', transfer=transfer, timeout=LONG)
        sender.expect('transfer-done', id=number, timeout=LONG)
        self.assertEqual(done['sha256'], digest(path))
        self.assert_same(path, done['path'])

    def test_started_again(self):
        """The receiver's program is killed under way and started again: it goes on by itself."""
        self.again('romeo')

    def test_started_again_on_a_small_disk(self):
        """So it does if nothing else would have room there: that of the file is kept for it."""
        folder = self.folder(self.montague)
        run('mount', '-t', 'tmpfs', '-o', 'size=220m', 'tmpfs', folder)
        self.addCleanup(run, 'umount', '--lazy', folder)
        self.again('romeo', folder)

    def test_sender_started_again(self):
        """So does the sender's."""
        self.again('juliet')

    def again(self, who, folder=None):
        juliet, romeo = self.meet()
        path = self.make(self.capulet, 'long.bin', 200 * MIB)
        folder = folder or self.folder(self.montague)
        self.offer(juliet, romeo, path)
        transfer = self.offered(romeo, juliet, path)
        self.accept(romeo, transfer, folder)
        romeo.expect('transfer-progress', transfer=transfer)
        victim, host = (romeo, self.montague) if who == 'romeo' else (juliet, self.capulet)
        victim.signal(signal.SIGKILL)
        victim.popen.wait()
        self.chat(host, victim.user)
        await_that('the file', lambda: os.listdir(folder) == ['long.bin'], LONG)
        self.assert_same(path, f'{folder}/long.bin')

    def test_home_in_a_chat(self):
        """Who types a line in the chat may mean the home folder, and a name with spaces."""
        romeo = self.chat(self.montague, self.fresh('romeo'))
        user = self.fresh('juliet')
        juliet = Process(self.capulet, f'{user} (chat)', [tool(), 'chat', '--user', user, romeo.name],
                         self.capulet.data_of(user))
        self.addCleanup(juliet.kill)
        romeo.meet(f'{user}@capulet')
        path = self.make(self.capulet, 'of love.txt', 10)
        juliet.write(f'/send ~{path.removeprefix(self.capulet.directory)}')
        offer = romeo.expect('transfer-offered', name='of love.txt')['transfer']
        self.accept(romeo, offer, self.folder(self.montague))
        romeo.expect('transfer-done', transfer=offer)
        romeo.command('send-file', to=f'{user}@capulet', path=self.make(self.montague, 'answer.txt', 10))
        juliet.await_that('offer', lambda: any('“answer.txt”' in line for line in juliet.lines))
        folder = self.folder(self.capulet)
        juliet.write(f'/save 2 ~{folder.removeprefix(self.capulet.directory)}')
        await_that('the answer', lambda: os.listdir(folder) == ['answer.txt'])

    def send_file(self, user, to, *paths):
        return self._add(Process(self.capulet, f'{user} (send-file)', [
            tool(), 'send-file', '--user', user, to.name, *paths], self.capulet.data_of(user)))

    def test_sent_beside_what_was_left(self):
        """What an earlier `send-file` has left goes on beside the next one, which ends when its own file is there."""
        romeo = self.chat(self.montague, self.fresh('romeo'))
        user = self.fresh('juliet')
        left, wanted = self.make(self.capulet, 'left.bin', 200 * MIB), self.make(self.capulet, 'wanted.bin', MIB)
        folder = self.folder(self.montague)
        killed = self.send_file(user, romeo, left)
        transfer = romeo.expect('transfer-offered', name='left.bin')['transfer']
        self.accept(romeo, transfer, folder)
        romeo.expect('transfer-progress', transfer=transfer)
        killed.kill()
        second = self.send_file(user, romeo, wanted)
        offer = romeo.expect('transfer-offered', name='wanted.bin')['transfer']
        romeo.expect('transfer-done', transfer=transfer, timeout=LONG)
        second.await_that('end of the first', lambda: any('left.bin' in line for line in second.lines), LONG)
        self.accept(romeo, offer, folder)
        self.assertEqual(second.wait(), 0)
        romeo.expect('transfer-done', transfer=offer)
        self.assertEqual(len(second.lines), 2)

    def test_interrupted_beside_what_was_left(self):
        """Ctrl-C ends the files of this run; those of an earlier one still wait, and go on later."""
        romeo = self.chat(self.montague, self.fresh('romeo'))
        user = self.fresh('juliet')
        killed = self.send_file(user, romeo, self.make(self.capulet, 'left.bin', 1))
        left = romeo.expect('transfer-offered', name='left.bin')['transfer']
        killed.kill()
        second = self.send_file(user, romeo, self.make(self.capulet, 'wanted.bin', 1))
        wanted = romeo.expect('transfer-offered', name='wanted.bin')['transfer']
        second.signal(signal.SIGINT)
        self.assertNotEqual(second.wait(), 0)
        romeo.expect('transfer-failed', transfer=wanted)
        self.assertEqual(romeo.take_all('transfer-failed'), [])
        third = self.send_file(user, romeo, self.make(self.capulet, 'third.bin', 1))
        offer = romeo.expect('transfer-offered', name='third.bin')['transfer']
        self.accept(romeo, left, self.folder(self.montague))
        romeo.expect('transfer-done', transfer=left)
        self.accept(romeo, offer, self.folder(self.montague))
        self.assertEqual(third.wait(), 0)

    def test_folder_left_out(self):
        """The sender reads how much of a folder is not sent; all else arrives, and that is no failure."""
        romeo = self.chat(self.montague, self.fresh('romeo'))
        root, folder = self.make_tree(self.capulet), self.folder(self.montague)
        os.symlink('/', f'{root}/5/all')
        sender = self.send_file(self.fresh('juliet'), romeo, root)
        self.accept(romeo, romeo.expect('transfer-offered', name='sonnets')['transfer'], folder)
        self.assertEqual(sender.wait(), 0)
        self.assertEqual(sender.errors, ['xep174: “sonnets”: 1 link or special file in it is not sent'])
        self.assertFalse(os.path.lexists(f'{folder}/sonnets/5/all'))

    def test_told_to_end(self):
        """SIGTERM ends it: what has not arrived and what was not offered is told, and the former goes on."""
        romeo = self.chat(self.montague, self.fresh('romeo'))
        user = self.fresh('juliet')
        paths = [self.make(self.capulet, f'{i}.bin', MIB) for i in range(20)]
        sender = self.send_file(user, romeo, *paths)
        transfer = romeo.expect('transfer-offered', name='0.bin')['transfer']
        sender.signal(signal.SIGTERM)
        self.assertNotEqual(sender.wait(), 0)
        self.assertTrue(any('“0.bin” has not arrived' in line for line in sender.errors), sender.errors)
        self.assertTrue(any('19.bin was not offered' in line for line in sender.errors), sender.errors)
        self.assertEqual(len(sender.errors), len(paths))
        self.send_file(user, romeo, paths[1])
        self.accept(romeo, transfer, self.folder(self.montague))
        romeo.expect('transfer-done', transfer=transfer, timeout=LONG)

    def test_line_of_the_terminal(self):
        """How far it is stands in one line, however narrow; what else is told begins a line of its own."""
        romeo = self.chat(self.montague, self.fresh('romeo'))
        user = self.fresh('juliet')
        path = self.make(self.capulet, '文件 with a name that is long.bin', 200 * MIB)
        command = shlex.join([tool(), 'send-file', '--user', user, romeo.name, path])
        sender = self._add(Process(self.capulet, f'{user} (send-file)', [
            'script', '-qefc', f'stty cols 40; exec {command}', '/dev/null'], self.capulet.data_of(user)))
        offer = romeo.expect('transfer-offered')['transfer']
        self.accept(romeo, offer, self.folder(self.montague))
        sender.await_that('progress', lambda: any(' %' in line for line in sender.lines))
        sender.write('\x03')
        self.assertNotEqual(sender.wait(), 0)
        shown = [line.removeprefix('\x1b[K') for line in sender.lines]
        self.assertTrue(all(line.startswith('xep174:') for line in shown if 'xep174:' in line), shown)
        progress = [line.removesuffix('^C') for line in shown if line.startswith('“文件 ')]
        self.assertTrue(all(len(line) + 2 <= 40 for line in progress), progress)
        self.assertIn('…', progress[0])

    def test_lines_at_the_end(self):
        """Of several files one is shown, with how many others wait; what is told at the end is the last line."""
        romeo = self.chat(self.montague, self.fresh('romeo'))
        user = self.fresh('juliet')
        big, other = self.make(self.capulet, 'big.bin', 1), self.make(self.capulet, 'sonnet.txt', 1)
        os.truncate(big, 1 << 32)
        command = shlex.join([tool(), 'send-file', '--user', user, romeo.name, big, other])
        sender = self._add(Process(self.capulet, f'{user} (send-file)', [
            'script', '-qefc', f'echo $$; exec {command}', '/dev/null'], self.capulet.data_of(user)))
        pid = int(sender.await_that('pid', lambda: sender.lines[0] if sender.lines else None))
        romeo.expect('transfer-offered', name='sonnet.txt')
        self.accept(romeo, romeo.expect('transfer-offered', name='big.bin')['transfer'],
                    self.folder(self.montague))
        romeo.expect('transfer-progress')
        sender.await_that('others', lambda: any('%' in line and '; 1 more waits for an answer' in line
                                                for line in sender.lines))
        os.kill(pid, signal.SIGTERM)
        self.assertNotEqual(sender.wait(), 0)
        self.assertRegex(sender.lines[-1], 'it goes on with the next “xep174 chat” or “xep174 send-file”$')

    def test_left_for_another(self):
        """It is no failure of the next one, either, that somebody else is not there to take it."""
        romeo = self.chat(self.montague, self.fresh('romeo'))
        mercutio = self.chat(self.montague, self.fresh('mercutio'))
        user = self.fresh('juliet')
        killed = self.send_file(user, mercutio, self.make(self.capulet, 'left.bin', 1))
        mercutio.expect('transfer-offered', name='left.bin')
        killed.kill()
        mercutio.quit()
        second = self.send_file(user, romeo, self.make(self.capulet, 'wanted.bin', 1))
        self.accept(romeo, romeo.expect('transfer-offered', name='wanted.bin')['transfer'],
                    self.folder(self.montague))
        self.assertEqual(second.wait(), 0)

    def test_stranger_at_the_port(self):
        """Who connects to the port and does not know the stream gets nothing, and disturbs nothing."""
        juliet, romeo = self.meet()
        path = self.make(self.capulet, 'secret.bin', 50 * MIB)
        folder = self.folder(self.montague)
        self.offer(juliet, romeo, path)
        transfer = self.offered(romeo, juliet, path)
        strangers = []
        with self.montague.network():
            for port, address in ((juliet.port, self.capulet.ipv4[0]), (romeo.port, self.montague.ipv4[0])):
                stranger = socket.create_connection((address, port), timeout=20)
                stranger.sendall(b'\x05\x01\x00')
                self.assertEqual(stranger.recv(2), b'\x05\x00')
                stranger.sendall(b'\x05\x01\x00\x03\x28' + b'0' * 40 + b'\0\0')
                strangers.append(stranger)
            self.accept(romeo, transfer, folder)
            done = romeo.expect('transfer-done', transfer=transfer, timeout=LONG)
            for stranger in strangers:
                said = b''
                while part := stranger.recv(65536):
                    said += part
                self.assertLess(len(said), 300)
                self.assertNotEqual(said[1:2], b'\0')
        self.assert_same(path, done['path'])

    def test_refused_here(self):
        """What cannot be sent or written is told at once, with why."""
        juliet, romeo = self.meet()
        for path in ('/nowhere/at/all', '/dev/null'):
            number = self.offer(juliet, romeo, path)
            juliet.expect('transfer-failed', id=number)
        path = self.make(self.capulet, 'a.bin', 10)
        self.offer(juliet, romeo, path)
        transfer = self.offered(romeo, juliet, path)
        self.accept(romeo, transfer, '/nowhere/at/all')
        romeo.expect('error')
        folder = self.folder(self.montague)
        self.accept(romeo, transfer, folder)
        romeo.expect('transfer-done', transfer=transfer, path=f'{folder}/a.bin')


class TwoLinks(_Files):
    """Both hosts are on two networks at once."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', links=2)
        cls.montague = lab.add('montague', links=[1, 0])

    def test_beside(self):
        """A file goes beside the conversation, not inside of it."""
        juliet = self.chat(self.capulet, self.fresh('juliet'))
        romeo = self.chat(self.montague, self.fresh('romeo'), juliet)
        self.converse(juliet, romeo)
        path = self.make(self.capulet, 'a.bin', 64 * MIB)
        self.offer(juliet, romeo, path)
        transfer = self.offered(romeo, juliet, path)
        self.accept(romeo, transfer, self.folder(self.montague))
        romeo.expect('transfer-progress', transfer=transfer)
        self.assertEqual(len(self.capulet.connections()), 2)
        self.assert_same(path, romeo.expect('transfer-done', transfer=transfer, timeout=LONG)['path'])


class _Trap:
    """Who waits on a host for others, over both families, and takes nobody."""

    def __init__(self, host):
        with host.network():
            self._socket = socket.create_server(('', 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.port = self._socket.getsockname()[1]

    def was_called(self):
        return bool(select.select([self._socket], [], [], 0)[0])

    def close(self):
        self._socket.close()


class Named(_Files):
    """F23: a contact names the addresses of others as its own; nobody but the contact is ever dialled."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')
        cls.padua = lab.add('padua')

    def setUp(self):
        super().setUp()
        self.there, self.here = _Trap(self.padua), _Trap(self.capulet)
        for trap in self.there, self.here:
            self.addCleanup(trap.close)

    def strangers(self):
        """Where they are, of a third host and of the one that is told so."""
        return [(self.padua.ipv4[0], self.there.port), (self.padua.link_local(), self.there.port),
                ('127.0.0.1', self.here.port), ('::1', self.here.port),
                (f'::ffff:{self.padua.ipv4[0]}', self.there.port), ('padua.local', self.there.port),
                (self.capulet.ipv4[0], self.here.port), (self.capulet.link_local(), self.here.port)]

    def assert_nobody_called(self):
        self.assertFalse(self.there.was_called() or self.here.was_called())

    @contextlib.contextmanager
    def serve(self, octets):
        """One honest address: the file, over SOCKS5, for whoever comes first."""
        with self.montague.network():
            server = socket.create_server((self.montague.ipv4[0], 0))

        def run():
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.recv(3, socket.MSG_WAITALL)
                    connection.sendall(b'\x05\x00')
                    connection.recv(47, socket.MSG_WAITALL)
                    connection.sendall(b'\x05\x00\x00\x03\x00\x00\x00' + octets)
                    connection.recv(1)
        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield server.getsockname()
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join()
            server.close()

    def meet(self, publish=True):
        raw = self.peer(self.montague, self.fresh('mallory'), publish=publish)
        juliet = self.chat(self.capulet, self.fresh('juliet'))
        if not publish:
            publisher = Publisher(self.montague)
            self.addCleanup(publisher.close)
            publisher.announce(raw.name, raw.port, addresses=[self.montague.ipv4[0], self.capulet.ipv4[0],
                                                              '127.0.0.1'])
        juliet.meet(raw)
        stream = raw.dial(juliet)
        stream.send(header(raw.name, juliet.name, version=None))
        stream.expect_header()
        return juliet, raw, stream

    def say(self, stream, juliet, inside):
        number = self.fresh('n') + str(len(stream.received))
        stream.send(f"<iq from='{stream.peer.name}' to='{juliet.name}' type='set' id='{number}'>{inside}</iq>"
                    .encode())

    def jingle(self, stream, juliet, action, description='', transport=''):
        self.say(stream, juliet,
                 f"<jingle xmlns='urn:xmpp:jingle:1' action='{action}' sid='a.1'>"
                 f"<content creator='initiator' name='f'>{description}"
                 f"<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='w'>{transport}</transport>"
                 '</content></jingle>')

    def offer_jingle(self, stream, juliet, places):
        candidates = ''.join(
            f"<candidate cid='c{i}' host='{host}' port='{port}' jid='x' priority='{100 - i}' type='direct'/>"
            for i, (host, port) in enumerate(places))
        self.jingle(stream, juliet, 'session-initiate',
                    "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>abc</name>"
                    '<size>3</size></file></description>', candidates)
        transfer = juliet.expect('transfer-offered', contact=stream.peer.name)['transfer']
        folder = self.folder(self.capulet)
        self.accept(juliet, transfer, folder)
        return transfer, folder

    def test_jingle(self):
        """Between ours: the honest one among them is used, or it is said that there is none."""
        juliet, _, stream = self.meet()
        with self.serve(b'abc') as honest:
            transfer, folder = self.offer_jingle(stream, juliet, [*self.strangers(), honest])
            stream.expect(b"<candidate-used cid='c8'")
            self.jingle(stream, juliet, 'transport-info', transport='<candidate-error/>')
            self.say(stream, juliet,
                     "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='a.1'>"
                     "<checksum xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>"
                     "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/"
                     'YfIAFa0=</hash></file></checksum></jingle>')
            juliet.expect('transfer-done', transfer=transfer)
            self.assertEqual(os.listdir(folder), ['abc'])
        self.assert_nobody_called()

    def test_jingle_strangers_only(self):
        """There is no honest one: the contact hears so at once, and can send inside of the conversation."""
        juliet, _, stream = self.meet()
        transfer, folder = self.offer_jingle(stream, juliet, self.strangers())
        stream.expect(b'<candidate-error')
        juliet.command('cancel-transfer', transfer=transfer)
        juliet.expect('transfer-failed', transfer=transfer)
        self.assert_nothing_left(folder)
        self.assert_nobody_called()

    def offer_si(self, stream, juliet, places):
        self.say(stream, juliet,
                 "<si xmlns='http://jabber.org/protocol/si' id='0' "
                 "profile='http://jabber.org/protocol/si/profile/file-transfer'>"
                 "<file xmlns='http://jabber.org/protocol/si/profile/file-transfer' name='abc' size='3'/>"
                 "<feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='form'>"
                 "<field var='stream-method' type='list-single'><option><value>"
                 'http://jabber.org/protocol/bytestreams</value></option></field></x></feature></si>')
        transfer = juliet.expect('transfer-offered', contact=stream.peer.name)['transfer']
        folder = self.folder(self.capulet)
        self.accept(juliet, transfer, folder)
        stream.expect(b'</si>')
        hosts = ''.join(f"<streamhost jid='0.{i}' host='{host}' port='{port}'/>"
                        for i, (host, port) in enumerate(places))
        self.say(stream, juliet,
                 f"<query xmlns='http://jabber.org/protocol/bytestreams' sid='0' mode='tcp'>{hosts}</query>")
        return transfer, folder

    def test_si(self):
        """As libpurple does it: likewise."""
        juliet, _, stream = self.meet()
        with self.serve(b'abc') as honest:
            transfer, folder = self.offer_si(stream, juliet, [*self.strangers(), honest])
            stream.expect(b"<streamhost-used jid='0.8'")
            juliet.expect('transfer-done', transfer=transfer)
            self.assertEqual(os.listdir(folder), ['abc'])
        self.assert_nobody_called()

    def test_si_strangers_only(self):
        """There is no honest one: the sender hears it, and nothing is left."""
        juliet, _, stream = self.meet()
        transfer, folder = self.offer_si(stream, juliet, self.strangers())
        stream.expect(b'item-not-found')
        juliet.expect('transfer-failed', transfer=transfer)
        self.assert_nothing_left(folder)
        self.assert_nobody_called()

    def test_words(self):
        """Why a contact ends a file is no longer than one reads; other programs get it as it was said."""
        juliet, raw, stream = self.meet()
        for sid, end in (('a.1', jingle.terminate), ('b.1', jingle.refuse)):
            stream.send(jingle.offer(raw, juliet, sid, sid))
            transfer = juliet.expect('transfer-offered', name=sid)['transfer']
            self.accept(juliet, transfer, self.folder(self.capulet))
            stream.send(end(stream, juliet, sid))
            reason = juliet.expect('transfer-failed', transfer=transfer)['reason']
            self.assertLess(len(reason), 600)
        self.assertIn('\u202e\u2066\x9b31m', reason)

    def test_words_in_a_terminal(self):
        """They say nothing to the terminal of who chats there."""
        raw = self.peer(self.montague, self.fresh('mallory'))
        user = self.fresh('juliet')
        command = shlex.join([tool(), 'chat', '--user', user, '--port', '5297'])
        juliet = self._add(Process(self.capulet, f'{user} (chat)', [
            'script', '-qefc', f'stty cols 200; exec {command}', '/dev/null'], self.capulet.data_of(user)))
        juliet.name, juliet.port = f'{user}@capulet', 5297

        def shown(text):
            juliet.await_that(text, lambda: any(text in line for line in juliet.lines))
        shown(' is here: available')
        stream = raw.open(juliet)
        for number, sid, end, told in ((1, 'a.1', jingle.terminate, f'“{raw.name}” has cancelled the file'),
                                       (2, 'b.1', jingle.refuse, 'does not take such messages: ')):
            stream.send(jingle.offer(raw, juliet, sid, sid))
            shown(f'/save {number} puts')
            juliet.write(f'/save {number}\r')
            stream.send(end(stream, juliet, sid))
            shown(told)
        self.assertFalse(set('\u202e\u2066\x9b\x7f\u2028') & set(''.join(juliet.lines)))
        self.assertLess(max(map(len, juliet.lines)), 1000)
        juliet.write('/quit\r')
        juliet.wait()

    def test_announced(self):
        """Its record says that it is at our own host: what listens there is not for it either."""
        juliet, _, stream = self.meet(publish=False)
        transfer, _ = self.offer_jingle(stream, juliet, [(self.capulet.ipv4[0], self.here.port),
                                                         ('127.0.0.1', self.here.port)])
        stream.expect(b'<candidate-error')
        juliet.command('cancel-transfer', transfer=transfer)
        juliet.expect('transfer-failed', transfer=transfer)
        self.assert_nobody_called()


class _Purple(_Files):
    """Stream initiation (XEP-0096) with libpurple 2."""

    def meet(self):
        purple = self.purple(self.montague, self.fresh('romeo'))
        return self.chat(self.capulet, self.fresh('juliet'), purple), purple

    def to_them(self, chat, purple, size):
        path = self.make(self.capulet, f'{size}.bin', size)
        taken = f'{self.folder(self.montague)}/taken'
        number = self.offer(chat, purple, path)
        purple.expect('file-offered', os.path.basename(path))
        purple.take_file(taken)
        chat.expect('transfer-done', id=number, timeout=LONG)
        purple.expect('file-taken', timeout=LONG)
        self.assert_same(path, taken)

    def from_them(self, chat, purple, size):
        path = self.make(self.montague, f'{size}.bin', size)
        folder = self.folder(self.capulet)
        purple.send_file(chat, path)
        transfer = self.offered(chat, purple, path)
        self.accept(chat, transfer, folder)
        done = chat.expect('transfer-done', transfer=transfer, timeout=LONG)
        purple.expect('file-sent', timeout=LONG)
        self.assert_same(path, done['path'])


class LinkLocal(_Purple):
    """There is nothing but fe80."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet', ipv4=False)
        cls.montague = lab.add('montague', ipv4=False)

    def test_sizes(self):
        """1 octet, 1 MiB and 100 MiB to it. It knows no address of its own but of IPv4: what it offers ends."""
        chat, purple = self.meet()
        for size in 1, MIB, 100 * MIB:
            self.to_them(chat, purple, size)
        path = self.make(self.montague, 'no.bin', MIB)
        folder = self.folder(self.capulet)
        purple.send_file(chat, path)
        transfer = self.offered(chat, purple, path)
        self.accept(chat, transfer, folder)
        chat.expect('transfer-failed', transfer=transfer)
        self.assert_nothing_left(folder)


class PurpleOnTwoLinks(_Purple):
    """It names its addresses of both, and first that of the one where we are not."""

    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague', links=[1, 0])

    def test_sizes(self):
        """1 octet and 1 MiB, each way."""
        chat, purple = self.meet()
        for size in 1, MIB:
            self.to_them(chat, purple, size)
            self.from_them(chat, purple, size)


class Purple(_Purple):
    """Over IPv4, as far as libpurple chooses."""

    def test_sizes(self):
        """1 octet, 1 MiB and 100 MiB, each way, and a word beside them."""
        chat, purple = self.meet()
        for size in 1, MIB, 100 * MIB:
            self.to_them(chat, purple, size)
            self.from_them(chat, purple, size)
            chat.tell(purple, f'after {size}')
            purple.hear(chat, f'after {size}')

    def test_what_it_cannot(self):
        """It never ends an empty file, and cuts sizes to 32 bits: both are refused here, with why, and
        its record tells so before a word is said to it. It knows no folders either."""
        chat, purple = self.meet()
        empty = self.make(self.capulet, 'empty', 0)
        huge = self.make(self.capulet, 'huge', 1)
        os.truncate(huge, 1 << 31)
        for path in empty, huge:
            number = self.offer(chat, purple, path)
            self.assertTrue(chat.expect('transfer-failed', id=number)['reason'])
        self.assertEqual(chat.take_all('session-opened'), [])
        number = self.offer(chat, purple, os.path.dirname(huge))
        self.assertIn('takes no folders', chat.expect('transfer-failed', id=number)['reason'])
        self.offer(chat, purple, self.make(self.capulet, 'small.bin', 1))
        purple.expect('file-offered', 'small.bin')
        self.assertEqual(purple.take_all('file-offered'), [])

    def test_declined(self):
        """Each refuses the other's file, and the other hears it."""
        chat, purple = self.meet()
        number = self.offer(chat, purple, self.make(self.capulet, 'no.bin', MIB))
        purple.expect('file-offered')
        purple.write('refuse')
        self.assertIn('does not want', chat.expect('transfer-failed', id=number)['reason'])
        path = self.make(self.montague, 'no.bin', MIB)
        purple.send_file(chat, path)
        chat.command('decline-transfer', transfer=self.offered(chat, purple, path))
        purple.expect('file-cancelled')

    def test_three_at_once(self):
        """Three to us at once, and a word beside them."""
        chat, purple = self.meet()
        folder = self.folder(self.capulet)
        paths = [self.make(self.montague, f'{n}.bin', 10 * MIB + n) for n in range(3)]
        for path in paths:
            purple.send_file(chat, path)
        for path in paths:
            self.accept(chat, self.offered(chat, purple, path), folder)
        chat.tell(purple, 'meanwhile')
        purple.hear(chat, 'meanwhile')
        for path in paths:
            chat.expect('transfer-done', path=f'{folder}/{os.path.basename(path)}', timeout=LONG)
            self.assert_same(path, f'{folder}/{os.path.basename(path)}')

    def test_cancelled(self):
        """Either side ends a file that is under way, and the other is told; no part stays."""
        chat, purple = self.meet()
        for ours in True, False:
            path = self.make(self.montague, 'long.bin', 400 * MIB)
            folder = self.folder(self.capulet)
            purple.send_file(chat, path)
            transfer = self.offered(chat, purple, path)
            self.accept(chat, transfer, folder)
            chat.expect('transfer-progress', transfer=transfer)
            if ours:
                chat.command('cancel-transfer', transfer=transfer)
            else:
                purple.write('stop')
            chat.expect('transfer-failed', transfer=transfer)
            purple.expect('file-cancelled' if ours else 'file-stopped')
            self.assert_nothing_left(folder)

    def test_killed(self):
        """libpurple's program is killed under way: we are told, and no part stays."""
        chat, purple = self.meet()
        path = self.make(self.montague, 'long.bin', 200 * MIB)
        folder = self.folder(self.capulet)
        purple.send_file(chat, path)
        transfer = self.offered(chat, purple, path)
        self.accept(chat, transfer, folder)
        chat.expect('transfer-progress', transfer=transfer)
        purple.signal(signal.SIGKILL)
        purple.popen.wait()
        chat.expect('transfer-failed', transfer=transfer, timeout=LONG)
        self.assert_nothing_left(folder)


if __name__ == '__main__':
    main()
