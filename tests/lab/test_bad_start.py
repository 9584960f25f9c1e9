# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong at the start and in commands: a clear error each, and the rest goes on."""
import os
import shutil
import socket
import unittest

from xep174lab import LabTest, Process, await_that, main
from xep174lab.chat import tool


class Start(LabTest):
    """What keeps a program from going online."""

    @classmethod
    def build(cls, lab):
        cls.whole = lab.add('whole')
        cls.no_avahi = lab.add('no-avahi', avahi=False)
        cls.no_bus = lab.add('no-bus', bus=False, avahi=False)
        cls.no_publishing = lab.add('no-publishing', publishing=False)

    def refused(self, host, user='juliet', says='', **options):
        """The chat says why, in one error event, and ends with a status that says so too."""
        chat = self.chat(host, user, online=False, **options)
        error = chat.expect('error')
        self.assertRegex(error['message'], f'(?i){says}')
        self.assertNotEqual(chat.wait(), 0)
        chat.forbid('online')
        chat.forbid('not JSON')

    def test_no_bus(self):
        """Bad input: no bus."""
        self.refused(self.no_bus, discovery='avahi', says='avahi|bus')

    def test_bus_without_avahi(self):
        """Bad input: a bus, but no avahi-daemon on it."""
        self.refused(self.no_avahi, discovery='avahi', says='avahi|daemon')

    def test_publishing_refused(self):
        """Bad input D23: a daemon that lets nobody publish; who does without a name still looks."""
        for discovery in ('avahi', 'auto'):
            self.refused(self.no_publishing, discovery=discovery,
                         says='does not let programs publish.*embedded')
        embedded = self.chat(self.no_publishing, 'juliet', discovery='embedded')
        browse = Process(self.no_publishing, 'browse', [tool(), 'browse', '--discovery', 'avahi'])
        browse.await_that('juliet', lambda: any('juliet' in line for line in browse.lines))
        browse.kill()
        embedded.forbid('error')

    def filter_bus(self, *rules):
        """The environment of a program in a sandbox, which reaches the bus of the whole host through a
        filter."""
        path = f'{self.whole.directory}/filtered-bus'
        proxy = Process(self.whole, 'sandbox', [
            'xdg-dbus-proxy', f'unix:path={self.whole.bus_path}', path, '--filter', *rules])
        self.addCleanup(proxy.kill)
        await_that('the filtered bus', lambda: os.path.exists(path))
        self.addCleanup(os.unlink, path)
        return {'DBUS_SYSTEM_BUS_ADDRESS': f'unix:path={path}'}

    @unittest.skipUnless(shutil.which('xdg-dbus-proxy'), 'xdg-dbus-proxy is not installed')
    def test_sandbox_that_hides_the_daemon(self):
        """D23: a sandbox hides the daemon: an error that names it; `auto` does without the daemon."""
        sandbox = self.filter_bus()
        self.refused(self.whole, discovery='avahi', environment=sandbox, says='daemon.*sandbox')
        inside = self.chat(self.whole, self.fresh('juliet'), discovery='auto', environment=sandbox,
                           online=False)
        self.assertEqual(inside.expect('online')['discovery'], 'embedded')

    @unittest.skipUnless(shutil.which('xdg-dbus-proxy'), 'xdg-dbus-proxy is not installed')
    def test_sandbox_that_lets_the_daemon_through(self):
        """D23: one that lets the daemon through is no hindrance, also after the daemon was away."""
        outside = self.chat(self.whole, self.fresh('romeo'))
        sandbox = self.filter_bus('--talk=org.freedesktop.Avahi')
        inside = self.chat(self.whole, self.fresh('juliet'), outside, environment=sandbox)
        self.converse(inside, outside)
        self.whole.stop_avahi()
        inside.expect('contact-removed', name=outside.name)
        self.whole.start_avahi()
        inside.expect('contact-added', name=outside.name)

    def test_neither_is_needed(self):
        """Bad input: where neither is, `auto` goes online by itself."""
        for host in (self.no_bus, self.no_avahi):
            chat = self.chat(host, 'juliet', discovery='auto', online=False)
            self.assertEqual(chat.expect('online')['discovery'], 'embedded')

    def test_name_too_long(self):
        """Bad input D16: a name of more than 63 octets, and an empty one."""
        self.refused(self.whole, user='j' * 64, says='63|long')
        self.refused(self.whole, user='\u4e2d' * 21, says='63|long')

    def test_port_in_use(self):
        """Bad input D8: the port asked for is taken: an error; none asked for: another one."""
        with self.whole.network():
            taken = socket.create_server(('', 5298), family=socket.AF_INET6, dualstack_ipv6=True)
        self.refused(self.whole, arguments=['--port', '5298'], says='5298|in use')
        self.assertNotEqual(self.chat(self.whole, 'romeo').port, 5298)
        taken.close()

    def test_nonsense_on_the_command_line(self):
        """Bad input: options that make no sense."""
        for arguments in (['--port', '99999'], ['--no-such-option']):
            chat = self.chat(self.whole, 'juliet', arguments=arguments, online=False)
            self.assertNotEqual(chat.wait(), 0)
            await_that('complaint', lambda: chat.errors or chat.take_all('error'))


