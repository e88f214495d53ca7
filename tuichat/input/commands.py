"""What a typed line means.

Commands are lower-case whole words: `/whoami` is not `/who`. An unknown command is not sent;
`//word` sends `/word`. A line that starts with a space and a slash is treated as a typing mistake,
not as a message; `/ /word` sends ` /word`. Several lines are never a command.
"""

from __future__ import annotations

from ..record import Record
from ..text import compiled
from ..wire import LOGOUT, WHO, Stage
from .line import LINE_END, LINE_END_SIGN

ANYWHERE = ()
WITH_SERVER = (Stage.LOBBY, Stage.NAMING, Stage.ROOM, Stage.CONNECTING, Stage.LOST)
PLACES = ("in the lobby", "in a room", "everywhere")


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

    @property
    def place(self) -> str:
        """Where it can be used, roughly: one of `PLACES`."""
        lobby, room, everywhere = PLACES
        return {(Stage.LOBBY,): lobby, ANYWHERE: everywhere, WITH_SERVER: everywhere}.get(
            self.stages, room
        )


COMMANDS = (
    Command("/list", "list", "", (Stage.LOBBY,), "list the rooms"),
    Command("/join", "join", "ROOM", WITH_SERVER, "enter a room, or create it"),
    Command("/lobby", "lobby", "", WITH_SERVER, "go back to the list of rooms"),
    Command("/nick", "nick", "NAME", (Stage.NAMING, Stage.ROOM), "choose the nick others see"),
    Command("/who", "who", "", (Stage.ROOM,), "show who is here"),
    Command("/logout", "leave", "", ANYWHERE, "log out and quit"),
    Command("/quit", "leave", "", ANYWHERE, "the same as /logout"),
    Command("/help", "help", "[WORD]", ANYWHERE, "show help, or the help on WORD"),
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
    """A blank line: the course's server treats it as a logout, so it is never sent."""


class Say(Record):
    """Plain text: a message, or the answer to the question of the stage."""

    text: str


class Do(Record):
    """A command and its argument, stripped."""

    name: str
    argument: str


class Unknown(Record):
    """An unknown command; `meant` is the nearest one, or ""."""

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
    """Return the part of a line that would be sent to the room: "" for a command."""
    if not line.startswith("/"):
        return line
    return line[1:] if is_escaped(line) else ""


def is_escaped(line: str) -> bool:
    """Tell whether a line starts with a slash that only escapes the rest."""
    rest = line[1:].lstrip()
    return line.startswith("//") or (line[:1] == rest[:1] == "/" and rest.strip() != "/")


def escaped(text: str) -> str:
    """Return the line that sends a text, escaped if it starts with a slash."""
    return f"/{text}" if text.lstrip().startswith("/") else text


def as_text(line: str) -> str:
    """Put a space before text that a server may read as a command: a paste is never one.

    The server may drop controls, spaces and everything that is not ASCII.
    """
    read = compiled("[^!-~]").sub("", line)
    return f" {line}" if read in (WHO, LOGOUT) and not line.startswith(" ") else line


def _nearest(word: str) -> str:
    """Return the only command that starts with `word`, or that it starts with, or ""."""
    small = word.lower()
    close = [name for name in BY_NAME if name.startswith(small) or small.startswith(name)]
    return close[0] if len(close) == 1 and len(word) > 1 else ""
