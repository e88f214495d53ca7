"""Signals and job control: however it ends, the terminal is as it was, and the status says why."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.stages import LINES, PEOPLE, Chat, Serve, Stages, enter, in_room, painted, stages
from tests.support.terminal import Terminal

ENDING = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131}
IGNORING_HANGUPS = (
    "import os, signal, sys;"
    "signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    "os.execv(sys.executable, [sys.executable, '-m', 'tuichat', *sys.argv[1:]])"
)


def status(terminal: Terminal) -> int:
    """The exit status as a shell tells it.

    A second signal may find the program on its way out, with the terminal restored already.
    """
    exited = terminal.wait_exit()
    return 128 - exited if exited < 0 else exited


@pytest.fixture
def stage(chat: Chat, home: Path) -> Iterator[Stages]:
    """The program in any of its stages."""
    with stages(chat, home) as made:
        yield made


@pytest.mark.parametrize("name", Stages.NAMES)
def test_a_signal_ends_it_in_good_order(stage: Stages, name: str) -> None:
    started = {number: stage.start(name, cols=80, rows=24) for number in ENDING}
    for number, terminal in started.items():
        terminal.signal(number)
    for number, terminal in started.items():
        assert terminal.wait_exit() == ENDING[number]
        assert terminal.restored()
        assert "Traceback" not in terminal.text


def test_a_signal_while_it_leaves(chat: Chat, serve: Serve) -> None:
    """A message still waits for its turn on a server without framing."""
    server = serve("bare-exact", rooms={"general": ("bob", "carol", "dora", "emil", "fred")})
    terminal = chat(server.address, "--framing", "bare", "--room", "general", "--nick", "ann")
    terminal.wait(in_room())
    terminal.wait(PEOPLE)  # the more there are, the longer a message waits
    for text in ("one", "two", "three", "/logout"):
        terminal.type(text)
        terminal.press("Enter")
    terminal.wait("Leaving as soon as")
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_exit() == 143
    assert terminal.restored()


def test_the_keys_of_signals_are_keys(chat: Chat, serve: Serve) -> None:
    """Ctrl-S freezes nothing, Ctrl-\\ and Ctrl-C end nothing."""
    server = serve("lf")
    terminal = enter(chat, server.address)
    terminal.press("C-s", "C-\\", "C-c", "C-c")
    terminal.wait("The line is empty. To quit: F10, Ctrl-Q or /logout.")
    terminal.type("draft")
    terminal.press("C-s", "C-\\")
    terminal.wait("ann› draft")
    terminal.press("C-c")
    terminal.wait("Cleared. Ctrl-C again brings it back.")
    terminal.press("C-c")
    terminal.wait("ann› draft")
    server.say("still here?")
    terminal.wait("still here?")


def test_suspended_and_continued_at_another_size(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, cols=100, rows=30)
    terminal.type("draft")
    terminal.wait("ann› draft")
    for cols, rows in ((60, 12), (120, 40)):
        terminal.press("C-z")
        terminal.wait_stopped()
        assert terminal.restored()
        terminal.resize(cols, rows)
        server.say(f"said while it was stopped before {cols}")
        terminal.foreground()
        terminal.wait(f"said while it was stopped before {cols}")
        terminal.wait(painted("ann› ", "draft"))
        assert terminal.alternate
        assert terminal.mode(2004)
        assert in_room() in terminal.screen[-2]
    terminal.press("C-u", "F10")
    assert terminal.wait_exit() == 0
    assert terminal.restored()


@pytest.mark.parametrize("name", Stages.NAMES)
def test_suspended_in_any_stage(stage: Stages, name: str) -> None:
    terminal = stage.start(name)
    terminal.press("C-z")
    terminal.wait_stopped()
    assert terminal.restored()
    terminal.foreground()
    terminal.wait(lambda terminal: terminal.alternate and stage.NAMES[name] in terminal.text)
    terminal.signal(signal.SIGTERM)
    assert status(terminal) == 143
    assert terminal.restored()


@pytest.mark.parametrize("number", ENDING)
def test_ended_while_suspended(chat: Chat, serve: Serve, number: signal.Signals) -> None:
    """As `kill %1` in a shell does it: the signal, then SIGCONT, in the background."""
    server = serve("lf")
    terminal = enter(chat, server.address)
    terminal.press("C-z")
    terminal.wait_stopped()
    terminal.signal(number)
    terminal.signal(signal.SIGCONT)
    assert status(terminal) == ENDING[number]
    assert terminal.restored()


@pytest.mark.parametrize("command", ["/suspend", "a signal"])
def test_other_ways_to_suspend_it(chat: Chat, serve: Serve, command: str) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address)
    if command == "a signal":
        terminal.signal(signal.SIGTSTP)
    else:
        terminal.type(command)
        terminal.press("Enter")
    terminal.wait_stopped()
    assert terminal.restored()
    terminal.foreground()
    terminal.wait(in_room())


@pytest.mark.skipif(not shutil.which("bash"), reason="this system has no bash")
@pytest.mark.parametrize(
    "command", ["{}", "sh script", "bash script", "time ( {}; true )", "( {}; true )"]
)
def test_suspended_under_whatever_started_it(
    terminal: Callable[..., Terminal], serve: Serve, home: Path, command: str
) -> None:
    """The shell's prompt comes at once, and `fg` brings all of it back."""
    server = serve("lf")
    program = f"{sys.executable} -m tuichat {server.address} --room general --nick ann"
    (home / "script").write_text(f"{program}\necho script goes on\n")
    shell = terminal(["bash", "--norc", "--noprofile", "-i"], env={"PS1": "ready> "})
    shell.wait("ready>")
    shell.type(command.format(program))
    shell.press("Enter")
    shell.wait(in_room())
    for number in (1, 2):
        shell.press("C-z")
        shell.wait(lambda shell: not shell.alternate and "Stopped" in shell.text)
        shell.type(f"echo $(({number} + 40)) is here")
        shell.press("Enter")
        shell.wait(f"{number + 40} is here")
        shell.type("fg")
        shell.press("Enter")
        shell.wait(lambda shell: shell.alternate and in_room() in shell.text)
    shell.press("C-q")
    shell.wait(lambda shell: not shell.alternate)
    if "script" in command:
        shell.wait("script goes on")
    shell.type("exit 7")
    shell.press("Enter")
    assert shell.wait_exit() == 7


