"""A dozen dialects through the real program on a pseudo-terminal: the table of what a user sees.

All run at the same time: a step yields when something was typed, and all type before any waits.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack

import pytest

from tests.support.dialects import DialectServer
from tests.support.sessions import KNOBS
from tests.support.terminal import Terminal

Step = Generator[None, None, None]
NAMES = [
    "course", "bare-exact", "bare-text-echo", "lf", "crlf", "lf-echo-colon", "crlf-echo-angle",
    "lf-echo-square", "nul-padded", "list-one-send", "glued", "dribble-bare", "slow-2s",
    "greeting-bare", "comma-who",
]  # fmt: skip
MINE = "one fine day"
TALK = ["/join bad", "/join general", "/nick taken", "/nick ann", MINE, "/who", "/logout"]


class Seat:
    """Somebody at a terminal, and the server of some dialect; what failed, by step."""

    def __init__(self, name: str, server: DialectServer, terminal: Terminal) -> None:
        self.name = name
        self.server = server
        self.terminal = terminal
        self.failed: dict[str, str] = {}

    def write(self, line: str) -> None:
        self.terminal.type(line)
        self.terminal.press("Enter")

    def wait(self, text: str) -> None:
        self.terminal.wait(text, 30)

    # The steps, in order, each the answer to one question

    def list(self) -> Step:
        """Does it show the rooms?"""
        yield
        self.wait("This is the lobby")
        self.wait("generalrandomRoom42" if self.name == "glued" else "▸ general")

    def refused(self) -> Step:
        """Is a refused room told in words, and asked for again?"""
        self.write("bad")
        yield
        self.wait("The server rejected “bad”")
        self.wait("room› bad")
        self.terminal.press("C-u")

    def join(self) -> Step:
        """Does a room open?"""
        self.write("general")
        yield
        self.wait("Which nick")

    def taken(self) -> Step:
        """Is a taken nick told in words, and asked for again?"""
        self.write("taken")
        yield
        self.wait("“taken” is already taken in general")
        self.wait("nick› taken")
        self.terminal.press("C-u")
        self.write("ann")
        yield
        self.wait("● #general as ann")

    def message_in(self) -> Step:
        """Is what others say shown, once?"""
        self.server.say("good morning to you")
        yield
        self.wait("good morning to you")
        assert self.terminal.text.count("good morning to you") == 1

    def message_out(self) -> Step:
        """Does the server get what is said?"""
        self.write(MINE)
        yield
        self.server.wait(lambda: MINE in self.server.commands)
        self.wait(MINE)

    def who(self) -> Step:
        """Does F2 tell who is here?"""
        self.terminal.press("F2")
        yield
        self.wait("bobann" if self.name == "glued" else ": bob, ann")

    def own_once(self) -> Step:
        """Are the user's own words shown once, echoed or not?"""
        self.server.say("good night")
        yield
        self.wait("good night")
        assert self.terminal.text.count(MINE) == 1

    def logout(self) -> Step:
        """Does F10 log out, and restore the terminal?"""
        self.terminal.press("F10")
        yield
        assert self.terminal.wait_exit() == 0
        assert self.terminal.restored()
        self.server.wait(lambda: self.server.commands[-1] == "/logout")
        assert self.server.commands[-len(TALK) :] == TALK


STEPS: list[Callable[[Seat], Step]] = [
    Seat.list, Seat.refused, Seat.join, Seat.taken, Seat.message_in, Seat.message_out, Seat.who,
    Seat.own_once, Seat.logout,
]  # fmt: skip


@pytest.fixture(scope="module")
def seats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Seat]]:
    """All of them, after the last step; one that fails at a step skips the rest."""
    with ExitStack() as running:
        made = {}
        for name in NAMES:
            server = running.enter_context(DialectServer(name, **KNOBS))
            argv = [sys.executable, "-m", "tuichat", server.address]
            home = tmp_path_factory.mktemp("home")
            terminal = running.enter_context(Terminal(argv, home=home))
            made[name] = Seat(name, server, terminal)
        # A server whose messages only pauses separate must not have to wait for all the others.
        alone = [made["dribble-bare"]]
        for group in (alone, [seat for seat in made.values() if seat not in alone]):
            for step in STEPS:
                steps = {seat: step(seat) for seat in group}
                while steps:
                    steps = {seat: going for seat, going in steps.items() if _go_on(seat, going)}
        yield made


def _go_on(seat: Seat, step: Step) -> bool:
    """Let somebody go on with a step; True if there is more of it."""
    if seat.failed:
        seat.failed[step.__name__] = "not reached"
        return False
    try:
        next(step)
    except StopIteration:
        return False
    except AssertionError as mistake:
        seat.failed[step.__name__] = str(mistake)
        return False
    return True


@pytest.mark.parametrize("step", [step.__name__ for step in STEPS])
@pytest.mark.parametrize("name", NAMES)
def test_a_dialect(name: str, step: str, seats: dict[str, Seat]) -> None:
    assert step not in seats[name].failed, seats[name].failed[step]
