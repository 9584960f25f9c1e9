# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples in Python, JavaScript and Vala as somebody would try them: on two hosts without a daemon."""
import os
import pathlib
import signal
import subprocess

from xep174lab import LabTest, Process, main

EXAMPLES = pathlib.Path(os.environ['SOURCE_ROOT'], 'examples')
PYTHON = EXAMPLES / 'python'
BINDINGS = {name: os.environ[name] for name in ('GI_TYPELIB_PATH', 'PYTHONDONTWRITEBYTECODE')}


class Example(Process):
    def __init__(self, host, program, *arguments):
        command = [str(program), *arguments]
        if program.endswith('.py'):
            command = ['/usr/bin/python3', str(PYTHON / program), *arguments]
        elif program.endswith('.js'):
            command = [os.environ['GJS'], '-m', str(EXAMPLES / 'gjs' / program), *arguments]
        super().__init__(host, f'{os.path.basename(program)}@{host.name}', command, BINDINGS)

    def prints(self, line, errors=False):
        """Waits for such a line."""
        lines = self.errors if errors else self.lines
        return self.await_that(repr(line), lambda: line in lines)

    def interrupt(self):
        """Ctrl-C."""
        self.signal(signal.SIGINT)
        return self.wait()

    def end_of_input(self):
        self.popen.stdin.close()
        return self.wait()


