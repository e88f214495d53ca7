"""The terminal: set up, painted, and restored, however the program ends.

Positions and widths are in cells.
"""

from __future__ import annotations

import curses
import os
from itertools import compress
from operator import ne

from ..net.wakeup import SUSPEND, stop
from ..text import clean, clip, width
from ..ui.palette import appearance
from .output import Output
from .setup import Glyphs, attempt, choose_terminal, colours, use_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from ..ui.frame import Frame, Part, Row

_STDOUT = 1
# DEC private modes (xterm ctlseqs). A program that died may have left the mouse on, and cursor
# keys and keypad in their application modes. Alternate scrolling, which sends cursor keys for the
# wheel, is given back as it was; on terminals that cannot save it, it is left on, their default.
_QUIET = "\x1b[?1l\x1b>" + "".join(
    f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1005, 1006, 1015)
)
_KEEP_SCROLLING = "\x1b[?1007s"
_MODES_ON = "\x1b[?1007l\x1b[?2004h\x1b[?1004h"  # bracketed paste, focus reports
_MODES_OFF = "\x1b[?1004l\x1b[?2004l\x1b[?1007h\x1b[?1007r"
_MOUSE_ON = "\x1b[?1000h\x1b[?1006h"
_HOME = "\x1b[H"
_TITLE_KEEP, _TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"  # xterm ctlseqs, XTWINOPS
_TITLE_NONE = "\x1b]2;\x07"  # for terminals that cannot save it
# Terminals that take OSC 2 for a title, by the start of TERM; the Linux console would print it.
_TITLED = (
    "xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "kitty", "konsole", "gnome", "vte",
    "st-", "wezterm", "ghostty", "iterm",
)  # fmt: skip
_TITLE_MAX = 200  # characters
_ATTRIBUTES = {
    "bold": curses.A_BOLD,
    "dim": curses.A_DIM,
    "reverse": curses.A_REVERSE,
    "underline": curses.A_UNDERLINE,
}
_PAIRS_MAX = 256  # beyond it the number wraps: color_pair(300) is pair 44
# The palette numbers colours as ECMA-48 does (1 is red), PDCurses as the PC did (1 is blue).
_BASIC_COLOURS = (
    curses.COLOR_BLACK, curses.COLOR_RED, curses.COLOR_GREEN, curses.COLOR_YELLOW,
    curses.COLOR_BLUE, curses.COLOR_MAGENTA, curses.COLOR_CYAN, curses.COLOR_WHITE,
)  # fmt: skip


def _first_difference(shown: Sequence[Row | None], wanted: Sequence[Row]) -> int:
    """Return how many rows at the start are the same."""
    alike = min(len(shown), len(wanted))
    return next(compress(range(alike), map(ne, shown, wanted)), alike)


class Attributes(dict[str, int]):
    """Curses' attributes by the name of a style, on a terminal with `depth` colours.

    A colour pair is allotted when it is first needed; if none is left, the text has no colour.
    """

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._pairs: dict[int, int] = {}

    def __missing__(self, style: str) -> int:
        looks = appearance(style, self._depth)
        attributes = self._pair(looks.fg) if looks.fg >= 0 else 0
        for name in looks.attributes:
            attributes |= _ATTRIBUTES[name]
        self[style] = attributes
        return attributes

    def _pair(self, colour: int) -> int:
        """Return the attribute for a foreground colour."""
        if colour not in self._pairs:
            number = len(self._pairs) + 1
            known = colour if colour >= 16 else _BASIC_COLOURS[colour % 8] | colour & 8
            if number >= min(curses.COLOR_PAIRS, _PAIRS_MAX) or not attempt(
                curses.init_pair, number, known, -1
            ):
                return 0
            self._pairs[colour] = number
        return curses.color_pair(self._pairs[colour])


