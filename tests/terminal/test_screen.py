"""The screen on real pseudo-terminals: what a user sees, and the terminal restored."""

from __future__ import annotations

import re
import signal
import sys

import pytest

from tests.support.terminal import Terminal

# A program that paints what it is told. Its rows come from the keyboard as Python literals, each
# line `rows, cursor` or the name of a method.
PAINTER = """
import ast, os, select, signal, sys, time
from tuichat.terminal.keyboard import Keys
from tuichat.terminal.keydecoder import Typed
from tuichat.terminal.screen import Screen
from tuichat.terminal.setup import ScreenError
from tuichat.net.wakeup import CONTINUE, ENDING, RESIZE, SUSPEND, Wakeup

class Frame:
    title = ""
    unwrapped = None

    rows = [((" ready ", "status"),)]
    cursor = None

    @property
    def parts(self):
        return [self.rows]

def obey(screen, frame, line):
    if line.startswith("title "):
        frame.title = line[6:]
    elif line == "raise":
        raise LookupError("an error of the program")
    elif line == "quit":
        raise SystemExit(0)
    elif line in ("bell", "suspend", "redraw"):
        getattr(screen, line)()
    else:
        frame.rows, frame.cursor = ast.literal_eval(line)

def serve(wakeup, screen):
    frame, keys, line = Frame(), Keys(screen), ""
    while True:
        screen.paint(frame)
        timeout = None if keys.due is None else max(0, keys.due - time.monotonic())
        readable = select.select([0, wakeup], [], [], timeout)[0]
        now = time.monotonic()
        for number in wakeup.drain():
            if number in ENDING:
                raise SystemExit(128 + number)
            if number == SUSPEND:
                screen.suspend()
            if number in (RESIZE, CONTINUE):
                screen.resize() if number == RESIZE else screen.resume()
                frame.rows = [((f"size {screen.size()}", ""),), *frame.rows[1:]]
        for event in keys.read(now) if 0 in readable else keys.expire(now):
            if isinstance(event, Typed):
                line += event.text
            elif event.name == "enter":
                obey(screen, frame, line)
                line = ""
        if keys.gone:
            raise SystemExit(129)

try:
    with Wakeup() as wakeup, Screen(colour="mono" not in sys.argv) as screen:
        serve(wakeup, screen)
except ScreenError as error:
    sys.exit(str(error))
"""


def painter(tmp_path, *arguments: str, ready: bool = True, **options) -> Terminal:
    options = {"cols": 40, "rows": 6} | options
    terminal = Terminal([sys.executable, "-c", PAINTER, *arguments], home=tmp_path, **options)
    if ready:
        terminal.wait("ready")
    return terminal


def tell(terminal: Terminal, line: object) -> None:
    terminal.type(line if isinstance(line, str) else ascii(line))
    terminal.press("Enter")


def show(terminal: Terminal, *rows: object, cursor: tuple[int, int] | None = None) -> None:
    """Have rows painted; a row is text or spans."""
    tell(terminal, [[((row, ""),) if isinstance(row, str) else row for row in rows], cursor])


# Painting


def test_rows_spans_and_the_cursor(tmp_path):
    with painter(tmp_path) as terminal:
        assert terminal.alternate
        assert not terminal.cursor_visible
        show(terminal, "first", (("left ", "bold"), ("right", "reverse")), cursor=(1, 3))
        expected = ["first", "left right", "", "", "", ""]
        terminal.wait(lambda terminal: terminal.screen == expected)
        assert all(cell.bold for cell in terminal.cells("left"))
        assert all(cell.reverse for cell in terminal.cells("right"))
        terminal.wait(lambda terminal: terminal.cursor == (3, 1))
        terminal.wait(lambda terminal: terminal.cursor_visible)


def test_wide_and_combining_text_shifts_nothing(tmp_path):
    with painter(tmp_path) as terminal:
        show(terminal, (("中文", "bold"), ("e\u0301|", ""), ("end", "own")), cursor=(0, 39))
        terminal.wait("end")
        assert terminal.screen[0] == "中文é|end"


def test_only_changed_rows_are_written(tmp_path):
    with painter(tmp_path) as terminal:
        show(terminal, "one", "two", "three", cursor=(0, 0))
        terminal.wait("three")
        terminal.wait(lambda terminal: terminal.cursor == (0, 0))
        before = len(terminal.raw)
        show(terminal, "one", "TWO", "three", cursor=(0, 0))
        terminal.wait("TWO")
        terminal.wait(lambda terminal: terminal.cursor == (0, 0))
        written = terminal.raw[before:]
        assert b"TWO" in written
        assert b"one" not in written
        assert b"three" not in written
        assert len(written) < 40


MOVES = {
    "a row": ("bar a b c ok", "bar b c d ok"),
    "all but one": ("bar a b c ok", "bar c d e ok"),
    "over others that change": ("bar a b c ok", "BAR b c d OK"),
    "out of blank ones": ("bar _ _ a ok", "bar _ a b ok"),
    "among the same again": ("bar a a a ok", "bar a a b ok"),
    "onto the same again": ("a b a b a b", "b a b a b c"),
    "down": ("bar b c d ok", "bar a b c ok"),
    "a part": ("a b c d e f", "b c x d e f"),
    "around": ("a b c d e f", "f a b c d e"),
    "of the last row": ("a b c d e f", "b c d e f f"),
    "wide": ("中文 é b c ok", "é b c 中文字 ok"),
}


