"""Run the program with one call made to fail once.

    python -m tests.support.torture CALL N ARGUMENT…

The Nth call of CALL (a key of `CALLS`) raises or returns what it would if the system failed; all
other calls work as usual. What was read from the server is written to the file `received`, and
whether the failure happened to the file `failed`, both in the current directory.
"""

from __future__ import annotations

import builtins
import curses
import errno
import os
import select
import socket
import sys
from collections.abc import Callable
from typing import Any

RESET = ConnectionResetError(errno.ECONNRESET, "torture")
BROKEN = BrokenPipeError(errno.EPIPE, "torture")
NO_SPACE = OSError(errno.ENOSPC, "torture")
DENIED = PermissionError(errno.EACCES, "torture")
BUSY = BlockingIOError(errno.EAGAIN, "torture")
INPUT_OUTPUT = OSError(errno.EIO, "torture")
CURSES = curses.error("torture")


class Failing:
    """A function, of which one call fails. `counts` tells which calls are counted."""

    def __init__(
        self, function: Callable[..., Any], outcome: object, counts: Callable[..., bool]
    ) -> None:
        self._function, self._outcome, self._counts = function, outcome, counts
        self._calls = 0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if self._counts(*arguments, **named):
            self._calls += 1
            if self._calls == NUMBER:
                note("failed", CALL.encode())
                if isinstance(self._outcome, Exception):
                    raise self._outcome
                return self._outcome
        return self._function(*arguments, **named)

    def __get__(self, instance: object, owner: object) -> Callable[..., Any]:
        return lambda *arguments, **named: self(instance, *arguments, **named)


class Window:
    """A curses window, of which one method fails."""

    def __init__(self, window: Any, method: str) -> None:
        self._window = window
        setattr(self, method, Failing(getattr(window, method), CURSES, always))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._window, name)


def always(*arguments: object, **named: object) -> bool:
    return True


def is_to_server(connection: socket.socket, *arguments: object) -> bool:
    """Whether a call is one of the connection, not of the wake-up."""
    return connection.family == socket.AF_INET


def fail(
    where: object, name: str, outcome: object, counts: Callable[..., bool] = always
) -> Callable[[], None]:
    """Return a function that makes a call of a module's function, or a class's method, fail."""
    return lambda: setattr(where, name, Failing(getattr(where, name), outcome, counts))


def in_window(method: str) -> Callable[[], None]:
    """Return a function that makes a method of the window from `curses.initscr` fail."""
    make = curses.initscr
    return lambda: setattr(curses, "initscr", lambda: Window(make(), method))


CALLS: dict[str, Callable[[], None]] = {
    "recv": fail(socket.socket, "recv", RESET, is_to_server),
    "send": fail(socket.socket, "send", BROKEN, is_to_server),
    "connect": fail(socket.socket, "connect_ex", errno.ECONNREFUSED),
    "setsockopt": fail(socket.socket, "setsockopt", INPUT_OUTPUT),
    "shutdown": fail(socket.socket, "shutdown", INPUT_OUTPUT),
    "getaddrinfo": fail(socket, "getaddrinfo", socket.gaierror(socket.EAI_AGAIN, "torture")),
    "open": fail(builtins, "open", DENIED),
    "open the log": fail(os, "open", DENIED, lambda path, *_: str(path).endswith("log")),
    "write the log": fail(os, "write", NO_SPACE, lambda fd, _: fd > 2 and not os.isatty(fd)),
    "write to the terminal": fail(os, "write", INPUT_OUTPUT, lambda fd, _: os.isatty(fd)),
    "replace": fail(os, "replace", NO_SPACE),
    "makedirs": fail(os, "makedirs", DENIED),
    "get_terminal_size": fail(os, "get_terminal_size", INPUT_OUTPUT),
    "select": fail(select, "select", OSError(errno.ENOMEM, "torture")),
    "resizeterm": fail(curses, "resizeterm", CURSES),
    "doupdate": fail(curses, "doupdate", CURSES),
    "curs_set": fail(curses, "curs_set", CURSES),
    "init_pair": fail(curses, "init_pair", CURSES),
    "raw": fail(curses, "raw", CURSES),
    "read the keyboard": fail(os, "read", BUSY, lambda fd, *_: fd == 0),
    "addstr": in_window("addstr"),
    "move": in_window("move"),
    "clrtoeol": in_window("clrtoeol"),
    "erase": in_window("erase"),
    "noutrefresh": in_window("noutrefresh"),
}


def note(name: str, data: bytes) -> None:
    """Append to one of the files, which were opened before anything failed."""
    FILES[name].write(data)


def keep_what_is_received() -> None:
    """Write down what every `recv` of the connection has brought."""
    recv = socket.socket.recv

    def kept(connection: socket.socket, *arguments: Any) -> bytes:
        data: bytes = recv(connection, *arguments)
        if is_to_server(connection):
            note("received", data)
        return data

    socket.socket.recv = kept  # type: ignore[method-assign]


if __name__ == "__main__":
    CALL, NUMBER = sys.argv[1], int(sys.argv[2])
    FILES = {name: open(name, "ab", buffering=0) for name in ("received", "failed")}  # noqa: SIM115
    from tuichat.cli import main

    keep_what_is_received()
    CALLS[CALL]()
    sys.exit(main(sys.argv[3:]))
