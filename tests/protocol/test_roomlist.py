"""The answer to `/list`: each line of the module's table, with the bytes that make it necessary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.timeline import Script, Timeline, byte_by_byte
from tuichat.protocol.roomlist import MOST_BYTES, PATIENCE_S, RoomList

THREE = ["general", "random", "Room42"]
AT_ONCE, GAP, BUSY = 0.001, 0.15, 0.45  # seconds: the course's server takes the last two


class Read(RoomList):
    """What a room list makes of a transcript and of a silence after it, which may be short."""

    def __init__(self, script: Script, end: float = 3.0) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._late = b""
        timeline = Timeline(lambda: None if self.done else self.deadline, self._expire)
        timeline.play(script, self._feed)
        timeline.wait(end)

    def _expire(self, now: float) -> None:
        self.texts += self.expire(now)

    def _feed(self, data: bytes, now: float) -> None:
        if self.done:
            self._late += data
        else:
            self.texts += self.feed(data, now)

    @property
    def behind(self) -> bytes:
        return self.rest + self._late


def paused(*arrivals: bytes, gap: float = GAP) -> list[bytes | float]:
    return [step for data in arrivals for step in (data, gap)][:-1]


# What arrives, numbers being seconds: the names.
CASES: dict[str, tuple[list[bytes | float], list[str]]] = {
    "the course's server": (paused(b"3", b"general", b"random", b"Room42"), THREE),
    "a busy one": (paused(b"3", b"general", b"random", b"Room42", gap=BUSY), THREE),
    "no rooms": ([b"0"], []),
    "no rooms, as a line": ([b"0\n"], []),
    "one room": (paused(b"1", b"general"), ["general"]),
    "lines": (paused(b"3\n", b"general\n", b"random\n", b"Room42\n"), THREE),
    "lines at once": ([b"3\ngeneral\nrandom\nRoom42\n"], THREE),
    "lines ended by CR LF": ([b"3\r\ngeneral\r\n", GAP, b"random\r\nRoom42\r\n"], THREE),
    "in one send, the last without an end": ([b"3\ngeneral\nrandom\nRoom42"], THREE),
    "split before the last end": ([b"3\ngeneral\nrandom\nRoo", 0.01, b"m42"], THREE),
    "NUL": ([b"3\0general\0random\0Room42\0"], THREE),
    "padded": ([b"".join(x.ljust(1024, b"\0") for x in (b"2", b"ab", b"cd"))], ["ab", "cd"]),
    "merged by the network": (paused(b"3general", b"random", b"Room42"), THREE),
    "pauses tell": ([b"3", GAP, b"gen", AT_ONCE, b"eral", GAP, b"random", GAP, b"Room42"], THREE),
    "arrivals tell": (paused(b"3", b"general", b"random", b"Room42", gap=AT_ONCE), THREE),
    "words tell": ([b"3 general random Room42"], THREE),
    "commas tell": ([b"3 general, random, Room42"], THREE),
    "only the count is a line": (paused(b"3\n", b"general", b"random", b"Room42"), THREE),
    "words in the line after the count": ([b"3\n", GAP, b"general random Room42\n"], THREE),
    "commas in the line after the count": ([b"3\ngeneral, random, Room42\n"], THREE),
    "a name of three words, and its lines late": (
        paused(b"3\n", b"the big room\n", b"random\n", b"Room42\n"),
        ["the big room", "random", "Room42"]),
    "LF CR": ([b"3\n\rgeneral\n\r", GAP, b"random\n\r", GAP, b"Room42\n\r"], THREE),
    "words in the count's line": ([b"3 general, random, Room42\n"], THREE),
    "the first name in the count's line": ([b"3general\nrandom\nRoom42\n"], THREE),
    "dribbled without an end": (
        [*byte_by_byte(b"2"), GAP, *byte_by_byte(b"ab"), GAP, *byte_by_byte(b"cd")], ["ab", "cd"]),
    "dribbled, a dozen": (
        [*byte_by_byte(b"12"), *(s for x in b"abcdefghijkl" for s in (GAP, bytes([x])))],
        list("abcdefghijkl")),
    "dribbled lines, slowly": (list(byte_by_byte(b"11\n" + b"x\n" * 11, 0.1)), ["x"] * 11),
    "names of digits": (paused(b"2", b"42", b"7"), ["42", "7"]),
    "lines of digits": ([b"2\n42\n7\n"], ["42", "7"]),
    "spaces in names": (paused(b"2", b"my room", b"your room"), ["my room", "your room"]),
    "spaces in lines": ([b"2\nmy room\nyour room\n"], ["my room", "your room"]),
    "Unicode, cut inside a character": (
        [b"1", GAP, b"caf\xc3", AT_ONCE, b"\xa9"], ["café"]),
    "what a terminal must not get": ([b"1\n\x1b[2J\n"], ["<U+001B>[2J"]),
}  # fmt: skip


@pytest.mark.parametrize(("script", "names"), CASES.values(), ids=CASES)
def test_a_transcript(script: list[bytes | float], names: list[str]) -> None:
    rooms = Read(script)
    assert (rooms.names, rooms.announced) == (names, len(names))
    assert rooms.done
    assert (rooms.texts, rooms.heading, rooms.behind) == ([], "", b"")


# What arrives: text before the list, beside its count, the names, what is left, what it looks like.
ODD: dict[str, tuple[list[bytes | float], list[str], str, list[str], bytes, str]] = {
    "glued": ([b"3generalrandomRoom42"], [], "", ["generalrandomRoom42"], b"",
              "3generalrandomRoom42"),
    "too few lines": ([b"3\na\nb\n"], [], "", ["a", "b"], b"", "3 a b"),
    "too few arrivals": (paused(b"3", b"a", b"b"), [], "", ["a", "b"], b"", "3ab"),
    "no names at all": ([b"3"], [], "", [], b"", "3"),
    "too many lines": ([b"1\na\nb\n"], [], "", ["a"], b"b\n", "1 a"),
    "too many arrivals": (paused(b"1", b"aa", b"bb"), [], "", ["aa"], b"bb", "1aa"),
    "a greeting": ([b"Welcome!\n3\ngeneral\nrandom\nRoom42\n"], ["Welcome!"], "", THREE, b"",
                   "3 general random Room42"),
    "a bare greeting": (paused(b"Welcome!", b"1", b"general"), ["Welcome!"], "", ["general"], b"",
                        "1general"),
    "a greeting in halves": ([b"Wel", AT_ONCE, b"come!\n", b"1\na\n"], ["Welcome!"], "", ["a"],
                             b"", "1 a"),
    "a heading": ([b"2 rooms:\na\nb\n"], [], "rooms:", ["a", "b"], b"", "2 rooms: a b"),
    "a heading for one": ([b"1 room:\na\n"], [], "room:", ["a"], b"", "1 room: a"),
    "a sentence, and no rooms": ([b"0 rooms available, make one with /join"], [],
                                 "rooms available, make one with /join", [], b"",
                                 "0 rooms available, make one with /join"),
    "a bare heading": (paused(b"2 rooms:", b"aa", b"bb"), [], "rooms:", ["aa", "bb"], b"",
                       "2 rooms:aabb"),
    "something behind": ([b"1\na\nbob> hi\n"], [], "", ["a"], b"bob> hi\n", "1 a"),
    "a refusal": ([b"1"], [], "", [], b"", "1"),
}  # fmt: skip


@pytest.mark.parametrize(("script", "expected"),
                         [(case[0], case[1:]) for case in ODD.values()], ids=ODD)  # fmt: skip
def test_nothing_of_an_odd_answer_is_lost(
    script: list[bytes | float], expected: tuple[list[str], str, list[str], bytes, str]
) -> None:
    """P09: usable within two seconds of the last of it, and everything in it can be shown."""
    rooms = Read(script, end=2.0)
    shown = (rooms.texts, rooms.heading, rooms.names, rooms.behind, rooms.raw)
    assert rooms.done
    assert shown == expected


def test_prose_is_text_and_no_list() -> None:
    rooms = Read([b"I do not know that command."])
    assert not rooms.done
    assert not rooms.begun
    assert rooms.announced is None
    assert rooms.texts == ["I do not know that command."]


@pytest.mark.parametrize("text", [
    b"200 Welcome", b"200 OK\r\n", b"220 mail.example ESMTP\r\n", b"500 unknown command",
])  # fmt: skip
def test_a_code_is_no_count(text: bytes) -> None:
    rooms = Read([text], end=1.0)
    assert not rooms.done
    assert rooms.announced is None
    assert rooms.names == []
    assert rooms.texts == [text.decode().rstrip()]


def test_many_rooms_may_have_a_heading() -> None:
    names = [f"room{number}" for number in range(200)]
    rooms = Read(["\n".join(["200 rooms:", *names, ""]).encode()])
    assert rooms.names == names


@pytest.mark.parametrize(("script", "names"), [
    ([b"2".ljust(1024), GAP, b" caf\xe9".ljust(1024), GAP, b"\tbig room ".ljust(1024)],
     {"caf\ufffd": b"caf\xe9", "big room": b"big room"}),
    ([b"2 \n caf\xe9 \r\n\tbig room \n"], {"caf\ufffd": b"caf\xe9", "big room": b"big room"}),
    ([b"1\n\x1b[32mgeneral\x1b[0m\n"], {"general": b"general"}),
])  # fmt: skip
def test_names_are_spelled_as_the_server_does_but_for_the_blanks_around(
    script: list[bytes | float], names: dict[str, bytes]
) -> None:
    rooms = Read(script)
    assert (rooms.names, rooms.spelled) == (list(names), names)


def so_far(script: list[bytes | float]) -> list[list[str]]:
    """The names after each arrival."""
    rooms, now, shown = RoomList(), 0.0, []
    for step in script:
        if isinstance(step, bytes):
            rooms.feed(step, now)
            shown.append(rooms.names)
        else:
            now += step
    return shown


@pytest.mark.parametrize("script", [
    paused(b"3", b"general", b"random", b"Room42"),
    paused(b"3\n", b"general\n", b"random\n", b"Room42\n"),
    paused(b"3 rooms:\n", b"general\n", b"random\n", b"Room42\n"),
])  # fmt: skip
def test_names_are_there_as_they_come(script: list[bytes | float]) -> None:
    assert so_far(script)[:3] == [[], ["general"], ["general", "random"]]


def test_a_flood_of_names_is_not_read_again_at_each_of_them() -> None:
    """They come faster than anybody can read: what is there is looked at now and then."""
    names = [f"room{number}".encode() for number in range(2000)]
    shown = so_far([step for name in [b"2500", *names] for step in (name, AT_ONCE)])
    assert len({len(names) for names in shown}) < 2000 * AT_ONCE / 0.03 + 3


def test_how_long_it_will_take() -> None:
    rooms = RoomList()
    assert rooms.remaining_s(0.0) == 0.0
    rooms.feed(b"500", 10.0)
    assert rooms.remaining_s(10.0) == 75.0
    rooms.feed(b"room1", 10.1)
    assert 45 < rooms.remaining_s(10.1) < 55


def test_names_that_stop_coming_end_the_list_in_time() -> None:
    rooms = RoomList()
    rooms.feed(b"3", 10.0)
    rooms.feed(b"general", 10.2)
    assert rooms.deadline == 10.2 + PATIENCE_S
    rooms.expire(10.2 + PATIENCE_S)
    assert rooms.done
    assert rooms.names == ["general"]


@pytest.mark.parametrize("count", [2, 1000])
def test_long_lists(count: int) -> None:
    """P08: however they come."""
    names = [f"room{n}" for n in range(count)]
    data = [str(count).encode(), *(name.encode() for name in names)]
    assert Read(paused(*data)).names == names
    assert Read([b"\n".join(data) + b"\n"]).names == names


def test_an_endless_answer_is_given_up() -> None:
    for data in (b"x" * 65536, b"9" + b"x" * 65535):
        rooms, texts = RoomList(), []
        for _ in range(MOST_BYTES // 65536 + 1):
            texts += rooms.feed(data, 1.0)
        assert len(rooms.whole) <= MOST_BYTES + 65536
        assert rooms.done or texts


NAMES = st.lists(st.text("abc42é", min_size=1), max_size=8)


@given(NAMES, st.sampled_from([b"\n", b"\r\n", b"\0"]), st.data())
def test_a_list_of_lines_survives_every_split(
    names: list[str], end: bytes, data: st.DataObject
) -> None:
    """P01, P02: whole, byte by byte, split anywhere; and what follows is left alone."""
    whole = b"".join(name.encode() + end for name in [str(len(names)), *names])
    cut = data.draw(st.integers(0, len(whole)))
    for script in ([whole], byte_by_byte(whole), [whole[:cut], 0.02, whole[cut:]], [whole + b"x"]):
        rooms = Read([step for step in script if step])
        assert rooms.names == names
        assert rooms.behind.strip(b"\n\0") in (b"", b"x")


@given(NAMES.filter(lambda names: all(len(name.encode()) > 1 for name in names)))
def test_a_bare_list_needs_its_pauses_only(names: list[str]) -> None:
    """The course's server: names may be digits, and each may come in two arrivals."""
    script: list[bytes | float] = [str(len(names)).encode()]
    for name in names:
        script += [GAP, name.encode()[:1], AT_ONCE, name.encode()[1:]]
    assert Read(script).names == names
