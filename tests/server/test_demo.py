"""The demo's people: what a newcomer hears, minute by minute, without a clock; then for real."""

from __future__ import annotations

import socket
import threading
from math import inf

import pytest

from tuichat.server.demo import ANSWER_S, CHATTER, FIRST_LINE_S, TOURS, Circle, Demo
from tuichat.server.rooms import Mail, Rooms, User
from tuichat.wire import Stage

PATIENCE_S = 20.0


class Visitor(User):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def post(self, mail: Mail) -> None:
        self.told += mail.texts


class House:
    """Rooms with one circle in them, and a clock that is set by hand."""

    def __init__(self, room: str) -> None:
        self.rooms = Rooms()
        self.room = room
        self.now = 100.0
        self.circle = Circle(room, TOURS[room], self.say)

    def say(self, user: User, text: str) -> None:
        for mail in self.rooms.handle(user, text):
            mail.to.post(mail)

    def enter(self, nick: str) -> Visitor:
        visitor = Visitor()
        self.say(visitor, f"/join {self.room}")
        self.say(visitor, f"/nick {nick}")
        self.circle.act(self.now)
        return visitor

    def wait(self, seconds: float) -> None:
        """Let time pass, from one due time to the next."""
        end = self.now + seconds
        while self.circle.next_due() <= end:
            self.now = self.circle.next_due()
            self.circle.act(self.now)
        self.now = end


@pytest.fixture(params=TOURS)
def house(request: pytest.FixtureRequest) -> House:
    return House(request.param)


def test_nobody_talks_to_an_empty_room(house: House) -> None:
    house.circle.act(house.now)
    assert house.circle.next_due() == inf


def test_within_a_minute_a_newcomer_has_seen_everything(house: House) -> None:
    ann = house.enter("ann")
    house.wait(60)
    told = "\n".join(ann.told)
    for name, text in TOURS[house.room]:
        assert text.startswith("/") or f"{name}> {text.format(nick='ann')}" in ann.told
    assert told.count("ann") > 2
    assert told.index("has left the room.") < told.rindex("has joined the room.")
    assert "{" not in told


def test_the_small_talk_fades_once_all_of_it_was_said(house: House) -> None:
    ann = house.enter("ann")
    house.wait(3600)
    small_talk = [text.format(nick="ann") for text in CHATTER]
    assert [text.partition("> ")[2] for text in ann.told][-len(small_talk) :] == small_talk
    assert house.circle.next_due() == inf
    ann.told.clear()
    house.say(ann, "Nobody here?")
    house.circle.act(house.now)
    house.wait(3600)
    assert len(ann.told) == 1  # an answer, and that is all
    assert house.circle.next_due() == inf


def test_the_small_talk_ends_when_the_last_one_leaves(house: House) -> None:
    ann = house.enter("ann")
    house.wait(90)
    assert house.circle.next_due() < inf
    house.say(ann, "/logout")
    house.circle.act(house.now)
    assert house.circle.next_due() == inf


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("hello everybody", "Hello ann! I am bob"),
        ("how do I get HELP?", "F1 has every key"),
        ("who is here?", "press F2 to see who is here"),
        ("how do I search?", "ann: press F3 and type."),
        ("thanks, how do I find it?", "ann: you are welcome."),
        ("how do I leave", "F10 leaves"),
        ("any other rooms?", "/join python"),
        ("are you a bot?", "part of the demo"),
        ("is it raining?", "ann: good question"),
        ("it is raining", "ann: well said."),
        ("%{nick}{0}> ", "ann: /nick NAME changes your name."),
    ],
)
def test_they_answer_what_is_said(said: str, answer: str) -> None:
    house = House("general")
    ann = house.enter("ann")
    house.wait(FIRST_LINE_S)
    house.say(ann, "I mean bob: " + said)
    house.circle.act(house.now)
    ann.told.clear()
    house.wait(ANSWER_S)
    [told] = ann.told
    assert told.startswith("bob> ")
    assert answer in told


def test_a_flood_gets_one_answer_at_a_time(house: House) -> None:
    ann = house.enter("ann")
    house.wait(FIRST_LINE_S)
    ann.told.clear()
    for number in range(1000):
        house.say(ann, f"line {number}")
        house.circle.act(house.now)
    house.wait(ANSWER_S)
    assert len(ann.told) == 1


def test_the_second_visitor_is_greeted_too_and_the_first_may_leave(house: House) -> None:
    ann = house.enter("ann")
    house.wait(5)
    ben = house.enter("ben")
    house.wait(FIRST_LINE_S)
    assert any("Hello ben" in text for text in ben.told)
    house.say(ann, "/logout")
    house.wait(60)
    assert any("ben" in text for text in ben.told[-5:])


def test_a_visitor_may_take_the_name_of_one_who_is_away() -> None:
    house = House("general")
    ann = house.enter("ann")
    while "carol has left the room." not in ann.told:
        house.wait(1)
    carol = house.enter("carol")
    assert carol.stage == Stage.ROOM
    ann.told.clear()
    house.wait(120)
    assert not any(text.startswith("carol> ") for text in ann.told)
    for visitor in (carol, ann):
        house.say(visitor, "/logout")
    house.enter("dan")  # for whom everybody gathers
    house.say(eve := Visitor(), "/join general")
    house.say(eve, "/nick carol")
    assert eve.told[-1] == "2"


def test_a_nick_that_is_taken_is_easy_to_find() -> None:
    house = House("general")
    ann = Visitor()
    house.say(ann, "/join general")
    house.say(ann, "/nick alice")
    assert ann.told == ["0", "2"]


def test_the_demo_over_a_socket() -> None:
    demo = Demo()
    host, port = demo.start()
    assert host == "127.0.0.1"
    with socket.create_connection((host, port), PATIENCE_S) as sock, sock.makefile("rb") as lines:

        def ask(text: str) -> bytes:
            sock.sendall(text.encode() + b"\n")
            return lines.readline()

        assert ask("/list") == b"3\n"
        assert {lines.readline() for _ in range(3)} == {b"general\n", b"python\n", b"random\n"}
        assert ask("/join general") == b"0\n"
        assert ask("/nick alice") == b"2\n"
        assert ask("/nick ann") == b"0\n"
        assert lines.readline() == b"ann has joined the room.  \n"
        assert lines.readline() == b"There are 4 people in the room.\n"
        assert ask("/who") == b"Users in this room:\n"
        while b"alice> Hello ann" not in lines.readline():
            pass
        demo.stop()
        while lines.readline():
            pass
    demo.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "demo"]
