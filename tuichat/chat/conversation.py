"""The conversation: connecting, being lost, coming back, and what the user wants of the server.

What is known meanwhile stands in `talk`; what the server says is taken by `answers`.
"""

from __future__ import annotations

from ..input.line import LINE_END
from ..protocol.framing import encode
from ..protocol.sender import SenderFormat
from ..protocol.session import Session
from ..text import clean
from ..wire import MESSAGE_BYTES, Stage
from . import answers
from . import effects as do
from . import messages as say
from . import reconnect as ln
from . import transcript as tr
from .talk import Talk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.events import Event
    from .options import Options


class Conversation(Talk):
    """A talk, and what makes it go on."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._endings: tuple[str | None, str | None] | None = None

    # -- the connection --------------------------------------------------------------------------

    def connect(self, host: str, port: int) -> None:
        """Go to a server, leaving the one before."""
        if (host, port) != (self.link.host, self.link.port) and self.link.host:
            self.room = self.nick = ""
            self.hearing.sender = SenderFormat()
            self._endings = None
        self.link.host, self.link.port = host, port
        self.failure = ""
        self._try()

    def _try(self) -> None:
        self.protocol = None
        self.rooms = []
        self.lobby_told = False
        self.nick_again_at = None
        self.link.connect(self.now)
        self.effects.append(do.Connect(self.link.host, self.link.port))

    def reconnect(self) -> None:
        """Connect anew, now; who was in a room is taken back there."""
        self.failure = ""
        self.link.settled()
        self.retrying = self.retrying or self.stage == Stage.ROOM
        self._withdraw()
        self.effects.append(do.Hangup())
        self._try()

    def give_up(self) -> None:
        """Stop connecting. Somebody who has seen nothing yet is done with the program."""
        self.effects.append(do.Hangup())
        sentence = say.GAVE_UP.format(address=self.link.address)
        if self.options.host and self.protocol is None and not self.retrying:
            self.effects.append(do.Quit(69, sentence))
        self.link.lost(self.now, retry=False)
        self._ask_again(sentence)

    def opened(self, seconds: float) -> None:
        """The connection stands; it took `seconds`."""
        self.link.opened(self.now)
        self.failure = ""
        options, address = self.options, self.link.address
        fixed, remembered = self._endings or (options.framing, options.memory.get(address))
        self._endings = None
        self.protocol = Session(self.now, seconds, fixed, remembered, self.hearing.sender)
        if self.room and fixed:
            self.tell(say.CONNECTED_JOINING.format(address=address, room=self.room))
            self.protocol.join(self.room)
        else:
            self.tell(say.CONNECTED.format(address=address))
            self.protocol.list_rooms()

    def received(self, data: bytes) -> None:
        """Bytes arrived."""
        if self.protocol:
            self._take(self.protocol.receive(data, self.now))

    def lost(self, reason: str) -> None:
        """The connection ended, or none came about."""
        connected = self.protocol is not None and self.link.state == ln.OPEN
        leaving = False
        if self.protocol and connected:
            leaving = self.protocol.leaving
            if self.protocol.finding_out:
                self._endings = self.protocol.ending.after_hanging_up()
            self._take(self.protocol.closed(self.now))
        self._withdraw()
        self.nick_again_at = None
        again = self.retrying = not leaving and (connected or self.retrying)
        self.link.lost(self.now, retry=again)
        if leaving:
            self.quit(69 if self.unsent else 0)
        elif connected:
            self.tell(say.LOST.format(reason=reason), tr.ERROR)
            self.tell(say.LOST_NEXT)
        elif not again:
            self._ask_again(reason)
        elif reason != self.failure:  # a long outage is no reason to bury what was said
            self.tell(reason, tr.ERROR)
        if not connected:
            self.failure = reason

    def _ask_again(self, reason: str) -> None:
        """Nothing came of a first try: say why, and ask once more whoever was asked before."""
        if self.options.host or self.retrying:
            self.tell(f"{reason} {say.TRY_AGAIN}", tr.ERROR)
            return
        self.give_back = self.link.address
        self.link.reset()
        self.tell(reason, tr.ERROR)
        self.tell(say.ASK_SERVER)

    def _withdraw(self) -> None:
        """Show what was waiting to be sent and now will not be: nothing is sent again by itself."""
        if self.protocol:
            self.not_sent(self.protocol.outbox.withdraw())

    def take_back(self) -> None:
        """Put what is waiting to be sent back into the line."""
        if self.protocol:
            texts = self.protocol.outbox.withdraw()
            line = LINE_END.join(texts)
            self.refuse(say.taken_back(len(texts)), f"/{line}" if line.startswith("/") else line)

    def quit(self, status: int) -> None:
        """End the program; what was not sent is told once more, when the screen is gone."""
        self.effects += [do.Hangup(), do.Quit(status, "\n".join(self.unsent))]

    def next_send(self) -> bytes | None:
        """Return the next message to send, if it is time."""
        if self.protocol is None or self.link.state != ln.OPEN:
            return None
        data, events = self.protocol.send(self.now)
        self._take(events)
        return data

    def tick(self) -> None:
        """Do what is due."""
        if self.protocol and self.link.state == ln.OPEN:
            self._take(self.protocol.expire(self.now))
        if self.link.retry_at is not None and self.now >= self.link.retry_at:
            self._try()
        if self.nick_again_at is not None and self.now >= self.nick_again_at:
            self.nick_again_at = None
            if self.protocol and self.protocol.stage == Stage.NAMING:
                self.protocol.set_nick(self.nick)

    # -- what the user wants -----------------------------------------------------------------------

    def join(self, room: str) -> None:
        """Ask to enter a room."""
        if self.protocol and self._is_name(room, self.protocol.ending.wrap("/join ")):
            self.room = room
            self.retrying = False
            self.protocol.join(room)

    def name(self, nick: str) -> None:
        """Ask for a nick."""
        if self.protocol and self._is_name(nick, self.protocol.ending.wrap("/nick ")):
            self.nick = nick
            self.retrying, self.nick_again_at = False, None
            self.protocol.set_nick(nick)

    def say(self, text: str) -> None:
        """Say something to everyone in the room."""
        if self.protocol:
            self.protocol.say(text)

    def _is_name(self, name: str, around: bytes) -> bool:
        """Refuse here what no server can mean: nothing is sent then, and the text stays."""
        size, limit = len(encode(name)), MESSAGE_BYTES - len(around)
        if clean(name) != name:
            self.hint = say.BAD_NAME.format(name=clean(name))
        elif size > limit:
            self.hint = say.LONG_NAME.format(size=size, limit=limit)
        else:
            return True
        self.give_back = name
        return False

    def leave(self) -> None:
        """Log out, or quit at once where there is nothing to log out of. Twice: at once."""
        if self.protocol is None or self.link.state != ln.OPEN:
            lost = self.failure or self.link.state in (ln.LOST, ln.CONNECTING)
            self.quit(69 if lost else 0)
        elif self.protocol.leaving or self.protocol.stage == Stage.OUT:
            self._withdraw()
            self.quit(0)
        else:
            self.protocol.logout(self.now)
            if self.waiting:
                self.hint = say.leaving_waits(len(self.waiting))

    def _take(self, events: list[Event]) -> None:
        """Turn what the protocol tells into lines, questions and effects."""
        for event in events:
            answers.take(self, event)
