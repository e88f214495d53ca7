"""Faulty servers: whatever one does wrong, a sentence says so, and the user can go on.

And what is hard without any fault: quick messages, long ones, the same words from two people.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.support.dialects import DIALECTS, Dialect, Fate
from tests.support.faults import FaultProxy
from tests.support.headless import Headless
from tests.support.sessions import Session, Wanted, played
from tests.support.stages import Serve

Steps = Generator[Wanted, None, None]
LONG = " ".join(f"word{n}" for n in range(400))
PROSE = "No such thing here. " * 51


def enter_room(session: Session) -> Steps:
    """From the lobby to the room, typed."""
    user = session.user
    yield "This is the lobby"
    user.enter("general")
    yield lambda: user.chat.stage == "naming"
    user.enter("ann")
    yield lambda: user.chat.stage == "room"


def leave(session: Session) -> Steps:
    session.user.enter("/logout")
    yield lambda: session.user.driver.ended == 0
    yield lambda: session.server.received[-1].ended


def odd_join(session: Session, sentence: str) -> Steps:
    """The answer to `/join` is not a status: the room is back in the line, and Enter asks again."""
    user = session.user
    yield "This is the lobby"
    user.enter("general")
    yield sentence
    assert user.chat.conversation.editor.text == "general"
    user.app.key("enter")
    yield lambda: user.chat.stage == "naming"
    user.enter("ann")
    yield lambda: user.chat.stage == "room"
    yield from leave(session)


def odd_nick(session: Session, sentence: str) -> Steps:
    user = session.user
    yield "This is the lobby"
    user.enter("general")
    yield lambda: user.chat.stage == "naming"
    user.enter("ann")
    yield sentence
    assert user.chat.conversation.editor.text == "ann"
    user.app.key("enter")
    yield lambda: user.chat.stage == "room"
    yield from leave(session)


def dead_while_naming(session: Session, command: str) -> Steps:
    """The server's thread is gone: no answer, ever. A new connection goes on with room and nick."""
    user = session.user
    yield "This is the lobby"
    user.enter("general")
    yield lambda: user.chat.stage == "naming"
    user.enter("ann")
    yield (
        "No answer to /nick for 8 s. Wait or try again; /lobby goes back to the rooms, /reconnect "
        "reconnects."
    )
    assert user.chat.conversation.editor.text == "ann"
    user.enter(command)
    yield lambda: user.chat.stage == "room"
    yield from leave(session)


def dead_room(session: Session) -> Steps:
    """The room's thread is gone: the lobby shows the others, and the nick is kept."""
    user = session.user
    yield "This is the lobby"
    user.enter("Room42")
    yield lambda: user.chat.stage == "naming"
    user.enter("ann")
    yield "No answer to /nick for 8 s."
    user.enter("/lobby")
    yield lambda: user.chat.stage == "lobby" and user.chat.lobby.complete
    user.enter("general")
    yield "You are in general as ann."
    yield from leave(session)


def lost_while_naming(session: Session) -> Steps:
    """It reconnects automatically, to the room and with the nick."""
    user = session.user
    yield "This is the lobby"
    user.enter("general")
    yield lambda: user.chat.stage == "naming"
    user.enter("ann")
    yield "Connection lost."
    yield lambda: user.chat.stage == "room"
    yield from leave(session)


def odd_list(session: Session, *sentences: str) -> Steps:
    """The list is missing or incomplete; a name can be typed all the same."""
    user = session.user
    yield from sentences
    user.enter("/join general")
    yield lambda: user.chat.stage == "naming"
    user.enter("ann")
    yield lambda: user.chat.stage == "room"
    yield from leave(session)


def foreign_list(session: Session, sentence: str) -> Steps:
    """It answers, but not with rooms: the user is told once, and Enter tries it again."""
    user = session.user
    yield sentence
    assert f"{session.server.address} is not a chat server" in user.lines[-1]
    assert "/server HOST:PORT tries another one." in user.lines[-1]
    assert user.chat.stage == "lost"
    assert user.chat.reconnect.retry_at is None
    user.app.key("enter")
    yield from enter_room(session)
    yield from leave(session)


def unnoticed(session: Session) -> Steps:
    """What fails while finding out how the server reads is mended without telling the user."""
    yield from enter_room(session)
    assert not session.shows("Connection lost")
    assert not session.shows("No answer")
    yield from leave(session)


