# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sits at the chat for the desktop."""
import contextlib
import os
import signal

from gi.repository import GLib

from .lab import await_that
from .process import PATIENCE, Failure, Process

# When a popover opens, without a compositor; seen with GTK 4.24.
GTK_WARNS_ITSELF = 'gdk_frame_timings_submitted() called on submitted frame.'


class GtkChat(Process):
    """One running window.  What it shows is asked for anew each time."""

    port = 5298

    def __init__(self, desktop, user, discovery='embedded', arguments=(), title='Local Chat'):
        program = os.environ.get('XEP174_GTK', '')
        if not os.access(program, os.X_OK):
            raise Failure(f'the chat for the desktop is not there: XEP174_GTK={program!r}')
        self.desktop = desktop
        self.title = title
        self.user = user
        self.name = f'{user}@{desktop.host.name}'
        super().__init__(desktop.host, f'{self.name} (window)',
                         [program, '--user', user, '--discovery', discovery, '--port',
                          str(self.port), *arguments],
                         {**desktop.host.data_of(user), **desktop.environment})
        self.await_shown('window', self._window)
        self.desktop.tool('xdotool', 'windowfocus', '--sync', self._window())

    def _window(self):
        """The X window's number; there is no window manager here who would know more of it."""
        return self.desktop.tool('xdotool', 'search', '--onlyvisible', '--name',
                                 f'^{self.title}$').split()[0]

    def resize(self, width, height):
        self.desktop.tool('xdotool', 'windowsize', self._window(), str(width), str(height))

    # What it shows

    def _root(self):
        for application in self.desktop.applications():
            if application.label == 'xep174-gtk':
                return application
        raise Failure(f'{self.who} is not on the accessibility bus')

    def find(self, role, label):
        """The first such object that has been on the screen, or None."""
        for found in self._root().walk():
            # A button says its mnemonic, and in GTK 4.8 the label once more behind it.
            if found.role == role and found.label.endswith(label) and found.extents[2] > 0:
                return found
        return None

    def labels(self, under=None):
        """Every text on the screen, in order."""
        return [found.label for found in (under or self._root()).walk()
                if found.role == 'label' and found.extents[2] > 0]

    def _rows(self, name):
        found = self.find('list', name)
        return found.children() if found else []

    def people(self):
        """The lines of the list, each as its texts; the picture before them may have initials."""
        people = []
        for row in self._rows('People'):
            line, = row.children()
            people.append([text for part in line.children()[1:] for text in self.labels(part)])
        return people

    def names(self):
        return [texts[0] for texts in self.people()]

    def messages(self):
        """The bubbles, each as its text and what stands below without the time, or a tick's words."""
        found = []
        for row in self._rows('Messages'):
            text, note, *_button = self.labels(row)
            ticks = [tick.label for tick in row.walk()
                     if tick.role == 'image' and tick.extents[2] > 0]
            found.append((text, ''.join([note.partition(' · ')[2], *ticks])))
        return found

    def in_view(self, text):
        """Whether that message can be read where the list stands; others hide behind its edges."""
        _x, top, _width, height = self.find('list', 'Messages').extents
        return any(found.role == 'label' and found.label == text
                   and found.extents[1] >= top
                   and found.extents[1] + found.extents[3] <= top + height
                   for found in self.find('list', 'Messages').walk() if found.extents[3] > 0)

    def await_in_view(self, text):
        self.await_shown(f'message {text!r} in view', lambda: self.in_view(text))

    def await_shown(self, what, check):
        """Waits until the window shows it; a tree that changes while it is read is read again."""
        def look():
            if self.popen.poll() is not None:
                raise RuntimeError(f'{self.who} has ended')
            try:
                return check()
            except (GLib.Error, Failure):
                return None
        try:
            return await_that(f'{what} in {self.who}', look, pause=0.05)
        except Failure as failure:
            raise Failure(f'{failure}; it shows {self.labels()}') from None

    def await_equal(self, what, read, wanted):
        """Waits until it shows just that.  A window is always a moment behind what was done to it: what stands in
        it is never compared at once.  And what must not happen is seen by what is done after it."""
        self.await_shown(f'{what} {wanted!r}', lambda: read() == wanted)

    def await_field(self, field, text):
        self.await_equal('field', lambda: field.text, text)

    def await_beginning(self, text):
        """Waits for a text that begins so."""
        self.await_shown(f'text {text!r}…', lambda: any(label.startswith(text) for label in self.labels()))

    def await_line(self, text):
        """Waits for a text that has such a line in it."""
        self.await_shown(f'line {text!r}', lambda: any(text in label.split('\n') for label in self.labels()))

    def await_gone(self, role, label):
        """Waits until there is no such object."""
        self.await_shown(f'end of {role} {label!r}', lambda: not self.find(role, label))

    def await_label(self, text):
        self.await_shown(f'text {text!r}', lambda: text in self.labels())

    def await_mark(self, words):
        """Waits until the conversation says that above it, and where one writes, too."""
        self.await_shown(f'mark {words!r}', lambda: self.find('image', words) and any(
            label.partition(' · ')[0] == words for label in self.labels()))

    def await_person(self, *texts):
        self.await_shown(f'person {texts}', lambda: list(texts) in self.people())

    def await_message(self, text, state=''):
        self.await_shown(f'message {text!r} {state!r}',
                         lambda: (text, state) in self.messages())

    # What one does

    def middle(self, found):
        """Where it is on the screen.  GTK counts from the one corner of the frame or the other, by
        its version; what is inside the frame tells where that begins."""
        window, = self._root().children()
        inside = window.children()[0].extents
        whole = self.desktop.tool('xdotool', 'getwindowgeometry', '--shell', self._window())
        whole = dict(line.split('=') for line in whole.split())
        x, y, width, height = found.extents
        return (x + width // 2 - inside[0] + (int(whole['WIDTH']) - inside[2]) // 2,
                y + height // 2 - inside[1] + (int(whole['HEIGHT']) - inside[3]) // 2)

    def _click(self, what, look):
        self.desktop.click(*self.middle(self.await_shown(what, look)))

    def press(self, role, label):
        self._click(f'{role} {label!r}', lambda: self.find(role, label))

    def press_for(self, role, label, text):
        """Presses it until the window shows that text: what has just moved is missed by a click."""
        for _ in range(5):
            self.press(role, label)
            with contextlib.suppress(Failure):
                await_that(f'text {text!r}', lambda: text in self.labels(), timeout=4)
                return
        self.await_label(text)

    def answer_dialog(self, title, path):
        """Types a path into the file dialog of that title as soon as the keys go there, and Enter."""
        dialog = self.desktop.await_window(title)
        def field():
            with contextlib.suppress(GLib.Error):
                return next((found for found in self._root().walk()
                             if found.focused and found.label == 'GtkFileChooserEntry'), None)
            return None
        # The key goes astray before the dialog is ready, and a second time takes the field away.
        for _ in range(5):
            self.desktop.tool('xdotool', 'windowfocus', '--sync', dialog)
            self.desktop.key('ctrl+l')
            with contextlib.suppress(Failure):
                entry = await_that('field for a path', field, timeout=4)
                break
        else:
            entry = self.await_shown('field for a path', field)
        self.desktop.type(path)
        self.await_shown(f'{path!r} in the dialog', lambda: entry.text.startswith(path))
        self.desktop.screenshot('file-dialog')
        # A list of what else begins so may stand below the field, and takes the first one.
        for _ in range(5):
            self.desktop.key('Return')
            with contextlib.suppress(Failure):
                await_that('end of the dialog', lambda: not field(), timeout=3)
                return

    def answer_question(self, title, key):
        """Presses the key of an answer as soon as the question is there."""
        question = self.desktop.await_window(title)
        self.desktop.tool('xdotool', 'windowfocus', '--sync', question)
        self.desktop.screenshot('question')
        self.desktop.key(key)

        def closed():
            with contextlib.suppress(Failure):
                return not self.desktop.tool('xdotool', 'search', '--onlyvisible', '--name', f'^{title}$')
            return True
        await_that(f'end of the question {title!r}', closed)
        # It may have been the end of the program.
        with contextlib.suppress(Failure, IndexError):
            self.desktop.tool('xdotool', 'windowfocus', '--sync', self._window())

    def choose(self, person):
        """Clicks on somebody in the list."""
        def row():
            for found in self._rows('People'):
                if person in self.labels(found):
                    return found
            return None
        self._click(f'row of {person}', row)

    def do(self, text, key):
        """Opens the menu of the message with that text, and presses the key of one of its lines."""
        label = 'What to do with this message'
        def button():
            for row in self._rows('Messages'):
                if text in self.labels(row):
                    return next((found for found in row.walk()
                                 if found.label == label and found.extents[2] > 0), None)
            return None
        self._click(f'{label} of {text!r}', button)
        self.await_shown('menu', lambda: self.find('menu item', 'Reply'))
        self.desktop.key(key)

    def scroll(self, direction, clicks=5):
        """Turns the wheel over the messages."""
        x, y = self.middle(self.find('list', 'Messages'))
        self.desktop.tool('xdotool', 'mousemove', str(x), str(y),
                          'click', '--repeat', str(clicks), {'up': '4', 'down': '5'}[direction])

    def scroll_page(self, direction):
        """Turns the wheel over the page to compare the number, to its end."""
        x, y = self.middle(self.find('heading', ''))
        self.desktop.tool('xdotool', 'mousemove', str(x), '300',
                          'click', '--repeat', '20', {'up': '4', 'down': '5'}[direction])

    def await_focus(self, label):
        """Waits until the keys go there: until then they would go astray."""
        def look():
            for found in self._root().walk():
                if found.focused and found.label.replace('_', '') == label:
                    return found
            return None
        return self.await_shown(f'focus on {label!r}', look)

    def await_button_focus(self, label):
        """Like await_focus(): a button may say its label twice."""
        self.await_shown(f'focus on button {label!r}', lambda: self.has_button_focus(label))

    def has_button_focus(self, label):
        found = self.find('button', label)
        return found is not None and found.focused

    def tab_back_to(self, label):
        """Gives the focus to that button with keys alone, backwards from where one writes."""
        def reached():
            if not self.has_button_focus(label):
                self.desktop.key('shift+Tab')
            return self.has_button_focus(label)
        self.await_shown(f'focus on button {label!r}', reached)

    def has_focus(self, label):
        return any(found.focused and found.label.replace('_', '') == label
                   for found in self._root().walk())

    def write_into(self, label, text):
        """Types into that field as soon as the keys go there, and Enter."""
        field = self.await_focus(label)
        self.desktop.type(text)
        self.await_shown(f'{text!r} in {label!r}', lambda: field.text == text)
        self.desktop.key('Return')

    def search(self, text, label='Find somebody'):
        """Puts that into the field for it, in the place of what it holds."""
        self.desktop.key('ctrl+f')
        field = self.await_focus(label)
        self.desktop.type(text)
        self.await_shown(f'{text!r} in the search', lambda: field.text == text)

    def await_people_only(self):
        """Waits until no conversation is in front, so that what comes now is unread."""
        def look():
            rows = self._rows('People')
            return rows and not any(row.selected for row in rows)
        self.await_shown('people only', look)

    def say(self, text):
        self.write_into('Message', text)

    def quit(self):
        if self.popen.poll() is None:
            self.signal(signal.SIGTERM)
        self.end()

    def end(self):
        status = self.wait(PATIENCE)
        if status:
            raise Failure(f'{self.who} ended with status {status}')
        warnings = [line for line in self.errors
                    if '-WARNING **: ' in line and not line.endswith(GTK_WARNS_ITSELF)]
        if warnings:
            raise Failure(f'{self.who} was warned: {warnings}')
