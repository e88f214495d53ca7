"""The entrance: from the lobby into a room, by its name and a nick.

It asks the session for the room and the nick that are wanted, and decides what the answers mean for
them. Both are asked for again on the next connection. If the server refuses one, the user is asked
for another, and what was typed for it is put back into the line.
"""

from __future__ import annotations

from ..protocol.framing import encode
from ..text import clean
from ..wire import JOIN, LIST, NICK
from . import messages
from .transcript import ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.events import Rooms
    from ..protocol.session import Session
    from .conversation import Conversation
    from .lobby import Lobby
    from .options import Options, Time

STALE_NICK_S = 3.0
"""Seconds to wait before asking again for a nick held by the lost connection."""


class Entrance:
    """`room` and `nick` are those that the user has, or wants.

    `given` are the names that were given beforehand, and not as an answer; `refused` tells that
    the server refused one of these. `nick_again_at` is when to ask again for a nick (monotonic
    seconds). Methods are told which session they are about.
    """

    def __init__(
        self, options: Options, time: Time, lobby: Lobby, conversation: Conversation
    ) -> None:
        self.room = options.room
        self.nick = options.nick
        self.given = {options.room, options.nick}
        self.refused = False
        self.nick_again_at: float | None = None
        self._pick = messages.PICK_BY_NAME if options.plain else messages.PICK
        self._back = "/lobby" if options.plain else "Esc"
        self._time = time
        self._lobby = lobby
        self._conversation = conversation
        self._lobby_told = False

    # -- what is asked ---------------------------------------------------------------------------

    def start_over(self) -> None:
        """Forget the list of rooms."""
        self._lobby_told = False
        self._lobby.clear()
        if not self.room:
            self._lobby.asked()

    def opened(self, session: Session) -> None:
        """The connection is open: ask for the wanted room, or for the list."""
        if self.room:
            self.join(session)
        elif self._lobby.listing:
            session.list_rooms()
        if not (self.room and self.nick):
            self._conversation.make_way()

    def list_rooms(self, session: Session) -> None:
        """Ask for the rooms."""
        self._lobby.clear()
        self._lobby.asked()
        session.list_rooms()

    def join(self, session: Session) -> None:
        """Ask for the wanted room."""
        session.join(self.room, self._lobby.spelling(self.room))

    def set_nick(self, session: Session) -> None:
        """Ask for the wanted nick."""
        self.nick_again_at = None
        session.set_nick(self.nick)

    def answered(self) -> None:
        """The user has typed an answer: it was not given beforehand."""
        self.refused = self._conversation.typed_for_room = False

    def is_name(self, name: str, limit: int) -> bool:
        """Refuse names that no server can have: nothing is sent, and the text stays.

        `limit` is how many bytes fit the request.
        """
        size = len(encode(name))
        if clean(name) != name:
            self._conversation.refuse(messages.BAD_NAME.format(name=clean(name)), name)
        elif size > limit:
            self._conversation.refuse(messages.LONG_NAME.format(size=size, limit=limit), name)
        else:
            return True
        return False

    # -- what the server answers -----------------------------------------------------------------

    def listed(self, session: Session, rooms: Rooms) -> None:
        """The list of rooms is complete, or no more will come."""
        self._lobby.end(rooms.rooms, rooms.announced, rooms.complete)
        if not rooms.complete:
            sentence = messages.ROOMS_UNCLEAR.format(
                announced=rooms.announced, raw=messages.quoted(rooms.raw)
            )
            self._conversation.tell(sentence, ERROR)
        if not self._join_wanted(session):
            self._tell_lobby()

    def joined(self, session: Session, room: str) -> None:
        """The room was entered, and a nick is asked for."""
        self._lobby.stop()
        self.room = room
        self._conversation.editor.take_out(room)
        if self.nick:
            self.set_nick(session)
        elif self._lobby.is_new(room):
            nearest = self._lobby.nearest(room)
            self._conversation.tell(messages.joined_new(room, nearest, self._back))
        else:
            self._conversation.tell(messages.JOINED.format(room=room, back=self._back))

    def join_refused(self, session: Session, room: str) -> None:
        """The server refused the room: ask for another."""
        self._conversation.tell(messages.JOIN_REFUSED.format(room=room), ERROR)
        if self.room != room:  # another one is asked for already
            return
        self.room, self.refused = "", room in self.given
        self._conversation.make_way()
        self._conversation.editor.restore(room)
        if self._lobby.names and not self._lobby_told:
            self._tell_lobby()
        elif not self._lobby_told:
            self.list_rooms(session)

    def named(self, nick: str) -> None:
        """The server accepted the nick: the user is in the room."""
        self.nick, self.refused = nick, False
        self._lobby.clear()

    def nick_taken(self, nick: str, is_retrying: bool) -> None:
        """The nick is taken: while reconnecting, probably by the lost connection."""
        if is_retrying:
            self.nick_again_at = self._time.now + STALE_NICK_S
            self._conversation.tell(messages.GHOST.format(nick=nick))
        else:
            self.nick_refused(nick, messages.NICK_TAKEN)

    def nick_refused(self, nick: str, sentence: str = messages.NICK_REFUSED) -> None:
        """The server refused the nick: ask for another."""
        self._conversation.tell(sentence.format(room=self.room, nick=nick), ERROR)
        self.nick, self.refused = "", nick in self.given
        self._conversation.make_way()
        self._conversation.editor.restore(nick)

    def not_answered(self, session: Session, request: str) -> None:
        """A request got no answer, or an unexpected one: give back what was typed."""
        if request in (JOIN, NICK):
            name = self.room if request == JOIN else self.nick
            self.refused = name in self.given
            self._conversation.editor.restore(name)
        elif request == LIST:
            self._lobby.stop()
            self._join_wanted(session)

    def _join_wanted(self, session: Session) -> bool:
        """Enter the wanted room; False if there is none, or a request is under way."""
        if not self.room or session.request is not None:
            return False
        self.join(session)
        return True

    def _tell_lobby(self) -> None:
        self._lobby_told = True
        self._conversation.tell(messages.LOBBY)
        self._conversation.tell(self._pick if self._lobby.names else messages.NO_ROOMS)