@pytest.mark.parametrize(("before", "after"), MOVES.values(), ids=MOVES)
def test_rows_that_move(tmp_path, before, after):
    with painter(tmp_path) as terminal:
        for picture in (before, after, before):
            rows = [" " if row == "_" else row for row in picture.split()]
            show(terminal, *rows)
            expected = [row.strip() for row in rows] + [""] * (6 - len(rows))
            terminal.wait(lambda terminal, expected=expected: terminal.screen == expected)


def test_fewer_rows_leave_blank_ones(tmp_path):
    with painter(tmp_path) as terminal:
        show(terminal, "one", "two", "three")
        terminal.wait("three")
        show(terminal, "uno")
        terminal.wait(lambda terminal: terminal.screen == ["uno", "", "", "", "", ""])


def test_the_whole_screen_to_the_last_cell(tmp_path):
    rows = ["0123456789"] * 6
    with painter(tmp_path, cols=10) as terminal:
        show(terminal, *rows)
        terminal.wait(lambda terminal: terminal.screen == rows)
        rows[5] = "abcdefg中x"
        show(terminal, *rows)
        terminal.wait(lambda terminal: terminal.screen == rows)


def test_a_frame_for_another_size_is_cut_and_never_wraps(tmp_path):
    """It was made before the terminal shrank."""
    with painter(tmp_path, cols=10) as terminal:
        row = (("0123456", "bold"), ("789中文ABC", ""), ("more", "dim"))
        show(terminal, *[row] * 9, cursor=(20, 50))
        terminal.wait(lambda terminal: terminal.screen == ["0123456789"] * 6)
        col, row = terminal.cursor
        assert (min(col, 9), row) == (9, 5)  # pyte counts one further after a row's last cell
        show(terminal, "12345678中", "123456789中", "x")
        expected = ["12345678中", "123456789", "x", "", "", ""]
        terminal.wait(lambda terminal: terminal.screen == expected)


@pytest.mark.parametrize(
    ("term", "arguments", "colour"),
    [
        ("xterm-256color", (), "0087af"),
        ("xterm", (), "blue"),
        ("xterm-256color", ("mono",), "default"),
    ],
)
def test_colours_at_each_depth(tmp_path, term, arguments, colour):
    with painter(tmp_path, *arguments, env={"TERM": term}) as terminal:
        row = (("nick", "nick:4"), ("plain", ""), ("quiet", "dim"))
        show(terminal, row if colour != "blue" else (("nick", "nick:1"), *row[1:]))
        terminal.wait("nick")
        assert {cell.fg for cell in terminal.cells("nick")} == {colour}
        assert {cell.bg for cell in terminal.cells("nickplainquiet")} == {"default"}
        assert {cell.fg for cell in terminal.cells("plainquiet")} == {"default"}


def test_bell_and_redraw(tmp_path):
    with painter(tmp_path) as terminal:
        assert terminal.bells == 0
        tell(terminal, "bell")
        terminal.wait(lambda terminal: terminal.bells == 1)
        before = len(terminal.raw)
        tell(terminal, "redraw")
        terminal.wait(lambda terminal: b"ready" in terminal.raw[before:])


# The title


def test_the_title_is_set_safely_and_given_back(tmp_path):
    with painter(tmp_path) as terminal:
        tell(terminal, "title #general (3!) \u2013 tuichat")
        terminal.wait(lambda terminal: terminal.title == "#general (3!) – tuichat")
        tell(terminal, "title a\u202eb\u009c" + "x" * 500)
        terminal.wait(lambda terminal: terminal.title.startswith("a<U+202E>b<U+009C>xx"))
        assert len(terminal.title) <= 200
        tell(terminal, "quit")
        assert terminal.wait_exit() == 0
        assert terminal.restored()


def test_a_title_is_taken_away_where_none_is_kept(tmp_path):
    with painter(tmp_path) as terminal:
        tell(terminal, "title mine")
        terminal.wait(lambda terminal: terminal.title == "mine")
        tell(terminal, "quit")
        assert terminal.wait_exit() == 0
        titles = re.findall(rb"\x1b\]2;(.*?)\x07|(\x1b\[23;2t)", terminal.raw)
        assert titles == [(b"mine", b""), (b"", b""), (b"", b"\x1b[23;2t")]


@pytest.mark.parametrize("term", ["linux", "vt100"])
def test_a_terminal_without_titles_gets_none(tmp_path, term):
    with painter(tmp_path, env={"TERM": term}) as terminal:
        tell(terminal, "title nowhere")
        show(terminal, "shown")
        terminal.wait("shown")
        assert b"nowhere" not in terminal.raw


# Terminals


