#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The chat with a window in JavaScript, used by somebody at a screen."""
import os

from gi.repository import GLib
from xep174lab import LabTest, Process, main
from xep174lab.desktop import Desktop
from xep174lab.lab import await_that

PROGRAM = f"{os.environ['SOURCE_ROOT']}/examples/gjs/gtk-chat.js"


class Window(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona', bus=False, avahi=False)
        cls.mantua = lab.add('mantua', bus=False, avahi=False)

    def await_shown(self, what, check):
        """check() is given one thing that the window shows; a tree that changes meanwhile is read again."""
        def look():
            try:
                return any(check(found) for application in self.desktop.applications()
                           for found in application.walk())
            except GLib.Error:
                return None
        return await_that(what, look, pause=0.05)

    def await_said(self, words):
        self.await_shown(words, lambda found: found.role.startswith('text') and words in found.text)

    def test_talk(self):
        """S7 D14: what is typed is sent, what comes is shown, and closing the window says goodbye."""
        self.desktop = Desktop(self.mantua)
        self.addCleanup(self.desktop.close)
        nurse = self.chat(self.verona, 'nurse', discovery='embedded')
        window = Process(self.mantua, 'gtk-chat.js', [os.environ['GJS'], '-m', PROGRAM, 'peter'],
                         {'GI_TYPELIB_PATH': os.environ['GI_TYPELIB_PATH'],
                          **self.desktop.environment})
        self.addCleanup(window.kill)
        nurse.meet('peter@mantua')
        self.await_said('You are peter@mantua')
        self.await_shown('nurse', lambda found: found.label == 'nurse')
        self.desktop.tool('xdotool', 'search', '--sync', '--onlyvisible', '--name', '^Chat$',
                          'windowfocus', '--sync')
        self.await_shown('focus', lambda found: found.role.startswith('text') and found.focused)
        self.desktop.type('Anon!')
        self.desktop.key('Return')
        nurse.hear('peter@mantua', 'Anon!')
        self.await_said('me → nurse: Anon!')
        nurse.tell('peter@mantua', 'Before, and apace.')
        self.await_said('nurse: Before, and apace.')
        self.desktop.screenshot('gjs-window')
        self.desktop.key('ctrl+q')
        nurse.expect('contact-removed', name='peter@mantua')
        self.assertEqual((window.wait(), window.errors), (0, []))


if __name__ == '__main__':
    main()