def amid_list(session: Session, connections: int) -> Steps:
    """A room is entered while the list still comes: at once if that takes long."""
    user = session.user
    yield lambda: user.chat.lobby.names and not user.chat.lobby.complete
    user.enter("general")
    yield lambda: user.chat.stage == "naming"
    assert len(session.connections) == connections
    assert user.chat.lobby.complete == (connections == 1)
    user.enter("ann")
    yield "You are in general as ann."
    yield from leave(session)


def from_anywhere(session: Session) -> Steps:
    """Rooms, nicks and the lobby, while naming and from a room."""
    user = session.user
    yield "This is the lobby"
    user.enter("general")
    yield lambda: user.chat.stage == "naming"
    user.enter("/join random")
    yield "Entering random."
    user.enter("ann")
    yield "You are in random as ann."
    user.enter("/join general")
    yield "You are in general as ann."
    user.enter("/nick bea")
    yield "You are in general as bea."
    user.enter("/lobby")
    yield lambda: user.chat.stage == "lobby" and user.chat.lobby.complete
    user.enter("random")
    yield "You are in random as bea."
    yield from leave(session)
    assert not session.shows("Connection lost")


def no_who(session: Session) -> Steps:
    user = session.user
    yield from enter_room(session)
    user.enter("/who")
    user.enter("/who")
    yield "The server did not say who is here. /who asks again."
    user.enter("/who")
    yield "2 here as of"
    yield from leave(session)


def slips(session: Session) -> Steps:
    """What is not a message, or not a name, is not sent."""
    user = session.user
    yield "This is the lobby"
    user.chat.join("a\nb")
    assert user.chat.conversation.flash
    user.chat.join("a\x07b")
    assert user.chat.conversation.flash
    for slip in ("/join", "/who", "/nick x", "x" * 1100):
        user.enter(slip)
        assert user.chat.conversation.flash, slip
    user.enter("general")
    yield lambda: user.chat.stage == "naming"
    user.chat.set_nick("a\nb")
    assert user.chat.conversation.flash
    user.chat.set_nick("a\x1bb")
    assert user.chat.conversation.flash
    for slip in ("/nick", "/join", "/list", "/who", "/lobby x"):
        user.enter(slip)
        assert user.chat.conversation.flash, slip
    user.enter("ann")
    yield lambda: user.chat.stage == "room"
    for slip in (
        "/whoami", "/", " /who", "/ who", "/WHO", "  ", "/who x", "/logout now", "/list", "/nick",
        "/join", "/join general", "/lobby x",
    ):  # fmt: skip
        user.enter(slip)
        assert user.chat.conversation.flash, slip
    user.enter("//x")
    yield lambda: user.said == ["/x"]
    yield from leave(session)


def paste(session: Session) -> Steps:
    """Quick messages wait, can be seen waiting, and arrive one by one."""
    user = session.user
    yield from enter_room(session)
    user.app.paste("one\ntwo\nthree\nfour")
    user.app.key("C-s")
    yield lambda: user.chat.waiting
    user.enter("/logout")
    yield lambda: user.driver.ended == 0
    yield lambda: session.server.received[-1].ended


def long_text(session: Session) -> Steps:
    """It is split at words, nothing is lost, and its pieces are recognised when they come back."""
    user = session.user
    yield from enter_room(session)
    user.enter(LONG)
    yield lambda: "".join(user.said) == LONG
    session.server.say("m" * 1024)
    yield "m" * 1024
    yield from leave(session)


def same_words(session: Session) -> Steps:
    """Where the server echoes bare words, what both the user and bob say is shown twice."""
    user = session.user
    yield from enter_room(session)
    for text in ("one", "two", "yes"):
        user.enter(text)
    yield lambda: user.said == ["one", "two", "yes"]
    session.server.say("yes")
    session.server.say("and bye")
    yield "and bye"
    yield from leave(session)


LF, BARE = DIALECTS["lf"], DIALECTS["names-who"]
FEW = {"general": ("bob",), "random": ("carol",), "lab": (), "Room42": ()}
MANY = FEW | {f"room{number}": () for number in range(60)}
Case = tuple[Dialect, dict[str, object], Callable[[Session], Steps], list[str]]


