"""Servers that misbehave: what the user is told, after how long, and how to go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.support.headless import Headless
from tests.support.stages import Serve
from tests.support.strangers import Stranger
from tuichat.wire import Stage


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty directories for what is kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def hang_up(data: bytes) -> None:
    return None


def told_times(user: Headless, words: str, times: int) -> bool:
    """Tell whether a sentence with these words has been shown that many times."""
    return sum(words in line for line in user.lines) == times


HTML = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html>\n<p>Bad Request</p>\n</html>\n"
PROSE = b"Unknown command. Try HELP.\r\n"
# How it speaks: what the sentence says of it.
STRANGERS: dict[str, tuple[dict[str, object], str, str]] = {
    "HTTP": ({"answer": lambda data: None if b"\r\n" in data else b"", "last": HTML},
             "it speaks HTTP", "HTTP/1.1 400 Bad Request"),
    "SSH": ({"greeting": b"SSH-2.0-OpenSSH_9.2p1\r\n"}, "it speaks SSH", "SSH-2.0-OpenSSH_9.2p1"),
    "TLS": ({"answer": hang_up, "last": b"\x15\x03\x01\x00\x02\x02\x16"},
            "it speaks TLS, an encrypted protocol. /server", ""),
    "mail": ({"greeting": b"220 mail.example ESMTP\r\n"}, "the language of mail servers",
             "220 mail.example ESMTP"),
    "IRC": ({"greeting": b":irc.example NOTICE * :*** Looking up your hostname\r\n"}, "IRC",
            "Looking up your hostname"),
    "UTF-16": ({"greeting": "Welcome to the chat!\n".encode("utf-16-le")}, "text in UTF-16",
               "Welcome to the chat!"),
    "codes": ({"greeting": b"200 Welcome\r\n", "answer": lambda data: b"500 unknown command\r\n"},
              "another protocol", "500 unknown command"),
    "prose to lines": ({"answer": lambda data: PROSE if b"\n" in data else b""},
                       "another protocol", "Unknown command. Try HELP."),
    "prose to anything": ({"answer": lambda data: PROSE}, "another protocol",
                          "Unknown command. Try HELP."),
    "the first line is a name": (
        {"greeting": b"What is your name? ",
         "answer": lambda data: b"Welcome, " + data if b"\n" in data else b""},
        "another protocol", "Welcome, "),
}  # fmt: skip


@pytest.mark.parametrize(("habits", "speaks", "said"), STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize("room", ["", "general"])
def test_a_server_of_another_protocol(
    habits: dict[str, object], speaks: str, said: str, room: str
) -> None:
    """The user is told once what it is, what it said and how to go on; it is not tried again."""
    with Stranger(**habits) as server, Headless(server.port, room=room, nick="ann") as user:
        user.wait(lambda: user.chat.stage == Stage.LOST, 8.0)
        told = user.lines[-1]
        assert speaks in told
        assert said in told
        assert "/server HOST:PORT" in told
        assert user.chat.reconnect.retry_at is None
        assert server.connections <= 4
        assert not any("rooms" in line and "announced" in line for line in user.lines)


@pytest.mark.parametrize("answer", [hang_up, lambda data: b""], ids=["hangs up", "silent"])
def test_a_server_that_says_nothing(answer: Callable[[bytes], bytes | None]) -> None:
    with Stranger(answer=answer) as server, Headless(server.port, nick="ann") as user:
        user.wait(lambda: any("/server HOST:PORT" in line for line in user.lines), 12.0)
        assert user.chat.reconnect.retry_at is None


def test_nothing_but_whole_requests_reaches_it() -> None:
    """No stray line end, whatever it may be."""
    with Stranger() as server, Headless(server.port, room="general") as user:
        user.wait(lambda: any("No answer to /join" in line for line in user.lines), 12.0)
        requests = server.heard.replace(b"\r", b"").replace(b"\n", b"")
        assert requests == b"/join general" * server.connections


def test_a_dead_room_is_left_with_a_command(serve: Serve) -> None:
    """Two first users at once can kill the room's thread: `/nick` is never answered."""
    server = serve("course", gap=0.02, dead_rooms=frozenset({"lab"}))
    with Headless(server.port, room="lab", nick="ann") as user:
        user.wait(lambda: any("No answer to /nick" in line for line in user.lines), 12.0)
        assert "/lobby goes back to the rooms" in user.lines[-1]
        user.enter("/lobby")
        user.wait(lambda: user.chat.stage == Stage.LOBBY and user.chat.lobby.complete)
        user.enter("general")
        user.wait(lambda: user.chat.stage == Stage.ROOM)


