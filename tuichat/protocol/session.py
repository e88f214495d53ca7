"""One connection's conversation with the server: lobby, naming, room. No I/O, and no clock.

Bytes go in with `receive`, what is asked for with `list_rooms`, `join`, `set_nick`, `say`, `who`
and `logout`; `send` gives the bytes to send, one message at a time. Whatever makes something happen
returns the events. Time is an argument in monotonic seconds; at `deadline` somebody has to call
`expire`, at `send_due` `send`.
"""

from __future__ import annotations

from ..record import soonest
from ..wire import JOIN, LIST, LOGOUT, NICK, STATUS_MALFORMED, STATUS_TAKEN, Stage
from . import events
from .ending import Ending
from .events import Event
from .framing import BARE, MessageReader, decode, without_leftovers
from .handshake import AT_ONCE, Handshake, server_said
from .outbox import Echo, Outbox, pace_for, room_for_text, split
from .sender import SenderFormat, asides, people, unglue
from .who import Question, Roster

LEAVE_S = 5.0
LATE = (STATUS_MALFORMED, STATUS_TAKEN)
LATE_S = 5.0
"""Seconds after a nick or a message in which a status is taken for the server's answer to it."""


class Session:
    """The conversation with a server, from connecting at `now` on.

    `connect_s` is how long connecting took (seconds). `ending` and `sender` are what is known of
    how the server wants our messages to end, and of how it names the sender.
    """

    def __init__(
        self,
        now: float,
        connect_s: float = 0.0,
        ending: Ending | None = None,
        sender: SenderFormat | None = None,
    ) -> None:
        self.nick = ""
        self.ending = ending or Ending()
        self.reader = MessageReader(self._are_two_messages)
        self.echo = Echo()
        self.sender = sender or SenderFormat()
        self.roster = Roster()
        self.outbox = Outbox()
        self.text_limit = room_for_text("", self.ending.wrap(""))  # bytes that fit one message
        self._handshake = Handshake(now, connect_s, self.ending, self.reader)
        self._who = Question(self.roster)
        self._leaving = False
        self._late_by = 0.0
        self._leave_by: float | None = None
        self._farewell: bytes | None = None

    # -- what the user asks for: nothing, if the stage for it has passed -----------------------

    def list_rooms(self) -> None:
        """Ask for the rooms (lobby)."""
        self._ask(Stage.LOBBY, LIST)

    def join(self, room: str, spelled: bytes = b"") -> None:
        """Ask to enter a room (lobby); `spelled` is its name in the server's own bytes."""
        self._ask(Stage.LOBBY, JOIN, room, spelled)

    def withdraw(self) -> bool:
        """Drop the waiting request; False if there is none (lobby, naming)."""
        return self._handshake.withdraw()

    def set_nick(self, nick: str) -> None:
        """Ask for a nick (naming)."""
        self._ask(Stage.NAMING, NICK, nick)

    def say(self, text: str) -> None:
        """Queue a message (room), split into as many as needed. Blank text is not sent."""
        if self._handshake.stage == Stage.ROOM:
            self.outbox.add(split(text, self.text_limit))

    def who(self) -> bool:
        """Ask who is here (room). False if an answer is already awaited."""
        return self._handshake.stage == Stage.ROOM and self._who.want()

    def logout(self, now: float) -> None:
        """Leave after sending the waiting messages, for at most `LEAVE_S` seconds."""
        if not self._leaving and self._handshake.stage != Stage.OUT:
            self._leaving, self._leave_by = True, now + LEAVE_S

    def _ask(self, stage: str, command: str, name: str = "", spelled: bytes = b"") -> None:
        if self._handshake.stage == stage:
            self._handshake.ask(command, name, spelled)

    # -- what it is doing ----------------------------------------------------------------------

    @property
    def stage(self) -> str:
        """How far it has come: `Stage.LOBBY`, `NAMING`, `ROOM` or `OUT`."""
        return self._handshake.stage

    @property
    def request(self) -> str | None:
        """The request under way or waiting for its turn, if there is one."""
        return self._handshake.request

    @property
    def understood(self) -> bool:
        """Tell whether the server has answered as one of this protocol does."""
        return self._handshake.understood

    def listing_s(self, now: float) -> float:
        """Return for how many more seconds the list of rooms is expected to come in."""
        return self._handshake.listing_s(now)

    @property
    def asking_who(self) -> bool:
        """Tell whether an answer to `/who` is awaited."""
        return self._who.wanted or self._who.under_way

    @property
    def leaving(self) -> bool:
        """Tell whether `logout` was called."""
        return self._leaving

    @property
    def unframed(self) -> bool:
        """Tell whether the server's messages have no end, as far as is known."""
        return self.reader.unframed

    @property
    def deadline(self) -> float | None:
        """When `expire` has something to do although nothing arrives."""
        return soonest(
            self._handshake.deadline, self.reader.deadline, self.echo.deadline,
            self._who.deadline, self._leave_by,
        )  # fmt: skip

    @property
    def send_due(self) -> float | None:
        """When `send` has something, once what was sent before has left; None: it has nothing."""
        if self._farewell is not None:
            return AT_ONCE
        if self._handshake.stage == Stage.ROOM:
            wants = self.outbox or self._who.wanted or self.leaving
            return self.outbox.due if wants and not self._holding else None
        if self.leaving and self._handshake.stage != Stage.OUT:
            return AT_ONCE
        return self._handshake.send_due

    # -- sending -------------------------------------------------------------------------------

    def send(self, now: float) -> tuple[bytes | None, list[Event]]:
        """Return the next message to send, if its time has come, and what happens with it.

        Call it only when the one before has left: what is not taken stays in `outbox`.
        """
        if self._farewell is not None:
            farewell, self._farewell = self._farewell, None
            return farewell, []
        if self._handshake.stage == Stage.ROOM:
            return self._send_in_room(now)
        if self.leaving and self._handshake.stage != Stage.OUT:
            return self._log_out(now)
        return self._handshake.send(now)

    def _send_in_room(self, now: float) -> tuple[bytes | None, list[Event]]:
        if not self.outbox.ready(now) or self._holding:
            return None, []
        text = self.outbox.next(now)
        if text is not None:
            told: list[Event] = []
            if self.unframed and self.reader.has_whole_message:  # what came before is shown before
                told = self._hear(self.reader.close(), now)
                self._set_pace()
            self.echo.sent(self.nick, text, now)
            self._late_by = now + LATE_S
            return self.ending.wrap(text), [*told, events.Sent(text)]
        if self._who.wanted:
            self.outbox.spend(now)
            return self.ending.wrap(self._who.ask(now, self.nick)), []
        return self._log_out(now) if self.leaving else (None, [])

    @property
    def _merges_segments(self) -> bool:
        """Tell whether the server takes for one message what arrives at once.

        One whose own messages have no end most likely does, although it may take a newline.
        """
        return self.ending.bare or self.reader.ending == BARE

    @property
    def _holding(self) -> bool:
        """On a server without framing nothing is sent while it lists who is here."""
        return self._merges_segments and self._who.begun

    def _set_pace(self) -> None:
        """Send as fast as the server can take it: how many are in the room may have changed."""
        self.outbox.pace = pace_for(self.roster.size) if self._merges_segments else 0.0

    def _log_out(self, now: float) -> tuple[bytes | None, list[Event]]:
        """Send `/logout` where it is understood: while naming it would be taken for a nick."""
        lobby_idle = self._handshake.stage == Stage.LOBBY and not self._handshake.under_way
        understood = self._handshake.stage == Stage.ROOM or lobby_idle
        told = self._out(now)
        return self.ending.wrap(LOGOUT) if understood else None, [*told, events.LoggedOut()]

    def _out(self, now: float) -> list[Event]:
        """Ask nothing more and read no more answers: what is held is all there is."""
        left = self.reader.close()
        told = self._hear(left, now) if self._handshake.stage == Stage.ROOM else server_said(left)
        told += self._who.stop()
        self._leave_by = None
        return told + self._handshake.stop()

    # -- receiving -----------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> list[Event]:
        """Take one arrival; return what happens. Call it before `expire`: it may be read late."""
        told: list[Event] = []
        data = without_leftovers(data)
        while data:
            if self._handshake.stage == Stage.ROOM:
                told += self._hear(self.reader.feed(data, now), now)
                break
            answers, data = self._handshake.receive(data, now)
            told += self._follow(answers, now)
        self._set_pace()
        return told

    def closed(self, now: float) -> list[Event]:
        """The connection has ended: return what is left."""
        told = self._out(now)
        told += self._show(self.echo.release())
        self.echo, self._farewell = Echo(), None
        return told

    def _follow(self, answers: list[Event], now: float) -> list[Event]:
        """Note the nick once the server has granted it."""
        for event in answers:
            if isinstance(event, events.Named):
                self.nick = event.nick
                self.text_limit = room_for_text(event.nick, self.ending.wrap(""))
                self.roster.add(event.nick)
                self._late_by = now + LATE_S
        return answers

    def _hear(self, texts: list[str], now: float) -> list[Event]:
        if self._handshake.stage != Stage.ROOM:
            return self._follow(self._handshake.hear(texts, now), now)
        if not texts:
            return []
        if self.unframed:
            texts = [part for text in texts for part in unglue(text)]
        is_late = texts[0] in LATE and now < self._late_by
        if is_late and not (self._who.under_way or self.echo.expects(texts[0])):
            return [events.LateStatus(texts[0]), *self._hear(texts[1:], now)]
        chat = self._sift(texts, now)
        return self._who.expire(now) + self._show(chat)

    def _sift(self, texts: list[str], now: float) -> list[str]:
        """Return what is chat: neither the user's own echoes nor the answer to `/who`.

        A word that the user said too is an echo rather than a name if the server is known to echo,
        or as long as the answer has not begun.
        """
        if not self._who.under_way:
            return self.echo.heard(texts, now)
        chat = []
        for text in texts:
            if self.echo.echoes or not self._who.begun:
                chat += self._who.hear(self.echo.heard([text], now), now)
            else:
                chat += self.echo.heard(self._who.hear([text], now), now)
        return chat

    def _show(self, texts: list[str]) -> list[Event]:
        if self.echo.echoes:
            self.sender.learn_echo(self.echo.form)
        if not texts:
            return []
        told = asides(texts)
        for at, notice in told.items():
            if notice:
                self.roster.follow(notice)
            elif count := people(texts[at]):
                self.roster.people = count
        self.sender.learn_from(texts, self.roster, self.nick)
        return [events.Heard(texts, told)]

    def _are_two_messages(self, held: bytes, data: bytes) -> bool:
        """Tell whether two arrivals, with no end between them, are two messages."""
        if len(held) == 1 or len(data) == 1:
            return False
        if self._who.under_way and self.unframed:
            return self.reader.dribbles is False
        texts = decode(held), decode(data)
        return all(map(self.sender.starts_message, texts)) or any(map(self.echo.expects, texts))

    # -- time ----------------------------------------------------------------------------------

    def expire(self, now: float) -> list[Event]:
        """Do what is due; return what happens."""
        told = self._hear(self.reader.expire(now), now)
        told += self._who.expire(now)
        told += self._show(self.echo.expire(now))
        told += self._follow(self._handshake.expire(now), now)
        if self._leave_by is not None and now >= self._leave_by:
            told += self._leave_now(now)
        self._set_pace()
        return told

    def _leave_now(self, now: float) -> list[Event]:
        """The time for leaving is over: report unsent messages; log out when the pace allows.

        What the network does not take even then is not waited for.
        """
        told = self._who.stop()
        unsent = self.outbox.withdraw()
        if unsent:
            told.append(events.Unsent(unsent))
        self._leave_by = self.outbox.due + LEAVE_S
        if now >= self._leave_by:
            self._farewell, logged_out = self._log_out(now)
            told += logged_out
        return told
