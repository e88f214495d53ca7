"""A chat: one conversation with one server at a time, across its connections.

    bytes ─► session ─► events ─► lines, questions, the next request
    what the user wants ─► session, or effects for the driver

It has a `transcript`, a `viewport`, an `editor` (the input line), a `session` (None without a
connection) and a `reconnect`. The user is told by lines in the transcript, or by
`flash`, a sentence that stands until the next key. Text that is refused goes back into the input
line at once, if that is empty; of what was not sent, Ctrl-Y brings back what is too much to show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..input.commands import escaped, spoken
from ..input.editor import Editor
from ..input.line import LINE_END, typable
from ..protocol import events
from ..protocol.ending import Ending
from ..protocol.framing import encode
from ..protocol.outbox import split, split_points
from ..protocol.sender import SenderFormat
from ..protocol.session import Session
from ..record import Record, soonest
from ..text import clean
from ..wire import JOIN, LIST, MESSAGE_BYTES, NICK, WHO, Stage
from . import effects, messages
from .lobby import Lobby
from .mention import mentions
from .reconnect import Reconnect
from .transcript import ERROR, INFO, PLACE, SERVER, SPOKEN, Transcript, Viewport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.events import Event, Notice
    from .effects import Effect
    from .options import Options, Time

DEFAULT_HOST = "localhost"
STALE_NICK_S = 3.0
"""How long to wait before asking again for a nick that the lost connection still holds."""
BELL_S = 1.0
"""The bell rings no more often than this."""
MOST_UNSENT_TOLD = 5
SPEAKERS_BACK = 1000
MOST_RECENT = 50
"""So many lines tell whether this server names those who speak."""
SOON_S = 0.5
"""A list that ends so soon is waited for; else a room is entered on a fresh connection."""


class Place(Record):
    """Where the user is going: `room` is "" for the lobby, `nick` "" to be asked."""

    host: str
    port: int
    room: str
    nick: str


class Chat:
    """`room` and `nick` are those that the user has, or wants; `lobby` has the rooms listed.

    `going` is where the user is going as soon as the room is left, None if nowhere. `refused`
    tells that the server refused a room or a nick that was given beforehand, and not as an answer.
    `bell` is one of "off", "mention", "all"; `unsent` tells what was not sent since one was in the
    room; `unheard_since` when the server was last heard ("12:01") if it seems dead, else "".
    `effects` are for the loop to take and have carried out; `version` grows with
    everything that may change what is due, or what is shown, but for what a key changes.
    """

    def __init__(self, options: Options, time: Time) -> None:
        self.options = options
        self.time = time
        self.transcript = Transcript(options.scrollback)
        self.viewport = Viewport()
        self.editor = Editor()
        self.session: Session | None = None
        self.reconnect = Reconnect()
        self.lobby = Lobby()
        self.ending = Ending()
        self.sender = SenderFormat()
        self.room = options.room
        self.nick = options.nick
        self.going: Place | None = None
        self.refused = False
        self.bell = options.bell
        self.flash = ""
        self.unsent: list[str] = []
        self.unheard_since = ""
        self.effects: list[Effect] = []
        self.version = 0
        self._lobby_told = False
        self._nick_again_at: float | None = None
        self._dialled_before = False
        self._given = {options.room, options.nick}
        self._was_in_room = False
        self._entered = ("", "")
        self._heard_at = ""
        self._late: set[str] = set()
        self._bell_due = 0.0

    # -- where the user is -----------------------------------------------------------------------

    @property
    def stage(self) -> str:
        """Where the user is: one of `wire.Stage`."""
        return self.session.stage if self.session else self.reconnect.stage

    @property
    def rejoining(self) -> bool:
        """Tell whether room and nick are being taken up again after a lost connection."""
        return self.reconnect.retrying and bool(self.room and self.nick)

    @property
    def default_answer(self) -> str:
        """What Enter on an empty line answers to the question of the stage."""
        if self.stage == Stage.ASK:
            return self.options.last_server or DEFAULT_HOST
        return self.options.default_nick if self.stage == Stage.NAMING else ""

    @property
    def waiting(self) -> Sequence[str]:
        """Messages on their way that have not gone out, the next one first."""
        return self.session.outbox.waiting if self.session else ()

    @property
    def people(self) -> int | None:
        """How many are in the room, None if nobody has said so."""
        return self.session.roster.size if self.session else None

    @property
    def can_stop_waiting(self) -> bool:
        """Tell whether something is awaited in the lobby."""
        return self.stage == Stage.LOBBY and bool(self.room or self.lobby.listing)

    @property
    def leaving(self) -> bool:
        """Tell whether the user has asked to log out."""
        return self.session is not None and self.session.leaving

    @property
    def request(self) -> str | None:
        """The request whose answer is awaited, in the lobby and while naming."""
        return self.session.request if self.session else None

    @property
    def asking_who(self) -> bool:
        """Tell whether an answer to `/who` is awaited."""
        return self.session is not None and self.session.asking_who

    @property
    def unframed(self) -> bool:
        """Tell whether only pauses tell where this server's messages end."""
        return self.session is not None and self.session.unframed

    @property
    def deadline(self) -> float | None:
        """When `tick` has something to do though nothing happens (monotonic seconds)."""
        if self.session:
            return soonest(self._nick_again_at, self.session.deadline)
        return soonest(self.reconnect.retry_at, self.reconnect.next_second(self.time.now))

    @property
    def send_due(self) -> float | None:
        """When `send` has something, once all before it has left (monotonic seconds)."""
        return self.session.send_due if self.session else None

    def speaker(self, text: str) -> tuple[str, int] | None:
        """Return who says a line, and where the words begin; None if nobody is named.

        Asked here, as another server has another `sender`.
        """
        return self.sender.speaker(text)

    def latest_speakers(self) -> list[str]:
        """Return the nicks in the room, whoever spoke last first, without one's own."""
        transcript, nicks = self.transcript, dict[str, None]()
        if self.session is None or self.stage != Stage.ROOM:
            return []
        oldest = max(transcript.first, transcript.end - SPEAKERS_BACK)
        for number in range(transcript.end - 1, oldest - 1, -1):
            if transcript.kind(number) in SPOKEN:
                found = self.speaker(transcript.text(number))
                if found:
                    nicks[found[0]] = None
        nicks.update(dict.fromkeys(self.session.roster.nicks))
        nicks.pop(self.nick, None)
        return list(nicks)

    @property
    def text_limit(self) -> int:
        """How many bytes of text fit one message."""
        return self.session.text_limit if self.session else MESSAGE_BYTES

    def cuts(self, line: str) -> list[int]:
        """Return the offsets at which a line will be cut into messages: none outside a room."""
        limit = self.text_limit
        if len(line) * 4 <= limit or self.stage != Stage.ROOM:  # no character has more bytes
            return []
        message, points = spoken(line), list[int]()
        start = len(line) - len(message)
        for text in message.split(LINE_END):
            points += [start + cut for cut in split_points(text, limit)]
            start += len(text) + 1
        return points

    def measure(self, line: str) -> tuple[int, int]:
        """Return how many messages a line makes, and how many bytes are left in the last one."""
        limit = self.text_limit
        pieces = [piece for text in spoken(line).split(LINE_END) for piece in split(text, limit)]
        return len(pieces), limit - len(encode(pieces[-1] if pieces else ""))

    # -- telling the user ------------------------------------------------------------------------

    def tell(self, text: str, kind: int = INFO) -> None:
        """Append the program's own words; what they quote may be as it was typed."""
        self.transcript.add(kind, [clean(text)], self.time.stamp)
        self.version += 1

    def refuse(self, sentence: str, line: str) -> None:
        """Say why a line was not taken, and give it back."""
        self.flash = clean(sentence)
        self.editor.restore(line)

    def _not_sent(self, texts: list[str]) -> None:
        """Show what will not be sent: nothing is sent again by itself."""
        if not texts:
            return
        lines = [messages.UNSENT.format(text=clean(text)) for text in texts]
        self.unsent += lines
        told = len(lines) if len(lines) <= MOST_UNSENT_TOLD else MOST_UNSENT_TOLD - 1
        for line in lines[:told]:
            self.tell(line, ERROR)
        if told < len(lines):
            self.tell(messages.UNSENT_MORE.format(count=len(lines) - told), ERROR)
            self.editor.keep_lines(texts)

    # -- the connection, as the driver reports it ------------------------------------------------

    def opened(self, seconds: float) -> None:
        """The connection stands; it took `seconds`."""
        self.version += 1
        address, room = self.reconnect.address, self.room
        self.reconnect.opened(self.time.now)
        self.session = Session(self.time.now, seconds, self.ending, self.sender)
        if room:
            self.session.join(room, self.lobby.spelling(room))
        elif self.lobby.listing:
            self.session.list_rooms()
        if not self._dialled_before:
            sentence = messages.CONNECTED_JOINING if room else messages.CONNECTED
            self.tell(sentence.format(address=address, room=room))
        if not (room and self.nick):
            self._make_way()

    def received(self, data: bytes) -> None:
        """Bytes arrived."""
        self.unheard_since, self._heard_at = "", self.time.stamp.minute
        if self.session:
            self._handle(self.session.receive(data, self.time.now))

    def lost(self, reason: str) -> None:
        """The connection ended, or none came about; `reason` is a sentence."""
        self.version += 1
        session, reconnect, now = self.session, self.reconnect, self.time.now
        if session is None:
            self._not_opened(reason)
            return
        leaving = session.leaving
        self._was_in_room = self._was_in_room or session.stage == Stage.ROOM
        self._disconnect()
        if self.going:
            self._move(self.going)
            return
        if leaving:
            self.quit(69 if self.unsent else 0)
            return
        for_ever = reconnect.hung_up(now)
        if not (session.understood or for_ever) and self.ending.hung_up():
            self._dial(quietly=True)
            return
        reconnect.retrying = True
        reconnect.lost(now, retry=not for_ever)
        self.tell(messages.LOST.format(reason=reason), ERROR)
        self.tell(messages.hung_up(reconnect.address, session.understood, for_ever))

    def _not_opened(self, reason: str) -> None:
        reconnect = self.reconnect
        reconnect.lost(self.time.now, retry=reconnect.retrying)
        if not reconnect.retrying:
            self._ask_again(f"{reason} {messages.TRY_AGAIN}", reason)
        elif reason != reconnect.failure:  # a long outage is no reason to bury what was said
            self.tell(reason, ERROR)
        reconnect.failure = reason
        self.version += 1

    def left(self) -> None:
        """The connection was closed as was asked for."""
        if self.going:
            self._move(self.going)
        else:
            self.quit(0)

    def send(self) -> bytes | None:
        """Return the next message to send, if it is time."""
        if self.session is None:
            return None
        data, happened = self.session.send(self.time.now)
        self._handle(happened)
        return data

    def tick(self) -> None:
        """Do what is due."""
        now = self.time.now
        self.version += 1
        if self.session:
            self._handle(self.session.expire(now))
        if self.reconnect.retry_at is not None and now >= self.reconnect.retry_at:
            self._dial()
        if self._nick_again_at is not None and now >= self._nick_again_at:
            self._nick_again_at = None
            if self.session:
                self.session.set_nick(self.nick)

    def take_effects(self) -> list[Effect]:
        """Return what is to be done, each once."""
        taken, self.effects = self.effects, []
        return taken

    # -- what the user wants ---------------------------------------------------------------------

    def start(self) -> None:
        """Connect, or ask where to."""
        if self.options.host:
            self.connect(self.options.host, self.options.port)
        else:
            self.tell(messages.ASK_SERVER)
            self.tell(messages.NO_SERVER_YET)

    def connect(self, host: str, port: int) -> None:
        """Go to a server, with the same nick; from a room after a polite logout."""
        had_room = self.reconnect.host or self._entered[0]  # else it was given for any server
        room = "" if self.reconnect.is_other(host, port) and had_room else self.room
        self._go(Place(host, port, room, self.nick))

    def connect_again(self) -> None:
        """Connect to the same server, now; who was in a room is taken back there.

        Who is on the way to another place goes there, without waiting for what leaving waits for.
        """
        self.version += 1
        reconnect = self.reconnect
        if self.going:
            self._move(self.going)
            return
        reconnect.failure = ""
        reconnect.settled()
        reconnect.retrying = reconnect.retrying or self.stage == Stage.ROOM
        self._disconnect()
        self._dial()

    def give_up(self) -> None:
        """Stop connecting. Somebody who has seen nothing yet is done with the program."""
        self.version += 1
        self.effects.append(effects.Hangup())
        sentence = messages.GAVE_UP.format(address=self.reconnect.address)
        if self.options.host and not self.reconnect.was_open:
            self.effects.append(effects.Quit(69, sentence))
        self.reconnect.lost(self.time.now, retry=False)
        self._ask_again(f"{sentence} {messages.TRY_AGAIN}", sentence)

    def stop_retrying(self) -> None:
        """Do not connect again by itself."""
        self.version += 1
        self.reconnect.retry_at = None

    def list_rooms(self) -> None:
        """Ask for the rooms (lobby)."""
        self.version += 1
        if self.session:
            self.lobby.clear()
            self.lobby.asked()
            self.session.list_rooms()

    def go_to_lobby(self) -> None:
        """Go back to the list of rooms, from wherever there is a server."""
        if self.stage == Stage.LOBBY and not self.room:
            self.list_rooms()
        else:
            self._go(Place(self.reconnect.host, self.reconnect.port, "", self.nick))

    def join(self, room: str) -> None:
        """Go to a room, from wherever there is a server."""
        self.version += 1
        session = self.session
        if not self._is_name(room, "/join "):
            return
        if self.stage == Stage.ROOM and room == self.room and not self.going:
            self.flash = messages.IN_ROOM_ALREADY.format(room=clean(room), nick=self.nick)
        elif session and self.stage == Stage.LOBBY and session.listing_s(self.time.now) < SOON_S:
            self.room = room
            self._answered()
            session.join(room, self.lobby.spelling(room))
        elif session and self.stage == Stage.LOBBY:
            self.room = room
            self._answered()
            self.lobby.stop()
            self._disconnect()
            self._dial(quietly=True)
        else:
            self._given |= {room, self.nick}
            self._go(Place(self.reconnect.host, self.reconnect.port, room, self.nick))

    def stop_waiting(self) -> None:
        """Give up entering a room, or else waiting for the list (lobby)."""
        self.version += 1
        room, self.room = self.room, ""
        self.editor.restore(room)
        if not (room and self.session and self.session.withdraw()):
            self.lobby.stop()
            self._disconnect()
            self._dial(quietly=True)
        if not room:
            self.flash = messages.LIST_STOPPED

    def set_nick(self, nick: str) -> None:
        """Take a nick: in a room, by leaving it and entering again."""
        self.version += 1
        if not self._is_name(nick, "/nick "):
            return
        if self.stage == Stage.ROOM:
            self._given |= {self.room, nick}
            self._go(Place(self.reconnect.host, self.reconnect.port, self.room, nick))
        elif self.session:
            self.nick = nick
            self._answered()
            self._nick_again_at = None
            self.session.set_nick(nick)

    def say(self, text: str) -> None:
        """Say something to everyone in the room."""
        self.version += 1
        if self.session:
            self.session.say(typable(text))

    def who(self) -> bool:
        """Ask who is here; False: that was asked already, and the answer is under way."""
        self.version += 1
        return self.session is not None and self.session.who()

    def leave(self) -> None:
        """Log out, or quit at once where there is nothing to log out of. Twice: at once."""
        self.version += 1
        session, reconnect = self.session, self.reconnect
        going, self.going = self.going, None
        if session is None:
            lost = reconnect.failure or reconnect.stage != Stage.ASK
            self.quit(69 if lost else 0)
        elif session.stage == Stage.OUT or (session.leaving and not going):
            self._disconnect()
            self.quit(0)
        else:
            session.logout(self.time.now)
            if self.waiting:
                self.flash = messages.leaving_waits(len(self.waiting))

    def leave_now(self) -> None:
        """Wait no longer for what leaving waits for."""
        if self.going:
            self._move(self.going)
        else:
            self.leave()

    def take_back(self) -> None:
        """Put what is waiting to be sent back into the line."""
        self.version += 1
        texts = self.session.outbox.withdraw() if self.session else []
        if texts:
            first, *more = texts
            self.editor.restore(LINE_END.join([escaped(first), *more]))
            self.flash = messages.taken_back(len(texts))

    def quit(self, status: int) -> None:
        """End the program; what was not sent is told once more, when the screen is gone."""
        self.effects += [effects.Hangup(), effects.Quit(status, "\n".join(self.unsent))]

    def _go(self, place: Place) -> None:
        """Go to a place: a room is left politely before."""
        self.version += 1
        if self.session and self.stage in (Stage.ROOM, Stage.OUT):
            self.going, self._was_in_room = place, True
            self.session.logout(self.time.now)
            if self.waiting:
                self.flash = messages.leaving_waits(len(self.waiting))
        else:
            self._move(place)

    def _move(self, place: Place) -> None:
        """Go to a place, which nothing holds up any more.

        What is typed on the way to a room is for that room, and on the way to the lobby for that.
        """
        was_in_room = self._was_in_room or self.stage == Stage.ROOM
        self._was_in_room = was_in_room and place.room != ""
        self._disconnect()
        self.going = None
        is_other = self.reconnect.go_to(place.host, place.port)
        if is_other:
            self.sender, self.lobby = SenderFormat(), Lobby()
        self.reconnect.retrying = False
        self.room, self.nick = place.room, place.nick
        self._begin()
        self._dial(quietly=self.ending.known and not is_other)

    def _begin(self) -> None:
        """Nothing is known of the rooms there are now."""
        self._lobby_told = False
        self.lobby.clear()
        if not self.room:
            self.lobby.asked()

    def _dial(self, quietly: bool = False) -> None:
        """Connect; `quietly`: what goes on stays the same for the user."""
        options, reconnect = self.options, self.reconnect
        self._dialled_before = quietly
        self.session = None
        if not quietly:
            self.ending = Ending(options.framing, options.memory.get(reconnect.address))
            self._begin()
        self._nick_again_at = None
        reconnect.begin(self.time.now)
        self.effects.append(effects.Connect(reconnect.host, reconnect.port))

    def _disconnect(self) -> None:
        """There is no session any more; what waited in it is shown, and not sent again."""
        if self.session:
            self._handle(self.session.closed(self.time.now))
            self._not_sent(self.session.outbox.withdraw())
        self.session = None
        self._nick_again_at = None

    def _ask_again(self, sentence: str, reason: str) -> None:
        """The server is of no use: tell that, or the reason if the user is asked for another."""
        if self.options.host or self.reconnect.retrying:
            self.tell(sentence, ERROR)
            return
        self.editor.restore(self.reconnect.address)
        self.reconnect.ask()
        self.tell(reason, ERROR)
        self.tell(messages.ASK_SERVER)

    def _answered(self) -> None:
        """A question is answered by the user."""
        self.reconnect.retrying = self._was_in_room = self.refused = False

    def _is_name(self, name: str, command: str) -> bool:
        """Refuse here what no server can mean: nothing is sent then, and the text stays."""
        size = len(encode(name))
        limit = MESSAGE_BYTES - len(self.ending.wrap(command))
        if clean(name) != name:
            self.refuse(messages.BAD_NAME.format(name=clean(name)), name)
        elif size > limit:
            self.refuse(messages.LONG_NAME.format(size=size, limit=limit), name)
        else:
            return True
        return False

    def _make_way(self) -> None:
        """A name is asked for: the line of a lost room makes way for it."""
        if self._was_in_room:
            self.editor.put_aside()
        self._was_in_room = False

    # -- what the server says --------------------------------------------------------------------

    def _handle(self, happened: list[Event]) -> None:
        """Turn what the session tells into lines, questions and the next request."""
        self.version += 1
        for event in happened:
            match event:
                case events.Heard(texts, asides):
                    self._heard(texts, asides)
                case events.Sent(text):
                    self.transcript.add_own(self.nick, text, self.time.stamp)
                    self.viewport.go_on()
                case events.ServerSaid(texts):
                    self.transcript.add(SERVER, texts, self.time.stamp)
                case events.Listing(rooms, announced):
                    self.lobby.grow(rooms, announced)
                case events.Rooms() as listed:
                    self._listed(listed)
                case events.Joined(room):
                    self._joined(room)
                case events.JoinRefused(room):
                    self._join_refused(room)
                case events.Named(nick):
                    self._named(nick)
                case events.NickRefused(nick):
                    self._nick_refused(nick, messages.NICK_REFUSED)
                case events.NickTaken(nick) if self.reconnect.retrying:
                    self._nick_again_at = self.time.now + STALE_NICK_S
                    self.tell(messages.GHOST.format(nick=nick))
                case events.NickTaken(nick):
                    self._nick_refused(nick, messages.NICK_TAKEN)
                case events.Who(names, texts, heading):
                    self._show_who(names, texts if names or not heading else [heading, *texts])
                case events.Odd(request, text):
                    self._not_answered(request, messages.odd(request, text))
                case events.Silent(request, seconds):
                    self._not_answered(request, messages.silent(request, seconds))
                case events.AskAgain():
                    self._dial(quietly=True)
                case events.Foreign(protocol, text):
                    self._is_foreign(protocol, text)
                case events.LateStatus(status):
                    self._told_late(status)
                case events.Unsent(texts):
                    self._not_sent(texts)
                case events.LoggedOut():
                    self.effects.append(effects.Leave())

    def _heard(self, texts: list[str], asides: Mapping[int, Notice | None]) -> None:
        first = self.transcript.end
        named = mentions(texts, asides, self.nick, self.sender)
        self.transcript.add_heard(texts, asides, named, self.time.stamp)
        self.viewport.arrived(first, len(texts), len(named))
        rings = self.bell == "all" or (self.bell == "mention" and named)
        if rings and self.viewport.focused is not True and self.time.now >= self._bell_due:
            self._bell_due = self.time.now + BELL_S
            self.effects.append(effects.Bell())

    def _listed(self, listed: events.Rooms) -> None:
        self.lobby.end(listed.rooms, listed.announced, listed.complete)
        if not listed.complete:
            raw = messages.quoted(listed.raw)
            self.tell(messages.ROOMS_UNCLEAR.format(announced=listed.announced, raw=raw), ERROR)
        if not self._join_given_room():
            self._tell_lobby()

    def _join_given_room(self) -> bool:
        """Enter the room that is wanted already; False if there is none, or something is asked."""
        if self.session is None or not self.room or self.session.request is not None:
            return False
        self.session.join(self.room, self.lobby.spelling(self.room))
        return True

    def _tell_lobby(self) -> None:
        self._lobby_told = True
        self.tell(messages.LOBBY)
        pick = messages.PICK_BY_NAME if self.options.plain else messages.PICK
        self.tell(pick if self.lobby.names else messages.NO_ROOMS)

    def _joined(self, room: str) -> None:
        self.lobby.stop()
        self.room = room
        self.editor.take_out(room)
        if self.nick and self.session:
            self.session.set_nick(self.nick)
        elif self.lobby.is_new(room):
            self.tell(messages.joined_new(room, self.lobby.nearest(room)))
        else:
            self.tell(messages.JOINED.format(room=room))

    def _join_refused(self, room: str) -> None:
        self.tell(messages.JOIN_REFUSED.format(room=room), ERROR)
        if self.room != room:  # another one is asked for already
            return
        self.room, self.refused = "", room in self._given
        self._make_way()
        self.editor.restore(room)
        if self.lobby.names and not self._lobby_told:
            self._tell_lobby()
        elif not self._lobby_told:
            self.list_rooms()

    def _named(self, nick: str) -> None:
        assert self.session
        self.nick = nick
        self.lobby.clear()
        self.unsent = []
        self._late = set()
        self._was_in_room = self.refused = False
        self.reconnect.entered(self.time.now)
        place = self.reconnect.address, self.room
        if place != self._entered and self._entered[0]:
            self.transcript.add(PLACE, [f"#{clean(self.room)}"], self.time.stamp)
        self._entered = place
        self.tell(messages.NAMED.format(room=self.room, nick=nick))
        self.editor.take_out(nick)
        self.editor.bring_back()
        ending = self.session.ending
        learned = ending.name if ending.known else ""
        self.effects.append(effects.Remember(self.reconnect.address, nick, learned))

    def _nick_refused(self, nick: str, sentence: str) -> None:
        self.tell(sentence.format(room=self.room, nick=nick), ERROR)
        self.nick, self.refused = "", nick in self._given
        self._make_way()
        self.editor.restore(nick)

    def _show_who(self, names: list[str], texts: list[str]) -> None:
        self.transcript.add(SERVER, texts, self.time.stamp)
        minute, listed = self.time.stamp.minute, ", ".join(names)
        count = len(names)
        self.tell(messages.COUNT_HERE.format(count=count, minute=minute, names=listed))

    def _not_answered(self, request: str, sentence: str) -> None:
        """No answer, or none that means anything: say so, and give back what was typed."""
        self.tell(sentence, ERROR)
        if request == WHO:
            self.unheard_since = self._heard_at
        elif request in (JOIN, NICK):
            name = self.room if request == JOIN else self.nick
            self.refused = name in self._given
            self.editor.restore(name)
        elif request == LIST:
            self.lobby.stop()
            self._join_given_room()

    def _is_foreign(self, protocol: str, text: str) -> None:
        """Another kind of server: it is not tried again by itself."""
        sentence = messages.foreign(self.reconnect.address, protocol, text)
        self._disconnect()
        self.effects.append(effects.Hangup())
        self.reconnect.lost(self.time.now, retry=False)
        self.reconnect.is_foreign = True
        self._ask_again(sentence, sentence)

    def _told_late(self, status: str) -> None:
        """Tell once what a status in the room means; where nobody is named it may be a message."""
        transcript = self.transcript
        recent = range(max(transcript.first, transcript.end - MOST_RECENT), transcript.end)
        said = [number for number in recent if transcript.kind(number) in SPOKEN]
        if any(self.speaker(transcript.text(number)) is None for number in said):
            self._heard([status], {})
        elif status not in self._late:
            self._late.add(status)
            self.tell(messages.LATE[status].format(room=self.room, nick=self.nick), ERROR)
