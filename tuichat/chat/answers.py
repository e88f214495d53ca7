"""What the server says, to the talk: an event becomes lines, a question, the next request.

The counterpart of `actions`, which are what the user wants.
"""

from __future__ import annotations

from ..protocol import events as ev
from ..text import clean
from ..wire import JOIN, LIST, NICK
from . import effects as do
from . import messages as say
from . import transcript as tr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .talk import Talk

GHOST_S = 3.0


def take(talk: Talk, event: ev.Event) -> None:
    """Tell the user what the server said, and do what follows from it."""
    match event:
        case ev.Heard():
            if talk.hearing.take(event, talk.stamp):
                talk.effects.append(do.Bell())
        case ev.Sent(text):
            talk.transcript.add_own(talk.nick, clean(text), talk.stamp)
            talk.reading.go_on()
        case ev.ServerSaid(texts):
            talk.transcript.add(tr.SERVER, texts, talk.stamp)
        case ev.Rooms(names, announced, raw):
            _list(talk, names, announced, raw)
        case ev.Joined() | ev.Named():
            _entered(talk, event)
        case ev.JoinRefused() | ev.NickRefused() | ev.NickTaken():
            _refused(talk, event)
        case ev.Who(names, texts):
            _show_who(talk, names, texts)
        case ev.LoggedOut():
            talk.effects.append(do.Leave())
        case ev.Unsent(texts):
            talk.not_sent(texts)
        case ev.Odd() | ev.Silent():
            _trouble(talk, event)


def _join_given_room(talk: Talk) -> bool:
    """Enter the room that is wanted already, if there is one."""
    wanted = bool(talk.protocol and talk.room and talk.protocol.request is None)
    if talk.protocol and wanted:
        talk.protocol.join(talk.room)
    return wanted


def _list(talk: Talk, names: list[str], announced: int, raw: str) -> None:
    assert talk.protocol
    talk.rooms = names
    if len(names) != announced:
        talk.tell(say.ROOMS_UNCLEAR.format(announced=announced, raw=say.quoted(raw)), tr.ERROR)
    if not _join_given_room(talk):
        _tell_lobby(talk)


def _tell_lobby(talk: Talk) -> None:
    talk.lobby_told = True
    talk.tell(say.LOBBY)
    pick = say.PICK_BY_NAME if talk.options.plain else say.PICK
    talk.tell(pick if talk.rooms else say.NO_ROOMS)


def _entered(talk: Talk, event: ev.Joined | ev.Named) -> None:
    assert talk.protocol
    talk.rooms = []
    if isinstance(event, ev.Joined):
        talk.room = event.room
        if talk.nick:
            talk.protocol.set_nick(talk.nick)
        else:
            talk.tell(say.JOINED.format(room=talk.room))
        return
    talk.nick = event.nick
    talk.retrying, talk.unsent = False, []
    talk.link.settled()
    talk.tell(say.NAMED.format(room=talk.room, nick=talk.nick))
    sends = talk.protocol.ending.name if talk.protocol.ending.known else ""
    talk.effects.append(do.Remember(talk.link.address, talk.nick, sends))


def _refused(talk: Talk, event: ev.JoinRefused | ev.NickRefused | ev.NickTaken) -> None:
    if isinstance(event, ev.JoinRefused):
        talk.tell(say.JOIN_REFUSED.format(room=event.room), tr.ERROR)
        talk.give_back, talk.room = event.room, ""
        if talk.rooms and not talk.lobby_told:
            _tell_lobby(talk)
        elif talk.protocol and not talk.lobby_told:
            talk.protocol.list_rooms()
        return
    if isinstance(event, ev.NickTaken) and talk.retrying:
        talk.nick_again_at = talk.now + GHOST_S
        talk.tell(say.GHOST.format(nick=event.nick))
        return
    taken = isinstance(event, ev.NickTaken)
    sentence = say.NICK_TAKEN if taken else say.NICK_REFUSED
    talk.tell(sentence.format(room=talk.room, nick=event.nick), tr.ERROR)
    talk.give_back, talk.nick = event.nick, ""


def _show_who(talk: Talk, names: list[str], texts: list[str]) -> None:
    talk.transcript.add(tr.SERVER, texts, talk.stamp)
    minute, listed = talk.stamp.minute, ", ".join(names)
    talk.tell(say.COUNT_HERE.format(count=len(names), minute=minute, names=listed))


def _trouble(talk: Talk, event: ev.Odd | ev.Silent) -> None:
    """No answer, or none that means anything: say so, and give back what was typed."""
    if isinstance(event, ev.Odd):
        talk.tell(say.odd(event.request, event.text), tr.ERROR)
    else:
        talk.tell(say.silent(event.request, event.seconds), tr.ERROR)
    if event.request in (JOIN, NICK):
        talk.give_back = talk.room if event.request == JOIN else talk.nick
    elif event.request == LIST:
        _join_given_room(talk)
