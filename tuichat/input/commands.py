"""A typed line to what is meant by it.

Commands are lower case and whole words: `/whoami` is not `/who`. What looks like a command and is
none is not sent; `//word` says `/word`. A line that begins with a blank and a slash is taken for a
slip, not for a message; `/ /word` says ` /word`. Several lines are never a command.
"""

from __future__ import annotations

from ..record import Record
from ..text import compiled
from ..wire import LOGOUT, WHO, Stage
from .line import LINE_END, LINE_END_SIGN

ANYWHERE = ()
WITH_SERVER = (Stage.LOBBY, Stage.NAMING, Stage.ROOM, Stage.CONNECTING, Stage.LOST)


class Command(Record):
    """A command does `action`, as a key may do too.

    `argument` is written as help shows it: "" for none, `[X]` for one that may be left out.
    `stages` are those in which the command can be used.
    """

    name: str
    action: str
    argument: str
    stages: tuple[str, ...]
    help: str


COMMANDS = (
    Command("/list", "list", "", (Stage.LOBBY,), "list the rooms"),
    Command("/join", "join", "ROOM", WITH_SERVER, "enter a room, or create it"),
    Command("/lobby", "lobby", "", WITH_SERVER, "go back to the list of rooms"),
    Command("/nick", "nick", "NAME", (Stage.NAMING, Stage.ROOM), "choose the nick others see"),
    Command("/who", "who", "", (Stage.ROOM,), "show who is here"),
    Command("/logout", "leave", "", ANYWHERE, "log out and quit"),
    Command("/quit", "leave", "", ANYWHERE, "the same as /logout"),
    Command("/help", "help", "", ANYWHERE, "show the commands and keys"),
    Command("/search", "search", "[TEXT]", ANYWHERE, "search the messages"),
    Command("/copy", "copy", "", ANYWHERE, "show plain text to select and copy"),
    Command("/top", "top", "", ANYWHERE, "go to the first line"),
    Command("/bottom", "bottom", "", ANYWHERE, "go to the last line"),
    Command("/unread", "unread", "", ANYWHERE, "go to the first unread line"),
    Command("/log", "log", "[FILE]", ANYWHERE, "log to a file; without FILE: stop"),
    Command("/bell", "bell", "[off|mention|all]", ANYWHERE, "set when the terminal bell rings"),
    Command("/clear", "clear_screen", "", ANYWHERE, "clear the screen; PgUp shows it again"),
    Command("/redraw", "redraw", "", ANYWHERE, "redraw the screen"),
    Command("/server", "server", "HOST[:PORT]", ANYWHERE, "go to another server"),
    Command("/reconnect", "reconnect", "", ANYWHERE, "close the connection and reconnect"),
    Command("/suspend", "suspend", "", ANYWHERE, "suspend; fg in the shell returns"),
)
SCREEN_ONLY = frozenset({"/bell", "/copy", "/top", "/bottom", "/unread", "/clear", "/redraw"})
BY_NAME = {command.name: command for command in COMMANDS}


class Nothing(Record):
    """A blank line: the course's server would take it for a logout, so it is never sent."""


class Say(Record):
    """Plain text: a message, or the answer to the question of the stage."""

    text: str


class Do(Record):
    """A command and its argument, stripped."""

    name: str
    argument: str


class Unknown(Record):
    """Looks like a command and is none; `meant` is the nearest one, or ""."""

    word: str
    meant: str


def parse(line: str) -> Nothing | Say | Do | Unknown:
    """Return what `line` means."""
    text = line.strip()
    if not text:
        return Nothing()
    if is_escaped(line) or not text.startswith("/"):
        return Say(spoken(line))
    first, *more = text.split(LINE_END)
    if more:
        return Unknown(f"{first}{LINE_END_SIGN}…", "")
    word, _, argument = text.partition(" ")
    if line.startswith("/") and word in BY_NAME:
        return Do(word, argument.strip())
    return Unknown(word, word if word in BY_NAME else _nearest(word))


def spoken(line: str) -> str:
    """Return the part of a line that would go to the room: "" of a command."""
    if not line.startswith("/"):
        return line
    return line[1:] if is_escaped(line) else ""


def is_escaped(line: str) -> bool:
    """Tell whether a line begins with a slash only to say what comes after that."""
    rest = line[1:].lstrip()
    return line.startswith("//") or (line[:1] == rest[:1] == "/" and rest.strip() != "/")


def escaped(text: str) -> str:
    """Return the line that says a text, whatever the text begins with."""
    return f"/{text}" if text.lstrip().startswith("/") else text


def as_text(line: str) -> str:
    """Put a blank before what a server may take for a command: a paste never is one.

    What it reads may be without the controls, the blanks, and all that is not ASCII.
    """
    read = compiled("[^!-~]").sub("", line)
    return f" {line}" if read in (WHO, LOGOUT) and not line.startswith(" ") else line


def _nearest(word: str) -> str:
    """Return the only command that `word` is the beginning of, whatever its case, or ""."""
    small = word.lower()
    close = [name for name in BY_NAME if name.startswith(small) or small.startswith(name)]
    return close[0] if len(close) == 1 and len(word) > 1 else ""
