"""The habits of servers: what `dialects` can be told, and the dialects known by name."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

LIMIT = 1024  # bytes of a message, by the protocol
LATE_S = 0.3


class Fate(enum.Enum):
    """What can become of a connection instead of an answer."""

    CLOSE = "the server closes the connection"
    RESET = "the server resets the connection"
    WEDGE = "the server never says anything on this connection again"


Answer = str | bytes | Fate | None


class Reading(enum.Enum):
    """What a server takes for one command."""

    EXACT = "what one recv brings, compared exactly"
    STRIPPED = "what one recv brings, white space at its end stripped"
    CHUNKS = "the lines of what one recv brings, whether the last is ended or not"
    LF = "a line ended by LF; nothing else is ever answered"
    CRLF = "a line ended by CR LF; nothing else is ever answered"


class Items(enum.Enum):
    """How the items of a list are sent."""

    APART = "each as a message of its own, `gap` seconds apart"
    LINES = "in one message, joined by newlines"
    GLUED = "in one message, joined by nothing"
    COMMAS = "in one message, joined by commas"


@dataclass(frozen=True)
class Dialect:
    """A server's habits. The defaults are the course's own server, but without its pauses.

    Times are in seconds. In texts, {nick}, {text} and {n} (a number of people) are filled in; a
    text of None is not sent.
    """

    # How it ends its messages, and what it takes for a command
    end: bytes = b""
    pad: int = 0  # bytes: each message is filled up with NUL to this length
    reading: Reading = Reading.STRIPPED
    # Lists
    gap: float = 0.0
    rooms_as: Items = Items.APART
    users_as: Items = Items.APART
    who_head: str | None = "Users in this room:"
    chat_waits: bool = True  # chat comes after a list that is being sent, not inside it
    count_error: int = 0  # added to the number of rooms that is announced
    # Chat
    relay: str = "{nick}> {text}"
    echo: str | None = None  # to the sender, e.g. "{text}"
    echo_delay: float = 0.0
    blank_is_logout: bool = True
    poll: float = 0.0  # for each person, between two reads of a room: messages merge
    # Notices
    greeting: tuple[str, ...] = ()
    welcome: str | None = "You have joined a new room."
    joined: str | None = "{nick} has joined the room.  "
    people: str | None = "There are {n} people in the room."
    left: str | None = "{nick} has left the room."
    glued_status: bool = True  # the `0` and the text after it in one send
    # Time
    latency: float = 0.0  # before each answer
    dribble: float | None = None  # between two bytes, or None: a message is one send
    # Refusals and failures
    refused_rooms: frozenset[str] = frozenset()
    taken_nicks: frozenset[str] = frozenset()
    logout_resets: bool = False  # the connection, instead of closing it
    fragile: bool = True  # one word while naming, or bytes that are not UTF-8, kill its thread
    # What goes wrong when two clients come at once
    dead_rooms: frozenset[str] = frozenset()  # a /nick in such a room is never answered
    late_status: str = ""  # sent `LATE_S` after a nick was granted
    forgets: int = 0  # how many, of the first to join, get no more answers


COURSE = Dialect(gap=0.15, poll=0.25, latency=0.05)
BARE = Dialect(gap=0.1)
LINES = Dialect(
    end=b"\n", reading=Reading.LF, blank_is_logout=False, glued_status=False,
    fragile=False,
)  # fmt: skip
CRLF = replace(LINES, end=b"\r\n", reading=Reading.CRLF)
ENTERED = replace(
    LINES, welcome=None, joined="* {nick} has entered", people=None, left="* {nick} has gone"
)

DIALECTS: dict[str, Dialect] = {
    "course": COURSE,
    "bare-exact": replace(BARE, reading=Reading.EXACT, glued_status=False),
    "bare-text-echo": replace(BARE, relay="{text}", echo="{text}"),
    "bare-late-echo": replace(BARE, echo="{nick}> {text}", echo_delay=0.4),
    "lf": LINES,
    "crlf": CRLF,
    "lf-echo-colon": replace(LINES, relay="{nick}: {text}", echo="{nick}: {text}"),
    "crlf-echo-angle": replace(
        ENTERED, end=b"\r\n", reading=Reading.CRLF, relay="<{nick}> {text}", echo="<{nick}> {text}"
    ),
    "lf-echo-square": replace(ENTERED, relay="[{nick}] {text}", echo="[{nick}] {text}"),
    "lf-text-echo": replace(LINES, relay="{text}", echo="{text}", who_head=None),
    "nul": replace(BARE, gap=0.0, end=b"\0"),
    "nul-padded": replace(BARE, gap=0.0, pad=LIMIT, glued_status=False),
    "chunks-in-lines-out": replace(LINES, reading=Reading.CHUNKS),
    "list-one-send": replace(BARE, rooms_as=Items.LINES, users_as=Items.LINES),
    "glued": replace(BARE, rooms_as=Items.GLUED, users_as=Items.GLUED),
    "dribble-lf": replace(LINES, dribble=0.002),
    "dribble-bare": replace(BARE, gap=0.2, dribble=0.002, glued_status=False),
    "slow-700ms": replace(BARE, latency=0.7),
    "slow-2s": replace(BARE, latency=2.0),
    "slow-lf-700ms": replace(LINES, latency=0.7),
    "greeting-lf": replace(LINES, greeting=("Welcome to the chat.", "Try /list or /join.")),
    "greeting-bare": replace(BARE, greeting=("Welcome to the chat.",)),
    "comma-who": replace(BARE, users_as=Items.COMMAS),
    "count-who": replace(LINES, who_head="{n}"),
    "bare-count-who": replace(BARE, who_head="{n}"),
    "names-who": replace(BARE, who_head=None),
}
