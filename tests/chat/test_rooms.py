"""From room to room, and to the lobby and back: one step for the user, however many it takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.dialects import DialectServer
from tests.support.headless import Headless
from tests.support.screens import Session
from tests.support.stages import Serve
from tuichat.chat import effects
from tuichat.wire import Stage

ROOMS = {"general": ("bob",), "random": ("carol",), "python": ("dana",)}


@pytest.fixture
def home(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty directories for what is kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture
def server(serve: Serve) -> DialectServer:
    return serve("course", rooms=ROOMS, gap=0.02)


@pytest.fixture
def ann(server: DialectServer, home: None) -> Iterator[Headless]:
    """Ann, in general."""
    with Headless(server.port, room="general", nick="ann") as user:
        user.wait(lambda: user.chat.stage == Stage.ROOM)
        yield user


def in_room(user: Headless, room: str) -> bool:
    return user.chat.stage == Stage.ROOM and user.chat.entrance.room == room


def test_a_room_that_is_known_needs_no_list(server: DialectServer, ann: Headless) -> None:
    assert server.received[0].commands == ["/join general", "/nick ann"]


def test_to_another_room(server: DialectServer, ann: Headless) -> None:
    """A logout, a new connection, the same nick, and the transcript stays."""
    ann.enter("hello")
    ann.wait(lambda: "hello" in server.received[0].commands)
    ann.enter("/join python")
    ann.wait(lambda: in_room(ann, "python"))
    assert server.received[0].commands[-1] == "/logout"
    assert server.received[1].commands == ["/join python", "/nick ann"]
    assert server.members("general") == ["bob"]
    assert any("hello" in line for line in ann.lines)
    assert any("#python" in line for line in ann.lines)
    server.say("welcome", who="dana")
    ann.wait(lambda: any("welcome" in line for line in ann.lines))
    ann.enter("/logout")
    ann.wait(lambda: ann.driver.ended == 0)


def test_to_the_lobby_and_back(server: DialectServer, ann: Headless) -> None:
    ann.enter("/lobby")
    ann.wait(lambda: ann.chat.stage == Stage.LOBBY and ann.chat.lobby.complete)
    assert ann.chat.lobby.names == list(ROOMS)
    ann.enter("random")
    ann.wait(lambda: in_room(ann, "random"))
    assert ann.chat.entrance.nick == "ann"


def test_another_nick_in_the_same_room(server: DialectServer, ann: Headless) -> None:
    ann.enter("/nick anne")
    ann.wait(lambda: "anne" in server.members("general"))
    ann.wait(lambda: in_room(ann, "general"))
    assert server.members("general") == ["bob", "anne"]
    assert ann.chat.entrance.nick == "anne"


def test_to_another_server(server: DialectServer, ann: Headless, serve: Serve) -> None:
    """The nick is kept; the room is not, as it belongs to the other server."""
    other = serve("lf", rooms=ROOMS)
    ann.enter(f"/server {other.address}")
    ann.wait(lambda: ann.chat.stage == Stage.LOBBY and ann.chat.lobby.complete)
    assert server.received[0].commands[-1] == "/logout"
    ann.enter("random")
    ann.wait(lambda: in_room(ann, "random"))
    assert other.members("random") == ["carol", "ann"]


def test_the_nick_is_taken_there(server: DialectServer, home: None) -> None:
    with Headless(server.port, room="general", nick="dana") as user:
        user.wait(lambda: user.chat.stage == Stage.ROOM)
        user.app.typed("a draft")
        user.chat.join("python")
        user.wait(lambda: user.chat.stage == Stage.NAMING and user.chat.request is None)
        user.wait(lambda: any("python" in line and "dana" in line for line in user.lines))
        user.chat.conversation.editor.set("")
        user.enter("dana2")
        user.wait(lambda: in_room(user, "python"))
        assert user.chat.conversation.editor.text == "a draft"


def test_out_of_a_room_that_was_mistyped(server: DialectServer, home: None) -> None:
    """The user is told that the room is new, and which one may be meant; Esc goes back."""
    with Headless(server.port) as user:
        user.wait(lambda: user.chat.lobby.complete)
        user.enter("pyton")
        user.wait(lambda: user.chat.stage == Stage.NAMING)
        assert any("new room" in line and "python" in line for line in user.lines)
        user.app.key("escape")
        user.wait(lambda: user.chat.stage == Stage.LOBBY and user.chat.lobby.complete)
        user.enter("python")
        user.wait(lambda: user.chat.stage == Stage.NAMING)
        user.enter("ann")
        user.wait(lambda: in_room(user, "python"))


def test_a_line_typed_while_one_room_is_left_for_another_is_kept(
    server: DialectServer, ann: Headless
) -> None:
    ann.enter("/join python")
    ann.enter("for python")
    assert ann.chat.conversation.editor.text == "for python"
    ann.wait(lambda: in_room(ann, "python"))
    assert "for python" not in server.received[0].commands
    assert ann.chat.conversation.editor.text == "for python"


def test_what_is_typed_on_the_way_to_the_lobby_narrows_the_rooms(
    server: DialectServer, ann: Headless
) -> None:
    ann.enter("/lobby")
    ann.app.typed("py")
    ann.wait(lambda: ann.chat.lobby.complete)
    assert ann.chat.conversation.editor.text == "py"
    ann.app.key("enter")
    ann.wait(lambda: in_room(ann, "python"))
    assert not ann.chat.conversation.editor.text


def test_leaving_while_on_the_way(server: DialectServer, ann: Headless) -> None:
    """F10 after /join logs out and ends the program."""
    ann.enter("/join python")
    ann.enter("/logout")
    ann.wait(lambda: ann.driver.ended == 0)
    assert server.received[0].commands[-1] == "/logout"
    assert len(server.received) == 1


@pytest.mark.parametrize("line", ["/join python", "/lobby"])
def test_without_a_connection(server: DialectServer, ann: Headless, line: str) -> None:
    server.kick()
    ann.wait(lambda: ann.chat.stage == Stage.LOST)
    ann.enter(line)
    ann.wait(lambda: in_room(ann, "python") if "python" in line else ann.chat.lobby.complete)


def test_a_long_list_holds_nobody_up(serve: Serve, home: None) -> None:
    """A room that is picked or typed while the list comes is entered on a fresh connection."""
    rooms = {f"room{number}": () for number in range(500)}
    server = serve("course", rooms=rooms, gap=0.15)
    with Headless(server.port, nick="ann") as user:
        user.wait(lambda: len(user.chat.lobby.names) >= 2)
        assert user.chat.lobby.listing
        user.enter("room400")
        user.wait(lambda: in_room(user, "room400"))
    assert server.received[0].commands == ["/list"]
    assert server.received[1].commands[:2] == ["/join room400", "/nick ann"]


def test_esc_stops_waiting_for_the_list(serve: Serve, home: None) -> None:
    rooms = {f"room{number}": () for number in range(500)}
    server = serve("course", rooms=rooms, gap=0.15)
    with Headless(server.port) as user:
        user.wait(lambda: len(user.chat.lobby.names) >= 2)
        user.app.key("escape")
        shown = list(user.chat.lobby.names)
        user.wait(lambda: user.chat.stage == Stage.LOBBY and user.chat.session is not None)
        assert not user.chat.lobby.listing
        assert user.chat.lobby.names == shown
        user.enter("room300")
        user.wait(lambda: user.chat.stage == Stage.NAMING)


def test_a_room_in_another_encoding_is_entered(serve: Serve, home: None) -> None:
    """The name is sent in the bytes in which it came."""
    server = serve("lf", rooms={"general": ()}, instead={
        "list": [b"1\ncaf\xe9\n"], "join": [None],
    })  # fmt: skip
    with Headless(server.port, framing="lf") as user:
        user.wait(lambda: user.chat.lobby.complete)
        user.enter(user.chat.lobby.names[0])
        user.wait(lambda: user.chat.request is None and len(server.received[0].commands) > 1)
    assert b"/join caf\xe9\n" in server.received[0].data


def test_reconnect_on_the_way_to_a_room_goes_there() -> None:
    """And a connection that is lost later leads nowhere else."""
    session = Session(room="general", nick="ann")
    session.opened()
    session.server("0")
    session.server("0")
    session.enter("/join python")
    session.enter("/reconnect")
    session.take_sent()
    session.opened()
    session.server("0")
    session.server("0")
    assert session.take_sent() == ["/join python", "/nick ann"]
    session.lost()
    assert session.chat.stage == Stage.LOST


def test_a_paste_on_the_way_out_of_a_room_is_not_sent_to_it() -> None:
    """The room that is left has messages still waiting; the lines stay for the other one."""
    session = Session(framing="bare", room="general", nick="ann")
    session.opened()
    session.receive(b"0")
    session.receive(b"0There are 2 people in the room.")
    session.later(1)
    for line in ("one", "two", "/join python"):
        session.enter(line)
    assert session.chat.waiting
    session.paste("a\nb")
    session.press("C-s")
    for _ in range(3):
        session.later(1)
    assert session.take_sent()[-2:] == ["two", "/logout"]
    assert session.line == "a\nb|"


def test_nothing_of_one_server_is_taken_for_another_that_is_asked_for() -> None:
    """Its room, its rooms, how its messages end: after a failure the user is asked for a server."""
    session = Session(host="", framing=None)
    session.enter("chat.example.org")
    session.opened()
    session.receive(b"1")
    session.later(0.2)
    session.receive(b"general")
    session.later(1)
    for line in ("general", "ann"):
        session.enter(line)
        session.receive(b"0")
        session.later(1)
    session.enter("/join python")
    session.later(1)
    session.chat.left()
    session.lost("Refused.")
    assert session.chat.stage == Stage.ASK
    session.press("C-c")
    session.enter("other.example.org")
    session.take_sent()
    session.opened()
    assert session.take_sent() == ["/list"]
    session.later(1)
    assert effects.Connect("other.example.org", 5220) == session.effects[-1]
    session.opened()
    assert session.take_sent() == ["/list"]  # with another ending
    session.server("1", "lounge")
    session.enter("lounge")
    assert session.take_sent() == ["/join lounge"]


def test_a_room_typed_before_another_is_refused_is_entered():
    session = Session(framing="lf", room="no!room", nick="dave")
    session.opened()
    session.enter("/join general")
    session.server("1")
    session.server("0")
    assert session.take_sent() == ["/join no!room", "/join general", "/nick dave"]
    assert session.chat.entrance.room == "general"
