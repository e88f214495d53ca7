"""The program brought to each of its stages, for tests of what can happen in any of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.dialects import DialectServer
from tests.support.faults import black_hole
from tests.support.terminal import Terminal

Chat = Callable[..., Terminal]
Serve = Callable[..., DialectServer]

# The server sends lines, and the program is told so: it need not find out, and nothing waits.
LINES = ("--framing", "lf")
ASK = "Which server?"
LOBBY = "This is the lobby"
NAMING = "Which nick"
PEOPLE = re.compile(r"There are \d+ people in the room")
NO_CONNECTION = "○ no connection"


def in_room(nick: str = "ann") -> str:
    """What the status bar shows in the room `general`."""
    return f"● #general as {nick}"


def painted(prompt: str, typed: str = "", placeholder: str = "") -> Callable[[Terminal], bool]:
    """A condition: the frame is whole, with this in the input line and the cursor after it.

    The cursor is placed last. `placeholder` is what an empty line suggests, right of the cursor.
    """

    def holds(terminal: Terminal) -> bool:
        rows = terminal.screen
        place = (len(prompt + typed), len(rows) - 1)
        return rows[-1] == prompt + typed + placeholder and terminal.cursor == place

    return holds


def enter(
    chat: Chat, address: str, *arguments: str, nick: str = "ann", **options: object
) -> Terminal:
    """Start tuichat with a server of lines, and wait until it is in the room `general`."""
    given = (address, *LINES, "--room", "general", "--nick", nick, *arguments)
    terminal = chat(*given, **options)
    terminal.wait(in_room(nick))
    terminal.wait(PEOPLE)  # the last of what the server says to a newcomer
    terminal.wait(painted(f"{nick}› ", placeholder="type here"))
    return terminal


class Stages:
    """Starts the program and brings it to a stage: `start(stage)` for each name in `NAMES`."""

    # What is on the screen then.
    NAMES = {
        "asking": ASK, "connecting": "○ connecting to", "lobby": LOBBY, "naming": NAMING,
        "room": "● #general as", "lost": NO_CONNECTION, "overlay": "Esc closes",
    }  # fmt: skip

    def __init__(self, chat: Chat, home: Path) -> None:
        self._chat = chat
        self._home = home
        self._count = 0
        self._exit = ExitStack()
        self._server: DialectServer | None = None
        self._hole = 0

    @property
    def server(self) -> DialectServer:
        """The server of all stages but the first two."""
        if self._server is None:
            self._server = self._exit.enter_context(DialectServer("lf"))
        return self._server

    def start(self, stage: str, **options: object) -> Terminal:
        """Return a terminal with the program at a stage, with a home and a nick of its own."""
        self._count += 1
        options = {"home": self._home / str(self._count), **options}
        started: Terminal = getattr(self, f"_{stage}")(f"ann{self._count}", **options)
        started.wait(self.NAMES[stage])
        return started

    def _asking(self, nick: str, **options: object) -> Terminal:
        return self._chat(**options)

    def _connecting(self, nick: str, **options: object) -> Terminal:
        self._hole = self._hole or self._exit.enter_context(black_hole())
        return self._chat(f"127.0.0.1:{self._hole}", **options)

    def _lobby(self, nick: str, **options: object) -> Terminal:
        return self._chat(self.server.address, *LINES, **options)

    def _naming(self, nick: str, **options: object) -> Terminal:
        return self._chat(self.server.address, *LINES, "--room", "general", **options)

    def _room(self, nick: str, **options: object) -> Terminal:
        return enter(self._chat, self.server.address, nick=nick, **options)

    def _lost(self, nick: str, **options: object) -> Terminal:
        """Without a connection, and not trying again."""
        terminal = self._room(nick, **options)
        self.server.kick(nick)
        terminal.wait("retry in")
        terminal.press("C-c")
        terminal.wait_gone("retry in")
        return terminal

    def _overlay(self, nick: str, **options: object) -> Terminal:
        terminal = self._room(nick, **options)
        terminal.press("F1")
        return terminal

    def close(self) -> None:
        """End the server."""
        self._exit.close()


@contextmanager
def stages(chat: Chat, home: Path) -> Iterator[Stages]:
    """All stages, ended afterwards."""
    made = Stages(chat, home)
    try:
        yield made
    finally:
        made.close()
