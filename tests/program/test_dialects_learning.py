"""What is learned about a server is used the next time, and a wrong memory heals itself."""

from __future__ import annotations

import select
import time
from collections.abc import Generator, Iterator
from functools import partial

import pytest

from tests.support.headless import Headless
from tests.support.sessions import Session, Wanted, played
from tests.support.stages import Serve


def look_in(session: Session) -> Generator[Wanted, None, None]:
    """See the rooms, enter one, say something, leave."""
    user = session.user
    yield "This is the lobby"
    user.enter("general")
    yield lambda: user.chat.stage == "naming"
    user.enter("ann")
    yield lambda: user.chat.stage == "room"
    user.enter("hello")
    yield lambda: user.said
    user.enter("/logout")
    yield lambda: user.driver.ended == 0
    yield lambda: session.server.received[-1].ended


LIST_LF, LIST_CRLF = b"/list\n", b"/list\r\n"
# The dialect and what is remembered of it: what it is asked first, each time on a connection of its
# own; and what is known then. The talk is on the last connection.
MEMORIES: dict[tuple[str, str], tuple[list[bytes], str]] = {
    ("lf", "lf"): ([LIST_LF], "lf"),
    ("crlf", "crlf"): ([LIST_CRLF], "crlf"),
    ("bare-exact", "bare"): ([b"/list"], "bare"),
    ("slow-2s", "bare"): ([b"/list"], "bare"),
    ("lf", "crlf"): ([LIST_CRLF], "crlf"),  # it takes both
    ("course", "lf"): ([LIST_LF], "lf"),  # it takes both
    ("lf", "bare"): ([b"/list", LIST_LF], "lf"),
    ("crlf", "bare"): ([b"/list", LIST_LF, LIST_CRLF], "crlf"),
    ("crlf", "lf"): ([LIST_LF, b"/list", LIST_LF, LIST_CRLF], "crlf"),
    ("bare-exact", "lf"): ([LIST_LF, b"/list"], "bare"),
    ("bare-exact", "crlf"): ([LIST_CRLF, b"/list"], "bare"),
}  # fmt: skip


@pytest.fixture
def notes(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty state directory."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Session]]:
    """A session for every memory, all played to the end."""
    make = {
        " ".join(case): partial(Session, case[0], look_in, remembered=case[1]) for case in MEMORIES
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        with played(make) as made:
            yield made


@pytest.mark.parametrize(("dialect", "remembered"), MEMORIES)
def test_a_memory(dialect: str, remembered: str, sessions: dict[str, Session]) -> None:
    session = sessions[f"{dialect} {remembered}"]
    asked, learned = MEMORIES[dialect, remembered]
    assert session.over, session.plight
    *earlier, last = session.connections
    assert earlier == [[request] for request in asked[:-1]]
    ending = {"bare": b"", "lf": b"\n", "crlf": b"\r\n"}[learned]
    talk = [b"/join general", b"/nick ann", b"hello", b"/logout"]
    assert b"".join(last) == asked[-1] + b"".join(text + ending for text in talk)
    assert session.user.notes.memory[session.server.address] == learned


def test_the_second_session_knows_what_the_first_found_out(serve: Serve, notes: None) -> None:
    server = serve("lf")
    for _ in range(2):
        with Headless(server.port, room="general", nick="ann") as user:
            user.wait(lambda: user.chat.stage == "room")
            user.enter("/logout")
            user.wait(lambda: user.driver.ended == 0)
    unread, first, second = [received.data for received in server.received]
    assert unread == b"/join general"
    assert first == b"/join general\n/nick ann\n/logout\n"
    assert second == first


def test_an_answer_that_waits_for_a_stopped_program_is_read_before_the_clock(
    serve: Serve, notes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-Z right after the start, and `fg` a minute later: a bare server is not asked again."""
    server = serve("bare-exact", gap=0.0)
    with Headless(server.port) as user:
        user.wait(lambda: server.commands == ["/list"])
        select.select(user.driver.connection.readers(), [], [], 10)
        monkeypatch.setattr("tuichat.loop.now", lambda: time.monotonic() + 60)
        user.wait(lambda: user.chat.stage == "lobby" and user.chat.session.request is None)
        user.enter("/join general")
        user.wait(lambda: user.chat.stage == "naming")
    [received] = server.received
    assert [data for _, data in received.chunks] == [b"/list", b"/join general"]


@pytest.mark.parametrize(("dialect", "framing", "end"), [
    ("lf", "lf", b"\n"), ("lf", "crlf", b"\r\n"), ("crlf", "crlf", b"\r\n"),
    ("bare-exact", "bare", b""),
])  # fmt: skip
def test_the_user_s_word_counts(
    serve: Serve, notes: None, dialect: str, framing: str, end: bytes
) -> None:
    """With `--framing` nothing has to be found out: one connection, and each request once."""
    server = serve(dialect)
    with Headless(server.port, framing=framing, room="general", nick="ann") as user:
        user.wait(lambda: user.chat.stage == "room")
        user.enter("/logout")
        user.wait(lambda: user.driver.ended == 0)
    [received] = server.received
    assert [data for _, data in received.chunks] == [
        command + end for command in (b"/join general", b"/nick ann", b"/logout")
    ]


@pytest.mark.parametrize(("dialect", "asked"), [
    ("course", [b"/join bad/list"]),
    ("bare-exact", [b"/join bad/list"]),
    ("lf", [b"/join bad", b"/join bad\n", b"/join bad", b"/join bad\n/list\n"]),
    ("crlf", [b"/join bad", b"/join bad\n", b"/join bad\r\n", b"/join bad",
              b"/join bad\r\n/list\r\n"]),
])  # fmt: skip
def test_a_given_room_that_is_refused_leads_to_the_list(
    serve: Serve, notes: None, dialect: str, asked: list[bytes]
) -> None:
    """A `1` to a request that ends in LF may mean the LF, so the bare one is asked once more."""
    server = serve(dialect, refused_rooms=frozenset({"bad"}))
    with Headless(server.port, room="bad", nick="ann") as user:
        user.wait("The server rejected “bad”")
        user.wait("This is the lobby")
        assert user.chat.lobby.names == ["general", "random", "Room42"]
        assert sum("rejected “bad”" in line for line in user.lines) == 1
        assert [received.data for received in server.received] == asked
        user.enter("general")
        user.wait("You are in general as ann.")