def case(
    dialect: Dialect, commands: str, script: Callable[..., Steps], *arguments: object,
    rooms: dict[str, tuple[str, ...]] | None = None, **instead: list[object],
) -> Case:  # fmt: skip
    """A dialect, what it answers instead, the script, and the commands it must hear, by `|`."""
    run = script if not arguments else lambda session: script(session, *arguments)
    return dialect, {"instead": instead, "rooms": rooms}, run, commands.split("|")


JOINED = "/list|/join general|/join general|/nick ann|/logout"
NAMED = "/list|/join general|/nick ann|/nick ann|/logout"
LISTED = "/list|/join general|/nick ann|/logout"
AGAIN = "/list|/join general|/nick ann|/join general|/nick ann|/logout"
ANYWHERE = (
    "/list|/join general|/join random|/nick ann|/logout|/join general|/nick ann|/logout|"
    "/join general|/nick bea|/logout|/list|/join random|/nick bea|/logout"
)
FOREIGN = "it speaks another protocol. It said: “No such thing here."
UNEXPECTED = "gave an unexpected answer to"
CASES: dict[str, Case] = {
    "7 to /join": case(LF, JOINED, odd_join, f"{UNEXPECTED} /join: “7”", join=["7"]),
    "7 to /join, bare": case(BARE, JOINED, odd_join, f"{UNEXPECTED} /join: “7”", join=["7"]),
    "nothing to /join": case(LF, JOINED, odd_join, "empty answer to /join", join=[""]),
    "prose to /join": case(LF, JOINED, odd_join, UNEXPECTED, join=[PROSE]),
    "silence to /join": case(LF, JOINED, odd_join, "No answer to /join for 8 s", join=[b""]),
    "7 to /nick": case(LF, NAMED, odd_nick, f"{UNEXPECTED} /nick: “7”", nick=["7"]),
    "prose to /nick": case(BARE, NAMED, odd_nick, UNEXPECTED, nick=[PROSE]),
    "it dies while naming": case(
        BARE, AGAIN, dead_while_naming, "/reconnect", nick=[Fate.WEDGE]),
    "it dies while naming, lf": case(
        LF, AGAIN, dead_while_naming, "/join general", nick=[Fate.WEDGE]),
    "a dead room": case(
        replace(BARE, dead_rooms=frozenset({"Room42"})),
        "/list|/join Room42|/nick ann|" + LISTED, dead_room),
    "it closes while naming": case(BARE, AGAIN, lost_while_naming, nick=[Fate.CLOSE]),
    "it resets while naming": case(LF, AGAIN, lost_while_naming, nick=[Fate.RESET]),
    "a count too high": case(
        replace(LF, count_error=1), LISTED, odd_list, "announced 4 rooms but sent"),
    "a count too high, bare": case(
        replace(BARE, count_error=1), LISTED, odd_list, "announced 4 rooms but sent"),
    "a count too low": case(
        replace(BARE, count_error=-1), LISTED, odd_list, "This is the lobby", "Room42"),
    "a count and no names": case(
        BARE, LISTED, odd_list, "announced 3 rooms but sent “3”", list=["3"]),
    "silence to /list": case(
        LF, "/list|/list|/list|" + LISTED, odd_list, "No answer to /list. This may not be a chat",
        list=[b""] * 4),
    "silence to /list, until asked with more patience": case(
        LF, "/list|/list|" + LISTED, unnoticed, list=[b""] * 2),
    "silence to the first /list, bare": case(BARE, "/list|" + LISTED, unnoticed, list=[b""]),
    "silence to the first /list, exact": case(
        DIALECTS["bare-exact"], "/list|/list\n|" + LISTED, unnoticed, list=[b""]),
    "it closes at the first /list": case(BARE, "/list|" + LISTED, unnoticed, list=[Fate.CLOSE]),
    "it resets at the first /list": case(LF, "/list|" + LISTED, unnoticed, list=[Fate.RESET]),
    "prose to /list": case(LF, "/list|" + LISTED, foreign_list, FOREIGN, list=[PROSE]),
    "prose to /list, whatever its end": case(
        BARE, "/list|/list|/list|/list|" + LISTED, foreign_list, FOREIGN, list=[PROSE] * 4),
    "prose to /list, as if it greeted": case(
        BARE, "/list|/list|" + LISTED, unnoticed, list=[PROSE] * 2),
    "a room amid a long list": case(BARE, LISTED, amid_list, 2, rooms=MANY),
    "a room amid a short list": case(BARE, LISTED, amid_list, 1, rooms=FEW),
    "from anywhere": case(BARE, ANYWHERE, from_anywhere),
    "from anywhere, lf": case(LF, ANYWHERE, from_anywhere),
    "no answer to /who": case(
        LF, "/list|/join general|/nick ann|/who|/who|/logout", no_who, who=[b""]),
    "slips": case(LF, "/list|/join general|/nick ann|/x|/logout", slips),
    "a paste on the course's server": case(
        DIALECTS["course"], "/list|/join general|/nick ann|one|two|three|four|/logout", paste),
    "the same words": case(
        DIALECTS["lf-text-echo"], "/list|/join general|/nick ann|one|two|yes|/logout",
        same_words),
}  # fmt: skip


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Session]]:
    """All of them, played to the end."""
    make = {name: partial(Session, case[0], case[2], case[1]) for name, case in CASES.items()}
    for name in ("course", "lf-echo-colon", "crlf-echo-angle"):
        make[name] = partial(Session, name, long_text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        with played(make) as made:
            yield made


@pytest.mark.parametrize("name", CASES)
def test_there_is_a_sentence_and_a_way_on(name: str, sessions: dict[str, Session]) -> None:
    session = sessions[name]
    assert session.over, session.plight
    assert session.server.commands == CASES[name][3]


@pytest.mark.parametrize("name", ["course", "lf-echo-colon", "crlf-echo-angle"])
def test_a_long_text_is_split_and_nothing_is_lost(
    name: str, sessions: dict[str, Session]
) -> None:
    session = sessions[name]
    assert session.over, session.plight
    commands = session.server.received[-1].commands
    pieces = commands[commands.index("/nick ann") + 1 : -1]
    assert " ".join(" ".join(pieces).split()) == LONG
    assert all(len(chunk) <= 1024 for chunk in session.chunks)
    assert [line for line in session.user.heard if "word" in line] == []


def test_the_same_words_are_shown_for_both(sessions: dict[str, Session]) -> None:
    session = sessions["the same words"]
    assert session.user.said == ["one", "two", "yes"]
    assert session.user.heard[-2:] == ["yes", "and bye"]


@pytest.mark.parametrize("name", ["prose to /join", "prose to /list", "prose to /nick"])
def test_an_odd_answer_is_shown_whole(name: str, sessions: dict[str, Session]) -> None:
    assert sessions[name].user.heard.count(PROSE) == 1


def test_what_comes_on_each_connection_is_shown_once(sessions: dict[str, Session]) -> None:
    for name in ("prose to /list, whatever its end", "prose to /list, as if it greeted"):
        assert sessions[name].user.heard.count(PROSE) == 1


def test_a_server_that_never_reads_costs_nothing_and_can_be_left(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it does not take waits without waking the loop, and is given up on leaving."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    given = {"framing": "lf", "room": "general", "nick": "ann"}
    proxy = FaultProxy(serve("lf").port, window=4096)
    with proxy as link, Headless(link.port, **given) as user:
        user.wait(lambda: user.chat.stage == "room")
        link.up.held = True
        while user.driver.connection and user.driver.connection.idle:
            user.chat.say("x" * 50_000)
            user.turn(0)
            user.rest(0.1)  # until the kernel has passed on what it can
        user.chat.say("too late")
        end = time.monotonic() + 0.5
        turns = 0
        while (left := end - time.monotonic()) > 0:
            user.turn(left)
            turns += 1
        assert turns < 10
        user.app.key("f10")
        user.wait(lambda: user.driver.ended == 0)
        assert user.driver.reason.endswith("\nNot sent: too late")


def test_leaving_a_server_that_resets_the_connection_needs_nothing_to_wake_the_loop(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty times, as it is a race: the reset may come before the program has done its part."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    given = {"framing": "lf", "room": "general", "nick": "ann"}
    server = serve("lf", logout_resets=True)
    for _ in range(50):
        with Headless(server.port, **given) as user:
            user.wait("You are in general as ann.")
            user.enter("good bye")  # so that the server is awake
            user.app.key("f10")
            user.turn(0)
            give_up = time.monotonic() + 5
            while user.driver.ended is None:
                user.turn(5)
                assert time.monotonic() < give_up
            assert user.driver.ended == 0