@pytest.mark.parametrize(("status", "words"), [("2", "nick taken"), ("1", "not understood")])
def test_a_status_that_comes_in_the_room(serve: Serve, status: str, words: str) -> None:
    """From then on the course's server loses what the user says."""
    server = serve("course", gap=0.02, poll=0.0)
    with Headless(server.port, room="general", nick="ann") as user:
        user.wait(lambda: any("people in the room" in line for line in user.lines))
        user.enter("hello")
        user.wait(lambda: user.said)
        server.send(status.encode())
        user.wait(lambda: any(words in line for line in user.lines))
        assert status not in user.heard
        server.send(status.encode())
        user.rest(0.3)
        assert sum(words in line for line in user.lines) == 1
        user.enter("/reconnect")
        user.wait(lambda: user.chat.stage == Stage.CONNECTING)
        user.wait(lambda: user.chat.stage == Stage.ROOM)


@pytest.mark.parametrize(("status", "words"), [("2", "nick taken"), ("1", "not understood")])
@pytest.mark.parametrize("dialect", ["course", "lf"])
def test_a_status_after_the_nick_was_granted(
    serve: Serve, dialect: str, status: str, words: str
) -> None:
    """Two clients took one nick at once; after entering again the user is told again."""
    server = serve(dialect, gap=0.02, poll=0.0, late_status=status)
    with Headless(server.port, room="general", nick="ann") as user:
        for times in (1, 2):
            user.wait(partial(told_times, user, words, times))
            assert user.chat.stage == Stage.ROOM
            assert status not in user.heard
            user.enter("/reconnect")


def test_a_number_that_somebody_says_is_no_status(serve: Serve) -> None:
    """On a server that does not name the speaker."""
    server = serve("lf-text-echo")
    with Headless(server.port, room="general", nick="ann", framing="lf") as user:
        user.wait(lambda: user.chat.stage == Stage.ROOM)
        server.say("how many?")
        user.wait(lambda: "how many?" in user.heard)
        user.enter("two")
        user.wait(lambda: user.said)
        server.say("2")
        user.wait(lambda: "2" in user.heard)


def test_a_server_that_is_heard_no_more(serve: Serve) -> None:
    """The status bar says since when, until something comes."""
    server = serve("lf", instead={"who": [b""]})
    with Headless(server.port, room="general", nick="ann", framing="lf") as user:
        user.wait(lambda: any("people in the room" in line for line in user.lines))
        minutes = {user.app.state.time.stamp.minute}
        user.enter("/who")
        user.wait(lambda: user.chat.unheard_since, 10.0)
        minutes.add(user.app.state.time.stamp.minute)
        assert user.chat.unheard_since in minutes
        server.say("still here")
        user.wait(lambda: not user.chat.unheard_since)


def test_a_joiner_that_is_dropped_in_silence(serve: Serve) -> None:
    """The server forgets a newcomer between `/join` and `/nick`, twice; the third time it works."""
    server = serve("course", forgets=2)
    with Headless(server.port, room="general", nick="ann") as user:
        for times in (1, 2):
            user.wait(partial(told_times, user, "No answer to /nick", times), 12.0)
            user.enter("/reconnect")
        user.wait(lambda: user.chat.stage == Stage.ROOM)


@pytest.mark.parametrize("dialect", [
    "course", "bare-exact", "lf", "crlf", "nul", "slow-700ms", "slow-lf-700ms", "slow-2s",
    "greeting-lf", "greeting-bare", "dribble-bare", "dribble-lf", "chunks-in-lines-out",
])  # fmt: skip
def test_into_a_known_room_of_an_unknown_server(serve: Serve, dialect: str) -> None:
    """No list, no stray line end, and no more connections than endings."""
    server = serve(dialect, rooms={f"room{number}": () for number in range(60)})
    with Headless(server.port, room="room3", nick="ann") as user:
        user.wait(lambda: user.chat.stage == Stage.ROOM, 20.0)
    commands = server.received[-1].commands
    assert commands[:2] == ["/join room3", "/nick ann"]
    for received in server.received[:-1]:
        assert received.data.rstrip(b"\r\n") in (b"/join room3", b"")
