"""What is measured: a program, and how it is started; the client and its floors."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from tests.bench.server import Server

ROOT = Path(__file__).resolve().parent.parent.parent
LEAST_PROGRAM = str(Path(__file__).with_name("least.py"))
# Capitals: nothing else on the screen has them, so that curses writes them in one piece.
ROOM, NICK = "LOBBY", "BENCH"
LINES = ("--framing", "lf")  # for a start at which the server need not be known


class Subject(NamedTuple):
    """A program: its name in the tables; the command, with {port} for the server's, and {home}.

    `first` is in the output once the first frame is painted, and `ready` once it is in the room; a
    program without the latter is ready when it has connected. `config` is a file in its home, by
    name and text. `needs` names other programs that it takes, and `keeps` tells whether it keeps
    all that it is told.
    """

    name: str
    argv: tuple[str, ...]
    first: str = ""
    ready: str = ""
    serve: type[Server] = Server
    config: tuple[str, str] | None = None
    needs: str = ""
    keeps: bool = True


def tuichat(
    *options: str, python: tuple[str, ...] = (), module: tuple[str, ...] = ("tuichat",)
) -> Subject:
    """Return the client.

    Arguments: its own options; `python`: options of the interpreter; `module`: what runs it, with
    arguments of its own.
    """
    given = ("127.0.0.1:{port}", "--room", ROOM, "--nick", NICK, *options)
    argv = (sys.executable, *python, "-m", *module, *given)
    return Subject("tuichat", argv, ready=f"{NICK}›")


# Started as most are, with a host and no options, which take a while to parse.
HOST_ALONE = Subject(
    "tuichat", (sys.executable, "-m", "tuichat", "127.0.0.1:{port}"), first="connecting"
)


LEAST = Subject(
    "floor", (sys.executable, LEAST_PROGRAM, "{port}"), first=f"{NICK}>", ready=f"{NICK}>"
)
IMPORT_LINE = "import curses, select, socket; print('IMPORTED')"
IMPORTS = Subject("imports", (sys.executable, "-c", IMPORT_LINE), first="IMPORTED")


def environment(home: str) -> dict[str, str]:
    """Return an environment that does not depend on who measures."""
    return {
        "HOME": home, "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "TZ": "UTC",
    }  # fmt: skip
