"""The answer to `/who`, which has no end mark: each line of the module's table, played.

The header, names and chat are told apart with what is known about speakers and notices, so the
transcripts are played to a whole `Session` in a room.
"""

from __future__ import annotations

import pytest

from tests.support.timeline import Timeline
from tuichat.protocol import events
from tuichat.protocol.ending import Ending
from tuichat.protocol.framing import LF
from tuichat.protocol.session import Session
from tuichat.protocol.who import ANSWER_S, QUIET_S, Question, Roster

Step = bytes | float
GAP = 0.15


class Room:
    """A session in a room of which bob is known to be a member, and its events."""

    def __init__(self, framing: str | None = None) -> None:
        self.happened: list[events.Event] = []
        self.timeline = Timeline(lambda: self.session.deadline, self._expire)
        self.session = Session(self.timeline.now, ending=Ending(framing))
        self.timeline.wait(1.0)
        for ask, answer in [("join", b"0"), ("set_nick", b"0")]:
            getattr(self.session, ask)("ann")
            self.send()
            self.play(answer, 0.5)
        self.play(b"bob has joined the room." + b"\n" * (framing == LF), 1.0)
        self.take()

    def _expire(self, now: float) -> None:
        self.happened += self.session.expire(now)

    def _receive(self, data: bytes, now: float) -> None:
        self.happened += self.session.receive(data, now)

    def send(self) -> bytes | None:
        data, events = self.session.send(self.timeline.now)
        self.happened += events
        return data

    def play(self, *steps: Step) -> None:
        self.timeline.play(steps, self._receive)

    def take(self) -> list[events.Event]:
        happened, self.happened = self.happened, []
        return happened

    def ask(self, *answer: Step) -> tuple[list[events.Event], list[str]]:
        """Ask who is here; return the answers, and what is shown as chat."""
        assert self.session.who()
        assert (self.send() or b"").rstrip() == b"/who"
        self.play(*answer, ANSWER_S)
        happened = self.take()
        chat = [
            text for event in happened if isinstance(event, events.Heard) for text in event.texts
        ]
        return [event for event in happened if not isinstance(event, events.Heard)], chat


def paused(*arrivals: bytes, gap: float = GAP) -> list[Step]:
    return [step for data in arrivals for step in (data, gap)]


def answer(room: Room, script: list[Step]) -> tuple[list[str], list[str], list[str]]:
    """Return the names, what was said besides, and chat."""
    [who], chat = room.ask(*script)
    assert isinstance(who, events.Who)
    return who.names, [who.heading] * bool(who.heading) + who.texts, chat


