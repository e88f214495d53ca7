"""A whole protocol without a socket: what a server sends goes in, events and bytes come out."""

from __future__ import annotations

from tests.support.timeline import Script, Timeline
from tuichat.protocol import events as ev
from tuichat.protocol.session import Protocol
from tuichat.wire import Stage


class Talk:
    """A conversation on a timeline. Whatever the protocol wants to send is taken at once.

    `sent` holds the bytes of each message, `happened` the events, `stuck` says that the network
    takes nothing now.
    """

    def __init__(self, stage: str = "lobby", **options: object) -> None:
        self.protocol = Protocol(**options)  # type: ignore[arg-type]
        self.timeline = Timeline(self._due, self._expire)
        self.sent: list[bytes] = []
        self.happened: list[ev.Event] = []
        self.stuck = False
        self.play(1.0)
        if stage in (Stage.NAMING, Stage.ROOM):
            self.protocol.join("general")
            self.play(b"0", 1.0)
        if stage == Stage.ROOM:
            self.protocol.nick("ann")
            self.play(b"0", 1.0)
        self.sent.clear()
        self.happened.clear()

    @property
    def now(self) -> float:
        return self.timeline.now

    def _due(self) -> float | None:
        due = [self.protocol.deadline, None if self.stuck else self.protocol.send_due]
        return min((time for time in due if time is not None), default=None)

    def _expire(self, now: float) -> None:
        self.protocol.expire(now)
        self.pump()

    def pump(self) -> None:
        """Take what is to be sent, and what has happened."""
        while not self.stuck and (data := self.protocol.next_send(self.now)) is not None:
            self.sent.append(data)
        self.happened += self.protocol.events()

    def play(self, *script: bytes | float) -> None:
        """Bytes arrive, seconds pass; what was asked for just before goes out first."""
        self.pump()
        self.timeline.play(script, self._receive)

    def _receive(self, data: bytes, now: float) -> None:
        self.protocol.receive(data, now)
        self.pump()

    def close(self) -> None:
        """The connection ends."""
        self.protocol.closed(self.now)
        self.pump()

    def ask(self, what: str, name: str = "", answer: Script = ()) -> list[ev.Event]:
        """Ask for something; return what happens with the answer and a silence after it."""
        before = len(self.happened)
        getattr(self.protocol, what)(*[name] * bool(name))
        self.play(*answer, 3.0)
        return self.happened[before:]

    @property
    def heard(self) -> list[str]:
        """What was said in the room."""
        return [t for event in self.happened if isinstance(event, ev.Heard) for t in event.texts]

    @property
    def shown(self) -> list[str]:
        """Everything from the server that the user gets to see, once each."""
        texts: list[str] = []
        for event in self.happened:
            match event:
                case ev.Heard(lines) | ev.ServerSaid(lines):
                    texts += lines
                case ev.Who(names, lines):
                    texts += [*names, *lines]
                case ev.Rooms(names, announced, raw):
                    texts += names if len(names) == announced else [raw]
        return texts
