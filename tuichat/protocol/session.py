"""The conversation with a server: lobby, naming, room. No I/O, and no clock.

Bytes go in with `receive`, what is asked for with `list_rooms`, `join`, `nick`, `say`, `who` and
`logout`; events come out of `events`, and `next_send` gives the bytes to send, one message at a
time. Time is an argument in monotonic seconds; at `deadline` somebody has to call `expire`.
"""

from __future__ import annotations

from ..wire import JOIN, LIST, LOGOUT, NICK, STATUS_MALFORMED, STATUS_OK, STATUS_TAKEN
from . import events as ev
from .ending import Sending
from .framing import BARE, Reader, decode, without_leftovers
from .handshake import Asking
from .outbox import Echo, Outbox, pace_for, room_for_text, split
from .sender import SenderFormat, asides, people, unglue
from .who import Roster, Who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LOBBY, NAMING, ROOM, OUT = "lobby", "naming", "room", "out"

# (stage, request, status): (stage afterwards, event)
TRANSITIONS: dict[tuple[str, str, str], tuple[str, Callable[[str], ev.Event]]] = {
    (LOBBY, JOIN, STATUS_OK): (NAMING, ev.Joined),
    (LOBBY, JOIN, STATUS_MALFORMED): (LOBBY, ev.JoinRefused),
    (NAMING, NICK, STATUS_OK): (ROOM, ev.Named),
    (NAMING, NICK, STATUS_MALFORMED): (NAMING, ev.NickRefused),
    (NAMING, NICK, STATUS_TAKEN): (NAMING, ev.NickTaken),
}

LEAVE_S = 5.0


