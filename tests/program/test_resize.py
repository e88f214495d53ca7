"""Any size at any moment, and back: no key is needed, and the frame is that of a fresh start."""

from __future__ import annotations

import pytest

from tests.support.stages import Chat, Serve, enter, in_room, painted
from tests.support.terminal import Terminal

SMALL = [(cols, rows) for cols in range(1, 6) for rows in range(1, 6)]
EXTREMES = [(1, 200), (200, 1), (500, 500), (1, 1), (2, 500), (500, 2)]


def fresh(terminal: Terminal, prompt: str, typed: str) -> list[str]:
    """What the screen shows when it is erased and everything is painted again."""
    before = len(terminal.raw)
    terminal.press("C-l")
    terminal.wait(lambda terminal: len(terminal.raw) > before)
    terminal.wait(painted(prompt, typed))
    return terminal.screen


@pytest.mark.parametrize("sizes", [SMALL, EXTREMES], ids=["1x1 to 5x5", "extremes"])
def test_every_size_and_back(chat: Chat, serve: Serve, sizes: list[tuple[int, int]]) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, cols=80, rows=24)
    for number in range(30):
        server.say(f"line {number} 中文 " + "word " * (number % 5 * 8))
    terminal.type("draft")
    terminal.wait("line 29")
    terminal.wait(painted("ann› ", "draft"))
    usual = terminal.screen
    for cols, rows in sizes:
        before = len(terminal.raw)
        terminal.resize(cols, rows)
        terminal.wait(lambda terminal, before=before: len(terminal.raw) > before)
        terminal.resize(80, 24)
        terminal.wait(painted("ann› ", "draft"))
        terminal.wait(lambda terminal: terminal.screen == usual)
    assert fresh(terminal, "ann› ", "draft") == usual


def test_shrunk_and_back_at_once(chat: Chat, serve: Serve) -> None:
    """The program sees the same size as before; but what the terminal shows is lost."""
    server = serve("lf")
    terminal = enter(chat, server.address, cols=80, rows=24)
    usual = terminal.screen
    for _ in range(20):
        terminal.resize(10, 5)
        terminal.resize(80, 24)
        terminal.wait(lambda terminal: terminal.screen == usual)


def test_at_each_small_size_the_input_line_is_there(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, cols=80, rows=24)
    terminal.type("abc")
    terminal.wait(painted("ann› ", "abc"))
    for cols, rows in SMALL:
        shown = "abc"[-(cols - 2) :] if cols > 2 else ""
        terminal.resize(cols, rows)
        terminal.wait(lambda terminal, shown=shown: terminal.screen[-1].endswith(shown))
        place = max(0, min(3, cols - 2)), rows - 1
        terminal.wait(lambda terminal, place=place: terminal.cursor == place)


def test_a_terminal_of_no_size_changes_nothing(chat: Chat, serve: Serve) -> None:
    """Some report 0×0 for a moment, or forever."""
    server = serve("lf")
    terminal = enter(chat, server.address, cols=80, rows=24)
    usual = terminal.screen
    for size in ((0, 0), (80, 0), (0, 24)):
        terminal.resize(*size)
        terminal.type("x")
        terminal.wait(painted("ann› ", "x"))
        terminal.press("Backspace")
        terminal.wait(painted("ann› ", placeholder="type here"))
    assert terminal.screen == usual


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (500, 500)])
def test_started_at_any_size(chat: Chat, serve: Serve, size: tuple[int, int]) -> None:
    server = serve("lf")
    arguments = (server.address, "--framing", "lf", "--room", "general", "--nick", "ann")
    terminal = chat(*arguments, cols=size[0], rows=size[1])
    server.wait(lambda: server.members("general") == ["bob", "ann"])
    terminal.resize(80, 24)
    # What was drawn for the other size may still come in, and place the cursor as well.
    is_painted = painted("ann› ", placeholder="type here")
    terminal.wait(lambda terminal: is_painted(terminal) and in_room() in terminal.screen[-2])


def test_exported_lines_and_columns_are_not_believed(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    exported = {"LINES": "10", "COLUMNS": "20"}
    terminal = enter(chat, server.address, cols=100, rows=30, env=exported)
    for cols, rows in ((80, 24), (120, 40)):
        terminal.resize(cols, rows)
        terminal.wait(painted("ann› ", placeholder="type here"))
        terminal.wait(lambda terminal, cols=cols: len(terminal.screen[0]) == cols - 1)


def test_resized_two_hundred_times_in_a_flood(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, cols=80, rows=24)
    terminal.type("draft")
    for number in range(200):
        for _ in range(10):
            server.say(f"in the flood {number}")
        terminal.resize(20 + number * 7 % 100, 3 + number % 30)
    terminal.resize(80, 24)
    server.say("the end of the flood")
    terminal.wait("the end of the flood")
    terminal.wait(painted("ann› ", "draft"))
    last = terminal.screen
    assert fresh(terminal, "ann› ", "draft") == last
    assert in_room() in last[-2]
    terminal.press("C-u", "C-Home")
    terminal.wait("Entering general")
