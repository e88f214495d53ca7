"""Terminals and locales of every kind, or none: a session where possible, else a sentence."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.program import environment
from tests.support.stages import Chat, Serve, enter
from tests.support.terminal import Terminal

TUICHAT = [sys.executable, "-m", "tuichat"]
TERMS = [
    None, "", "unknown", "no-such-terminal", "vt100", "vt220", "ansi", "linux", "screen",
    "screen-256color", "tmux-256color", "xterm", "xterm-kitty", "rxvt",
]  # fmt: skip
LOCALES: list[Mapping[str, str | None]] = [
    {"LC_ALL": "C"},
    {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "1"},
    {"LC_ALL": "xx_XX.ISO-8859-15"},
    {"LANG": None, "LC_ALL": None, "PYTHONCOERCECLOCALE": "0"},
]
COLOURS = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m")


@pytest.mark.parametrize("term", TERMS)
def test_terminals_of_every_kind(chat: Chat, serve: Serve, term: str | None) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, env={"TERM": term}, cols=80, rows=24)
    server.say("é and 中")
    terminal.wait("bob │ é and 中")
    terminal.type("hello")
    terminal.press("Enter")
    server.wait(lambda: "hello" in server.commands)
    terminal.wait("ann │ hello")
    terminal.press("C-q")
    assert terminal.wait_exit() == 0
    assert terminal.restored()


@pytest.mark.parametrize("arguments", [(), ("--demo",), ("localhost",)])
def test_a_dumb_terminal_is_told_of_the_line_mode(chat: Chat, arguments: tuple[str, ...]) -> None:
    terminal = chat(*arguments, env={"TERM": "dumb"})
    assert terminal.wait_exit() == 2
    assert terminal.raw == (
        b"tuichat: This terminal (TERM=dumb) cannot show a full screen. Use --plain.\r\n"
    )


@pytest.mark.parametrize("env", LOCALES)
def test_any_locale(chat: Chat, serve: Serve, env: Mapping[str, str | None]) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, env=env)
    server.say("é and 中")
    terminal.wait("bob │ é and 中")
    terminal.type("ß 文")
    terminal.wait("ann› ß 文")
    terminal.press("Backspace", "Enter")
    server.wait(lambda: "ß " in server.commands)


@pytest.mark.parametrize("variable", ["", "NO_COLOR"])
def test_colours_unless_no_color_is_set(chat: Chat, serve: Serve, variable: str) -> None:
    server = serve("lf")
    env = {variable: "1"} if variable else {}
    terminal = enter(chat, server.address, env=env)
    server.say("hello")
    server.say("ann: look at this")
    terminal.wait("look at this")
    assert bool(COLOURS.search(terminal.raw)) is (variable == "")
    assert all(cell.bold or cell.reverse for cell in terminal.cells("ann: look"))


DIRECT = r"""
xterm-direct|colours by red green and blue, use=xterm-256color, RGB, colors#0x1000000,
 pairs#0x7FFF,
 setaf=\E[%?%p1%{8}%<%t3%p1%d%e38\:2\:\:%p1%{65536}%/%d\:%p1%{256}%/%{255}%&%d\:%p1%{255}%&%d%;m,
"""


@pytest.mark.skipif(not shutil.which("tic"), reason="this system has no tic")
def test_a_terminal_of_direct_colours_gets_the_basic_ones(
    chat: Chat, serve: Serve, tmp_path: Path
) -> None:
    """There the palette's numbers would be shades of blue, close to black."""
    (tmp_path / "direct").write_text(DIRECT)
    subprocess.run(["tic", "-x", "-o", tmp_path / "terminfo", tmp_path / "direct"], check=True)
    server = serve("lf")
    env = {"TERM": "xterm-direct", "TERMINFO": str(tmp_path / "terminfo")}
    terminal = enter(chat, server.address, env=env)
    server.say("look at this")
    terminal.wait("look at this")
    assert b"38:2" not in terminal.raw
    assert terminal.cells("│ look")[0].fg == "magenta"


def test_eight_colours_are_enough(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, env={"TERM": "linux"})
    server.say("hello")
    terminal.wait("bob │ hello")
    assert COLOURS.search(terminal.raw)
    assert b"38;5" not in terminal.raw


# No terminal

NO_TERMINAL = b"tuichat: not a terminal. Use --plain to read and print lines.\n"


@pytest.mark.parametrize("arguments", [(), ("--demo",), ("localhost",)])
def test_no_terminal_at_all(home: Path, arguments: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [*TUICHAT, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(home, {}),
        timeout=10,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, b"", NO_TERMINAL)


@pytest.mark.parametrize(
    "redirection", ["</dev/null", ">/dev/null", "<&-", ">&-", "<&- >&-", "</dev/null >/dev/null"]
)
def test_standard_input_or_output_is_no_terminal_or_closed(
    terminal: Callable[..., Terminal], redirection: str
) -> None:
    started = terminal(["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *TUICHAT])
    assert started.wait_exit() == 2
    assert started.raw.replace(b"\r", b"") == NO_TERMINAL


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_standard_error_is_not_needed(
    terminal: Callable[..., Terminal], serve: Serve, redirection: str
) -> None:
    server = serve("lf")
    arguments = (server.address, "--framing", "lf", "--room", "general", "--nick", "ann")
    command = ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *TUICHAT, *arguments]
    started = terminal(command)
    started.wait("● #general as ann")
    server.say("hello")
    started.wait("bob │ hello")
    started.press("F10")
    assert started.wait_exit() == 0
    assert started.restored()
