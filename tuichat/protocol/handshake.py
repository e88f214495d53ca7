"""Before the room: one request at a time, and what the server answers to it.

A list is read by `listing`; a status is one character, and what follows it is the next message.
Text that is neither is shown, and waited beside for a moment:

==========================================  ======================================================
what arrives (`|` is a pause)               read as
==========================================  ======================================================
`0` `You have joined …`                     the status, and what follows it
`ann has joined the room.` | `0`            a text that has no end, and the status
`ann has joined the room.0`, nothing more   a text, and the status at its end, after a second
`100% agree`                                a text: no refusal is followed by a digit
`2 are here`, and then `0` unasked          no refusal, but a text that began so; the `0` counts
anything else, and nothing for a second     no status: the user is told, and may ask again
==========================================  ======================================================
"""

from __future__ import annotations

import re

from ..wire import LIST, STATUS_MALFORMED, STATUS_OK, STATUS_TAKEN
from . import events as ev
from .ending import Sending
from .framing import BLANKS, Reader, split_once
from .roomlist import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

ANSWER_S = 8.0
GREETING_S = 0.1
ODD_S = 1.0
ODD_LINES = 20
STATUSES = (STATUS_OK, STATUS_MALFORMED, STATUS_TAKEN)


class Asking:
    """The request under way and the one that waits for its turn.

    `happened` is where events go. `answer(request, name, status)` is asked what a character means
    as a status; it returns the event, or None if it means nothing.
    """

    def __init__(
        self,
        sending: Sending,
        reader: Reader,
        happened: list[ev.Event],
        answer: Callable[[str, str, str], ev.Event | None],
    ) -> None:
        self._sending = sending
        self._reader = reader
        self._happened = happened
        self._answer = answer
        self._wanted: tuple[str, str] | None = None
        self._request: tuple[str, str] | None = None
        self._due: float | None = None
        self._given_up = False
        self._refused: tuple[str, str] | None = None
        self._ask_from: float | None = None
        self._odd: list[str] = []
        self._listing: Listing | None = None
        self._probe: bytes | None = None

    # -- asking --------------------------------------------------------------------------------

    def want(self, request: str, name: str) -> None:
        """Ask as soon as nothing else is under way; what waited before gives way.

        What is under way is not asked for a second time.
        """
        if self._given_up or (request, name) != self._request:
            self._wanted = (request, name)

    @property
    def request(self) -> str | None:
        """The request under way or waiting for its turn, if there is one."""
        if self._request and not self._given_up:
            return self._request[0]
        return self._wanted[0] if self._wanted else None

    @property
    def under_way(self) -> bool:
        """Tell whether something was asked and not answered, however long ago."""
        return self._request is not None

    @property
    def deadline(self) -> float | None:
        """When `expire` has something to do although nothing arrives."""
        due = [self._due, self._listing.deadline if self._listing else None]
        return min((time for time in due if time is not None), default=None)

    @property
    def send_due(self) -> float | None:
        """When `next_send` has something to send."""
        return self._ask_from if self._may_ask else None

    def next_send(self, now: float) -> bytes | None:
        """Return the request to send now, or what finds out how it must end."""
        if self._probe is not None:
            data, self._probe = self._probe, None
            return data
        if self._ask_from is None:  # else a greeting and the first answer may arrive as one
            self._ask_from = now if self._sending.known else now + GREETING_S
        return self._ask(now) if self._may_ask and now >= self._ask_from else None

    def stop(self) -> None:
        """Nothing more will be asked, nor any answer read."""
        self._abandon_list()
        self._wanted = self._request = self._due = None

    @property
    def _may_ask(self) -> bool:
        return self._wanted is not None and (self._request is None or self._given_up)

    def _ask(self, now: float) -> bytes:
        assert self._wanted
        self._request, self._wanted, self._given_up = self._wanted, None, False
        request, name = self._request
        self._odd, self._refused = [], None
        self._due = now + ANSWER_S
        self._abandon_list()
        self._listing = Listing() if request == LIST else None
        if self._listing and not self._sending.known:
            self._due = now + self._sending.patience_s
        return self._sending.wrap(f"{request} {name}".rstrip())

    # -- answers -------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> tuple[list[str], bytes]:
        """Read the answer off an arrival; return texts beside it, and the bytes behind it."""
        if self._listing is not None:
            return [], self._receive_list(self._listing, data, now)
        if not self._reader.pending:
            return self._receive_status(data, now)
        if self._reader.holds_whole and data.strip(BLANKS).decode("latin-1") in STATUSES:
            return self._reader.close(), data
        head, rest = split_once(data)
        return self._reader.feed(head, now), rest

    def note(self, texts: list[str], now: float) -> list[str]:
        """Texts came, perhaps where a status should be; return what is to be shown of them."""
        if self._request and self._listing is None:
            self._odd = [*self._odd, *texts][-ODD_LINES:]
            self._due = min(now + ODD_S, self._due or now + ODD_S)
        elif texts == [STATUS_OK] and self._refused:
            self._request = self._refused
            self._take_status(STATUS_OK)
            return []
        elif texts == [STATUS_MALFORMED] and self._sending.refused_unasked():
            return []
        return texts

    def expire(self, now: float) -> None:
        """Do what is due."""
        listing = self._listing
        if listing and listing.deadline is not None:
            listing.expire(now)
            self._say_texts(listing)
            if listing.done:
                self._end_list(listing, now)
        if self._due is not None and now >= self._due:
            self._expire_request(now)

    def _receive_status(self, data: bytes, now: float) -> tuple[list[str], bytes]:
        assert self._request
        rest = data.lstrip(BLANKS)
        if not rest:
            self._odd = self._odd or [""]  # or the end of what came before: wait as long as ever
            return [], b""
        status, refuses = chr(rest[0]), rest[:1] != STATUS_OK.encode()
        if (refuses and rest[1:2].isdigit()) or not self._take_status(status):
            head, rest = split_once(rest)
            return self._reader.feed(head, now), rest
        return [], rest[1:]

    def _take_status(self, status: str) -> bool:
        """Take a character for the answer, if it is one."""
        assert self._request
        event = self._answer(*self._request, status)
        if event is None:
            return False
        self._refused = None if status == STATUS_OK else self._request
        self._request = self._due = None
        self._odd = []
        self._happened.append(event)
        return True

    def forget(self) -> None:
        """What waits was asked for too late: it belongs to the stage before."""
        self._wanted = None

    def _expire_request(self, now: float) -> None:
        assert self._request
        request = self._request[0]
        if self._listing and self._listing.begun:
            self._due = self._listing.deadline  # a text, or a count: soon known
            return
        if self._listing:
            self._probe = self._sending.probe(LIST, self._reader.ending)
            if self._probe is not None:
                self._due = now + self._sending.patience_s
                return
        glued = self._odd and re.search(r"[^\s\d]\d\Z", self._odd[-1])
        if glued and self._take_status(self._odd[-1][-1]):
            return
        self._due, self._given_up = None, True
        if request != LIST:  # nothing goes out by itself once the user has been told
            self._wanted = None
        if self._odd:
            self._happened.append(ev.Odd(request, " ".join(self._odd).strip()))
            self._odd = []
        else:
            self._happened.append(ev.Silent(request, ANSWER_S))

    # -- the list ------------------------------------------------------------------------------

    def _receive_list(self, listing: Listing, data: bytes, now: float) -> bytes:
        listing.feed(data, now)
        self._say_texts(listing)
        if listing.announced is not None:
            self._due = None
        if not listing.done:
            return b""
        rest = listing.rest
        self._end_list(listing, now)
        return rest

    def _end_list(self, listing: Listing, now: float) -> None:
        assert listing.announced is not None
        self._reader.observe(listing.whole)
        is_refusal = listing.announced == 1 and not listing.names
        self._probe = self._sending.answered(LIST, is_refusal)
        if self._probe is not None:
            self._listing = Listing()
            self._due = now + self._sending.patience_s
            return
        self._listing = self._request = self._due = None
        if listing.heading and len(listing.names) == listing.announced:
            self._happened.append(ev.ServerSaid([listing.heading]))
        self._happened.append(ev.Rooms(listing.names, listing.announced, listing.raw))

    def _say_texts(self, listing: Listing) -> None:
        if listing.texts:
            self._happened.append(ev.ServerSaid(listing.texts))
            listing.texts = []

    def _abandon_list(self) -> None:
        """Show as it came what will not become a whole list any more."""
        if self._listing and self._listing.begun:
            self._happened.append(ev.ServerSaid([self._listing.raw]))
        self._listing = None
