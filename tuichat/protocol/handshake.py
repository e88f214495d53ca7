"""Before the room: one request at a time, and the server's answers.

The rule is `STATES`, below: where the handshake stands, what comes, and where that leads. A list is
read by `roomlist`; a status is one character, and what follows it is the next message. Text that is
neither is shown, and the status may still come for a moment:

==========================================  ======================================================
what arrives (`|` is a pause)               read as
==========================================  ======================================================
`0` `You have joined …`                     the status, and what follows it
`ann has joined the room.` | `0`            a text that has no end, and the status
`ann has joined the room.0`, nothing more   a text, and the status at its end, after a second
`100% agree`                                a text: no refusal is followed by a digit
`2 are here`, and then `0` unasked          a text that began like a refusal; the `0` counts
anything else, and nothing for a second     not a status: the user is told, and may ask again
==========================================  ======================================================

Until the first answer nothing is known of the server: it may want another ending (see `ending`),
or not be a chat server at all, and what it says may be its greeting.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..record import soonest
from ..wire import JOIN, LIST, NICK, STATUS_MALFORMED, STATUS_OK, STATUS_TAKEN, Stage
from . import events
from .ending import Ending
from .events import Event
from .foreign import OPENING_BYTES, protocol_of
from .framing import BLANKS, CRLF, MessageReader, decode, encode, split_once
from .roomlist import RoomList

ANSWER_S = 8.0
GREETING_S = 0.03
ODD_S = 1.0
ODD_LINES = 20
AT_ONCE = 0.0
"""The time of something that is due at once."""

STATUSES = (STATUS_OK, STATUS_MALFORMED, STATUS_TAKEN)


class Request:
    """What is asked of the server, and what has come of an answer so far.

    `spelled` is the name as it goes out, in bytes.
    """

    def __init__(self, command: str, name: str, spelled: bytes = b"") -> None:
        self.command = command
        self.name = name
        self.spelled = spelled or encode(name)
        self.texts: list[str] = []
        self.rooms = RoomList()

    def is_same(self, other: Request) -> bool:
        """Tell whether this asks for the same thing."""
        return (self.command, self.name) == (other.command, other.name)

    def no_answer(self) -> Event:
        """Nothing came."""
        return events.Silent(self.command, ANSWER_S)

    def no_status(self) -> Event:
        """Something came, but neither yes nor no."""
        return events.Odd(self.command, " ".join(self.texts).strip())

    def listed(self) -> Event:
        """The rooms came."""
        rooms = self.rooms
        return events.Rooms(rooms.spelled, rooms.announced or 0, rooms.raw, rooms.complete)


# Where the handshake stands: after `OVERDUE` and `LIST_OVERDUE` an answer still counts, but the
# user may ask for something else; `REFUSED` is idle, too.
IDLE, ASKED, UNSURE, OVERDUE, REFUSED = "idle", "asked", "unsure", "overdue", "refused"
LISTING, LIST_OVERDUE, OUT = "listing", "list overdue", "out"
# What comes. `TEXT` is a blank line, too; `SILENCE` lasts for 8 s, or for 1 s after a text.
JOIN_OR_NICK_SENT, LIST_SENT = "/join or /nick sent", "/list sent"
GRANTED, DENIED, TEXT, SILENCE, ROOMS = "status 0", "status 1 or 2", "text", "silence", "rooms"

# (state, what comes): (state afterwards, what the user is told of the request). Texts are shown
# in every state, and `ANSWERS` says what a status means.
STATES: dict[tuple[str, str], tuple[str, Callable[[Request], Event] | None]] = {
    (IDLE, JOIN_OR_NICK_SENT): (ASKED, None),
    (IDLE, LIST_SENT): (LISTING, None),
    (ASKED, GRANTED): (IDLE, None),
    (ASKED, DENIED): (REFUSED, None),
    (ASKED, TEXT): (UNSURE, None),
    (ASKED, SILENCE): (OVERDUE, Request.no_answer),
    (UNSURE, GRANTED): (IDLE, None),
    (UNSURE, DENIED): (REFUSED, None),
    (UNSURE, TEXT): (UNSURE, None),
    (UNSURE, SILENCE): (OVERDUE, Request.no_status),
    (OVERDUE, GRANTED): (IDLE, None),
    (OVERDUE, DENIED): (REFUSED, None),
    (OVERDUE, TEXT): (OVERDUE, None),
    (OVERDUE, SILENCE): (OVERDUE, Request.no_status),
    (OVERDUE, JOIN_OR_NICK_SENT): (ASKED, None),
    (OVERDUE, LIST_SENT): (LISTING, None),
    (REFUSED, GRANTED): (IDLE, None),  # it was not a refusal, but a text that began like one
    (REFUSED, JOIN_OR_NICK_SENT): (ASKED, None),
    (REFUSED, LIST_SENT): (LISTING, None),
    (LISTING, ROOMS): (IDLE, Request.listed),
    (LISTING, SILENCE): (LIST_OVERDUE, Request.no_answer),
    (LIST_OVERDUE, ROOMS): (IDLE, Request.listed),
    (LIST_OVERDUE, JOIN_OR_NICK_SENT): (ASKED, None),
    (LIST_OVERDUE, LIST_SENT): (LISTING, None),
}

# A status. (stage, request, status): (stage afterwards, what the user is told of the name)
ANSWERS: dict[tuple[str, str, str], tuple[str, Callable[[str], Event]]] = {
    (Stage.LOBBY, JOIN, STATUS_OK): (Stage.NAMING, events.Joined),
    (Stage.LOBBY, JOIN, STATUS_MALFORMED): (Stage.LOBBY, events.JoinRefused),
    (Stage.NAMING, NICK, STATUS_OK): (Stage.ROOM, events.Named),
    (Stage.NAMING, NICK, STATUS_MALFORMED): (Stage.NAMING, events.NickRefused),
    (Stage.NAMING, NICK, STATUS_TAKEN): (Stage.NAMING, events.NickTaken),
}


def server_said(texts: list[str]) -> list[Event]:
    """Return the event for what the server said outside a room: none for nothing, or blanks."""
    said = [text for text in texts if text.strip()]
    return [events.ServerSaid(said)] if said else []


class Handshake:
    """The way into a room, from connecting at `now` on: `stage` is how far it has come.

    `connect_s` is how long connecting took (seconds), `ending` what is known of how our messages
    must end, `reader` what collects the server's. `understood` tells whether the server has
    answered anything on this connection as one of this protocol does.
    """

    def __init__(self, now: float, connect_s: float, ending: Ending, reader: MessageReader) -> None:
        self.stage = Stage.LOBBY
        self.understood = False
        self._connect_s = connect_s
        self._ending = ending
        self._reader = reader
        self._state = IDLE
        self._request = Request("", "")
        self._wanted: Request | None = None
        self._due: float | None = None
        self._opening = b""
        self._said: list[str] = []  # before any answer …
        self._replies: list[str] = []  # … and of that, what came after a request
        # The answer to what is sent sooner may come in one arrival with a greeting.
        greeting_s = 0.0 if ending.known or ending.remembered else GREETING_S + connect_s
        self._ask_from = now + greeting_s

    def _awaits(self, what: str) -> bool:
        """Tell whether the table has a line for `what` in the present state."""
        return (self._state, what) in STATES

    @property
    def _may_ask(self) -> bool:
        return self._awaits(JOIN_OR_NICK_SENT)

    def _step(self, what: str) -> list[Event]:
        """Go where the table leads; return what the user is told."""
        self._state, told = STATES[self._state, what]
        return [told(self._request)] if told else []

    # -- asking --------------------------------------------------------------------------------

    def ask(self, command: str, name: str, spelled: bytes = b"") -> None:
        """Ask as soon as nothing else is under way; this replaces a waiting request.

        What is under way is not asked for a second time.
        """
        request = Request(command, name, spelled)
        if self._may_ask or not request.is_same(self._request):
            self._wanted = request

    def withdraw(self) -> bool:
        """Drop the waiting request; False if there is none."""
        wanted, self._wanted = self._wanted, None
        return wanted is not None

    def listing_s(self, now: float) -> float:
        """Return for how many more seconds the list is expected to come in."""
        return self._request.rooms.remaining_s(now) if self._state == LISTING else 0.0

    @property
    def request(self) -> str | None:
        """The request under way or waiting for its turn, if there is one."""
        if self.under_way and not self._may_ask:
            return self._request.command
        return self._wanted.command if self._wanted else None

    @property
    def under_way(self) -> bool:
        """Tell whether something was asked and not answered, however long ago."""
        return self._state not in (IDLE, REFUSED, OUT)

    @property
    def deadline(self) -> float | None:
        """When `expire` has something to do although nothing arrives."""
        return soonest(self._due, self._request.rooms.deadline if self._awaits(ROOMS) else None)

    @property
    def send_due(self) -> float | None:
        """When `send` has something to send."""
        return self._ask_from if self._wanted and self._may_ask else None

    def send(self, now: float) -> tuple[bytes | None, list[Event]]:
        """Return the request to send now, if it is time, and what happens."""
        if self._wanted is None or not self._may_ask or now < self._ask_from:
            return None, []
        told = self._abandon_list()
        self._request, self._wanted = self._wanted, None
        told += self._step(LIST_SENT if self._request.command == LIST else JOIN_OR_NICK_SENT)
        ending = self._ending
        self._due = now + (ANSWER_S if ending.known else ending.patience_s(self._connect_s))
        words = encode(self._request.command), self._request.spelled
        return ending.wrap(b" ".join(filter(None, words))), told

    def stop(self) -> list[Event]:
        """Ask nothing more, nor read any answer."""
        told = self._abandon_list()
        self._state, self.stage = OUT, Stage.OUT
        self._wanted = self._due = None
        return told

    def _give_up(self, why: Event) -> list[Event]:
        """Ask nothing more on this connection."""
        self._request.rooms = RoomList()
        self.stop()
        return [why]

    # -- answers -------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> tuple[list[Event], bytes]:
        """Read one thing from an arrival; return what happens, and the bytes after it."""
        if not self.understood and self._state != OUT:
            self._opening = (self._opening + data)[:OPENING_BYTES]
            if protocol := protocol_of(self._opening):
                line, _ = split_once(self._opening.replace(b"\0", b"").lstrip(BLANKS))
                return self._give_up(events.Foreign(protocol, decode(line.rstrip(BLANKS)))), b""
        if self._awaits(ROOMS):
            return self._receive_list(data, now)
        if not self._awaits(TEXT):
            return self.hear(self._reader.feed(data, now), now), b""
        if not self._reader.pending:
            return self._receive_status(data, now)
        if self._reader.has_whole_message and data.strip(BLANKS).decode("latin-1") in STATUSES:
            return self.hear(self._reader.close(), now), data
        return self._receive_text(data, now)

    def hear(self, texts: list[str], now: float) -> list[Event]:
        """Take messages, which may come in place of a status; return what happens."""
        if not texts:
            return []
        if self._awaits(TEXT):
            self._request.texts = [*self._request.texts, *texts][-ODD_LINES:]
            self._due = soonest(now + ODD_S, self._due)
            self._step(TEXT)
        elif self._state == REFUSED and texts == [STATUS_OK]:
            return self._take_status(STATUS_OK)
        return self._show(texts)

    def _show(self, texts: list[str]) -> list[Event]:
        """Return the event for what the server says; a greeting is shown once."""
        if self.understood or self._state == OUT:
            return server_said(texts)
        self._said = [*self._said, *texts][-ODD_LINES:]
        if self.under_way:
            self._replies = [*self._replies, *texts][-ODD_LINES:]
        return server_said([text for text in texts if text not in self._ending.heard])

    def expire(self, now: float) -> list[Event]:
        """Do what is due; return what happens."""
        told: list[Event] = []
        if self._awaits(ROOMS):
            told += self._show(self._request.rooms.expire(now))
            if self._request.rooms.done:
                rest = self._request.rooms.rest
                told += self._end_list()
                told += self.hear(self._reader.feed(rest, now), now) if rest else []
        if self._due is not None and now >= self._due:
            told += self._expire_request(now)
        return told

    def _receive_status(self, data: bytes, now: float) -> tuple[list[Event], bytes]:
        data = data.lstrip(BLANKS)
        if not data:  # or the end of an earlier message: keep waiting
            self._request.texts = self._request.texts or [""]
            return self._step(TEXT), b""
        status, followed = chr(data[0]), data[1:2].isdigit()
        told = self._take_status(status) if status == STATUS_OK or not followed else []
        rest = b"" if self._state == OUT else data[1:]
        return (told, rest) if told else self._receive_text(data, now)

    def _receive_text(self, data: bytes, now: float) -> tuple[list[Event], bytes]:
        text, rest = split_once(data)
        return self.hear(self._reader.feed(text, now), now), rest

    def _take_status(self, status: str) -> list[Event]:
        """Read a character as the answer; return the events: none if it is not an answer."""
        answer = ANSWERS.get((self.stage, self._request.command, status))
        if answer is None:
            return []
        stage, told = answer
        if self._ending.answered(is_refusal=status == STATUS_MALFORMED):
            return self._give_up(events.AskAgain())
        self.understood = True
        if stage != self.stage:
            self._wanted = None  # it was asked for too late
        self.stage = stage
        self._due, self._request.texts = None, []
        self._step(GRANTED if status == STATUS_OK else DENIED)
        return [told(self._request.name)]

    def _expire_request(self, now: float) -> list[Event]:
        request, self._due = self._request, None
        if self._awaits(ROOMS) and request.rooms.begun:
            self._due = request.rooms.deadline  # a text, or a count: soon known
            return []
        glued = request.texts and re.search(r"[^\s\d](\d)\Z", request.texts[-1])
        if glued and (told := self._take_status(glued[1])):
            return told
        if not (self.understood or self._ending.known) and (given_up := self._unanswered()):
            return given_up
        self._wanted = None  # once the user has been told, nothing is sent automatically
        told = self._step(SILENCE)
        request.texts = []
        return told

    def _unanswered(self) -> list[Event]:
        """Conclude that the server did not read the request, or speaks another protocol.

        What it says to the first request may still be its greeting.
        """
        ending, replies = self._ending, self._replies
        in_vain = not ending.is_first and not ending.heard.issuperset(replies)
        if (replies and ending.is_slow) or in_vain:
            new = [text for text in replies if text not in ending.heard]
            return self._give_up(events.Foreign("", (new or replies)[0]))
        ending.heard.update(self._said)
        if ending.silent(self._reader.ending == CRLF):
            return self._give_up(events.AskAgain())
        return []

    # -- the list ------------------------------------------------------------------------------

    def _receive_list(self, data: bytes, now: float) -> tuple[list[Event], bytes]:
        rooms = self._request.rooms
        before = rooms.so_far
        told = self._show(rooms.feed(data, now))
        if rooms.done:
            told += self._end_list()
            return told, b"" if self._state == OUT else rooms.rest
        if rooms.so_far and rooms.so_far is not before:
            told.append(events.Listing(rooms.so_far, rooms.announced or 0))
        return told, b""

    def _end_list(self) -> list[Event]:
        rooms = self._request.rooms
        self._reader.observe(rooms.whole)
        self._due = None
        heading = self._show([rooms.heading] if rooms.heading else [])
        is_refusal = rooms.announced == 1 and not rooms.names
        if self._ending.answered(is_refusal):
            return heading + self._give_up(events.AskAgain())
        self.understood = True
        all_told_apart = rooms.complete and len(rooms.names) == rooms.announced
        return (heading if all_told_apart else []) + self._step(ROOMS)

    def _abandon_list(self) -> list[Event]:
        """Show an unfinished list as it came, unless its rooms were reported already."""
        rooms = self._request.rooms
        untold = self._awaits(ROOMS) and rooms.begun and not rooms.so_far
        return server_said([rooms.raw]) if untold else []
