"""The answer to `/list`: each line of the module's table, with the bytes that make it necessary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.timeline import Script, Timeline, byte_by_byte
from tuichat.protocol import roomlist
from tuichat.protocol.roomlist import MOST_BYTES, PATIENCE_S, Arrival, Found, RoomList, read_names

THREE = ["general", "random", "Room42"]
AT_ONCE, GAP, BUSY = 0.001, 0.15, 0.45  # seconds: the course's server takes the last two


class Read(RoomList):
    """What a room list makes of a transcript and of a silence after it, which may be short."""

    def __init__(self, script: Script, end: float = 3.0) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.told: list[list[str]] = []
        self._late = b""
        timeline = Timeline(lambda: None if self.done else self.deadline, self._expire)
        timeline.play(script, self._feed)
        timeline.wait(end)

    def _expire(self, now: float) -> None:
        self.texts += self.expire(now)

    def _feed(self, data: bytes, now: float) -> None:
        if self.done:
            self._late += data
            return
        before = self.so_far
        self.texts += self.feed(data, now)
        if self.so_far is not before and self.so_far and not self.done:
            self.told.append(list(self.so_far))

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
    "dribbled lines, slowly": (
        list(byte_by_byte(b"11\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n", 0.1)),
        list("abcdefghijk")),
    "names of digits": (paused(b"2", b"42", b"7"), ["42", "7"]),
    "lines of digits": ([b"2\n42\n7\n"], ["42", "7"]),
    "spaces in names": (paused(b"2", b"my room", b"your room"), ["my room", "your room"]),
    "spaces in lines": ([b"2\nmy room\nyour room\n"], ["my room", "your room"]),
    "Unicode, cut inside a character": (
        [b"1", GAP, b"caf\xc3", AT_ONCE, b"\xa9"], ["café"]),
    "padded with blanks": (
        paused(*(x.ljust(1024) for x in (b"3", b"general", b"random", b"Room42"))), THREE),
    "padded with blanks, at once": (
        [b"".join(x.ljust(1024) for x in (b"2", b"my room", b"random"))], ["my room", "random"]),
    "padded with blanks, lines": (
        [b"".join(x.ljust(1024) for x in (b"2\n", b"my room\n", b"random\n"))],
        ["my room", "random"]),
    "two hundred": ([b"200 " + b" ".join(b"room%d" % n for n in range(200))],
                    [f"room{n}" for n in range(200)]),
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
    "a heading, bare": (
        paused(b"3 rooms:", b"general", b"random", b"Room42"), [], "rooms:", THREE, b"",
        "3 rooms:generalrandomRoom42"),
    "a heading, bare, without a colon": (
        paused(b"2 rooms are open", b"general", b"my room"), [], "rooms are open",
        ["general", "my room"], b"", "2 rooms are opengeneralmy room"),
    "a heading and words": (
        [b"3 rooms: general random Room42"], [], "rooms:", THREE, b"",
        "3 rooms: general random Room42"),
    "a heading and words, a line": (
        [b"3 rooms: general, random, Room42\n"], [], "rooms:", THREE, b"",
        "3 rooms: general, random, Room42"),
    "a heading and one room": (
        [b"1 room: the big one"], [], "room:", ["the big one"], b"", "1 room: the big one"),
    "a heading in the line after the count": (
        paused(b"2\nrooms:", b"ab", b"cd"), [], "rooms:", ["ab", "cd"], b"", "2 rooms:abcd"),
    "words beside a count of one": (
        [b"1 room available"], [], "room available", [], b"", "1 room available"),
    "words beside no rooms": (
        [b"0 rooms available, make one with /join"], [],
        "rooms available, make one with /join", [], b"",
        "0 rooms available, make one with /join"),
    "words beside no rooms, in a line": (
        [b"0 rooms yet\n"], [], "rooms yet", [], b"", "0 rooms yet"),
    "words glued to no rooms": ([b"0rooms\n"], [], "rooms", [], b"", "0rooms"),
    "words behind no rooms": ([b"0, sorry."], [], ", sorry.", [], b"", "0, sorry."),
    "something behind": ([b"1\na\nbob> hi\n"], [], "", ["a"], b"bob> hi\n", "1 a"),
    "a refusal": ([b"1"], [], "", [], b"", "1"),
}  # fmt: skip


@pytest.mark.parametrize(("script", "expected"),
                         [(case[0], case[1:]) for case in ODD.values()], ids=ODD)  # fmt: skip
def test_nothing_of_an_odd_answer_is_lost(
    script: list[bytes | float], expected: tuple[list[str], str, list[str], bytes, str]
) -> None:
    """It is usable within two seconds after its end, and everything in it can be shown."""
    rooms = Read(script, end=2.0)
    shown = (rooms.texts, rooms.heading, rooms.names, rooms.behind, rooms.raw)
    assert rooms.done
    assert shown == expected


# What arrives: the names as they are shown, with the bytes that came for each.
SPELLED: dict[str, tuple[list[bytes | float], dict[str, bytes]]] = {
    "Latin-1, in lines": ([b"2\ncaf\xe9\ngeneral\n"], {"caf\ufffd": b"caf\xe9",
                                                       "general": b"general"}),
    "Latin-1, bare": (paused(b"1", b"caf\xe9"), {"caf\ufffd": b"caf\xe9"}),
    "two that look alike": ([b"2\ncaf\xe9\ncaf\xea\n"], {"caf\ufffd": b"caf\xe9"}),
    "the same twice": ([b"3\na\nb\na\n"], {"a": b"a", "b": b"b"}),
    "coloured": ([b"1\n\x1b[32mgeneral \x1b[0m\n"], {"general": b"general"}),
    "a control character": ([b"1\na\x01b\n"], {"a<U+0001>b": b"a\x01b"}),
    "blanks around lines": ([b"2  \n   general room\t\n random  \n"],
                            {"general room": b"general room", "random": b"random"}),
    "padded with blanks": (
        paused(*(x.ljust(1024) for x in (b"2", b"my room", b"random"))),
        {"my room": b"my room", "random": b"random"}),
}  # fmt: skip


@pytest.mark.parametrize(("script", "spelled"), SPELLED.values(), ids=SPELLED)
def test_names_are_kept_as_the_bytes_that_came(
    script: list[bytes | float], spelled: dict[str, bytes]
) -> None:
    rooms = Read(script)
    assert list(rooms.spelled.items()) == list(spelled.items())
    assert rooms.names == list(spelled)
    assert rooms.complete


def test_a_name_that_shows_nothing_is_none() -> None:
    rooms = Read([b"2\na\n\xe2\x80\x8d\n"])
    assert rooms.names == ["a"]
    assert not rooms.complete


def test_prose_is_text_and_no_list() -> None:
    rooms = Read([b"I do not know that command."])
    assert not rooms.done
    assert not rooms.begun
    assert rooms.announced is None
    assert rooms.texts == ["I do not know that command."]


STATUS_LINES: dict[str, tuple[list[bytes | float], list[str]]] = {
    "bare": ([b"200 Welcome"], ["200 Welcome"]),
    "short": ([b"200 OK"], ["200 OK"]),
    "a line": ([b"220 mail.example ESMTP\r\n"], ["220 mail.example ESMTP"]),
    "several lines": ([b"220-mail.example\r\n220 ESMTP\r\n"], ["220-mail.example", "220 ESMTP"]),
    "a refusal": ([b"500 unknown command"], ["500 unknown command"]),
    "a refusal of each": (paused(b"500 a?", b"500 b?"), ["500 a?", "500 b?"]),
    "dribbled": (list(byte_by_byte(b"404: not found\n")), ["404: not found"]),
    "padded": ([b"200 OK".ljust(1024)], ["200 OK"]),
    "no status": ([b"100% of it"], ["100% of it"]),
}


@pytest.mark.parametrize(("script", "texts"), STATUS_LINES.values(), ids=STATUS_LINES)
def test_a_status_of_another_protocol_is_text(
    script: list[bytes | float], texts: list[str]
) -> None:
    rooms = Read(script)
    assert (rooms.texts, rooms.announced, rooms.done, rooms.begun) == (texts, None, False, False)
    assert rooms.told == []


@pytest.mark.parametrize(
    "script",
    [
        [b"200 Welcome\n3\ngeneral\nrandom\nRoom42\n"],
        paused(b"200 Welcome\n", b"3", b"general", b"random", b"Room42"),
        paused(b"200 Welcome", b"3", b"general", b"random", b"Room42"),
        paused(b"200 Welcome", b"201 Hi", b"3 rooms:", b"general", b"random", b"Room42"),
        [b"200 Welcome\n", GAP, b"Hello\n3\ngeneral\nrandom\nRoom42\n"],
    ],
)
def test_a_list_after_such_a_status(script: list[bytes | float]) -> None:
    rooms = Read(script)
    assert rooms.texts[0] == "200 Welcome"
    assert (rooms.names, rooms.announced, rooms.complete) == (THREE, 3, True)


@pytest.mark.parametrize("heading", [b"200 rooms:\n", b"200\n", b"200 rooms\n"])
def test_a_count_of_three_digits_is_a_count(heading: bytes) -> None:
    names = [f"room{n}" for n in range(200)]
    rooms = Read([heading, *(s for n in names for s in (0.05, n.encode() + b"\n"))])
    assert (rooms.texts, rooms.names, rooms.complete) == ([], names, True)


# What arrives: the rooms that are told meanwhile. The tests above check the end.
TOLD: dict[str, tuple[list[bytes | float], list[list[str]]]] = {
    "the course's server": (
        paused(b"3", b"general", b"random", b"Room42"), [THREE[:1], THREE[:2], THREE]),
    "merged by the network": (
        paused(b"3general", b"random", b"Room42"), [THREE[:2], THREE]),
    "lines": (paused(b"3\n", b"general\n", b"random\n", b"Room42\n"), [THREE[:1], THREE[:2]]),
    "lines by twos": (
        paused(b"4\na\n", b"b\nc\n", b"d\n"), [["a", "b", "c"]]),
    "a line that has no end yet": (
        paused(b"3\ngeneral\n", b"rand", b"om\n", b"Room42\n"), [THREE[:1], THREE[:2]]),
    "only the count is a line": (
        paused(b"3\n", b"general", b"random", b"Room42"), [THREE[:1], THREE[:2], THREE]),
    "a name in two, after a pause": (
        paused(b"2", b"gen", b"eral\n", b"random\n"), [["gen"], ["general"]]),
    "a name in bits": (
        [b"2", GAP, *byte_by_byte(b"ab"), GAP, *byte_by_byte(b"cd")], [["ab"]]),
    "a name of as many words as there are names": (
        paused(b"2\n", b"my room\n", b"random\n"), []),
    "padded": (paused(*(x.ljust(1024, b"\0") for x in (b"3", b"a", b"b", b"c"))),
               [["a"], ["a", "b"]]),
    "padded, in bits": (byte_by_byte(b"".join(x.ljust(99, b"\0") for x in (b"3", b"ab", b"c"))),
                        [["ab"], ["ab", "c"]]),
    "a heading": (paused(b"2 rooms:", b"general", b"random"), [["general"], ["general", "random"]]),
    "the same name twice": (paused(b"3\n", b"a\n", b"a\n", b"b\n"), [["a"]]),
    "no more than announced": (
        [b"2", GAP, b"general", GAP, b"random", 0.04, b"x"], [["general"], ["general", "random"]]),
    "whole at once": ([b"3\ngeneral\nrandom\nRoom42"], []),
    "nearly at once": (
        [b"3\n", 0.01, b"general\n", 0.01, b"random\n", AT_ONCE, b"Room42\n"], []),
    "no rooms": ([b"0 rooms"], []),
    "a greeting, then at once": ([b"Welcome\n", GAP, b"3\ngeneral\nrandom\nRoom42"], []),
}  # fmt: skip


@pytest.mark.parametrize(("script", "told"), TOLD.values(), ids=TOLD)
def test_the_names_so_far(script: list[bytes | float], told: list[list[str]]) -> None:
    assert Read(script).told == told


@pytest.mark.parametrize("gap", [0.0, 0.0001, 0.04])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b" is its name\n"])
def test_a_flood_of_names_is_not_read_anew_for_each(
    gap: float, end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The names are not read again at each arrival: for 11,500 that would be 66 million reads."""
    readings = []

    def counted(arrivals: list[Arrival], at: int, count: int) -> Found:
        readings.append(len(arrivals))
        return read_names(arrivals, at, count)

    monkeypatch.setattr(roomlist, "read_names", counted)
    count = 1000 if gap > 0.03 else 11_500
    rooms = Read([b"%d" % count + end, *(s for n in range(count) for s in (gap, b"r%d" % n + end))])
    assert len(rooms.names) == count
    assert len(readings) <= count * gap / 0.03 + 5


