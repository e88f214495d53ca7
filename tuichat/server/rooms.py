"""The server's side of the protocol without any socket: text in, mail out.

The answers are word for word those of the course's own server, except where that one never answers
again: a one-word line while naming, and bytes that are not UTF-8, are answered "badly formed".

=========  ==================  ===================================================================
stage      command             answer
=========  ==================  ===================================================================
lobby      `/list`             the number of rooms, then their names one by one
lobby      `/join ROOM`        `0`, and on to naming; `1` unless ROOM is one alphanumeric word
naming     `/nick NAME`        `0` alone, then notices; `1` if badly formed; `2` if taken there
room       `/who`              a header, then the nicks one by one; nothing marks the end
room       a blank line        the same as `/logout`
room       anything else       `nick> text` to everybody else in the room, commands included
any        `/logout`           none: the connection is closed
lobby,     anything else       `1`
naming
=========  ==================  ===================================================================
"""

from __future__ import annotations

from typing import NamedTuple

from ..wire import (
    JOIN,
    LIST,
    LOGOUT,
    NICK,
    STATUS_MALFORMED,
    STATUS_OK,
    STATUS_TAKEN,
    WHO,
    Stage,
)

MAX_ROOMS = 2000
"""Beyond this a new room takes the place of the oldest empty one. More than there are clients."""


class User:
    """Somebody in the server. Subclasses define what `post` does with the mail."""

    def __init__(self) -> None:
        self.stage = Stage.LOBBY
        self.room = ""
        self.nick = ""

    def post(self, mail: Mail) -> None:
        """Receive `mail`."""
        raise NotImplementedError


class Mail(NamedTuple):
    """Messages to one user: all at once, or `spaced`, with a pause after each."""

    to: User
    texts: tuple[str, ...]
    spaced: bool = False


def is_name(text: str) -> bool:
    """Tell whether `text` can name a room or a user: one word of letters and digits."""
    return text.isalnum()


class Rooms:
    """All rooms, and who is in them in the order of joining.

    A room exists once its first user has a nick, and stays when the last one leaves.
    """

    def __init__(self) -> None:
        self._members: dict[str, list[User]] = {}

    def size(self, room: str) -> int:
        """Return how many are in a room: 0 if there is none of that name."""
        return len(self._members.get(room, ()))

    def handle(self, user: User, text: str) -> list[Mail]:
        """Carry out one command, without its trailing white space. Return what to deliver."""
        if text == LOGOUT:
            return self.leave(user, "has left the room.")
        if user.stage == Stage.LOBBY:
            return [self._lobby(user, text)]
        if user.stage == Stage.NAMING:
            return self._naming(user, text)
        if user.stage == Stage.ROOM:
            return self._chat(user, text)
        return []

    def leave(self, user: User, how: str = "has been disconnected.") -> list[Mail]:
        """Take `user` out of wherever they are. Return the notices for those who stay."""
        stage, user.stage = user.stage, Stage.OUT
        if stage != Stage.ROOM:
            return []
        self._members[user.room].remove(user)
        return self._to_others(user, f"{user.nick} {how}")

    def _lobby(self, user: User, text: str) -> Mail:
        if text == LIST:
            return Mail(user, (str(len(self._members)), *self._members), spaced=True)
        command, _, room = text.partition(" ")
        if command != JOIN or not is_name(room.lstrip()):
            return Mail(user, (STATUS_MALFORMED,))
        user.stage, user.room = Stage.NAMING, room.lstrip()
        return Mail(user, (STATUS_OK,))

    def _naming(self, user: User, text: str) -> list[Mail]:
        command, _, nick = text.partition(" ")
        nick = nick.lstrip()
        if command != NICK or not is_name(nick):
            return [Mail(user, (STATUS_MALFORMED,))]
        if any(member.nick == nick for member in self._members.get(user.room, ())):
            return [Mail(user, (STATUS_TAKEN,))]
        return self._enter(user, nick)

    def _enter(self, user: User, nick: str) -> list[Mail]:
        user.stage, user.nick = Stage.ROOM, nick
        if user.room not in self._members:
            self._make_way()
            self._members[user.room] = [user]
            return self._let_in(user, "You have joined a new room.")
        members = self._members[user.room]
        members.append(user)
        notice = f"{nick} has joined the room.  "
        people = "is 1 person" if len(members) == 1 else f"are {len(members)} people"
        count = f"There {people} in the room."
        return self._to_others(user, notice) + self._let_in(user, notice, count)

    def _let_in(self, user: User, *notices: str) -> list[Mail]:
        """Send `0` in a message of its own, for clients that compare all they read with it."""
        return [Mail(user, (STATUS_OK,), spaced=True), Mail(user, notices)]

    def _make_way(self) -> None:
        """Bound the memory that strangers can take by making up rooms."""
        if len(self._members) >= MAX_ROOMS:
            empty = next((room for room, members in self._members.items() if not members), None)
            if empty is not None:
                del self._members[empty]

    def _chat(self, user: User, text: str) -> list[Mail]:
        if not text:
            return self.leave(user, "has left the room.")
        if text == WHO:
            nicks = (member.nick for member in self._members[user.room])
            return [Mail(user, ("Users in this room:", *nicks), spaced=True)]
        return self._to_others(user, f"{user.nick}> {text}")

    def _to_others(self, user: User, text: str) -> list[Mail]:
        members = self._members[user.room]
        return [Mail(member, (text,)) for member in members if member is not user]
