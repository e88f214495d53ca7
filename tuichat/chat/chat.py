"""A chat: how the user gets to a room, one server at a time, across connections.

    bytes ─► session ─► events ─► the conversation's lines, the next request of the entrance
    what the user wants ─► session, or effects for the driver

`conversation` has what is said, `entrance` the room and the nick, `reconnect` the server and when
to try it again; `session` is None without a connection.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..input.line import typable
from ..protocol import events
from ..protocol.ending import Ending
from ..record import Record, soonest
from ..text import clean
from ..wire import MESSAGE_BYTES, WHO, Stage
from . import effects, messages
from .entrance import Entrance
from .lobby import Lobby
from .reconnect import Reconnect
from .transcript import ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.events import Event
    from ..protocol.session import Session
    from .conversation import Conversation
    from .effects import Effect
    from .options import Options, Time

DEFAULT_HOST = "localhost"
SOON_S = 0.5
"""Seconds: a list that ends sooner is waited for; else a room is entered on a fresh connection."""


class Place(Record):
    """Where the user is going: `room` is "" for the lobby, `nick` "" to be asked."""

    host: str
    port: int
    room: str
    nick: str


class Chat:
    """`going` is where the user is going as soon as the room is left, None if nowhere.

    `unheard_since` tells when the server was last heard ("12:01") if it seems dead, else "".
    `effects` are for the loop to take and have carried out. `version` grows with everything that
    may change what is shown, except what a key changes and the lines, which are the conversation's;
    and with everything that may change what is due, except when something was just received.
    """

    def __init__(self, options: Options, time: Time, conversation: Conversation) -> None:
        self.options = options
        self.time = time
        self.conversation = conversation
        self.session: Session | None = None
        self.reconnect = Reconnect()
        self.lobby = Lobby()
        self.entrance = Entrance(options, time, self.lobby, conversation)
        self.ending = Ending()
        self.going: Place | None = None
        self.unheard_since = ""
        self.effects: list[Effect] = []
        self.version = 0
        self._announces = False  # tell the user once the connection is open
        self._heard_at = ""

    # -- where the user is -----------------------------------------------------------------------

    @property
    def stage(self) -> str:
        """Where the user is: one of `wire.Stage`."""
        return self.session.stage if self.session else self.reconnect.stage

    @property
    def rejoining(self) -> bool:
        """Tell whether the way back to the room and nick of a lost connection is under way."""
        return self.reconnect.retrying and bool(self.entrance.room and self.entrance.nick)

    @property
    def default_answer(self) -> str:
        """What Enter on an empty line answers to the question of the stage."""
        if self.options.plain:  # it is not shown there
            return ""
        if self.stage == Stage.ASK:
            return self.options.last_server or DEFAULT_HOST
        return self.options.default_nick if self.stage == Stage.NAMING else ""

    @property
    def waiting(self) -> Sequence[str]:
        """Messages on their way that have not gone out, the next one first."""
        return self.session.outbox.waiting if self.session else ()

    @property
    def people(self) -> int | None:
        """How many people are in the room, None if unknown."""
        return self.session.roster.size if self.session else None

    @property
    def nicks(self) -> list[str]:
        """The nicks known to be in the room."""
        return self.session.roster.nicks if self.session else []

    @property
    def can_stop_waiting(self) -> bool:
        """Tell whether something is awaited in the lobby."""
        return self.stage == Stage.LOBBY and bool(self.entrance.room or self.lobby.listing)

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
            return soonest(self.entrance.nick_again_at, self.session.deadline)
        return soonest(self.reconnect.retry_at, self.reconnect.next_second(self.time.now))

    @property
    def send_due(self) -> float | None:
        """When `send` has something, once all before it has left (monotonic seconds)."""
        return self.session.send_due if self.session else None

    @property
    def text_limit(self) -> int:
        """How many bytes of text fit one message."""
        return self.session.text_limit if self.session else MESSAGE_BYTES

    # -- the connection, as the driver reports it ------------------------------------------------

    def opened(self, seconds: float) -> None:
        """The connection is open; it took `seconds`."""
        from ..protocol.session import Session  # here, as the first screen needs none

        self.version += 1
        address, room = self.reconnect.address, self.entrance.room
        self.reconnect.opened(self.time.now)
        self.session = Session(self.time.now, seconds, self.ending, self.conversation.sender)
        if self._announces:
            sentence = messages.CONNECTED_JOINING if room else messages.CONNECTED
            self.conversation.tell(sentence.format(address=address, room=room))
        self.entrance.opened(self.session)

    def received(self, data: bytes) -> None:
        """Bytes arrived."""
        if self.unheard_since:
            self.unheard_since = ""
            self.version += 1
        self._heard_at = self.time.stamp.minute
        if self.session:
            self._handle(self.session, self.session.receive(data, self.time.now))

    def lost(self, reason: str) -> None:
        """The connection ended, or could not be opened; `reason` is a sentence."""
        self.version += 1
        session, reconnect, now = self.session, self.reconnect, self.time.now
        if session is None:
            self._not_opened(reason)
            return
        leaving = session.leaving
        self.conversation.typed_for_room |= session.stage == Stage.ROOM
        self._disconnect()
        if self.going:
            self._move(self.going)
            return
        if leaving:
            self.quit(69 if self.conversation.unsent else 0)
            return
        for_ever = reconnect.hung_up(now)
        if not (session.understood or for_ever) and self.ending.hung_up():
            self._dial()
            return
        reconnect.retrying = True
        reconnect.lost(now, retry=not for_ever)
        self.conversation.tell(messages.LOST.format(reason=reason), ERROR)
        self.conversation.tell(messages.hung_up(reconnect.address, session.understood, for_ever))

    def _not_opened(self, reason: str) -> None:
        reconnect = self.reconnect
        reconnect.lost(self.time.now, retry=reconnect.retrying)
        if not reconnect.retrying:
            self._ask_again(f"{reason} {messages.TRY_AGAIN}", reason)
        elif reason != reconnect.failure:  # once, or a long outage buries what was said
            self.conversation.tell(reason, ERROR)
        reconnect.failure = reason

    def left(self) -> None:
        """The connection was closed on request."""
        if self.going:
            self._move(self.going)
        else:
            self.quit(0)

    def send(self) -> bytes | None:
        """Return the next message to send, if it is time."""
        if self.session is None:
            return None
        data, happened = self.session.send(self.time.now)
        self._handle(self.session, happened)
        return data

    def tick(self) -> None:
        """Do what is due."""
        now = self.time.now
        self.version += 1
        if self.session:
            self._handle(self.session, self.session.expire(now))
        if self.reconnect.retry_at is not None and now >= self.reconnect.retry_at:
            self._dial_anew()
        nick_again_at = self.entrance.nick_again_at
        if self.session and nick_again_at is not None and now >= nick_again_at:
            self.entrance.set_nick(self.session)

    def take_effects(self) -> list[Effect]:
        """Return the pending effects and clear them."""
        taken, self.effects = self.effects, []
        return taken

    # -- what the user wants ---------------------------------------------------------------------

    def start(self) -> None:
        """Connect, or ask where to."""
        if self.options.host:
            self.connect(self.options.host, self.options.port)
        else:
            self.conversation.tell(messages.ASK_SERVER)
            self.conversation.tell(messages.NO_SERVER_YET)

    def connect(self, host: str, port: int) -> None:
        """Go to a server, with the same nick; from a room after a logout."""
        # A room that was given beforehand, and never entered, is meant for any server.
        had_room = self.reconnect.host or self.conversation.place[0]
        is_other_room = self.reconnect.is_other(host, port) and had_room
        room = "" if is_other_room else self.entrance.room
        self._go(Place(host, port, room, self.entrance.nick))

    def connect_again(self) -> None:
        """Connect to the same server, now, and return to the room if the user was in one.

        If the user is leaving for another place, go there without waiting for the logout.
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
        self._dial_anew()

    def give_up(self) -> None:
        """Stop connecting. If no connection was ever open, the program ends."""
        self.version += 1
        self.effects.append(effects.Hangup())
        sentence = messages.GAVE_UP.format(address=self.reconnect.address)
        if self.options.host and not self.reconnect.was_open:
            self.effects.append(effects.Quit(69, sentence))
        self.reconnect.lost(self.time.now, retry=False)
        self._ask_again(f"{sentence} {messages.TRY_AGAIN}", sentence)

    def stop_retrying(self) -> None:
        """Do not reconnect automatically."""
        self.version += 1
        self.reconnect.retry_at = None

    def list_rooms(self) -> None:
        """Ask for the rooms (lobby)."""
        self.version += 1
        if self.session:
            self.entrance.list_rooms(self.session)

    def go_to_lobby(self) -> None:
        """Go back to the list of rooms, from any stage with a server."""
        if self.stage == Stage.LOBBY and not self.entrance.room:
            self.list_rooms()
        else:
            self._go(Place(self.reconnect.host, self.reconnect.port, "", self.entrance.nick))

    def join(self, room: str) -> None:
        """Go to a room, from any stage with a server."""
        self.version += 1
        session, entrance, reconnect = self.session, self.entrance, self.reconnect
        if not entrance.is_name(room, self._room_for("/join ")):
            return
        if self.stage == Stage.ROOM and room == entrance.room and not self.going:
            sentence = messages.IN_ROOM_ALREADY.format(room=clean(room), nick=entrance.nick)
            self.conversation.flash = sentence
        elif session and self.stage == Stage.LOBBY:
            entrance.room = room
            self._answered()
            if session.listing_s(self.time.now) < SOON_S:
                entrance.join(session)
            else:
                self.lobby.stop()
                self._disconnect()
                self._dial()
        else:
            entrance.given |= {room, entrance.nick}
            self._go(Place(reconnect.host, reconnect.port, room, entrance.nick))

    def stop_waiting(self) -> None:
        """Stop entering a room, or stop waiting for the list (lobby)."""
        self.version += 1
        room, self.entrance.room = self.entrance.room, ""
        self.conversation.editor.restore(room)
        if not (room and self.session and self.session.withdraw()):
            self.lobby.stop()
            self._disconnect()
            self._dial()
        if not room:
            self.conversation.flash = messages.LIST_STOPPED

    def set_nick(self, nick: str) -> None:
        """Take a nick: in a room, by leaving it and entering again."""
        self.version += 1
        entrance, reconnect = self.entrance, self.reconnect
        if not entrance.is_name(nick, self._room_for("/nick ")):
            return
        if self.stage == Stage.ROOM:
            entrance.given |= {entrance.room, nick}
            self._go(Place(reconnect.host, reconnect.port, entrance.room, nick))
        elif self.session:
            entrance.nick = nick
            self._answered()
            entrance.set_nick(self.session)

    def say(self, text: str) -> None:
        """Say something to everyone in the room."""
        self.version += 1
        if self.session:
            self.session.say(typable(text))

    def who(self) -> bool:
        """Ask who is here; False if an answer is already awaited."""
        self.version += 1
        return self.session is not None and self.session.who()

    def leave(self) -> None:
        """Log out, or quit at once without a connection. A second call quits at once."""
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
            self._log_out(session)

    def leave_now(self) -> None:
        """Leave without waiting any longer."""
        if self.going:
            self._move(self.going)
        else:
            self.leave()

    def take_back(self) -> None:
        """Put the messages not sent yet back into the line."""
        self.version += 1
        texts = self.session.outbox.withdraw() if self.session else []
        if texts:
            self.conversation.taken_back(texts)

    def quit(self, status: int) -> None:
        """End the program; unsent messages are printed again once the screen is restored."""
        unsent = "\n".join(self.conversation.unsent)
        self.effects += [effects.Hangup(), effects.Quit(status, unsent)]

    def _go(self, place: Place) -> None:
        """Go to a place; log out of the present room first."""
        self.version += 1
        if self.session and self.stage in (Stage.ROOM, Stage.OUT):
            self.going, self.conversation.typed_for_room = place, True
            self._log_out(self.session)
        else:
            self._move(place)

    def _log_out(self, session: Session) -> None:
        """Log out once the waiting messages are sent."""
        session.logout(self.time.now)
        if self.waiting:
            self.conversation.flash = messages.leaving_waits(len(self.waiting))

    def _move(self, place: Place) -> None:
        """Go to a place at once.

        Text typed on the way to a room is meant for that room; on the way to the lobby, for that.
        """
        typed_for_room = self.conversation.typed_for_room or self.stage == Stage.ROOM
        self.conversation.typed_for_room = typed_for_room and place.room != ""
        self._disconnect()
        self.going = None
        is_other = self.reconnect.go_to(place.host, place.port)
        if is_other:
            self.conversation.sender.forget()
            self.lobby.forget()
        self.reconnect.retrying = False
        self.entrance.room, self.entrance.nick = place.room, place.nick
        if is_other or not self.ending.known:
            self._dial_anew()
        else:
            self.entrance.start_over()
            self._dial()

    def _dial_anew(self) -> None:
        """Connect, forget what was learned about the server, and tell the user."""
        memory = self.options.memory.get(self.reconnect.address)
        self.ending = Ending(self.options.framing, memory)
        self.entrance.start_over()
        self._dial(announce=True)

    def _dial(self, announce: bool = False) -> None:
        """Connect; `announce` tells the user about it."""
        reconnect = self.reconnect
        self._announces = announce
        self.session = None
        self.entrance.nick_again_at = None
        reconnect.begin(self.time.now)
        self.effects.append(effects.Connect(reconnect.host, reconnect.port))

    def _disconnect(self) -> None:
        """End the session; messages still waiting are shown, and not sent again."""
        if self.session:
            self._handle(self.session, self.session.closed(self.time.now))
            self.conversation.not_sent(self.session.outbox.withdraw())
        self.session = None
        self.entrance.nick_again_at = None

    def _ask_again(self, sentence: str, reason: str) -> None:
        """Report a server that cannot be used; ask for another one if the user chose it."""
        if self.options.host or self.reconnect.retrying:
            self.conversation.tell(sentence, ERROR)
            return
        self.conversation.editor.restore(self.reconnect.address)
        self.reconnect.ask()
        self.conversation.tell(reason, ERROR)
        self.conversation.tell(messages.ASK_SERVER)

    def _answered(self) -> None:
        """The user answered a question."""
        self.reconnect.retrying = False
        self.entrance.answered()

    def _room_for(self, command: str) -> int:
        """Return how many bytes of a name fit a request."""
        return MESSAGE_BYTES - len(self.ending.wrap(command))

    # -- what the server says --------------------------------------------------------------------

    def _handle(self, session: Session, happened: list[Event]) -> None:
        """Turn the session's events into lines, questions and the next request."""
        conversation, entrance = self.conversation, self.entrance
        if session.stage != Stage.ROOM:
            self.version += 1
        for event in happened:
            if not isinstance(event, events.Heard) or event.asides:  # words are lines, no more
                self.version += 1
            match event:
                case events.Heard(texts, asides):
                    if conversation.heard(texts, asides, entrance.nick):
                        self.effects.append(effects.Bell())
                case events.Sent(text):
                    conversation.said(entrance.nick, text)
                case events.ServerSaid(texts):
                    conversation.server_said(texts)
                case events.Listing(rooms, announced):
                    self.lobby.grow(rooms, announced)
                case events.Rooms() as listed:
                    entrance.listed(session, listed)
                case events.Joined(room):
                    entrance.joined(session, room)
                case events.JoinRefused(room):
                    entrance.join_refused(session, room)
                case events.Named(nick):
                    self._named(session, nick)
                case events.NickRefused(nick):
                    entrance.nick_refused(nick)
                case events.NickTaken(nick):
                    entrance.nick_taken(nick, self.reconnect.retrying)
                case events.Who(names, texts, heading):
                    told = texts if names or not heading else [heading, *texts]
                    conversation.who_is_here(names, told)
                case events.Odd(request, text):
                    self._not_answered(session, request, messages.odd(request, text))
                case events.Silent(request, seconds):
                    self._not_answered(session, request, messages.silent(request, seconds))
                case events.AskAgain():
                    self._dial()
                case events.Foreign(protocol, text):
                    self._is_foreign(protocol, text)
                case events.LateStatus(status):
                    if conversation.late_status(status, entrance.room, entrance.nick):
                        self.effects.append(effects.Bell())
                case events.Unsent(texts):
                    conversation.not_sent(texts)
                case events.LoggedOut():
                    self.effects.append(effects.Leave())

    def _named(self, session: Session, nick: str) -> None:
        address = self.reconnect.address
        self.reconnect.entered(self.time.now)
        self.entrance.named(nick)
        self.conversation.entered(address, self.entrance.room, nick)
        learned = session.ending.name if session.ending.known else ""
        self.effects.append(effects.Remember(address, nick, learned))

    def _not_answered(self, session: Session, request: str, sentence: str) -> None:
        self.conversation.tell(sentence, ERROR)
        if request == WHO:
            self.unheard_since = self._heard_at
        else:
            self.entrance.not_answered(session, request)

    def _is_foreign(self, protocol: str, text: str) -> None:
        """The server speaks another protocol: do not reconnect automatically."""
        sentence = messages.foreign(self.reconnect.address, protocol, text)
        self._disconnect()
        self.effects.append(effects.Hangup())
        self.reconnect.lost(self.time.now, retry=False)
        self.reconnect.is_foreign = True
        self._ask_again(sentence, sentence)