class Protocol:
    """One connection's conversation, from the lobby on.

    `connect_s` is how long connecting took (seconds), `fixed` the ending that the user insists
    on, `remembered` the one that an earlier session learned (each a key of `framing.ENDINGS`);
    `sender` is what is known already of how the server names the sender.
    """

    def __init__(
        self,
        connect_s: float = 0.0,
        fixed: str | None = None,
        remembered: str | None = None,
        sender: SenderFormat | None = None,
    ) -> None:
        self.stage = LOBBY
        self.room = ""
        self.own_nick = ""
        self.sending = Sending(fixed, remembered, connect_s)
        self.reader = Reader(self._apart)
        self.echo = Echo()
        self.sender = sender or SenderFormat()
        self.roster = Roster()
        self.outbox = Outbox()
        self._events: list[ev.Event] = []
        self._asking = Asking(self.sending, self.reader, self._events, self._answer)
        self._who = Who(self.roster)
        self._leaving = False
        self._leave_by: float | None = None
        self._farewell: bytes | None = None

    # -- what the user asks for ----------------------------------------------------------------

    def list_rooms(self) -> None:
        """Ask for the rooms (lobby)."""
        self._want(LOBBY, LIST, "")

    def join(self, room: str) -> None:
        """Ask to enter a room (lobby)."""
        self._want(LOBBY, JOIN, room)

    def nick(self, nick: str) -> None:
        """Ask for a nick (naming)."""
        self._want(NAMING, NICK, nick)

    def say(self, text: str) -> None:
        """Put a message on its way (room), cut into as many as it needs. Blank text is not sent."""
        self.outbox.add(split(text, self.text_limit))

    def who(self) -> bool:
        """Ask who is here (room). False: already asked, the answer is under way."""
        return self._who.want()

    def logout(self, now: float) -> None:
        """Leave: what waits goes out first, for `LEAVE_S` seconds at the most."""
        if not self._leaving:
            self._leaving, self._leave_by = True, now + LEAVE_S

    def _want(self, stage: str, request: str, name: str) -> None:
        if self.stage != stage:
            raise ValueError(f"{request} belongs to the {stage} stage, not to {self.stage}")
        self._asking.want(request, name)

    # -- what it is doing ----------------------------------------------------------------------

    @property
    def text_limit(self) -> int:
        """How many bytes of text fit one message."""
        return room_for_text(self.own_nick, self.sending.wrap(""))

    @property
    def asking(self) -> str | None:
        """The request under way or waiting for its turn, if there is one."""
        return self._asking.request

    @property
    def finding_out(self) -> bool:
        """Tell whether the server was asked something, but not yet known how it must be asked."""
        return self.stage == LOBBY and self._asking.under_way and not self.sending.known

    @property
    def asking_who(self) -> bool:
        """Tell whether an answer to `/who` is awaited."""
        return self._who.wanted or self._who.under_way

    @property
    def leaving(self) -> bool:
        """Tell whether `logout` was called."""
        return self._leaving

    @property
    def deadline(self) -> float | None:
        """When `expire` has something to do although nothing arrives."""
        due = [
            self._asking.deadline, self.reader.deadline, self.echo.deadline,
            self._who.deadline, self._leave_by,
        ]  # fmt: skip
        return min((time for time in due if time is not None), default=None)

    @property
    def send_due(self) -> float | None:
        """When `next_send` has something to send, once what was sent before has left."""
        if self.stage != ROOM:
            return None if self.leaving else self._asking.send_due
        wants = self.outbox or self._who.wanted or self.leaving
        return self.outbox.due if wants and not self._holding else None

    def events(self) -> list[ev.Event]:
        """Take what has happened since the last call."""
        happened = self._events[:]
        self._events.clear()
        return happened

    # -- sending -------------------------------------------------------------------------------

    def next_send(self, now: float) -> bytes | None:
        """Return the next message to send, if there is one and its time has come.

        Call it only when the one before has left: what is not taken is still `waiting`.
        """
        if self._farewell is not None:
            data, self._farewell = self._farewell, None
            return data
        if self.stage == ROOM:
            return self._next_in_room(now)
        if self.stage == OUT:
            return None
        return self._log_out(now) if self.leaving else self._asking.next_send(now)

    @property
    def _glues(self) -> bool:
        """Tell whether the server takes for one message what arrives at once.

        One whose own messages have no end most likely does, although it may take a newline.
        """
        return self.sending.bare or self.reader.ending == BARE

    @property
    def hears_bare(self) -> bool:
        """Tell whether the server's messages have no end, as far as is known."""
        return self.reader.ending in (None, BARE)

    @property
    def _holding(self) -> bool:
        """On a server without framing nothing is sent while it lists who is here."""
        return self._glues and self._who.begun

    def _next_in_room(self, now: float) -> bytes | None:
        self.outbox.pace = pace_for(self.roster.size) if self._glues else 0.0
        if not self.outbox.ready(now) or self._holding:
            return None
        text = self.outbox.next(now)
        if text is not None:
            if self.hears_bare and self.reader.holds_whole:  # what came before is shown before
                self._hear(self.reader.close(), now)
            self.echo.sent(self.own_nick, text, now)
            self._events.append(ev.Sent(text))
            return self.sending.wrap(text)
        if self._who.wanted:
            self.outbox.spend(now)
            return self.sending.wrap(self._who.ask(now, self.own_nick))
        return self._log_out(now) if self.leaving else None

    def _log_out(self, now: float) -> bytes | None:
        """Say so where a server understands it: while naming it would take it for a nick."""
        understood = self.stage == ROOM or (self.stage == LOBBY and not self._asking.under_way)
        self._out()
        self._events.append(ev.LoggedOut())
        return self.sending.wrap(LOGOUT) if understood else None

    def _out(self) -> None:
        """Nothing more will be asked, nor any answer read."""
        self._asking.stop()
        self.stage, self._leave_by = OUT, None

    # -- receiving -----------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        """Take one arrival. What is due is done afterwards: it may have come late to be read."""
        data = without_leftovers(data)
        while data:
            if self._asking.under_way:
                texts, data = self._asking.receive(data, now)
            else:
                texts, data = self.reader.feed(data, now), b""
            self._hear(texts, now)

    def closed(self, now: float) -> None:
        """Give out what is left when the connection has ended."""
        self._hear(self.reader.close(), now)
        self._events += self._who.stop()
        self._show(self.echo.release())
        self._out()
        self.echo = Echo()

    def _answer(self, request: str, name: str, status: str) -> ev.Event | None:
        """Go where a status leads; None: it is none."""
        outcome = TRANSITIONS.get((self.stage, request, status))
        if outcome is None:
            return None
        stage, event = outcome
        if stage != self.stage:
            self._asking.forget()
        self.stage = stage
        if stage == NAMING and not self.room:
            self.room = name
        elif stage == ROOM:
            self.own_nick = name
            self.roster.add(name)
        return event(name)

    def _hear(self, texts: list[str], now: float) -> None:
        if not texts:
            return
        if self.stage != ROOM:
            texts = self._asking.note(texts, now)
            self._events += [ev.ServerSaid(texts)] if texts else []
            return
        if self.reader.ending == BARE:
            texts = [part for text in texts for part in unglue(text)]
        shown = self._sift(texts, now)
        self._events += self._who.expire(now)
        self._show(shown)

    def _sift(self, texts: list[str], now: float) -> list[str]:
        """Return what is chat: neither one's own words again nor the answer to `/who`.

        One word of one's own is an echo rather than a name where echoes are known, and else as
        long as the answer has not begun.
        """
        if not self._who.under_way:
            return self.echo.heard(texts, now)
        shown = []
        for text in texts:
            if self.echo.echoes or not self._who.begun:
                shown += self._who.hear(self.echo.heard([text], now), now)
            else:
                shown += self.echo.heard(self._who.hear([text], now), now)
        return shown

    def _show(self, texts: list[str]) -> None:
        if self.echo.echoes:
            self.sender.learn_echo(self.echo.form)
        if texts:
            told = asides(texts)
            for at, notice in told.items():
                if notice:
                    self.roster.follow(notice)
                elif count := people(texts[at]):
                    self.roster.people = count
            self.sender.learn_from(texts, self.roster, self.own_nick)
            self._events.append(ev.Heard(texts, told))

    def _apart(self, held: bytes, data: bytes) -> bool:
        """Tell whether two arrivals, with no end between them, are two messages."""
        if len(held) == 1 or len(data) == 1:
            return False
        if self._who.under_way and self.hears_bare:
            return self.reader.dribbles is False
        texts = decode(held), decode(data)
        return all(map(self.sender.starts_message, texts)) or any(map(self.echo.expects, texts))

    # -- time ----------------------------------------------------------------------------------

    def expire(self, now: float) -> None:
        """Do what is due."""
        self._hear(self.reader.expire(now), now)
        self._events += self._who.expire(now)
        self._show(self.echo.expire(now))
        self._asking.expire(now)
        if self._leave_by is not None and now >= self._leave_by:
            self._leave_now(now)

    def _leave_now(self, now: float) -> None:
        """The time for leaving is over: say what was not sent, and log out when the pace allows.

        What the network does not take even then is not waited for.
        """
        self._events += self._who.stop()
        unsent = self.outbox.withdraw()
        if unsent:
            self._events.append(ev.Unsent(unsent))
        self._leave_by = self.outbox.due + LEAVE_S
        if now >= self._leave_by:
            self._farewell = self._log_out(now)
