"""A chat server of many dialects, for tests: it knows nothing of the package under test.

The protocol says what is sent, never where a message ends; so servers differ in how they end their
own messages, what they read as one command, whether they echo, and so on. Each such habit is a
field of `Dialect` (in `habits`); `DIALECTS` has the combinations that are known, by name. People
can really chat with each other through a `DialectServer`: rooms, members, notices and relays are
those of a real server.

    with DialectServer("crlf", rooms={"general": ("bob",)}) as server:
        … connect to 127.0.0.1, server.port …
        server.say("hello")                       # bob says it, in general
        server.wait(lambda: "hi" in server.commands)

One thread serves everything. What a test tells it (`say`, `kick`, …) has been passed to the sockets
when the call returns.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from tests.support.habits import DIALECTS, LATE_S, Answer, Dialect, Fate, Items, Reading
from tests.support.loopback import Client, LoopbackServer, Received

__all__ = ["DIALECTS", "Answer", "Dialect", "DialectServer", "Fate", "Items", "Reading", "Received"]


class DialectServer(LoopbackServer):
    """A running server of one dialect, on a free port of the loopback interface.

    Arguments: the dialect or its name; `rooms`, the rooms there are and the people in them who are
    not connected but can `say` something; `instead`, for a command ("list", "join", "nick", "who",
    "message") the answers that the first, the second, … such command gets in place of the proper
    one: a str (ended like every message), bytes (sent as they are; b"" is silence), a `Fate`, or
    None for the proper answer; `port`, if it must be a given one; and any field of `Dialect`.
    """

    def __init__(
        self,
        dialect: str | Dialect = "course",
        *,
        rooms: Mapping[str, Iterable[str]] | None = None,
        instead: Mapping[str, Iterable[Answer]] | None = None,
        port: int = 0,
        **knobs: object,
    ) -> None:
        chosen = DIALECTS[dialect] if isinstance(dialect, str) else dialect
        self.dialect: Dialect = replace(chosen, **knobs)  # type: ignore[arg-type]
        if rooms is None:
            rooms = {"general": ("bob",), "random": ("carol",), "Room42": ()}
        self._rooms: dict[str, list[str | Client]] = {r: list(who) for r, who in rooms.items()}
        self._instead: dict[str, Iterator[Answer]] = {
            command: iter(answers) for command, answers in (instead or {}).items()
        }
        self._forgets = self.dialect.forgets
        super().__init__(port, self.dialect.dribble)
        self._thread.start()

    # What tests tell it

    def say(self, text: str, who: str = "bob", room: str | None = None) -> None:
        """Let a person who is not connected say something.

        Arguments: the room, or None for the one that `who` is in, or else for every room.
        """
        self._do(lambda: self._say(text, who, room))

    def send(self, data: bytes, nick: str | None = None) -> None:
        """Send bytes as they are to everyone connected, or to one of them."""
        self._each(nick, lambda client: client.queue(0, data, time.monotonic()))

    def kick(self, nick: str | None = None) -> None:
        """Close everyone's connection, or one."""
        self._each(nick, self._drop)

    def reset(self, nick: str | None = None) -> None:
        """Reset everyone's connection (RST), or one."""
        self._each(nick, lambda client: self._drop(client, reset=True))

    def farewell(self, text: str, nick: str | None = None, *, reset: bool = False) -> None:
        """Send a last message, and close or reset the connections at once."""

        def act(client: Client) -> None:
            client.socket.send(self._framed(text))
            self._drop(client, reset=reset)

        self._each(nick, act)

    def members(self, room: str) -> list[str]:
        """The nicks in a room, in the order in which they came."""
        with self._changed:
            return [_name(member) for member in self._rooms.get(room, [])]

    # The protocol

    def _greet(self, client: Client, now: float) -> None:
        for line in self.dialect.greeting:
            client.queue(0, self._framed(line), now)

    def _pause(self, client: Client) -> float:
        # As if the server were busy with the others, so that what follows soon arrives together.
        return self.dialect.poll * len(self._rooms[client.room]) if client.in_room else 0.0

    def _left(self, client: Client) -> None:
        if client.in_room:
            self._rooms[client.room].remove(client)
            self._tell(client.room, self.dialect.left, client.nick)

    def _hear(self, client: Client, data: bytes, now: float) -> None:
        for line in self._lines(client, data):
            if client not in self._clients:
                return
            # Bytes that are not UTF-8 are relayed unchanged: a cut may split a character.
            command = line.decode(errors="surrogateescape")
            client.received.commands.append(command)
            if self.dialect.fragile and not client.in_room and not _is_utf8(line):
                client.wedged = True
            if not client.wedged:
                self._obey(client, command, now)

    def _lines(self, client: Client, data: bytes) -> list[bytes]:
        """The commands in what has come, by this server's reading."""
        reading = self.dialect.reading
        if reading is Reading.EXACT:
            return [data]
        if reading is Reading.STRIPPED:
            return [data.rstrip()]
        if reading is Reading.CHUNKS:
            return [line.rstrip(b"\r") for line in data.removesuffix(b"\n").split(b"\n")]
        ending = b"\n" if reading is Reading.LF else b"\r\n"
        *lines, client.unread = (client.unread + data).split(ending)
        return [line.removesuffix(b"\r") for line in lines]

    def _obey(self, client: Client, command: str, now: float) -> None:
        word, _, argument = command.partition(" ")
        if client.in_room:
            kind = "who" if command == "/who" else "message"
        else:
            kind = word[1:] if word in ("/list", "/join", "/nick") else ""
        if command == "/logout" or (
            client.in_room and self.dialect.blank_is_logout and not command.strip()
        ):
            self._drop(client, reset=self.dialect.logout_resets)
        elif (answer := next(self._instead.get(kind, iter(())), None)) is not None:
            self._answer(client, answer, now)
        elif kind == "message":
            self._chat(client, command, now)
        elif kind == "who":
            self._list(client, self._who_head(client), self.members(client.room), now)
        elif client.room:
            self._name(client, kind, command, argument, now)
        else:
            self._lobby(client, kind, argument, now)

    def _lobby(self, client: Client, kind: str, argument: str, now: float) -> None:
        if kind == "list" and not argument:
            names = list(self._rooms)
            count = len(names) + self.dialect.count_error
            self._list(client, str(count), names, now)
        elif kind == "join" and argument.isalnum() and argument not in self.dialect.refused_rooms:
            client.room = argument
            self._answer(client, "0", now)
            if self._forgets:
                self._forgets -= 1
                self._answer(client, Fate.WEDGE, now)
        else:
            self._answer(client, "1", now)

    def _name(self, client: Client, kind: str, command: str, nick: str, now: float) -> None:
        is_dead = client.room in self.dialect.dead_rooms
        if is_dead or (self.dialect.fragile and len(command.split()) < 2):
            client.wedged = True
        elif kind != "nick" or not nick.isalnum():
            self._answer(client, "1", now)
        elif nick in self.members(client.room) or nick in self.dialect.taken_nicks:
            self._answer(client, "2", now)
        else:
            self._enter(client, nick, now)

    def _enter(self, client: Client, nick: str, now: float) -> None:
        new = client.room not in self._rooms
        members = self._rooms.setdefault(client.room, [])
        members.append(client)
        dialect, client.nick = self.dialect, nick
        texts = (dialect.welcome,) if new else (dialect.joined, dialect.people)
        notices = [text.format(nick=nick, n=len(members)) for text in texts if text]
        for other in members:
            if isinstance(other, Client) and other is not client:
                for notice in notices:
                    other.queue(0, self._framed(notice), now)
        if dialect.glued_status and notices:
            notices[0] = self._unframed("0") + notices[0]
        else:
            notices.insert(0, "0")
        for index, notice in enumerate(notices):
            client.queue(0.0 if index else dialect.latency, self._framed(notice), now)
        if dialect.late_status:
            client.queue(LATE_S, self._framed(dialect.late_status), now)

    def _chat(self, client: Client, text: str, now: float) -> None:
        dialect = self.dialect
        for other in self._rooms[client.room]:
            if isinstance(other, Client) and other is not client:
                self._deliver(other, dialect.relay.format(nick=client.nick, text=text), now)
        if dialect.echo is not None:
            echo = self._framed(dialect.echo.format(nick=client.nick, text=text))
            client.queue(dialect.echo_delay, echo, now)

    def _deliver(self, client: Client, text: str, now: float) -> None:
        first = not self.dialect.chat_waits and not client.sending
        client.queue(0, self._framed(text), now, first=first)

    def _who_head(self, client: Client) -> str | None:
        head = self.dialect.who_head
        return head and head.format(n=len(self._rooms[client.room]))

    def _list(self, client: Client, head: str | None, names: list[str], now: float) -> None:
        style = self.dialect.users_as if client.in_room else self.dialect.rooms_as
        pieces = ([head] if head else []) + names
        if style is Items.LINES:
            pieces = ["\n".join(pieces)]
        elif style is Items.GLUED:
            pieces = ["".join(pieces)]
        elif style is Items.COMMAS:
            pieces = [f"{head} {', '.join(names)}" if head else ", ".join(names)]
        for index, piece in enumerate(pieces):
            delay = self.dialect.gap if index else self.dialect.latency
            client.queue(delay, self._framed(piece), now)

    def _answer(self, client: Client, answer: str | bytes | Fate, now: float) -> None:
        data = self._framed(answer) if isinstance(answer, str) else answer
        if data != b"":
            client.queue(self.dialect.latency, data, now)

    def _framed(self, text: str) -> bytes:
        data = text.encode(errors="surrogateescape") + self.dialect.end
        return data.ljust(self.dialect.pad, b"\0")

    def _unframed(self, text: str) -> str:
        return text + self.dialect.end.decode()

    # What tests tell it, as the thread carries it out

    def _say(self, text: str, who: str, room: str | None) -> None:
        if room is None:
            rooms = [name for name, people in self._rooms.items() if who in people]
        else:
            rooms = [room]
        now = time.monotonic()
        relayed = self.dialect.relay.format(nick=who, text=text)
        for client in self._clients:
            if client.in_room and (client.room in rooms or not rooms):
                self._deliver(client, relayed, now)

    def _tell(self, room: str, notice: str | None, nick: str) -> None:
        if notice is None:
            return
        for member in self._rooms[room]:
            if isinstance(member, Client):
                member.queue(0, self._framed(notice.format(nick=nick)), time.monotonic())

    def _each(self, nick: str | None, act: Callable[[Client], None]) -> None:
        def act_on_all() -> None:
            for client in list(self._clients):
                if nick in (None, client.nick):
                    act(client)

        self._do(act_on_all)



def _name(member: str | Client) -> str:
    return member.nick if isinstance(member, Client) else member


def _is_utf8(data: bytes) -> bool:
    return data.decode(errors="replace").encode() == data