def test_stopped_from_outside_it_paints_everything_anew(chat: Chat, serve: Serve) -> None:
    """SIGSTOP cannot be caught: others may have written over the screen, and reset the terminal."""
    server = serve("lf")
    terminal = enter(chat, server.address, cols=80, rows=24)
    shown = terminal.screen
    terminal.signal(signal.SIGSTOP)
    terminal.wait_stopped()
    before = len(terminal.raw)
    terminal.foreground()
    terminal.wait(lambda terminal: in_room().encode() in terminal.raw[before:])
    terminal.wait(lambda terminal: b"\x1b[?2004h" in terminal.raw[before:])
    terminal.wait(lambda terminal: terminal.screen == shown)
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_exit() == 143
    assert terminal.restored()


def test_the_terminal_vanishes(stage: Stages) -> None:
    started = [stage.start(name) for name in ("asking", "connecting", "lobby", "room", "lost")]
    for terminal in started:
        terminal.hang_up()
    assert [status(terminal) for terminal in started] == [129] * len(started)


def test_the_terminal_vanishes_and_nobody_says_so(
    terminal: Callable[..., Terminal], serve: Serve
) -> None:
    """Started with SIGHUP ignored, as by nohup: it neither stays behind nor spins."""
    server = serve("lf")
    arguments = [server.address, *LINES, "--room", "general", "--nick", "ann"]
    started = terminal([sys.executable, "-c", IGNORING_HANGUPS, *arguments])
    started.wait(in_room())
    started.hang_up()
    assert status(started) == 129


def test_a_storm_of_signals(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, cols=80, rows=24)
    shown = terminal.screen
    for _ in range(1000):
        os.kill(terminal.pid, signal.SIGWINCH)
        os.kill(terminal.pid, signal.SIGCONT)
    terminal.type("after the storm")
    terminal.wait("ann› after the storm")
    assert terminal.screen[:-1] == shown[:-1]
    with suppress(ProcessLookupError):  # it may obey the first before the last is sent
        for _ in range(100):
            os.kill(terminal.pid, signal.SIGTERM)
    assert status(terminal) == 143
    assert terminal.restored()


def fill(terminal: Terminal) -> None:
    """Stop reading the terminal, and let the program paint until it takes nothing more."""
    terminal.stand_still()
    until = time.monotonic() + 10
    while not terminal.is_full:
        assert time.monotonic() < until, "the terminal takes everything"
        terminal.signal(signal.SIGWINCH)


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_it_on_a_terminal_that_nobody_reads(
    chat: Chat, serve: Serve, number: signal.Signals
) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, cols=150, rows=50)
    fill(terminal)
    terminal.signal(number)
    assert terminal.wait_exit() == ENDING[number]
    assert terminal.settings_restored


def test_keys_are_obeyed_on_a_terminal_that_nobody_reads_and_it_shows_all_when_somebody_does(
    chat: Chat, serve: Serve
) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, cols=150, rows=50)
    fill(terminal)
    terminal.type("said blindly")
    terminal.press("Enter")
    server.wait(lambda: "said blindly" in server.commands)
    server.say("shown later")
    terminal.press("F10")
    server.wait(lambda: "/logout" in server.commands)
    assert terminal.is_full
    terminal.read_on()
    assert terminal.wait_exit() == 0
    assert terminal.restored()


def test_a_terminal_that_nobody_read_shows_the_latest(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address, cols=150, rows=50)
    fill(terminal)
    for number in range(100):
        server.say(f"line {number}.")
    terminal.type("draft")
    terminal.read_on()
    terminal.wait("line 99.")
    terminal.wait(painted("ann› ", "draft"))