class Examples(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona', bus=False, avahi=False)
        cls.mantua = lab.add('mantua', bus=False, avahi=False)

    def example(self, *what):
        example = Example(*what)
        self.addCleanup(example.kill)
        return example

    def leave(self, example):
        """Each leaves with a word to the others, and without a traceback."""
        self.assertEqual((example.interrupt(), example.errors), (0, []))

    def test_short(self):
        """What a newcomer reads first takes under 40 lines, and helps."""
        for name in ('echo.py', 'who.py'):
            self.assertLess(len((PYTHON / name).read_text().splitlines()), 40, name)
        for name in ('echo.py', 'who.py', 'chat.py'):
            said = subprocess.run(['/usr/bin/python3', PYTHON / name, '--help'], check=True,
                                  capture_output=True, text=True, env={**os.environ, **BINDINGS})
            self.assertIn('usage: ' + name, said.stdout)

    def test_echo_and_who(self):
        """One looks on while another talks to the echo; both talkers leave with a goodbye."""
        who = self.example(self.mantua, 'who.py')
        echo = self.example(self.verona, 'echo.py')
        echo.prints('Online as echo@verona')
        chat = self.example(self.mantua, 'chat.py', 'romeo', 'echo')
        chat.prints('* You are romeo@mantua')
        chat.write('But soft! What light\u202e through yonder window breaks?')
        echo.prints(r"romeo says 'But soft! What light\u202e through yonder window breaks?'")
        chat.prints('echo: But soft! What light  through yonder window breaks?')
        for name in ('echo', 'romeo'):
            who.prints(f'{name:24} available')
        self.assertEqual((chat.end_of_input(), chat.errors), (0, []))
        self.leave(echo)
        for name in ('echo', 'romeo'):
            who.prints(f'{name:24} gone')
        self.leave(who)

    def test_echo_of_errors(self):
        """X14: who sends everything back as an error gets one answer to each word, and no more."""
        echo = self.example(self.verona, 'echo.py', 'echo2')
        bouncer = self.chat(self.mantua, 'bouncer', 'echo2@verona', discovery='embedded')
        for number in range(50):
            bouncer.tell('echo2@verona', f'word {number}')
            answer = bouncer.hear('echo2@verona', f'word {number}')
            bouncer.command('stanza', to='echo2@verona', xml=f"""
                <message type='error' id='{answer["id"]}'><body>{answer["body"]}</body>
                <error type='cancel'><service-unavailable
                xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>""")
        # Whatever answers an error would have come before the answer to the last word.
        bouncer.forbid('message')
        self.assertEqual([line for line in echo.lines if line.startswith('bouncer says')],
                         [f"bouncer says 'word {number}'" for number in range(50)])
        self.leave(echo)

    def test_who_for_a_while(self):
        """Looking around can be for a time; who looks is not seen."""
        tybalt = self.chat(self.verona, 'tybalt', discovery='embedded')
        who = self.example(self.mantua, 'who.py', '--seconds', '5')
        self.assertEqual((who.wait(), who.errors), (0, []))
        self.assertEqual(who.lines, [f'{"tybalt":24} available'])
        self.assertNotIn('contact-added', [event['event'] for event in tybalt.events])

    def test_chat_through_a_pipe(self):
        """Everything that comes out of a pipe goes out before the program ends."""
        juliet = self.chat(self.verona, 'juliet', discovery='embedded')
        chat = self.example(self.mantua, 'chat.py', 'romeo', 'juliet')
        for number in range(20):
            chat.write(f'line {number}')
        self.assertEqual((chat.end_of_input(), chat.errors), (0, []))
        for number in range(20):
            juliet.expect('message', **{'from': 'romeo@mantua', 'body': f'line {number}'})

    def refuse(self, chat):
        """Octets that are no text end the input; everybody is told goodbye."""
        chat.write('\udcff')
        chat.await_that('an error', lambda: [line for line in chat.lines + chat.errors
                                            if line.startswith('! cannot read any further: ')])
        self.assertEqual(chat.wait(), 1)
        self.assertEqual([line for line in chat.errors if not line.startswith('! ')], [])

    def test_chat_not_utf8(self):
        """What is no text is refused, without a traceback."""
        tybalt = self.chat(self.verona, 'tybalt', discovery='embedded')
        chat = self.example(self.mantua, 'chat.py', 'romeo', 'tybalt')
        tybalt.meet('romeo@mantua')
        self.refuse(chat)
        tybalt.expect('contact-removed', name='romeo@mantua')

    def test_chat_of_three(self):
        """A line goes to the one it names, or to the one of the line before, said or heard."""
        mercutio = self.chat(self.verona, 'mercutio', discovery='embedded')
        nurse = self.chat(self.verona, 'nurse', mercutio, discovery='embedded')
        chat = self.example(self.mantua, 'chat.py', 'romeo')
        for name in ('mercutio', 'nurse'):
            chat.prints(f'* {name}@verona is here')
        chat.prints('* You are romeo@mantua')
        chat.write('Is anybody there?')
        chat.prints('! To whom? (NAME: TEXT)', errors=True)
        chat.write('nurse: Where is he?')
        nurse.expect('message', body='Where is he?')
        mercutio.meet('romeo@mantua')
        mercutio.say('romeo@mantua', 'Here.')
        chat.prints('mercutio: Here.')
        chat.write('At last: there.')
        mercutio.expect('message', body='At last: there.')
        nurse.quit()
        chat.prints('* nurse@verona has left')
        self.assertEqual(chat.interrupt(), 0)
        mercutio.expect('contact-removed', name='romeo@mantua')

    def talk(self, program, me, other):
        """A chat with one person talks, tells who comes and goes, and what could not be said."""
        paris = self.chat(self.verona, other, discovery='embedded')
        chat = self.example(self.mantua, program, me, f'{other}@verona')
        chat.prints(f'* You are {me}@mantua')
        chat.prints(f'* {other}@verona is here')
        chat.write('Faith, here ’tis.')
        paris.expect('message', **{'from': f'{me}@mantua'}, body='Faith, here ’tis.')
        paris.say(f'{me}@mantua', 'These times of woe\u202eafford no time to woo…')
        chat.prints(f'{other}: These times of woe afford no time to woo…')
        paris.quit()
        chat.prints(f'* {other}@verona has left')
        chat.write('Hello?')
        chat.prints(f'! {other}@verona is not here')
        self.assertEqual(chat.end_of_input(), 1)

    def talk_not_utf8(self, program, me, other):
        """A chat with one person refuses what is no text, and leaves with a goodbye."""
        benvolio = self.chat(self.verona, other, discovery='embedded')
        chat = self.example(self.mantua, program, me, f'{other}@verona')
        benvolio.meet(f'{me}@mantua')
        self.refuse(chat)
        benvolio.expect('contact-removed', name=f'{me}@mantua')

    if 'CHAT_VALA' in os.environ:  # else this is built without the Vala binding
        def test_vala(self):
            self.talk(os.environ['CHAT_VALA'], 'nurse', 'paris')

        def test_vala_not_utf8(self):
            self.talk_not_utf8(os.environ['CHAT_VALA'], 'nurse', 'benvolio')

    if 'GJS' in os.environ:  # else there is no JavaScript here
        def test_gjs(self):
            self.talk('chat.js', 'peter', 'gregory')

        def test_gjs_not_utf8(self):
            self.talk_not_utf8('chat.js', 'peter', 'sampson')

        def test_gjs_interrupted(self):
            """Ctrl-C ends the chat in JavaScript with a goodbye, though nothing more is typed."""
            abram = self.chat(self.verona, 'abram', discovery='embedded')
            chat = self.example(self.mantua, 'chat.js', 'peter', 'abram@verona')
            abram.meet('peter@mantua')
            self.assertEqual((chat.interrupt(), chat.errors), (0, []))
            abram.expect('contact-removed', name='peter@mantua')


if __name__ == '__main__':
    main()
