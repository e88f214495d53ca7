"""Each call that can fail, made to fail once: the program goes on, or ends cleanly.

Cleanly: the terminal is restored, then a sentence or traceback is printed once; nothing hangs, and
nothing that had been received is lost (`tests.support.torture`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.dialects import DialectServer
from tests.support.stages import NO_CONNECTION, Serve, in_room
from tests.support.terminal import Terminal

Start = Callable[..., Terminal]

# The calls that may fail in ordinary use: the user is told, and goes on.
GOES_ON = {
    "recv": (1, 2, 4),
    "send": (1, 2, 3),
    "connect": (1,),
    "setsockopt": (1, 3),
    "shutdown": (1,),
    "getaddrinfo": (1,),
    "open": (1, 2, 3),
    "open the log": (1,),
    "write the log": (1, 3),
    "write to the terminal": (1, 2),
    "replace": (1,),
    "makedirs": (1,),
    "get_terminal_size": (1,),
    "read the keyboard": (1, 3),
    "resizeterm": (1,),
    "curs_set": (1,),
    "init_pair": (1,),
}
# Those that never fail, or without which it cannot go on: it ends, and the traceback says where.
ENDS = {
    "select": (1, 9),
    "doupdate": (1, 4),
    "raw": (1,),
    "addstr": (1, 9, 60),
    "move": (1, 9, 60),
    "clrtoeol": (1, 20),
    "erase": (1,),
    "noutrefresh": (1, 5),
}


class Over(Exception):
    """The program has ended before it was told to."""


class Tortured:
    """A session in which the Nth call fails: `go` plays it to its end, whatever happens."""

    def __init__(self, start: Start, serve: Serve, home: Path, call: str, number: int) -> None:
        self.server: DialectServer = serve("lf")
        self.home = home
        self.seen: list[str] = []
        argv = [
            sys.executable, "-m", "tests.support.torture", call, str(number), self.server.address,
            "--framing", "lf", "--room", "general", "--nick", "ann", "--log", "log",
        ]  # fmt: skip
        self.terminal = start(argv, home=home, cols=80, rows=24)

    def go(self) -> None:
        """Hear, say, look, resize, and leave; until it ends by itself."""
        with suppress(Over):
            self._play()
        self.terminal.wait_exit()

    def _play(self) -> None:
        self._arrive()
        for number in range(3):
            self.server.say(f"message {number}")
            self._until(f"message {number}")
            self.terminal.type(f"answer {number}")
            self._until(f"› answer {number}")  # without a connection, Enter would not say it
            self.terminal.press("Enter")
            self._until(f"│ answer {number}")
        self.terminal.press("F1")
        self._until("Esc closes")
        self.terminal.press("C-l", "Esc")
        self.terminal.resize(90, 28)  # larger: all is seen even where this fails
        self.server.say("message 3")
        self._until("message 3")
        self.terminal.press("C-u", "C-k", "F10")

    def _arrive(self) -> None:
        """Get into the room; connect again where that failed."""
        self._wait(in_room())
        while NO_CONNECTION in self.seen[-1]:
            self.terminal.press("Enter")
            self.terminal.wait(lambda terminal: NO_CONNECTION not in terminal.text)
            self._wait(in_room())

    def _until(self, text: str) -> None:
        """Wait for a text that is not there yet, or lose the connection and get a new one."""
        self._wait(in_room(), text)
        if NO_CONNECTION in self.seen[-1]:
            self._arrive()

    def _wait(self, *texts: str) -> None:
        """Wait for the texts or for a loss, and keep the screen that has it."""

        def holds(terminal: Terminal) -> bool:
            screen = terminal.text
            shown = NO_CONNECTION in screen or all(text in screen for text in texts)
            return shown or terminal.status is not None

        self.seen.append(self.terminal.wait(holds))
        if self.terminal.status is not None:
            raise Over

    @property
    def failed(self) -> bool:
        """Whether the call has failed."""
        return (self.home / "failed").read_bytes() != b""

    @property
    def lost(self) -> set[str]:
        """What was received and is neither in the log nor was on the screen."""
        log = self.home / "log"
        kept = "\n".join([*self.seen, log.read_text("utf-8") if log.exists() else ""])
        received = (self.home / "received").read_text("utf-8").split("\n")
        return {line for line in received if line.startswith("bob> ") and line[5:] not in kept}

    @property
    def afterwards(self) -> str:
        """What the program wrote after it had restored the terminal."""
        return self.terminal.raw.rpartition(b"\x1b[?1049l")[2].decode()


@pytest.mark.parametrize("call", [*GOES_ON, *ENDS])
def test_a_call_fails(terminal: Start, serve: Serve, tmp_path: Path, call: str) -> None:
    for number in (GOES_ON | ENDS)[call]:
        session = Tortured(terminal, serve, tmp_path / str(number), call, number)
        session.go()
        assert session.failed, f"{call} is not called {number} times"
        assert session.terminal.restored()
        assert not session.lost
        assert session.terminal.raw.count(b"Traceback") == (call in ENDS)
        assert session.terminal.status in ((1,) if call in ENDS else (0, 69))
        if call in ENDS:
            assert "torture" in session.afterwards