def test_a_flood_in_bits_is_read_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = []
    monkeypatch.setattr(
        roomlist, "read_names", lambda *given: readings.append(0) or read_names(*given)
    )
    data = b"2000\r\n" + b"".join(b"room%d\r\n" % n for n in range(2000))
    rooms = Read(byte_by_byte(data, 0.0001))
    assert len(rooms.names) == 2000
    assert len(readings) <= len(data) * 0.0001 / 0.03 + 25


def test_texts_before_the_list_are_taken_off_at_once() -> None:
    rooms = RoomList()
    assert rooms.feed(b"x\n" * 32_000 + b"1\na\n", 1.0) == ["x"] * 32_000
    assert rooms.names == ["a"]


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
    """However they come."""
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
    """Whole, byte by byte, split anywhere; and what follows is left alone."""
    whole = b"".join(name.encode() + end for name in [str(len(names)), *names])
    cut = data.draw(st.integers(0, len(whole)))
    for script in ([whole], byte_by_byte(whole), [whole[:cut], 0.02, whole[cut:]], [whole + b"x"]):
        rooms = Read([step for step in script if step])
        assert rooms.names == list(dict.fromkeys(names))
        assert rooms.complete
        assert rooms.behind.strip(b"\n\0") in (b"", b"x")


@given(NAMES.filter(lambda names: all(len(name.encode()) > 1 for name in names)))
def test_a_bare_list_needs_its_pauses_only(names: list[str]) -> None:
    """The course's server: names may be digits, and each may come in two arrivals."""
    script: list[bytes | float] = [str(len(names)).encode()]
    for name in names:
        script += [GAP, name.encode()[:1], AT_ONCE, name.encode()[1:]]
    assert Read(script).names == list(dict.fromkeys(names))


def test_how_long_it_will_take() -> None:
    rooms = RoomList()
    assert rooms.remaining_s(0.0) == 0.0
    rooms.feed(b"500", 10.0)
    assert rooms.remaining_s(10.0) == 75.0
    rooms.feed(b"room1", 10.1)
    assert 45 < rooms.remaining_s(10.1) < 55
