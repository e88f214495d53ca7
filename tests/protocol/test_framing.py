"""Where a message ends: each line of the reader's table, with the bytes that make it necessary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.timeline import Script, Timeline, byte_by_byte
from tuichat.protocol.framing import (
    BARE,
    CRLF,
    LF,
    NUL,
    MessageReader,
    cut_character,
    decode,
    encode,
    split_once,
)
from tuichat.text import clean

LONG = 5.0  # seconds: longer than anything is held


def read(script: Script, reader: MessageReader | None = None, end: float = LONG) -> list[str]:
    """What a reader makes of a transcript, and of a long silence after it."""
    reader = reader or bare_reader(None)
    texts: list[str] = []
    timeline = Timeline(lambda: reader.deadline, lambda now: texts.extend(reader.expire(now)))
    timeline.play(script, lambda data, now: texts.extend(reader.feed(data, now)))
    timeline.wait(end)
    return texts


def bare_reader(ending: str | None = BARE, apart: bool = False) -> MessageReader:
    return MessageReader(lambda held, data: apart, ending)


# What arrives, numbers being seconds: the messages, and what is known of the server then.
CASES: dict[str, tuple[list[bytes | float], list[str], str]] = {
    "a stall within a line": (
        [b"x\n" * 20, b"half", 9.0, b" and half\n"], ["x"] * 20 + ["half and half"], LF),
    "a stall within a character of a line": (
        [b"x\n" * 20, b"caf\xc3", 9.0, b"\xa9> hi\n"], ["x"] * 20 + ["café> hi"], LF),
    "a rest that is never ended": ([b"x\n" * 20, b"rest", 10.0], ["x"] * 20 + ["rest"], BARE),
    "an end anywhere is an end": ([b"a\nb\r\nc\0d\0"], ["a", "b", "c", "d"], NUL),
    "LF": ([b"one\n", 1.0, b"two\n"], ["one", "two"], LF),
    "CRLF": ([b"one\r\n", 1.0, b"two\r\n"], ["one", "two"], CRLF),
    "a CR LF that arrives in halves": ([b"one\r", b"\ntwo\r\n"], ["one", "two"], CRLF),
    "NUL": ([b"one\0", 1.0, b"two\0"], ["one", "two"], NUL),
    "the start of a line waits for its end": ([b"one\ntw", b"\n", b"th", 0.5, b"ree\n"],
                                              ["one", "tw", "three"], LF),
    "padded": ([b"one".ljust(1024, b"\0"), b"two".ljust(1024, b"\0")], ["one", "two"], NUL),
    "padded with blanks": ([b"one".ljust(99), 0.1, b"two".ljust(99)],
                           ["one".ljust(99), "two".ljust(99)], BARE),
    "lines padded with blanks": (
        [b"one\n".ljust(99), 0.1, b"two\n", b" " * 50, 0.1, b" " * 45], ["one", "two"], LF),
    "a blank before a word": ([b"one\n", 1.0, b" ", 0.1, b"two\n"], ["one", " two"], LF),
    "padding that comes in pieces": (
        [b"one\0\0", b"\0" * 500, 1.0, b"\0" * 519, b"two\0\0"], ["one", "two"], NUL),
    "padded, and one fills it": (
        [b"one".ljust(1024, b"\0"), b"x" * 1024, b"two".ljust(1024, b"\0")],
        ["one", "x" * 1024, "two"], NUL),
    "padded and full, many at once": (
        [b"one".ljust(1024, b"\0") + b"x" * 1024 + b"y" * 1024 + b"z".ljust(1024, b"\0")],
        ["one", "x" * 1024, "y" * 1024, "z"], NUL),
    "no end: an arrival is a message": ([b"one", 0.1, b"two"], ["one", "two"], BARE),
    "dribbled without an end": ([*byte_by_byte(b"one", 0.1), 0.2, *byte_by_byte(b"two", 0.1)],
                                ["one", "two"], BARE),
    "a letter soon before a word, where messages come whole": (
        [b"one", 0.5, b"2", 0.1, b"bob"], ["one", "2", "bob"], BARE),
    "dribbled in bits": (
        [b"one", 0.5, b"Us", 0.01, b"ers", 0.01, b" he", 0.01, b"r", 0.1, b"e"],
        ["one", "Users here"], BARE),
    "dribbled, with a stop where it came in bits": (
        [*byte_by_byte(b"hello"), 0.5, b"one", 0.1, b"two", 0.5], ["hello", "onetwo"], BARE),
    "dribbled, and one read at once by a busy machine": (
        [*byte_by_byte(b"hello"), 0.5, b"one", 0.5, b"two", 0.1, b"three", 0.5],
        ["hello", "one", "twothree"], BARE),
    "dribbled no longer": (
        [*byte_by_byte(b"hello"), 0.5, b"one", 0.5, b"two", 0.5, b"three", 0.1, b"four"],
        ["hello", "one", "two", "three", "four"], BARE),
    "names 150 ms apart, one a single letter": ([b"a", 0.15, b"b"], ["a", "b"], BARE),
    "cut inside a character": (
        [b"caf\xc3", 0.5, b"\xa9", 0.2, b"\xf0\x9f", 0.9, b"\x98\x80!"], ["café", "😀!"], BARE),
    "an end that never comes": ([b"one\n", b"two", 0.5, 1.0, b"three"], ["one", "two", "three"],
                                BARE),
    "bare after all, and lines after all": (
        [b"one", 1.0, b"a\n", b"b\n", b"c\n", b"d", 0.5, b"e\n"],
        ["one", "a", "b", "c", "de"], LF),
    "two lines of a person on a bare server": (
        [b"one", 1.0, b"a\n", b"b\n", 0.1, b"cc", 0.1, b"dd"], ["one", "a", "b", "cc", "dd"], BARE),
    "a bare message in two arrivals": ([b"one", 1.0, b"x" * 1400, 0.01, b"yz"],
                                       ["one", "x" * 1400 + "yz"], BARE),
    "blank lines are nothing": ([b"\n\r\n\0\0a\n\n"], ["a"], LF),
    "text that is broken UTF-8": ([b"a\xffb\xc3\n"], ["a\ufffdb\ufffd"], LF),
    "a relay above 1,024 bytes": ([b"one", 1.0, b"alice> " + b"m" * 1024],
                                  ["one", "alice> " + "m" * 1024], BARE),
}  # fmt: skip


@pytest.mark.parametrize(("script", "texts", "ending"), CASES.values(), ids=CASES)
def test_a_transcript(script: list[bytes | float], texts: list[str], ending: str) -> None:
    reader = bare_reader(None)
    assert read(script, reader, 0.0) + reader.close() == texts
    reader = bare_reader(None)
    assert read(script, reader) == texts
    if isinstance(script[-1], bytes) and script[-1].endswith((b"\n", b"\0")):
        assert reader.ending == ending


def test_two_messages_at_once_are_told_apart_by_their_start() -> None:
    """`bob> hi` and `eve> ho`, sent 1 ms apart without an end: the caller knows a start."""
    script: Script = [b"bob> hi", 0.001, b"eve> ho"]
    assert read(script, bare_reader(apart=True)) == ["bob> hi", "eve> ho"]
    assert read(script, bare_reader(apart=False)) == ["bob> hieve> ho"]


def test_a_line_server_is_not_asked_for_starts() -> None:
    script: Script = [b"bob> a", b" b\n"]
    assert read(script, bare_reader(LF, apart=True)) == ["bob> a b"]


@pytest.mark.parametrize(("before", "arrivals", "texts"), [
    ([b"x\n"], [b"bob> o", b"ne\n"], ["bob> one"]),
    ([b"one"], [b"bob> hi", b"eve> ho"], ["bob> hi", "eve> ho"]),
    ([*byte_by_byte(b"hello")], [b"b", b"ye"], ["bye"]),
    ([b"one"], [b"caf\xc3", b"\xa9"], ["café"]),
], ids=["of lines", "bare", "that dribbles", "bare, within a character"])  # fmt: skip
def test_what_a_stopped_program_reads_late(
    before: list[bytes | float], arrivals: list[bytes], texts: list[str]
) -> None:
    """The program was stopped between two arrivals on a server; the second is read first of all."""
    reader = bare_reader(None)
    read(before, reader)
    at_last = [reader.feed(data, 60.0 * number) for number, data in enumerate(arrivals)]
    assert [text for texts in at_last for text in texts] + reader.close() == texts


@pytest.mark.parametrize("size", [4095, 4096, 4097, 65536, 300_000])
def test_text_without_an_end_is_bounded_and_exact(size: int) -> None:
    """An endless stream of characters of four bytes, in arrivals that split them."""
    data = ("😀" * (size // 4 + 1)).encode()[:size]
    reader = bare_reader(None)
    arrivals = [data[at : at + 1461] for at in range(0, size, 1461)]
    texts = []
    for arrival in arrivals:
        texts += reader.feed(arrival, 1.0)
        assert len(reader.pending) <= 4096 + 1461
    texts += reader.close()
    assert "".join(texts) == decode(data)
    assert max(map(len, texts)) <= 4096


def test_a_list_read_elsewhere_teaches_the_reader() -> None:
    for answer, ending in [(b"1\nx\n", LF), (b"1\r\nx\r\n", CRLF), (b"1\0x\0", NUL), (b"1x", BARE)]:
        reader = bare_reader(None)
        reader.observe(answer)
        assert reader.ending == ending
    reader.observe(b"1\nx\n")  # a bare server whose list is in lines
    assert reader.ending == BARE


WORDS = st.text("abé😀 ", min_size=1).filter(str.strip)


@given(st.lists(WORDS, min_size=1), st.sampled_from([b"\n", b"\r\n", b"\0"]), st.data())
def test_ended_messages_survive_every_split(
    words: list[str], end: bytes, data: st.DataObject
) -> None:
    """Whole, byte by byte and split anywhere, even inside characters."""
    whole = b"".join(word.encode() + end for word in words)
    cuts = data.draw(st.sets(st.integers(0, len(whole))))
    edges = [0, *sorted(cuts), len(whole)]
    pieces = [whole[a:b] for a, b in zip(edges, edges[1:], strict=False) if a < b]
    assert read(pieces) == words
    assert read(byte_by_byte(whole)) == words


ARRIVALS = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=40),
        st.text("ab\n\r\0> é", min_size=1).map(encode),
        st.sampled_from([0.01, 0.05, 0.2, 1.5]),
    )
)


@given(ARRIVALS, st.booleans())
def test_nothing_is_lost_or_doubled_or_unsafe(script: list[bytes | float], apart: bool) -> None:
    """What comes out is what went in, without ends, and is printable."""
    texts = read(script, bare_reader(None, apart))
    assert all(text and text == clean(text) for text in texts)
    letters = b"".join(step for step in script if isinstance(step, bytes))
    if letters.isascii():
        came = decode(letters.translate(None, b"\r\n\0"))
        assert "".join(texts).replace("<U+000D>", "") == came.replace("<U+000D>", "")


@pytest.mark.parametrize(
    ("data", "cut"),
    [("é", 1), ("中", 1), ("中", 2), ("😀", 1), ("😀", 2), ("😀", 3)],
)
def test_a_character_cut_in_two(data: str, cut: int) -> None:
    assert cut_character(b"x" + data.encode()[:cut])
    assert not cut_character(b"x" + data.encode())
    assert not cut_character(b"")
    assert not cut_character(b"\x80\x80\x80")


# What a server sends: what is to be read.
COLOURED = {
    "\x1b[31mbob>\x1b[0m hi": "bob> hi",
    "\x1b[1;38;5;200m<bob>\x1b[m \x1b[38:2::1:2:3mhi": "<bob> hi",
    "\x9b31mbob>\x9bm hi": "bob> hi",
    "caf\xe9 \x1b[4m\u65e5\u672c\x1b[24m": "caf\xe9 \u65e5\u672c",
    "\x1b[2Jx": "<U+001B>[2Jx",
    "\x1b]0;x\x07y": "<U+001B>]0;x<U+0007>y",
    "\x1b[>4;2mx": "<U+001B>[>4;2mx",
    "\x1b[\x1b[0mm": "<U+001B>[m",
    "\x1b\x1b[0m[2J": "<U+001B>[2J",
    "\x1b[31": "<U+001B>[31",
    "[31mx": "[31mx",
}


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\0", "\0" * 7])
@pytest.mark.parametrize(("said", "shown"), COLOURED.items(), ids=ascii)
def test_colours_are_left_out_and_all_else_is_seen(said: str, shown: str, end: str) -> None:
    """However it is cut; only whole messages are decoded."""
    data = (said + end).encode()
    for cut in range(len(data) + 1):
        steps = [step for step in (data[:cut], 0.001, data[cut:]) if step]
        assert read(steps) == [shown], cut


@pytest.mark.parametrize("end", [b"", b"\n", b"\0"])
def test_a_message_of_colours_alone_is_none(end: bytes) -> None:
    assert read([b"\x1b[0m" + end, 1.0, b"hi" + end]) == ["hi"]


def test_split_once() -> None:
    assert split_once(b"a\r\nb\nc") == (b"a\r\n", b"b\nc")
    assert split_once(b"a\0\0b") == (b"a\0\0", b"b")
    assert split_once(b"ab") == (b"ab", b"")


def test_half_a_surrogate_pair_can_be_sent() -> None:
    assert encode("a\ud800b") == b"a?b"
