"""What the protocol tells the program: one record for everything that can happen.

All text in them is printable: it went through the sanitiser where it was decoded.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..record import Record

JOINED, LEFT = "joined", "left"


class Listing(Record):
    """The rooms that have come so far, in the form of `Rooms`, of as many as `announced`."""

    rooms: Mapping[str, bytes]
    announced: int


class Rooms(Record):
    """The answer to `/list`: the names, and the bytes in which the server spells them.

    `announced` is the number that the server gave, `raw` its answer as it came; `complete`
    tells whether as many names as that could be told apart.
    """

    rooms: Mapping[str, bytes]
    announced: int
    raw: str
    complete: bool


class Joined(Record):
    """`/join` was granted."""

    room: str


class JoinRefused(Record):
    """The server rejected `/join` as badly formed."""

    room: str


class Named(Record):
    """`/nick` was granted: in the room now."""

    nick: str


class NickRefused(Record):
    """The server rejected `/nick` as badly formed."""

    nick: str


class NickTaken(Record):
    """Somebody in the room has this nick."""

    nick: str


class Notice(Record):
    """The server tells that somebody came or went: `what` is `JOINED` or `LEFT`."""

    nick: str
    what: str


class Heard(Record):
    """Lines said in the room, in order.

    `asides` has those that the server itself says, by their index in `texts`: who came or went,
    or None for another sentence.
    """

    texts: list[str]
    asides: Mapping[int, Notice | None]


class ServerSaid(Record):
    """Lines from the server outside a room that do not answer a request."""

    texts: list[str]


class Sent(Record):
    """One of the user's own messages was sent."""

    text: str


class Who(Record):
    """The answer to `/who`; `texts` is what it said besides names.

    Its `heading` only introduces them: it says something if there are none.
    """

    names: list[str]
    texts: list[str]
    heading: str = ""


class Odd(Record):
    """An answer came that the protocol does not define."""

    request: str
    text: str


class Silent(Record):
    """No answer came in `seconds`; asking again is allowed now."""

    request: str
    seconds: float


class AskAgain(Record):
    """This connection is useless now: reconnect, and ask again."""


class Foreign(Record):
    """The server speaks another protocol: `protocol`, or "" if unknown.

    `text` is what it said.
    """

    protocol: str
    text: str


class LateStatus(Record):
    """A status came in the room, where only messages do: "1" or "2"."""

    status: str


class Unsent(Record):
    """Messages that were not sent before leaving."""

    texts: list[str]


class LoggedOut(Record):
    """The last command was sent: the connection can be closed."""


Event = (
    Listing | Rooms | Joined | JoinRefused | Named | NickRefused | NickTaken | Heard | ServerSaid
    | Sent | Who | Odd | Silent | AskAgain | Foreign | LateStatus | Unsent | LoggedOut
)  # fmt: skip
