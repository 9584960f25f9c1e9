# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a person sees of the tool: the rows of a terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import threading
import unicodedata

from programs import PATIENCE, Program

PIECE = re.compile(r"\x1b\[([?\d;]*)([@-~])|\x1b[=>]|[\r\n\b\a]|[^\x1b]|\x1b", re.DOTALL)


def columns_of(letter):
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


class Rows:
    """As much of an xterm as readline makes use of; what scrolls off is kept."""

    def __init__(self, width):
        self.width = width
        self.cells = [[]]
        self.row = self.column = 0
        self.rest = ""
        self.fed = ""
        self.writes = 0

    def feed(self, text):
        self.writes += 1
        self.fed += text
        text = self.rest + text
        # A sequence may be cut anywhere.
        self.rest = (re.search(r"(\x1b(\[[?\d;]*)?)?$", text) or [""])[0]
        for piece in PIECE.finditer(text.removesuffix(self.rest) if self.rest else text):
            if piece[2]:
                self._obey(piece[2], piece[1])
            elif piece[0] == "\r":
                self.column = 0
            elif piece[0] == "\n":
                self._down(1)
            elif piece[0] == "\b":
                self.column = max(0, min(self.column, self.width) - 1)
            elif piece[0] >= " ":
                self._put(piece[0])

    def _down(self, count):
        self.row += count
        while len(self.cells) <= self.row:
            self.cells.append([])

    def _put(self, letter):
        taken = columns_of(letter)
        if self.column + taken > self.width:
            self.column = 0
            self._down(1)
        cells = self.cells[self.row]
        cells.extend(" " * (self.column + taken - len(cells)))
        if taken == 0:
            cells[self.column - 1] += letter
        else:
            cells[self.column:self.column + taken] = [letter] + [""] * (taken - 1)
        self.column += taken

    def _obey(self, letter, parameters):
        number = int(parameters) if parameters.isdigit() else 1
        cells = self.cells[self.row]
        if letter == "A":
            self.row = max(0, self.row - number)
        elif letter == "B":
            self._down(number)
        elif letter == "C":
            self.column = min(self.width - 1, self.column + number)
        elif letter == "D":
            self.column = max(0, self.column - number)
        elif letter == "K":
            del cells[self.column:]
        elif letter == "J":
            del cells[self.column:]
            del self.cells[self.row + 1:]
        elif letter == "P":
            del cells[self.column:self.column + number]
        elif letter == "@":
            cells[self.column:self.column] = " " * number
        else:
            assert letter in "mhl", f"the terminal does not know {letter!r}"

    def lines(self):
        return ["".join(cells).rstrip() for cells in self.cells]


class Screen(Program):
    """A chat on a terminal."""

    def __init__(self, *arguments, stdin=None, inputrc="/dev/null"):
        self.terminal, inside = pty.openpty()
        self.stop, self.stopper = os.pipe()
        self.rows = Rows(80)
        self._set_size(80)
        os.environ["TERM"] = "xterm"
        os.environ["INPUTRC"] = inputrc
        super().__init__(*arguments, stdin=stdin or inside, stdout=inside)
        os.close(inside)
        reader = threading.Thread(target=self._watch, daemon=True)
        reader.start()
        self.readers.append(reader)

    def _set_size(self, width):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))

    def _watch(self):
        rest = b""
        while True:
            # Who waits in a read would keep the terminal from being closed.
            if self.stop in select.select([self.terminal, self.stop], [], [])[0]:
                os.close(self.terminal)
                return
            try:
                rest += os.read(self.terminal, 4096)
            except OSError:
                return
            # A letter may be cut, too.
            text = rest.decode("utf-8", "ignore")
            rest = rest[len(text.encode()):]
            with self.came:
                self.rows.feed(text)
                self.came.notify_all()

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def resize(self, width):
        """Makes it wider or narrower; done when the program has drawn its line again."""
        with self.came:
            self.rows.width = width
            writes = self.rows.writes
            self._set_size(width)
            # It is not the one that controls the program, and tells it nothing by itself.
            self.process.send_signal(signal.SIGWINCH)
            assert self.came.wait_for(lambda: self.rows.writes > writes, PATIENCE)

    def displays(self, *rows):
        """Waits until the last rows are these; “HH:MM” is any time."""
        def are_there():
            lines = [re.sub(r"^\d\d:\d\d ", "HH:MM ", line) for line in self.rows.lines()]
            while lines and not lines[-1]:
                del lines[-1]
            return lines[-len(rows):] == list(rows)
        with self.came:
            assert self.came.wait_for(are_there, PATIENCE), \
                "\n".join([*rows, "---", *self.rows.lines()])

    def hang_up(self):
        os.close(self.stopper)
