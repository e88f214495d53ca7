"""A whole session without a socket: what a server sends goes in, events and bytes come out."""

from __future__ import annotations

from tests.support.timeline import Script, Timeline
from tuichat.protocol import events
from tuichat.protocol.ending import Ending
from tuichat.protocol.framing import BARE
from tuichat.protocol.session import Session
from tuichat.record import soonest
from tuichat.wire import Stage


class Talk:
    """A conversation on a timeline. Whatever the session wants to send is taken at once.

    `sent` holds the bytes of each message, `happened` the events, `stuck` says that the network
    takes nothing now. How the server wants our messages to end is `fixed`, or else in `ending`.
    """

    def __init__(
        self, stage: str = "lobby", *, fixed: str = BARE, ending: Ending | None = None
    ) -> None:
        self.timeline = Timeline(self._due, self._expire)
        self.session = Session(self.now, ending=ending or Ending(fixed))
        self.sent: list[bytes] = []
        self.happened: list[events.Event] = []
        self.stuck = False
        self.play(1.0)
        if stage in (Stage.NAMING, Stage.ROOM):
            self.session.join("general")
            self.play(b"0", 1.0)
        if stage == Stage.ROOM:
            self.session.set_nick("ann")
            self.play(b"0", 1.0)
        self.sent.clear()
        self.happened.clear()

    @property
    def now(self) -> float:
        return self.timeline.now

    def _due(self) -> float | None:
        return soonest(self.session.deadline, None if self.stuck else self.session.send_due)

    def _expire(self, now: float) -> None:
        self.happened += self.session.expire(now)
        self.pump()

    def pump(self) -> None:
        """Take what is to be sent; check that it is there exactly when `send_due` says so."""
        while not self.stuck:
            due = self.session.send_due
            data, events = self.session.send(self.now)
            assert (data is not None or bool(events)) == (due is not None and due <= self.now)
            if data is None and not events:
                break
            self.sent += [data] * (data is not None)
            self.happened += events

    def play(self, *script: bytes | float) -> None:
        """Let bytes arrive and seconds pass, after what was asked for just before has gone out."""
        self.pump()
        self.timeline.play(script, self._receive)

    def _receive(self, data: bytes, now: float) -> None:
        self.happened += self.session.receive(data, now)
        self.pump()

    def close(self) -> None:
        """End the connection."""
        self.happened += self.session.closed(self.now)
        self.pump()

    def ask(self, what: str, name: str = "", answer: Script = ()) -> list[events.Event]:
        """Ask for something; return what happens with the answer and a silence after it."""
        before = len(self.happened)
        getattr(self.session, what)(*[name] * bool(name))
        self.play(*answer, 3.0)
        return [event for event in self.happened[before:] if not isinstance(event, events.Listing)]

    @property
    def heard(self) -> list[str]:
        """What was said in the room."""
        return [
            t for event in self.happened if isinstance(event, events.Heard) for t in event.texts
        ]

    @property
    def shown(self) -> list[str]:
        """Everything from the server that the user gets to see, once each."""
        texts: list[str] = []
        for event in self.happened:
            match event:
                case events.Heard(lines) | events.ServerSaid(lines):
                    texts += lines
                case events.Who(names, lines, heading):
                    texts += [*names, *lines, heading]
                case events.Rooms(rooms, announced, raw, complete):
                    texts += rooms if complete and len(rooms) == announced else [raw]
        return texts