class Commands(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def answer(self, chat, number):
        """The answer to a command that failed."""
        return chat.await_that(f'answer to {number}', lambda: next(
            (event for event in chat.events if event.get('id') == number
             and event['event'] in ('failed', 'error')), None))

    def test_unknown_contact(self):
        """Bad input: a message to nobody, a session with nobody, one with oneself."""
        juliet = self.chat(self.capulet, 'juliet')
        for name in ('nobody@nowhere', juliet.name, ''):
            number = juliet.say(name, 'hello?')
            event = self.answer(juliet, number)
            self.assertTrue(event.get('reason') or event.get('message'))
        juliet.command('open', contact='nobody@nowhere')
        juliet.expect('error')
        juliet.forbid('sent')

    def test_nonsense_commands(self):
        """Bad input: what is no command is an error, and the next command is obeyed."""
        juliet = self.chat(self.capulet, 'juliet2')
        romeo = self.chat(self.montague, 'romeo2', juliet)
        for line in ('nonsense', '{', '[]', '{}', '"x"', '{"command":"dance"}', '{"command":1}',
                     '{"command":"message"}', '{"command":"message","to":7,"body":[]}',
                     '{"command":"status","status":"hungry"}', '\u0001\ufffe',
                     '{"command":"add","name":"x","address":"not an address","port":-1}',
                     '{"command":"stanza","to":"%s","xml":"<not closed"}' % romeo.name,
                     '{"command":"stanza","to":"%s","xml":"<a/><b/>"}' % romeo.name,
                     '[' * 5000):
            juliet.write(line)
            juliet.await_that('error', lambda: juliet.take_all('error') + juliet.take_all('failed'))
        self.converse(juliet, romeo)
        juliet.forbid('error')

    def test_bodies_that_xml_cannot_carry(self):
        """Bad input X7: characters that XML forbids are an error at home, not on the stream."""
        juliet = self.chat(self.capulet, 'juliet3')
        romeo = self.chat(self.montague, 'romeo3', juliet)
        self.converse(juliet, romeo)
        for body in ('a\u0000b', 'a\u0007b'):
            self.answer(juliet, juliet.say(romeo, body))
        self.converse(juliet, romeo, 'after it')
        juliet.forbid('session-closed')

    def test_too_large(self):
        """X8: a body above the limit of a stanza does not reach the peer; nothing else stops."""
        juliet = self.chat(self.capulet, 'juliet4')
        romeo = self.chat(self.montague, 'romeo4', juliet)
        self.converse(juliet, romeo)
        juliet.say(romeo, 'x' * 300_000)
        self.converse(juliet, romeo, 'after it')
        romeo.forbid('message', body=lambda body: len(body) > 1000)


if __name__ == '__main__':
    main()
