# SPDX-License-Identifier: LGPL-2.1-or-later
"""A file, and then a folder, from host to host, encrypted: with our tool, scp and magic-wormhole, turn and turn
about. By hand:

    XEP174=build/examples/cli/xep174 /usr/bin/python3 tests/bench/bench-files-others.py [MEGABYTES]

Debian has the others: magic-wormhole, python3-magic-wormhole-mailbox-server, openssh-server. Their
servers run on the hosts, so nothing leaves the two namespaces. The files are in the lab's folder, in
memory. ROUNDS in the environment is how often each has its turn.

What is measured, each by the best of its turns: ours from the command to the end at who receives, between two
that run; scp from its start to its end, with sshd running; magic-wormhole from the start to the end of who
receives, with a sender that waits. So its time has in it what Python needs to start, and scp's has its login.
magic-wormhole packs a folder before it waits, and unpacks it at the end: only the latter is counted.
"""
import json
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'lab'))
from xep174lab import Chat, Lab, Process, await_that, inside, run  # noqa: E402

MEGABYTES = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
ROUNDS = int(os.environ.get('ROUNDS', '3'))
LONG = 300
# What the folder holds: small files of up to so many octets, and large ones of so many megabytes.
SMALL, UP_TO = 1000, 16384
LARGE, EACH = 4, 64
SSHD = '''Port 22
HostKey {0}/host
AuthorizedKeysFile {0}/own.pub
StrictModes no
UsePAM no
PermitRootLogin yes
PidFile none
Subsystem sftp internal-sftp
'''


def complete(process):
    if process.wait(LONG):
        raise SystemExit(f'{process.who}: {process.lines} {process.errors}')


class Ours:
    name = 'libxep174'

    def __init__(self, sender, receiver):
        self.chats = [Chat(sender, 'sender'), Chat(receiver, 'receiver')]
        for chat in self.chats:
            chat.await_online()
        self.chats[0].meet(self.chats[1])
        self.chats[1].meet(self.chats[0])

    def move(self, path, folder):
        sender, receiver = self.chats
        start = time.monotonic()
        sender.command('send-file', to=receiver.name, path=path, id='file')
        transfer = receiver.expect('transfer-offered', timeout=LONG)['transfer']
        receiver.command('accept-transfer', transfer=transfer, folder=folder)
        receiver.expect('transfer-done', transfer=transfer, timeout=LONG)
        took = time.monotonic() - start
        sender.expect('transfer-done', timeout=LONG)
        return took


class Scp:
    name = 'scp'

    def __init__(self, sender, receiver):
        self.sender, self.receiver = sender, receiver
        self.own = f'{receiver.directory}/own'
        for key in (self.own, f'{receiver.directory}/host'):
            run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key)
        config = f'{receiver.directory}/sshd.conf'
        with open(config, 'w', encoding='ascii') as file:
            file.write(SSHD.format(receiver.directory))
        os.makedirs('/run/sshd', exist_ok=True)
        with open('/run/passwd', 'a', encoding='ascii') as users:
            users.write('sshd:x:0:0::/run/sshd:/bin/sh\n')
        Process(receiver, 'sshd', ['/usr/sbin/sshd', '-D', '-e', '-f', config])
        await_that('sshd', lambda: subprocess.run(sender.command(
            ['ssh', *self.options(), f'root@{receiver.ipv4[0]}', 'true'])).returncode == 0)

    def options(self):
        return ['-q', '-i', self.own, '-oStrictHostKeyChecking=no', '-oUserKnownHostsFile=/dev/null',
                '-oBatchMode=yes', '-F', 'none']

    def move(self, path, folder):
        start = time.monotonic()
        complete(Process(self.sender, 'scp', ['scp', *self.options(), '-r', path,
                                              f'root@{self.receiver.ipv4[0]}:{folder}/']))
        return time.monotonic() - start


class Wormhole:
    name = 'magic-wormhole'

    def __init__(self, sender, receiver):
        self.sender, self.receiver = sender, receiver
        self.number = 0
        self.server = Process(sender, 'mailbox', ['twist3', 'wormhole-mailbox', '--channel-db',
                                                  f'{sender.directory}/mailbox', '--port',
                                                  f'tcp:4000:interface={sender.ipv4[0]}'])
        self.server.await_that('mailbox', lambda: any('starting on 4000' in line
                                                      for line in self.server.lines), LONG)

    def start(self, host, *words):
        """No relay is there, so the two connect to each other."""
        address = self.sender.ipv4[0]
        return Process(host, f'wormhole {words[0]}',
                       ['wormhole', '--relay-url', f'ws://{address}:4000/v1', '--transit-helper',
                        f'tcp:{address}:4001', *words])

    def move(self, path, folder):
        self.number += 1
        code = f'{self.number}-purple-sausage'
        sender = self.start(self.sender, 'send', '--hide-progress', '--code', code, path)
        sender.await_that('code', lambda: any(code in line for line in sender.lines + sender.errors), LONG)
        start = time.monotonic()
        complete(self.start(self.receiver, 'receive', '--hide-progress', '--accept-file', '-o',
                            f'{folder}/{os.path.basename(path)}', code))
        took = time.monotonic() - start
        complete(sender)
        return took


def write(path, size):
    with open(path, 'wb') as file:
        for start in range(0, size, 1 << 20):
            file.write(os.urandom(min(size - start, 1 << 20)))


def make_folder(path):
    for number in range(SMALL):
        os.makedirs(f'{path}/{number % 10}/{number % 100}', exist_ok=True)
        write(f'{path}/{number % 10}/{number % 100}/{number}.txt', UP_TO * number // SMALL)
    for number in range(LARGE):
        write(f'{path}/{number}/large.bin', EACH << 20)


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def compare(programs, what, path, folder):
    found = {program.name: [] for program in programs}
    come = f'{folder}/{os.path.basename(path)}'
    for _ in range(ROUNDS):
        for program in programs:
            found[program.name].append(program.move(path, folder))
            run('diff', '-r', path, come)
            remove(come)
            print(f'{what}, {program.name}: {found[program.name][-1]:.2f} s, load {os.getloadavg()[0]:.1f}',
                  file=sys.stderr, flush=True)
    for name, times in found.items():
        print(json.dumps({'group': 'files', 'name': f'{what} from host to host, encrypted',
                          'who': name, 'value': round(min(times), 2), 'unit': 's',
                          'ratio': round(min(times) / min(found[Ours.name]), 2)}), flush=True)


def measure(lab):
    sender, receiver = lab.add('capulet'), lab.add('montague')
    lab.start()
    folder = f'{receiver.directory}/in'
    os.makedirs(folder)
    programs = [make(sender, receiver) for make in (Ours, Scp, Wormhole)]
    path = f'{sender.directory}/file.bin'
    write(path, MEGABYTES << 20)
    compare(programs, f'{MEGABYTES} MiB', path, folder)
    remove(path)
    path = f'{sender.directory}/folder'
    make_folder(path)
    compare(programs, f'a folder with {SMALL} small files and {LARGE} of {EACH} MiB', path, folder)


def main():
    inside.enter()
    lab = Lab()
    try:
        measure(lab)
    finally:
        lab.close()


if __name__ == '__main__':
    main()