HEADER = "Users in this room:"
# What arrives after `/who`: the names, what the server said besides, and chat.
CASES: dict[str, tuple[list[Step], list[str], list[str], list[str]]] = {
    "the course's server": (
        paused(b"Users in this room:", b"alice", b"bob", b"ann"),
        ["alice", "bob", "ann"], [HEADER], []),
    "a busy one": (
        paused(b"Users in this room:", b"alice", b"bob", gap=0.45), ["alice", "bob"], [HEADER], []),
    "no header": (paused(b"alice", b"ann"), ["alice", "ann"], [], []),
    "alone": (paused(b"ann"), ["ann"], [], []),
    "a count": (paused(b"2", b"alice", b"ann", b"hello"), ["alice", "ann"], [], ["hello"]),
    "a header and a count": (
        paused(b"Users:", b"2", b"alice", b"ann", b"hello"),
        ["alice", "ann"], ["Users:"], ["hello"]),
    "a nick of digits": (
        paused(b"Users in this room:", b"42", b"alice"), ["alice"], [HEADER, "42"], []),
    "a count that is wrong": (paused(b"3", b"alice", b"ann"), ["alice", "ann"], ["3"], []),
    "a later nick of digits": (paused(b"alice", b"42"), ["alice", "42"], [], []),
    "bullets": (paused(b"* alice", b"- bob", b"1. ann"), ["alice", "bob", "ann"], [], []),
    "commas": (paused(b"alice, bob, ann"), ["alice", "bob", "ann"], [], []),
    "commas behind a header": (
        paused(b"Users in this room: alice, ann"), ["alice", "ann"], [HEADER], []),
    "blanks behind a header": (paused(b"Users: alice ann"), ["alice", "ann"], ["Users:"], []),
    "one behind a header": (paused(b"Online: ann"), ["ann"], ["Online:"], []),
    "a header without a colon": (
        paused(b"3 users online", b"alice", b"ann"), ["alice", "ann"], ["3 users online"], []),
    "lines in one send": (
        [b"Users in this room:\nalice\nbob\nann"], ["alice", "bob", "ann"], [HEADER], []),
    "arrivals with no pause": (
        paused(b"Users in this room:", b"alice", b"ann", gap=0.002), ["alice", "ann"], [HEADER],
        []),
    "a name in two arrivals, cut inside a character": (
        [b"alice", GAP, b"caf\xc3", 0.01, b"\xa9"], ["alice", "café"], [], []),
    "glued": ([b"Users in this room:alicebobann"], ["alicebobann"], [HEADER], []),
    "chat amid the names": (
        paused(b"Users in this room:", b"alice", b"bob> hi all", b"ann"),
        ["alice", "ann"], [HEADER], ["bob> hi all"]),
    "chat of one word amid the names": (
        paused(b"alice", b"bob> hi", b"ann"), ["alice", "ann"], [], ["bob> hi"]),
    "chat before the header": (
        paused(b"bob> is anyone here", b"Users in this room:", b"alice"),
        ["alice"], [HEADER], ["bob> is anyone here"]),
    "notices amid and before": (
        paused(b"eve has joined the room.  ", b"There are 3 people in the room.",
               b"Users in this room:", b"alice", b"eve has left the room.", b"ann"),
        ["alice", "ann"], [HEADER],
        ["eve has joined the room.  ", "There are 3 people in the room.", "eve has left the room."],
    ),
    "a sentence about the room": (
        paused(b"Users in this room:", b"this room is cold", b"ann"),
        ["ann"], [HEADER], ["this room is cold"]),
    "a count before them in one piece": (
        paused(b"3 alice bob ann"), ["alice", "bob", "ann"], [], []),
    "a sentence with its count and them": (
        paused(b"There are 2 users in the room: alice, ann"),
        ["alice", "ann"], ["There are 2 users in the room:"], []),
    "as Python prints a list": (paused(b"['alice', 'ann']"), ["alice", "ann"], [], []),
    "beside a name": (paused(b"@alice", b"ann (you)", b"-eve"), ["alice", "ann", "eve"], [], []),
    "a rule": (paused(b"Users:", b"-----", b"ann"), ["ann"], ["Users:"], ["-----"]),
    "chat of one word before the header": (
        paused(b"hello", b"Users in this room:", b"alice", b"ann"),
        ["alice", "ann"], [HEADER], ["hello"]),
    "chat that speaks of who": (
        paused(b"eve: who are you", b"Users in this room:", b"alice"),
        ["alice"], [HEADER], ["eve: who are you"]),
    "blanks, and oneself": (paused(b"alice bob ann"), ["alice", "bob", "ann"], [], []),
    "a sentence with commas": (paused(b"ann", b"well, well, well"), ["ann"], [],
                               ["well, well, well"]),
    "a name twice": (
        paused(b"alice", b"ann", b"alice"), ["alice", "ann"], [], ["alice"]),
    "chat after a quiet time": (
        [*paused(b"alice", b"ann"), QUIET_S, b"hello"], ["alice", "ann"], [], ["hello"]),
    "a header only": (paused(b"Users in this room:"), [], [HEADER], []),
}  # fmt: skip


@pytest.mark.parametrize(("script", "names", "texts", "chat"), CASES.values(), ids=CASES)
def test_an_answer(script: list[Step], names: list[str], texts: list[str], chat: list[str]) -> None:
    """Names are names, and every other byte is kept."""
    assert answer(Room(), script) == (names, texts, chat)


@pytest.mark.parametrize("name", ["the course's server", "a count", "chat amid the names"])
def test_an_answer_in_lines(name: str) -> None:
    script, names, texts, chat = CASES[name]
    lines = [step + b"\n" if isinstance(step, bytes) else step for step in script]
    assert answer(Room(LF), lines) == (names, texts, chat)


