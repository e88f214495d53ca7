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
    yield lambda: session.server.received[0].ended


# The dialect and what is remembered of it: what it is sent first, and what is known then.
MEMORIES: dict[tuple[str, str], tuple[list[bytes], str]] = {
    ("lf", "lf"): ([b"/list\n", b"/join general\n"], "lf"),
    ("crlf", "crlf"): ([b"/list\r\n", b"/join general\r\n"], "crlf"),
    ("bare-exact", "bare"): ([b"/list", b"/join general"], "bare"),
    ("slow-2s", "bare"): ([b"/list", b"/join general"], "bare"),
    ("lf", "crlf"): ([b"/list\r\n", b"/join general\r\n"], "crlf"),  # it takes both
    ("course", "lf"): ([b"/list\n", b"/join general\n"], "lf"),  # it takes both
    ("lf", "bare"): ([b"/list", b"\n", b"/join general\n"], "lf"),
    ("crlf", "bare"): ([b"/list", b"\n", b"\r\n", b"/list\r\n", b"/join general\r\n"], "crlf"),
    ("crlf", "lf"): (
        [b"/list\n", b"/list", b"\n", b"\r\n", b"/list\r\n", b"/join general\r\n"], "crlf"),
    ("bare-exact", "lf"): ([b"/list\n", b"/list", b"/join general"], "bare"),
    ("bare-exact", "crlf"): ([b"/list\r\n", b"/list", b"/join general"], "bare"),
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
    first, learned = MEMORIES[dialect, remembered]
    assert session.over, session.plight
    assert session.chunks[: len(first)] == first
    assert session.server.received[0].commands[-4:] == [
        "/join general", "/nick ann", "hello", "/logout",
    ]  # fmt: skip
    assert session.user.notes.memory[session.server.address] == learned


def test_the_second_session_knows_what_the_first_found_out(serve: Serve, notes: None) -> None:
    server = serve("lf")
    for _ in range(2):
        with Headless(server.port, room="general", nick="ann") as user:
            user.wait(lambda: user.chat.stage == "room")
            user.enter("/logout")
            user.wait(lambda: user.driver.ended == 0)
    first, second = server.received
    assert first.data == b"/list\n/join general\n/nick ann\n/logout\n"
    assert second.chunks[0][1] == b"/list\n"
    assert second.data == first.data


def test_an_answer_that_waits_for_a_stopped_program_is_read_before_the_clock(
    serve: Serve, notes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-Z right after the start, and `fg` a minute later: no stray byte to a bare server."""
    server = serve("bare-exact", gap=0.0)
    with Headless(server.port) as user:
        user.wait(lambda: server.commands == ["/list"])
        select.select(user.driver.connection.readers(), [], [], 10)
        monkeypatch.setattr("tuichat.loop.now", lambda: time.monotonic() + 60)
        user.wait(lambda: user.chat.stage == "lobby" and user.chat.session.request is None)
        user.enter("/join general")
        user.wait(lambda: user.chat.stage == "naming")
    assert [data for _, data in server.received[0].chunks] == [b"/list", b"/join general"]


@pytest.mark.parametrize(("dialect", "framing", "end"), [
    ("lf", "lf", b"\n"), ("lf", "crlf", b"\r\n"), ("crlf", "crlf", b"\r\n"),
    ("bare-exact", "bare", b""),
])  # fmt: skip
def test_the_user_s_word_counts(
    serve: Serve, notes: None, dialect: str, framing: str, end: bytes
) -> None:
    """With `--framing` nothing has to be found out, so not even the rooms are asked for."""
    server = serve(dialect)
    with Headless(server.port, framing=framing, room="general", nick="ann") as user:
        user.wait(lambda: user.chat.stage == "room")
        user.enter("/logout")
        user.wait(lambda: user.driver.ended == 0)
    assert [data for _, data in server.received[0].chunks] == [
        command + end for command in (b"/join general", b"/nick ann", b"/logout")
    ]
