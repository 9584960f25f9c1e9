# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where a lab lives: one process tree in namespaces of its own.

Every lab test runs itself again under unshare(1): own network, own mounts, own process ids and,
where it is not root, a user namespace in which it is.  All that a lab makes (hosts, bridges,
daemons, files) exists in there only, and goes with its first process, however that one ends: the
kernel cleans up after a `kill -9` as after a green run; labs side by side cannot see each other.
"""
import os
import shutil
import signal
import subprocess
import sys

RUN = '/run/lab'
MARK = 'XEP174_LAB_INSIDE'
TOOLS = {
    'unshare': 'util-linux', 'nsenter': 'util-linux', 'mount': 'util-linux', 'ip': 'iproute2',
    'dbus-daemon': 'dbus', 'avahi-daemon': 'avahi-daemon',
}


def bail_out(why):
    """Ends the run as failed: a lab that cannot run proves nothing and must not seem to."""
    print('Bail out! ' + ' '.join(why.split()), flush=True)
    sys.exit(1)


def go_first(by):
    """What is started from here on gets a processor before what only computes beside it: a story mostly
    waits, and some are about what comes in time."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -by)
    except PermissionError:
        pass  # only root may, and a busy machine is then another test


def enter():
    """Returns inside the namespaces; outside it replaces the process by itself inside."""
    os.environ['PATH'] = os.environ.get('PATH', '/usr/bin:/bin') + ':/usr/sbin:/sbin'
    if os.environ.pop(MARK, None):
        _furnish()
        return
    missing = sorted({f'{tool} ({package})' for tool, package in TOOLS.items()
                      if not shutil.which(tool)})
    if missing:
        bail_out('the lab needs programs that are not installed: ' + ', '.join(missing))
    script = os.path.realpath(sys.argv[0])
    if script.startswith('/run/'):
        bail_out('the lab covers /run with a file system of its own: move the checkout elsewhere')
    command = _unshare()
    os.environ[MARK] = '1'
    sys.stdout.flush()
    os.execvp(command[0], command + [sys.executable, script] + sys.argv[1:])


def _unshare():
    plain = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
    tries = [plain + ['--user', '--map-root-user']]
    if os.geteuid() == 0:
        tries.insert(0, plain)
    for command in tries:
        probe = subprocess.run(command + ['mount', '-t', 'tmpfs', 'tmpfs', '/run'],
                               capture_output=True, text=True)
        if probe.returncode == 0:
            return command
    bail_out('the lab needs namespaces: run it as root with CAP_SYS_ADMIN, or allow unprivileged '
             f'user namespaces (sysctl user.max_user_namespaces): {probe.stderr}')


def _furnish():
    subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', '/run'], check=True)
    os.makedirs('/run/netns')
    os.makedirs(RUN)
    # avahi-daemon wants its directory to belong to the user "avahi", dbus-daemon one to run as; in
    # a user namespace there is root and nobody else, so here they are root.
    for file, line in (('passwd', '{}:x:0:0::/:/bin/sh\n'), ('group', '{}:x:0:\n')):
        with open(f'/run/{file}', 'w', encoding='ascii') as users:
            users.writelines(line.format(user) for user in ('root', 'avahi', 'messagebus'))
        subprocess.run(['mount', '--bind', f'/run/{file}', f'/etc/{file}'], check=True)
    # The first process of a pid namespace gets no signal that it has no handler for.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda got, frame: os._exit(128 + got))
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