@pytest.mark.parametrize(
    "term",
    ["xterm", "xterm-256color", "screen", "tmux-256color", "linux", "vt100", "ansi"]
    + ["xterm-mono", "no-such-terminal", "unknown", "", None],
)
def test_terminals_of_every_kind(tmp_path, term):
    with painter(tmp_path, env={"TERM": term}) as terminal:
        show(terminal, (("here", "nick:3"), ("!", "alert")), cursor=(0, 0))
        terminal.wait("here!")
        tell(terminal, "quit")
        assert terminal.wait_exit() == 0
        assert b"Traceback" not in terminal.raw
        assert terminal.restored()


def test_a_dumb_terminal_is_refused_in_a_sentence(tmp_path):
    with painter(tmp_path, ready=False, cols=100, env={"TERM": "dumb"}) as terminal:
        assert terminal.wait_exit() == 1
        assert terminal.text.strip() == (
            "This terminal (TERM=dumb) cannot show a full screen. Use --plain."
        )
        assert terminal.restored()


@pytest.mark.parametrize("locale", ["C", "xx_YY.UTF-8", "C.UTF-8"])
def test_text_is_drawn_whatever_the_locale(tmp_path, locale):
    with painter(tmp_path, env={"LC_ALL": locale}) as terminal:
        show(terminal, "é中ł")
        terminal.wait("é中ł")


# Sizes


@pytest.mark.parametrize(("cols", "rows"), [(1, 1), (2, 2), (5, 1), (1, 200), (200, 1), (500, 500)])
def test_every_size_and_back_without_a_key(tmp_path, cols, rows):
    with painter(tmp_path) as terminal:
        show(terminal, "first", "second", "third中", cursor=(2, 4))
        terminal.wait("third")
        terminal.resize(cols, rows)
        terminal.wait(lambda terminal: terminal.screen[0].startswith("size"[:cols]))
        terminal.resize(0, 0)
        terminal.resize(40, 6)
        expected = ["size (6, 40)", "second", "third中", "", "", ""]
        terminal.wait(lambda terminal: terminal.screen == expected)
        tell(terminal, "quit")
        assert terminal.wait_exit() == 0
        assert terminal.restored()


def test_the_environments_size_is_not_believed(tmp_path):
    with painter(tmp_path, env={"LINES": "3", "COLUMNS": "20"}) as terminal:
        show(terminal, *"abcdef", cursor=(0, 0))
        terminal.wait(lambda terminal: terminal.screen == [*"abcdef"])
        terminal.resize(60, 10)
        terminal.wait("size (10, 60)")


def test_a_storm_of_sizes_ends_in_the_last(tmp_path):
    with painter(tmp_path) as terminal:
        for number in range(200):
            terminal.resize(20 + number % 60, 5 + number % 20)
        terminal.resize(40, 6)
        terminal.wait(lambda terminal: terminal.screen == ["size (6, 40)"] + [""] * 5)


# Ends


@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"])
def test_signals_restore_the_terminal(tmp_path, number):
    with painter(tmp_path) as terminal:
        tell(terminal, "title mine")
        terminal.wait(lambda terminal: terminal.title == "mine")
        terminal.signal(getattr(signal, number))
        assert terminal.wait_exit() == 128 + getattr(signal, number)
        assert terminal.restored()


def test_an_error_is_told_once_the_terminal_is_back(tmp_path):
    with painter(tmp_path, rows=30, cols=100) as terminal:
        tell(terminal, "raise")
        assert terminal.wait_exit() == 1
        assert terminal.restored()
        assert terminal.text.count("LookupError: an error of the program") == 1
        assert "During handling" not in terminal.text


def test_the_terminal_vanishes(tmp_path):
    with painter(tmp_path) as terminal:
        terminal.hang_up()
        # The shell's signal may come again after the program has restored the handler: to a
        # shell both are 129.
        assert terminal.wait_exit() in (129, -signal.SIGHUP)


@pytest.mark.parametrize("how", ["key", "SIGTSTP"])
def test_suspending_and_coming_back(tmp_path, how):
    with painter(tmp_path) as terminal:
        tell(terminal, "title mine")
        show(terminal, "before", cursor=(0, 2))
        terminal.wait("before")
        if how == "key":
            tell(terminal, "suspend")
        else:
            terminal.signal(signal.SIGTSTP)
        terminal.wait_stopped()
        assert terminal.restored()
        terminal.resize(50, 8)
        terminal.foreground()
        terminal.wait("size (8, 50)")
        assert terminal.alternate
        assert terminal.mode(2004)
        terminal.wait(lambda terminal: terminal.title == "mine")
        show(terminal, "after")
        terminal.wait("after")
        tell(terminal, "quit")
        assert terminal.wait_exit() == 0
        assert terminal.restored()


def test_stopped_and_continued_from_outside(tmp_path):
    with painter(tmp_path) as terminal:
        tell(terminal, "title mine")
        show(terminal, "", "kept", cursor=(0, 2))
        terminal.wait("kept")
        terminal.signal(signal.SIGSTOP)
        terminal.wait_stopped()
        before = len(terminal.raw)
        terminal.foreground()
        terminal.wait(lambda terminal: b"kept" in terminal.raw[before:])
        tell(terminal, "quit")
        assert terminal.wait_exit() == 0
        assert terminal.restored()
