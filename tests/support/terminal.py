"""Whole programs on a terminal: a pseudo-terminal, a keyboard and an emulated screen.

    with Terminal(["python3", "-m", "tuichat", "--demo"], home=tmp_path) as terminal:
        terminal.wait("rooms")
        terminal.type("/join general")
        terminal.press("Enter")
        terminal.wait("nick")

What needs neither keyboard nor screen (signals, the end) is in `program`. Every wait is
for a condition, with a limit, and none sleeps. The harness needs POSIX.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from wcwidth import wcwidth

from tests.support.emulator import Cell, Emulator
from tests.support.keyboard import key_bytes
from tests.support.program import Program

PRIVATE_MODES = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
# DEC private modes (xterm ctlseqs) that a program must leave as they were, and how they were.
MODES_AT_REST = {
    1: ("application cursor keys", False),
    7: ("automatic wrapping", True),
    25: ("a visible cursor", True),
    47: ("the alternate screen", False),
    1047: ("the alternate screen", False),
    1049: ("the alternate screen", False),
    1000: ("mouse clicks", False),
    1002: ("mouse drags", False),
    1003: ("mouse movements", False),
    1004: ("focus reports", False),
    1006: ("SGR mouse reports", False),
    2004: ("bracketed paste", False),
}


def bordered(rows: Sequence[str], cols: int | None = None) -> str:
    """Draw rows of text in a box, to be compared or read in a test's failure.

    Arguments: the rows; the width in cells, or None for that of the widest row.
    """
    widths = [sum(max(0, wcwidth(character)) for character in row) for row in rows]
    cols = max(widths, default=0) if cols is None else cols
    body = [
        f"│{row}{' ' * (cols - width)}│" for row, width in zip(rows, widths, strict=True)
    ]
    return "\n".join(["┌" + "─" * cols + "┐", *body, "└" + "─" * cols + "┘"])


class Terminal(Program):
    """A program, and the terminal it runs on.

    Arguments: the program with its arguments; `home`, a directory that becomes HOME and holds the
    XDG directories; the size in cells; changes to the otherwise clean environment (None removes).
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        home: Path,
        cols: int = 100,
        rows: int = 30,
        env: Mapping[str, str | None] | None = None,
    ) -> None:
        self._emulator = Emulator(cols, rows)
        self._shown = 0
        super().__init__(argv, home, cols, rows, env or {})

    # What the user does

    def type(self, text: str) -> None:
        """Type text, character by character as a keyboard would; Enter is `press("Enter")`."""
        self.send(text.encode())

    def press(self, *names: str) -> None:
        """Press keys, by the names of `key_bytes`."""
        for name in names:
            self.send(key_bytes(name, self.mode(1)))

    def paste(self, text: str, *, ended: bool = True) -> None:
        """Paste text as xterm does: line ends become CR, in brackets if the program asked.

        Arguments: `ended=False` leaves out the end code, as a connection that drops it would.
        """
        data = text.replace("\r\n", "\r").replace("\n", "\r").encode()
        if self.mode(2004):
            data = b"\x1b[200~" + data + b"\x1b[201~" * ended
        self.send(data)

    def resize(self, cols: int, rows: int) -> None:
        """Give the terminal another size in cells. The kernel sends SIGWINCH."""
        with self._changed:
            self._look()
            if cols and rows:
                self._emulator.screen.resize(rows, cols)
            self._set_size(cols, rows)

    # What the user sees

    @property
    def screen(self) -> list[str]:
        """The rows on screen, without blanks on their right."""
        with self._changed:
            return self._look().rows()

    @property
    def text(self) -> str:
        """The rows on screen, joined by newlines."""
        return "\n".join(self.screen)

    @property
    def cursor(self) -> tuple[int, int]:
        """The cell of the cursor, as (column, row) from 0."""
        with self._changed:
            cursor = self._look().screen.cursor
            return cursor.x, cursor.y

    @property
    def cursor_visible(self) -> bool:
        """Whether the cursor is shown."""
        with self._changed:
            return not self._look().screen.cursor.hidden

    @property
    def title(self) -> str:
        """The title of the window."""
        with self._changed:
            return str(self._look().screen.title)

    @property
    def bells(self) -> int:
        """How often the bell has rung."""
        with self._changed:
            return self._look().screen.bells

    @property
    def alternate(self) -> bool:
        """Whether the alternate screen is shown."""
        with self._changed:
            return self._look().screen.alternate

    def mode(self, number: int) -> bool:
        """Whether the program has set a DEC private mode, e.g. 2004 for bracketed paste."""
        with self._changed:
            return self._look().private_mode(number)

    def cell(self, col: int, row: int) -> Cell:
        """One cell, with its attributes: data, fg, bg, bold, dim, underscore, reverse, …"""
        with self._changed:
            return self._look().screen.buffer[row][col]

    def cells(self, text: str) -> list[Cell]:
        """The cells of the first place on screen where `text` is, for its attributes."""
        with self._changed:
            screen = self._look().screen
            for y in range(screen.lines):
                row = [screen.buffer[y][x] for x in range(screen.columns)]
                start = "".join(cell.data for cell in row).find(text)
                if start >= 0:
                    # Cells and characters differ where the row holds wide or combining ones.
                    ends = [len("".join(c.data for c in row[:x])) for x in range(len(row) + 1)]
                    return row[ends.index(start) : ends.index(start + len(text))]
        raise AssertionError(f"{text!r} is not on the screen:\n{self.picture()}")

    def picture(self) -> str:
        """The screen in a box."""
        with self._changed:
            emulator = self._look()
            return bordered(emulator.rows(), emulator.screen.columns)

    # Waiting

    def wait(
        self,
        wanted: str | re.Pattern[str] | Callable[[Terminal], object],
        seconds: float = 10,
    ) -> str:
        """Wait until something is on the screen, and return the text of that screen.

        Arguments: the text (rows have no blanks at their end), a pattern to be found in the text,
        or a function of this terminal that becomes true. It is checked whenever the program has
        written or ended; what happens elsewhere (on a server, say) must be waited for there. Raises
        AssertionError, with the screen, when the time is over or the program has ended without it.
        """
        with self._changed:  # so that nothing is written between the wait and the look
            self._wait_until(lambda: _holds(wanted, self), seconds, f"{_worded(wanted)}")
            return self.text

    def wait_gone(self, text: str, seconds: float = 10) -> str:
        """Wait until a text is no longer on the screen, and return the text of that screen."""
        with self._changed:
            self._wait_until(lambda: text not in self.text, seconds, f"{text!r} to be gone")
            return self.text

    def restored(self) -> bool:
        """Whether the terminal is as the program found it. Raises AssertionError if it is not."""
        wrong = self._faults()
        assert not wrong, f"the terminal is left with {', '.join(wrong)}:\n{self.picture()}"
        return True

    def _look(self) -> Emulator:
        """The emulator, having seen everything. The caller holds the lock."""
        if self._shown < len(self._raw):
            self._emulator.feed(bytes(self._raw[self._shown :]))
            self._shown = len(self._raw)
        return self._emulator

    def _describe(self) -> str:
        return self.picture()

    def _faults(self) -> list[str]:
        faults = [] if self.settings_restored else ["other termios"]
        last = {}
        for numbers, final in PRIVATE_MODES.findall(self.raw):
            for number in numbers.split(b";"):
                last[int(number or 0)] = final == b"h"
        faults += [
            f"{name} (mode {number}) {'off' if rest else 'on'}"
            for number, (name, rest) in MODES_AT_REST.items()
            if last.get(number, rest) != rest
        ]
        keypad = re.findall(rb"\x1b([=>])", self.raw)
        if keypad[-1:] == [b"="]:
            faults.append("the application keypad on")
        if self.title:
            faults.append(f"the title {self.title!r}")
        with self._changed:
            attributes = self._look().screen.cursor.attrs
            if attributes != self._emulator.screen.default_char:
                faults.append("colours or attributes on")
        return faults


def _holds(
    wanted: str | re.Pattern[str] | Callable[[Terminal], object], terminal: Terminal
) -> object:
    if isinstance(wanted, str):
        return wanted in terminal.text
    if isinstance(wanted, re.Pattern):
        return wanted.search(terminal.text)
    return wanted(terminal)


def _worded(wanted: object) -> str:
    if isinstance(wanted, str):
        return repr(wanted)
    return repr(wanted.pattern) if isinstance(wanted, re.Pattern) else "a condition"
