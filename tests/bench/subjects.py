"""The programs that are measured: the client, and floors, which do the work and nothing else."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
LEAST_PROGRAM = str(Path(__file__).with_name("least.py"))
# Capitals: nothing else on the screen has them, so that curses writes them in one piece.
ROOM, NICK = "LOBBY", "BENCH"
ECHO_CODE = """
import os, tty
tty.setraw(0)
while True:
    os.write(1, os.read(0, 4096))
"""


class Subject(NamedTuple):
    """A program: its name in the table; the command, with {port} for the server's.

    `first` is on the screen once the first frame is painted, `ready` once it is in the room; a
    program without them is ready when it has connected, or at once if it never does.
    """

    name: str
    argv: tuple[str, ...]
    first: str = ""
    ready: str = ""
    connects: bool = True


def tuichat(
    *options: str, python: tuple[str, ...] = (), module: tuple[str, ...] = ("tuichat",)
) -> Subject:
    """Return the client, with options of its own or of the interpreter.

    Arguments: `module`: what runs it, with arguments of its own.
    """
    given = ("127.0.0.1:{port}", "--room", ROOM, "--nick", NICK, "--framing", "lf", *options)
    argv = (sys.executable, *python, "-m", *module, *given)
    return Subject("tuichat", argv, ready=f"{NICK}›")


# Started as most are, with a host and no options, which take a while to parse.
HOST_ALONE = Subject(
    "tuichat", (sys.executable, "-m", "tuichat", "127.0.0.1:{port}"), first="connecting"
)


def _python(name: str, code: str) -> Subject:
    return Subject(name, (sys.executable, "-c", code), connects=False)


NOTHING = _python("python3 -c pass", "pass")
IMPORTS = _python("import curses, select, socket", "import curses, select, socket")
ECHO = _python("raw Python echo", ECHO_CODE)
LEAST = Subject("least client", (sys.executable, LEAST_PROGRAM, "{port}"), ready=f"{NICK}›")
NC = [Subject("nc", ("nc", "127.0.0.1", "{port}"))] if shutil.which("nc") else []


def environment(home: str) -> dict[str, str]:
    """Return an environment in which nothing depends on who measures."""
    return {
        "HOME": home, "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "TZ": "UTC",
    }  # fmt: skip
