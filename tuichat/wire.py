"""The constants of the protocol, which both ends share; nothing about how either works.

Text over TCP. The specification names the commands, the one-character answers and the size of a
message, and leaves open where a message ends.
"""

from __future__ import annotations

DEFAULT_PORT = 5220
MESSAGE_BYTES = 1024
"""The most that one message may hold, either way, in bytes."""


class Stage:
    """How far a client has come; the protocol itself has only `LOBBY`, `NAMING` and `ROOM`."""

    ASK = "ask"
    CONNECTING = "connecting"
    LOBBY = "lobby"
    NAMING = "naming"
    ROOM = "room"
    OUT = "out"
    LOST = "lost"


LIST, JOIN, NICK, WHO, LOGOUT = "/list", "/join", "/nick", "/who", "/logout"

STATUS_OK = "0"
STATUS_MALFORMED = "1"
STATUS_TAKEN = "2"
"""Answers to `/join` and `/nick`; only `/nick` can be answered `STATUS_TAKEN`."""
