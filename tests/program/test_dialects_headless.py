"""Every dialect, as whole sessions without a terminal: with no option given, and with all answers
given in advance.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial

import pytest

from tests.support.dialects import DIALECTS, Dialect, Items, Reading
from tests.support.sessions import Session, Wanted, played

MINE = ["one", "two words", "last"]
TALK = ["one", "two words", "/who", "last", "/logout"]
TYPED = ["/list", "/join bad", "/join general", "/nick taken", "/nick ann", *TALK]
GIVEN = ["/join general", "/nick ann", *TALK]
# The endings that are tried, each on a connection of its own, and how long an answer may take.
TRIED = [(b"", 0.8), (b"\n", 0.2), (b"\r\n", 0.2), (b"", 2.5), (b"\n", 2.5), (b"\r\n", 2.5)]


def in_the_room(session: Session) -> Generator[Wanted, None, None]:
    """From the nick to the end."""
    user, server = session.user, session.server
    yield lambda: user.chat.stage == "room"
    server.say("hello ann")
    yield "hello ann"
    user.enter("one")
    user.enter("two words")
    yield lambda: user.said == MINE[:2]
    user.enter("/who")
    yield "here as of"
    server.say("bye")
    yield "bye"
    user.enter("last")
    user.enter("/logout")
    yield lambda: user.driver.ended is not None
    yield lambda: server.received[-1].ended


def typed(session: Session) -> Generator[Wanted, None, None]:
    """Somebody looks around, makes two mistakes, and types every command."""
    user = session.user
    yield "This is the lobby"
    user.enter("bad")
    yield "rejected “bad”"
    user.enter("/join general")
    yield lambda: user.chat.stage == "naming"
    user.enter("taken")
    yield "“taken” is already taken in"
    user.enter("/nick ann")
    yield from in_the_room(session)


GIVEN_OPTIONS = {"room": "general", "nick": "ann"}
SESSIONS = {f"{name}, typed": partial(Session, name, typed) for name in DIALECTS} | {
    f"{name}, given": partial(Session, name, in_the_room, **GIVEN_OPTIONS) for name in DIALECTS
}


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Session]]:
    """All dialects' sessions, played to the end."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp("home")))
        # A server whose messages only pauses separate must not have to wait for fifty others.
        alone = {name: script for name, script in SESSIONS.items() if "dribble-bare" in name}
        others = {name: script for name, script in SESSIONS.items() if name not in alone}
        with played(alone) as first, played(others) as made:
            yield first | made


@pytest.fixture(params=SESSIONS)
def session(request: pytest.FixtureRequest, sessions: dict[str, Session]) -> Session:
    return sessions[request.param]


def dialect(session: Session) -> Dialect:
    return session.server.dialect


def wanted_ending(session: Session) -> bytes:
    """How our messages must end for this server."""
    return {Reading.LF: b"\n", Reading.CRLF: b"\r\n"}.get(dialect(session).reading, b"")


def tried_in_vain(session: Session) -> list[bytes]:
    """The endings to which this server does not answer, or not soon enough, in order."""
    wanted, latency = wanted_ending(session), dialect(session).latency
    answered = [ending == wanted and latency < patience for ending, patience in TRIED]
    return [ending for ending, _ in TRIED[: answered.index(True)]]


def is_typed(session: Session) -> bool:
    """Whether the room was chosen in the lobby; else it was given beforehand."""
    return session.shows("“bad”")


def test_the_session_came_to_its_end(session: Session) -> None:
    """List, join, refused, taken, message in, message out, who, logout."""
    assert session.over, session.plight
    assert session.user.driver.ended == 0


def test_the_server_saw_the_commands_and_nothing_else(session: Session) -> None:
    """Each once and whole; where other endings were tried, only the first command was repeated."""
    ending = wanted_ending(session)
    first, *others = [text.encode() for text in (TYPED if is_typed(session) else GIVEN)]
    *earlier, last = session.connections
    assert earlier == [[first + tried] for tried in tried_in_vain(session)]
    said = [command + ending for command in (first, *others)]
    if ending:
        assert b"".join(last) == b"".join(said)
    else:
        assert last == said


def test_the_rooms_were_listed_unless_one_was_given(session: Session) -> None:
    glued = dialect(session).rooms_as is Items.GLUED
    assert session.shows("This is the lobby") == is_typed(session)
    assert session.shows("3generalrandomRoom42") == (glued and is_typed(session))
    assert session.shows(f"Connected to {session.server.address}. Entering general…") != (
        is_typed(session)
    )


def test_finding_out_is_no_trouble(session: Session) -> None:
    """One connection or five: the user is connected once, and nothing is lost or overdue."""
    assert sum("Connected to" in line for line in session.user.lines) == 1
    assert not session.shows("Connection lost")
    assert not session.shows("No answer")


def test_what_others_said_was_shown_once_and_whole(session: Session) -> None:
    d = dialect(session)
    notices = [text.format(nick="ann", n=2) for text in (d.joined, d.people) if text]
    hello, bye = (d.relay.format(nick="bob", text=text) for text in ("hello ann", "bye"))
    assert session.user.heard == [*d.greeting, *notices, hello, bye]


def test_ones_own_messages_were_shown_once(session: Session) -> None:
    assert session.user.said == MINE
    assert not [line for line in session.user.heard if line.endswith(tuple(MINE))]


def test_who_was_answered(session: Session) -> None:
    d = dialect(session)
    [answer] = [line for line in session.user.lines if "here as of" in line]
    names = "bobann" if d.users_as is Items.GLUED else "bob, ann"
    assert f": {names}" in answer
    assert answer.startswith("» 1" if d.users_as is Items.GLUED else "» 2")


def test_what_was_learned_is_remembered(session: Session) -> None:
    ending = {b"": "bare", b"\n": "lf", b"\r\n": "crlf"}[wanted_ending(session)]
    assert session.user.notes.memory[session.server.address] == ending