class Screen:
    """The terminal on standard input and output, as a context manager.

    Enter it inside `wakeup.Wakeup`. The caller must check that both are terminals: curses does
    not.
    """

    window: curses.window  # for `Console` to read from on Windows; it has no part in painting
    output: Output  # `Loop` lets it write when the terminal is ready

    def __init__(self, mouse: bool = False, colour: bool = True) -> None:
        """Prepare. `mouse`: take the wheel and clicks; then the user can select only with Shift."""
        self.mouse = mouse
        self._colour = colour
        self._controls = False  # whether the terminal understands control sequences
        self._titled = False
        self._title = ""
        self._glyphs = Glyphs()
        self._attributes = Attributes(0)
        self._shown: Sequence[Part] = ()  # the parts of the last frame, () if unknown
        self._unwrapped: list[str] | None = None
        self._cursor_shown = True
        self._in_modes = False

    def __enter__(self) -> Screen:
        """Take the terminal. Raises `ScreenError` if it cannot show a full screen."""
        use_utf8()
        if os.name != "nt":
            self._controls = choose_terminal()
            self._titled = self._controls and os.environ["TERM"].startswith(_TITLED)
        self.output = Output()
        self._canvas = curses.initscr()
        try:
            self._set_up()
        except BaseException:
            self._restore()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._restore()
        self.output.close()

    def size(self) -> tuple[int, int]:
        """Return the window's rows and columns."""
        return self._canvas.getmaxyx()

    def resize(self) -> None:
        """Adopt the terminal's size, after SIGWINCH or a "resize" key."""
        if os.name == "nt":
            self.redraw()  # PDCurses has the new size before it sends KEY_RESIZE
            return
        try:
            cols, rows = os.get_terminal_size(self.output.fd)
        except OSError:
            return  # the terminal has gone; `Keys` finds that out
        if rows < 1 or cols < 1:
            return
        if (rows, cols) == self.size():
            self.redraw()  # it may have been smaller for a moment, and lost what it showed
            return
        self.output.end()
        attempt(curses.resizeterm, rows, cols)
        self.output.begin(rows * cols)
        self.redraw()

    def paint(self, frame: Frame) -> None:
        """Show a frame. Only rows that differ from those of the last one are drawn."""
        rows, cols = self._canvas.getmaxyx()
        if self._titled and frame.title != self._title:
            self._set_title(frame.title)
        if frame.unwrapped is not None and self._controls:
            self._paint_unwrapped(frame, rows)
            return
        if self._unwrapped is not None:
            self.redraw()
        for top, shown, wanted in self._changes(frame.parts, rows):
            if len(wanted) > 1:
                self._move_up(top, shown, wanted)
            for number, row in compress(enumerate(wanted, top), map(ne, wanted, shown)):
                self._draw(number, row, rows, cols)
        self._shown = frame.parts
        self._place_cursor(frame.cursor, rows, cols)
        self._canvas.noutrefresh()
        curses.doupdate()
        self.output.flush()

    def _changes(
        self, parts: Sequence[Part], rows: int
    ) -> list[tuple[int, list[Row | None], list[Row]]]:
        """Return each stretch of the screen that may differ: its first row, what is shown, what is
        wanted. A part that is the same object as before is the same.
        """
        sizes = [*map(len, parts)]
        if sizes == [*map(len, self._shown)] and sum(sizes) == rows:
            top = 0
            changes: list[tuple[int, list[Row | None], list[Row]]] = []
            for size, shown, wanted in zip(sizes, self._shown, parts, strict=True):
                if shown is not wanted:
                    changes.append((top, [*shown], wanted))
                top += size
            return changes
        known: list[Row | None] = [row for part in self._shown for row in part]
        if len(known) != rows:
            known = [None] * rows
        wanted = [row for part in parts for row in part][:rows]
        return [(0, known, wanted + [()] * (rows - len(wanted)))]

    def _move_up(self, first: int, shown: list[Row | None], wanted: list[Row]) -> None:
        """Move up the rows that a new message only moves, instead of drawing them again.

        `first` is the row of the screen where both begin; `shown` is changed like the screen.
        """
        top = _first_difference(shown, wanted)
        if top == len(wanted) or wanted[top] not in shown[top:]:
            return
        by = shown.index(wanted[top], top) - top
        end = top + _first_difference(shown[top + by :], wanted[top:])
        self._canvas.move(first + top, 0)
        self._canvas.insdelln(-by)
        self._canvas.move(first + end, 0)
        self._canvas.insdelln(by)
        shown[top : end + by] = [*shown[top + by : end + by], *[None] * by]

    def _paint_unwrapped(self, frame: Frame, rows: int) -> None:
        """Let the terminal itself wrap the frame's lines, so that it copies them in one piece."""
        if frame.unwrapped == self._unwrapped:
            return
        self.redraw()
        self._canvas.move(0, 0)
        self._canvas.refresh()
        self.output.flush()
        self._unwrapped = frame.unwrapped
        # The last sequence puts the cursor back where curses expects it.
        self._write(_HOME + "\r\n".join(frame.unwrapped or []) + _HOME)
        self._draw(rows - 1, frame.parts[-1][-1], rows, self.size()[1])
        self._place_cursor(None, rows, 1)
        self._canvas.refresh()
        self.output.flush()

    def redraw(self) -> None:
        """Let the next `paint` draw everything again, whatever the terminal shows."""
        self._shown = ()
        self._unwrapped = None
        self._canvas.erase()
        self._canvas.clearok(True)

    def bell(self) -> None:
        """Ring."""
        attempt(curses.beep)
        self.output.flush()

    def suspend(self) -> bool:
        """Stop, as Ctrl-Z does elsewhere, until continued; return False if that is impossible."""
        if not SUSPEND:
            return False
        self._leave()
        stop()
        self.resume()
        return True

    def resume(self) -> None:
        """Take the terminal again, after SIGCONT: others have used it meanwhile."""
        rows, cols = self.size()
        self.output.end()
        attempt(curses.reset_prog_mode)
        self.output.begin(rows * cols)
        self._enter_modes()
        self.resize()
        self.redraw()

    def _set_up(self) -> None:
        curses.raw()  # in cbreak mode Ctrl-S would freeze the program, Ctrl-\ kill it
        curses.noecho()
        curses.nonl()
        curses.typeahead(-1)  # or refresh() polls for input while it writes
        if self._colour:
            self._attributes = Attributes(colours())
        if os.name == "nt":
            self._set_up_console()
        rows, cols = self.size()
        self.output.begin(rows * cols)
        curses.doupdate()  # or half a sequence may still be in curses' buffer
        self.output.flush()
        self._enter_modes()
        self.resize()  # initscr() trusts LINES and COLUMNS in the environment

    def _set_up_console(self) -> None:
        # get_wch() refreshes the window it is called for, unless that is a pad: only
        # `paint` is to paint, once a frame.
        self.window = curses.newpad(1, 1)
        self.window.keypad(True)
        self.window.nodelay(True)
        if self.mouse:
            wheel_down = getattr(curses, "BUTTON5_PRESSED", 0)
            curses.mouseinterval(0)
            curses.mousemask(curses.BUTTON1_PRESSED | curses.BUTTON4_PRESSED | wheel_down)

    def _restore(self) -> None:
        """Restore the terminal; a failure here must not mask the error being raised."""
        attempt(curses.curs_set, 1)
        self._leave()

    def _leave(self) -> None:
        attempt(curses.endwin)
        self.output.end()
        self._leave_modes()
        self.output.leave()

    def _enter_modes(self) -> None:
        if self._controls:
            keep = "" if self._in_modes else _KEEP_SCROLLING + _TITLE_KEEP * self._titled
            self._write(_QUIET + keep + _MODES_ON + _MOUSE_ON * self.mouse)
        self._in_modes = True
        if self._title:
            self._set_title(self._title)

    def _leave_modes(self) -> None:
        if self._controls and self._in_modes:
            self._write(_QUIET + _MODES_OFF)
        if self._titled and self._in_modes:
            self._write((_TITLE_NONE if self._title else "") + _TITLE_BACK)
        self._in_modes = False

    def _set_title(self, text: str) -> None:
        self._title = text
        self._write(f"\x1b]2;{clean(text)[:_TITLE_MAX]}\x07")

    def _write(self, text: str) -> None:
        """Send what curses cannot. Between paints its buffer is empty, so the order is kept."""
        self.output.put(text.encode("utf-8", "replace"))

    def _draw(self, number: int, row: Row, rows: int, cols: int) -> None:
        """Draw one row, each span at its own column: terminals differ about the width of emoji."""
        canvas, attributes, column = self._canvas, self._attributes, 0
        canvas.move(number, 0)
        canvas.clrtoeol()
        for text, style in row:
            if text.isascii():
                cells = len(text)
            else:
                cells, text = width(text), text.translate(self._glyphs)
            if column + cells > cols:
                text = clip(text, cols - column)
            if text:
                try:
                    canvas.addstr(number, column, text, attributes[style])
                except curses.error:
                    # The bottom right cell is drawn, and then the cursor has nowhere to go.
                    if number < rows - 1 or column + width(text) < cols:
                        raise
            column += cells

    def _place_cursor(self, cursor: tuple[int, int] | None, rows: int, cols: int) -> None:
        if cursor is not None:
            row, column = cursor
            self._canvas.move(min(row, rows - 1), min(column, cols - 1))
        if (cursor is not None) != self._cursor_shown:
            self._cursor_shown = cursor is not None
            attempt(curses.curs_set, int(self._cursor_shown))
