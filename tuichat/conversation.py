"""The talk with one server after another: what arrives becomes lines and the next question.

It owns what survives a lost connection (transcript, who and where one was) and the protocol that
does not. It speaks to the user by appending to the transcript or setting `hint`, and asks for
deeds by `effects`.
"""

from __future__ import annotations

from . import effects as do
from . import events as ev
from . import link as ln
from . import sentences as say
from . import transcript as tr
from .framing import encode
from .hearing import Hearing
from .protocol import NAMING, OUT, ROOM, Protocol
from .reading import Reading
from .speech import Speech
from .text import clean
from .transcript import NO_TIME, Transcript
from .wire import JOIN, LIST, MESSAGE_BYTES, NICK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .options import Options

ASK, CONNECTING, LOST = "ask", "connecting", "lost"

GHOST_S = 3.0
DEFAULT_HOST = "localhost"


class Conversation:
    """See the module. `now` and `stamp` are set by the app before anything else is called."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.transcript = Transcript(options.scrollback)
        self.reading = Reading()
        self.link = ln.Link()
        self.protocol: Protocol | None = None
        self.hearing = Hearing(self.transcript, self.reading, options.bell)
        self.effects: list[do.Effect] = []
        self.now = 0.0
        self.stamp = NO_TIME
        self.hint = ""
        self.give_back = ""
        self.rooms: list[str] = []
        self.room = options.room
        self.nick = options.nick
        self._retrying = False
        self._nick_again_at: float | None = None
        self._unsent: list[str] = []
        self._endings: tuple[str | None, str | None] | None = None

    # -- state -----------------------------------------------------------------------------------

    @property
    def stage(self) -> str:
        """Where the user is: one of the protocol's stages, or without one."""
        if self.link.state == ln.OPEN and self.protocol:
            return self.protocol.stage
        return {ln.NONE: ASK, ln.LOST: LOST}.get(self.link.state, CONNECTING)

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
        return self._retrying and bool(self.room and self.nick)

    @property
    def default_answer(self) -> str:
        """What Enter on an empty line answers to the question of the stage."""
        if self.stage == ASK:
            return self.options.last_server or DEFAULT_HOST
        return self.options.default_nick if self.stage == NAMING else ""

    @property
    def waiting(self) -> list[str]:
        """Messages on their way that have not gone out."""
        return self.protocol.outbox.waiting if self.protocol else []

    @property
    def deadline(self) -> float | None:
        """When something is due although nothing arrives (monotonic seconds)."""
        due = [self._nick_again_at, self.link.retry_at]
        if self.link.retry_at is not None or self.stage == CONNECTING:
            due.append(self.now + 1 - (self.now - self.link.since) % 1)
        if self.protocol:
            due.append(self.protocol.deadline)
        return min((time for time in due if time is not None), default=None)

    def tell(self, text: str, kind: int = tr.INFO) -> None:
        """Append the program's own words; what they quote may be as it was typed."""
        self.transcript.add(kind, [clean(text)], self.stamp)

    # -- the connection --------------------------------------------------------------------------

    def connect(self, host: str, port: int) -> None:
        """Go to a server, leaving the one before."""
        if (host, port) != (self.link.host, self.link.port) and self.link.host:
            self.room = self.nick = ""
            self.hearing.speech = Speech()
            self._endings = None
        self.link.host, self.link.port = host, port
        self._try()

    def _try(self) -> None:
        self.protocol = None
        self.rooms = []
        self._nick_again_at = None
        self.link.connect(self.now)
        self.effects.append(do.Connect(self.link.host, self.link.port))

    def reconnect(self) -> None:
        """Connect anew, now; who was in a room is taken back there."""
        self._retrying = self._retrying or self.stage == ROOM
        self._withdraw()
        self.effects.append(do.Hangup())
        self._try()

    def give_up(self) -> None:
        """Stop connecting. Somebody who has seen nothing yet is done with the program."""
        self.effects.append(do.Hangup())
        sentence = say.GAVE_UP.format(address=self.link.address)
        if self.options.host and self.protocol is None and not self._retrying:
            self.effects.append(do.Quit(69, sentence))
        self.link.lost(self.now, retry=False)
        self._ask_again(sentence)

    def opened(self, seconds: float) -> None:
        """The connection stands; it took `seconds`."""
        self.link.opened(self.now)
        options, address = self.options, self.link.address
        fixed, remembered = self._endings or (options.framing, options.memory.get(address))
        self._endings = None
        self.protocol = Protocol(seconds, fixed, remembered, self.hearing.speech)
        self.hearing.known = self.protocol.roster
        if self.room and fixed:
            self.tell(say.CONNECTED_JOINING.format(address=address, room=self.room))
            self.protocol.join(self.room)
        else:
            self.tell(say.CONNECTED.format(address=address))
            self.protocol.list_rooms()

    def received(self, data: bytes) -> None:
        """Bytes arrived."""
        if self.protocol:
            self.protocol.receive(data, self.now)
            self.take_events()

    def lost(self, reason: str) -> None:
        """The connection ended, or none came about."""
        connected = self.protocol is not None and self.link.state == ln.OPEN
        leaving = False
        if self.protocol and connected:
            leaving = self.protocol.leaving
            if self.protocol.finding_out:
                self._endings = self.protocol.sending.after_hanging_up()
            self.protocol.closed(self.now)
            self.take_events()
        self._withdraw()
        self._nick_again_at = None
        again = self._retrying = not leaving and (connected or self._retrying)
        self.link.lost(self.now, retry=again)
        if leaving:
            self.quit(69 if self._unsent else 0)
        elif connected:
            self.tell(say.LOST.format(reason=reason), tr.ERROR)
            self.tell(say.LOST_NEXT)
        elif again:
            self.tell(reason, tr.ERROR)
        else:
            self._ask_again(reason)

    def _ask_again(self, reason: str) -> None:
        """Nothing came of a first try: say why, and ask once more whoever was asked before."""
        if self.options.host or self._retrying:
            self.tell(f"{reason} {say.TRY_AGAIN}", tr.ERROR)
            return
        self.give_back = self.link.address
        self.link.reset()
        self.tell(reason, tr.ERROR)
        self.tell(say.ASK_SERVER)

    def _withdraw(self) -> None:
        """Show what was waiting to be sent and now will not be: nothing is sent again by itself."""
        if self.protocol:
            self._not_sent(self.protocol.outbox.withdraw())

    def _not_sent(self, texts: list[str]) -> None:
        for text in texts:
            self._unsent.append(say.UNSENT.format(text=clean(text)))
            self.tell(self._unsent[-1], tr.ERROR)

    def quit(self, status: int) -> None:
        """End the program; what was not sent is told once more, when the screen is gone."""
        self.effects += [do.Hangup(), do.Quit(status, "\n".join(self._unsent))]

    def next_send(self) -> bytes | None:
        """Return the next message to send, if it is time."""
        if self.protocol is None or self.link.state != ln.OPEN:
            return None
        data = self.protocol.next_send(self.now)
        self.take_events()
        return data

    def tick(self) -> None:
        """Do what is due."""
        if self.protocol and self.link.state == ln.OPEN:
            self.protocol.expire(self.now)
            self.take_events()
        if self.link.retry_at is not None and self.now >= self.link.retry_at:
            self._try()
        if self._nick_again_at is not None and self.now >= self._nick_again_at:
            self._nick_again_at = None
            if self.protocol and self.protocol.stage == NAMING:
                self.protocol.nick(self.nick)

    # -- what the user wants -----------------------------------------------------------------------

    def join(self, room: str) -> None:
        """Ask to enter a room."""
        if self.protocol and self._is_name(room, self.protocol.sending.wrap("/join ")):
            self.room = room
            self._retrying = False
            self.protocol.join(room)

    def name(self, nick: str) -> None:
        """Ask for a nick."""
        if self.protocol and self._is_name(nick, self.protocol.sending.wrap("/nick ")):
            self.nick = nick
            self._retrying, self._nick_again_at = False, None
            self.protocol.nick(nick)

    def say(self, text: str) -> None:
        """Say something to everyone in the room."""
        if self.protocol:
            self.protocol.say(text)

    def refuse(self, sentence: str, line: str) -> None:
        """Say why a line was not taken, and give it back."""
        self.hint, self.give_back = clean(sentence), line

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
            lost = self.link.state in (ln.LOST, ln.CONNECTING)
            self.quit(69 if lost else 0)
        elif self.protocol.leaving or self.protocol.stage == OUT:
            self._withdraw()
            self.quit(0)
        else:
            self.protocol.logout(self.now)
            if self.waiting:
                self.hint = say.leaving_waits(len(self.waiting))

    # -- what the server says ---------------------------------------------------------------------

    def take_events(self) -> None:
        """Turn what the protocol tells into lines, questions and effects."""
        for event in self.protocol.events() if self.protocol else []:
            self._take(event)

    def _take(self, event: ev.Event) -> None:
        match event:
            case ev.Heard(texts):
                if self.hearing.take(texts, self.stamp):
                    self.effects.append(do.Bell())
            case ev.Sent(text):
                self.transcript.add_own(self.nick, clean(text), self.stamp)
                self.reading.go_on()
            case ev.ServerSaid(texts):
                self.transcript.add(tr.SERVER, texts, self.stamp)
            case ev.Rooms(names, announced, raw):
                self._list(names, announced, raw)
            case ev.Joined() | ev.Named():
                self._entered(event)
            case ev.JoinRefused() | ev.NickRefused() | ev.NickTaken():
                self._refused(event)
            case ev.Who(names, texts):
                self._show_who(names, texts)
            case ev.LoggedOut():
                self.effects.append(do.Leave())
            case ev.Unsent(texts):
                self._not_sent(texts)
            case ev.Odd() | ev.Silent():
                self._trouble(event)

    def _join_given_room(self) -> bool:
        """Enter the room that is wanted already, if there is one."""
        wanted = bool(self.protocol and self.room and self.protocol.asking is None)
        if self.protocol and wanted:
            self.protocol.join(self.room)
        return wanted

    def _list(self, names: list[str], announced: int, raw: str) -> None:
        assert self.protocol
        self.rooms = names
        if len(names) != announced:
            self.tell(say.ROOMS_UNCLEAR.format(announced=announced, raw=say.quoted(raw)), tr.ERROR)
        if self._join_given_room():
            return
        self.tell(say.LOBBY)
        self.tell(say.PICK if names else say.NO_ROOMS)

    def _entered(self, event: ev.Joined | ev.Named) -> None:
        assert self.protocol
        self.rooms = []
        if isinstance(event, ev.Joined):
            self.room = event.room
            if self.nick:
                self.protocol.nick(self.nick)
            else:
                self.tell(say.JOINED.format(room=self.room))
            return
        self.nick = event.nick
        self._retrying, self._unsent = False, []
        self.link.settled()
        self.tell(say.NAMED.format(room=self.room, nick=self.nick))
        sends = self.protocol.sending.ending if self.protocol.sending.known else ""
        self.effects.append(do.Remember(self.link.address, self.nick, sends))

    def _refused(self, event: ev.JoinRefused | ev.NickRefused | ev.NickTaken) -> None:
        if isinstance(event, ev.JoinRefused):
            self.tell(say.JOIN_REFUSED.format(room=event.room), tr.ERROR)
            self.give_back, self.room = event.room, ""
            return
        if isinstance(event, ev.NickTaken) and self._retrying:
            self._nick_again_at = self.now + GHOST_S
            self.tell(say.GHOST.format(nick=event.nick))
            return
        taken = isinstance(event, ev.NickTaken)
        sentence = say.NICK_TAKEN if taken else say.NICK_REFUSED
        self.tell(sentence.format(room=self.room, nick=event.nick), tr.ERROR)
        self.give_back, self.nick = event.nick, ""

    def _show_who(self, names: list[str], texts: list[str]) -> None:
        self.transcript.add(tr.SERVER, texts, self.stamp)
        minute, listed = self.stamp.minute, ", ".join(names)
        self.tell(say.COUNT_HERE.format(count=len(names), minute=minute, names=listed))

    def _trouble(self, event: ev.Odd | ev.Silent) -> None:
        """No answer, or none that means anything: say so, and give back what was typed."""
        if isinstance(event, ev.Odd):
            self.tell(say.odd(event.request, event.text), tr.ERROR)
        else:
            self.tell(say.silent(event.request, event.seconds), tr.ERROR)
        if event.request in (JOIN, NICK):
            self.give_back = self.room if event.request == JOIN else self.nick
        elif event.request == LIST:
            self._join_given_room()
