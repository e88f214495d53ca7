"""What is known of the talk with one server after another, and how the user is told of it.

This is what survives a lost connection (the transcript, who and where one was) beside the protocol
that does not. The user is told by lines in the transcript or by `hint`; `give_back` goes into the
input line if that is empty, `kept` to where Ctrl-Y finds it; `effects` asks for deeds.
"""

from __future__ import annotations

from ..record import soonest
from ..text import clean
from ..wire import Stage
from . import messages as say
from . import reconnect as ln
from . import transcript as tr
from .hearing import Hearing
from .reading import Reading
from .transcript import NO_TIME, Transcript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.session import Session
    from . import effects as do
    from .options import Options

DEFAULT_HOST = "localhost"
MOST_UNSENT_TOLD = 5


class Talk:
    """`now` (monotonic seconds) and `stamp` are set by the app before anything else is done.

    `failure` is why the last try to connect came to nothing, `retrying` whether a lost connection
    is being taken up again, `unsent` what was not sent since one was in the room.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.transcript = Transcript(options.scrollback)
        self.reading = Reading()
        self.link = ln.Link()
        self.protocol: Session | None = None
        self.hearing = Hearing(self.transcript, self.reading, options.bell)
        self.effects: list[do.Effect] = []
        self.now = 0.0
        self.stamp = NO_TIME
        self.hint = ""
        self.give_back = ""
        self.kept: list[str] = []
        self.rooms: list[str] = []
        self.room = options.room
        self.nick = options.nick
        self.failure = ""
        self.retrying = False
        self.lobby_told = False
        self.nick_again_at: float | None = None
        self.unsent: list[str] = []

    @property
    def stage(self) -> str:
        """Where the user is: one of the protocol's stages, or without one."""
        if self.link.state == ln.OPEN and self.protocol:
            return self.protocol.stage
        return {ln.NONE: Stage.ASK, ln.LOST: Stage.LOST}.get(self.link.state, Stage.CONNECTING)

    @property
    def nick(self) -> str:
        """One's own nick, had or wanted."""
        return self.hearing.nick

    @nick.setter
    def nick(self, nick: str) -> None:
        self.hearing.nick = nick

    @property
    def rejoining(self) -> bool:
        """Tell whether room and nick are being taken up again after a lost connection."""
        return self.retrying and bool(self.room and self.nick)

    @property
    def default_answer(self) -> str:
        """What Enter on an empty line answers to the question of the stage."""
        if self.stage == Stage.ASK:
            return self.options.last_server or DEFAULT_HOST
        return self.options.default_nick if self.stage == Stage.NAMING else ""

    @property
    def waiting(self) -> list[str]:
        """Messages on their way that have not gone out."""
        return self.protocol.outbox.waiting if self.protocol else []

    @property
    def deadline(self) -> float | None:
        """When something is due although nothing arrives (monotonic seconds)."""
        due = [self.nick_again_at, self.link.retry_at]
        if self.link.retry_at is not None or self.stage == Stage.CONNECTING:
            due.append(self.now + 1 - (self.now - self.link.since) % 1)
        if self.protocol:
            due.append(self.protocol.deadline)
        return soonest(*due)

    def tell(self, text: str, kind: int = tr.INFO) -> None:
        """Append the program's own words; what they quote may be as it was typed."""
        self.transcript.add(kind, [clean(text)], self.stamp)

    def refuse(self, sentence: str, line: str) -> None:
        """Say why a line was not taken, and give it back."""
        self.hint, self.give_back = clean(sentence), line

    def not_sent(self, texts: list[str]) -> None:
        """Show what will not be sent: nothing is sent again by itself."""
        self.unsent += [say.UNSENT.format(text=clean(text)) for text in texts]
        told = len(texts) if len(texts) <= MOST_UNSENT_TOLD else MOST_UNSENT_TOLD - 1
        for line in self.unsent[len(self.unsent) - len(texts) :][:told]:
            self.tell(line, tr.ERROR)
        if told < len(texts):
            self.tell(say.UNSENT_MORE.format(count=len(texts) - told), tr.ERROR)
            self.kept = texts
