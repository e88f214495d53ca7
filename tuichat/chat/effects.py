"""What a chat asks the outside to do: the front (screen or lines), or else the driver."""

from __future__ import annotations

from ..record import Record


class Connect(Record):
    """Open a connection."""

    host: str
    port: int


class Leave(Record):
    """Close the connection so that everything sent arrives."""


class Hangup(Record):
    """Close the connection, or stop opening one, at once."""


class Quit(Record):
    """End the program with this exit status; `reason` is printed after the terminal is restored."""

    status: int
    reason: str


class Bell(Record):
    """Ring."""


class Suspend(Record):
    """Stop, as Ctrl-Z does."""


class Redraw(Record):
    """Redraw the screen."""


class WriteLog(Record):
    """Log to this file from now on; "" stops the log."""

    path: str


class Remember(Record):
    """Keep for the next time: the last server and nick, and what was learned of the server."""

    address: str
    nick: str
    ending: str


Effect = Connect | Leave | Hangup | Quit | Bell | Suspend | Redraw | WriteLog | Remember