# A header with alice, bob and ann after it: is it more than an introduction?
HEADERS = {
    "Users in this room:": False,
    "Users:": False,
    "Online: ": False,
    "Here are the people of general:": False,
    "*** Users in this room:": False,
    "3 users online": True,
    "Users in room general (3):": True,
    "*** Online users ***": True,
    "4 users:": True,
    "2 users online": True,
    "We close at ten. Users here:": True,
    "Be kind to people here": True,
}


@pytest.mark.parametrize(("header", "is_news"), HEADERS.items(), ids=HEADERS)
def test_a_header_that_only_introduces_the_names(header: str, is_news: bool) -> None:
    [who], _ = Room().ask(*paused(header.encode(), b"alice", b"bob", b"ann"))
    assert isinstance(who, events.Who)
    header = header.strip()
    assert (who.texts, who.heading) == (([header], "") if is_news else ([], header))


def in_bits(data: bytes, size: int) -> list[Step]:
    """A message as a busy machine reads it from a server that dribbles."""
    return [s for at in range(0, len(data), size) for s in (data[at : at + size], 0.005)] + [0.2]


def test_names_that_come_in_bits() -> None:
    """Bits of a few bytes are not names."""
    room = Room()
    room.play(*in_bits(b"bob> hello to you all", 2))
    room.take()
    script = [s for data in (b"Users in this room:", b"alice", b"ann") for s in in_bits(data, 3)]
    assert room.ask(*script) == ([events.Who(["alice", "ann"], [], HEADER)], [])


def test_no_answer_at_all() -> None:
    room = Room()
    assert room.ask(b"bob> hi") == ([events.Silent("/who", ANSWER_S)], ["bob> hi"])
    assert room.ask(b"ann")[0] == [events.Who(["ann"], [])]


def test_asking_twice_asks_once() -> None:
    room = Room()
    assert room.session.who()
    assert not room.session.who()
    assert room.send() == b"/who"
    assert not room.session.who()
    room.play(5.0)
    assert room.send() is None


def test_one_word_of_ones_own_that_comes_back_is_no_name() -> None:
    """`hi` and `/who`, sent at once to a server of lines that echoes bare words."""
    room = Room(LF)
    for text in ("one", "two"):
        room.session.say(text)
        room.send()
        room.play(text.encode() + b"\n")
    room.session.say("hi")
    room.send()
    room.play(0.001)
    room.take()
    assert room.ask(b"hi\n", b"bob\n", b"ann\n") == ([events.Who(["bob", "ann"], [])], [])


def test_nothing_is_sent_to_a_bare_server_amid_its_list() -> None:
    """It reads nothing while it lists: what it got then would run together."""
    room = Room()
    room.session.who()
    room.send()
    room.play(0.5, b"alice", 0.2)
    room.session.say("hello")
    assert room.send() is None
    room.play(QUIET_S)
    assert room.send() == b"hello"


def test_the_answer_becomes_the_list_of_members() -> None:
    room = Room()
    assert "bob" in room.session.roster
    room.ask(*paused(b"alice", b"ann"))
    assert room.session.roster.nicks == ["alice", "ann"]
    assert room.session.roster.size == 2
    room.play(b"alice has left the room.", 0.2, b"eve has joined the room.", 0.2)
    assert room.session.roster.nicks == ["ann", "eve"]


def test_what_is_known_of_the_members() -> None:
    roster = Roster()
    assert roster.size is None
    roster.people = 3
    roster.add("alice")
    assert (roster.size, roster.nicks, "alice" in roster, "bob" in roster) == (
        4, ["alice"], True, False)  # fmt: skip
    roster.add("alice")
    roster.remove("bob")
    assert roster.size == 3
    roster.replace(["bob", "ann", "bob"])
    assert (roster.size, roster.nicks) == (2, ["bob", "ann"])
    roster.remove("nobody")
    assert roster.size == 2


def test_the_answer_ends_soon_after_the_last_name() -> None:
    who = Question(Roster())
    assert who.deadline is None
    who.ask(10.0, "ann")
    assert who.deadline == 10.0 + ANSWER_S
    assert who.hear(["alice"], 12.0) == []
    assert who.deadline == 12.0 + QUIET_S
    assert who.hear(["bob> hi"], 12.5) == ["bob> hi"]
    assert who.deadline == 12.0 + QUIET_S
    assert who.expire(12.7) == []
    assert who.expire(12.8) == [events.Who(["alice"], [])]
    assert who.deadline is None
