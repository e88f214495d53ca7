"""What waits to be sent: cut to size with nothing lost, paced, taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuichat.protocol.outbox import PACE_S, Outbox, pace_for, room_for_text, split, split_points
from tuichat.wire import MESSAGE_BYTES

COMMANDS = ("/list", "/join", "/nick", "/who", "/logout")


@pytest.mark.parametrize("nick", ["ann", "é" * 100, "x" * 900])
@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("relay", ["{nick}> {text}", "<{nick}> {text}", "[{nick}] {text}"])
def test_a_message_and_its_relay_fit(nick: str, ending: bytes, relay: str) -> None:
    """P11: exactly 1,024 bytes are one message; one more are two."""
    limit = room_for_text(nick, ending)
    [text] = split("x" * limit, limit)
    assert len(text.encode() + ending) <= MESSAGE_BYTES
    assert len(relay.format(nick=nick, text=text).encode()) <= MESSAGE_BYTES
    assert len(split("x" * (limit + 1), limit)) == 2


def test_the_longest_relay_fills_a_message() -> None:
    limit = room_for_text("ann", b"")
    assert len(f"<ann> {'x' * limit}".encode()) == MESSAGE_BYTES


@pytest.mark.parametrize("length", [1000, 1018, 2000])
def test_a_nick_as_long_as_a_message_leaves_room_for_words(length: int) -> None:
    pieces = split("😀" * 100, room_for_text("n" * length, b"\n"))
    assert "".join(pieces) == "😀" * 100


CUTS: dict[str, tuple[str, int, list[str]]] = {
    "it fits": ("hello there", 11, ["hello there"]),
    "at a word": ("hello me there", 10, ["hello me ", "there"]),
    "no word end near: between characters": ("a hellothere", 10, ["a hellothe", "re"]),
    "not inside a character": ("abc😀def", 5, ["abc", "😀d", "ef"]),
    "blanks alone are not sent": ("hello          ", 8, ["hello   "]),
    "nothing that looks like a command": ("hello me /who", 9, ["hello me", " /who"]),
    "nor without a blank": ("http://x/logout", 8, ["http://", "x/logout"]),
    "nor after many slashes": ("/////////who", 8, ["///////", "//who"]),
    "one's own command": ("/who is there", 8, ["/who is ", "there"]),
}


@pytest.mark.parametrize(("text", "limit", "pieces"), CUTS.values(), ids=CUTS)
def test_a_cut(text: str, limit: int, pieces: list[str]) -> None:
    assert split(text, limit) == pieces


TEXTS = st.text("ab /é😀", max_size=60)


@given(TEXTS, st.integers(8, 40))
def test_nothing_is_lost_and_every_piece_fits(text: str, limit: int) -> None:
    points = split_points(text, limit)
    pieces = split(text, limit)
    assert points == sorted(set(points))
    assert all(len(piece.encode()) <= limit and piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.text(" /whologut", max_size=60), st.integers(8, 40))
def test_no_later_piece_is_a_command(text: str, limit: int) -> None:
    assert not any(piece.rstrip() in COMMANDS for piece in split("x" + text, limit)[1:])


def test_the_queue_goes_out_in_order_and_not_too_fast() -> None:
    outbox = Outbox()
    outbox.pace = 0.5
    outbox.add(["one", "two"])
    outbox.add(["three"])
    sent = [(now / 10, text) for now in range(10, 40) if (text := outbox.next(now / 10))]
    assert sent == [(1.0, "one"), (1.5, "two"), (2.0, "three")]
    assert outbox.due == 2.5


def test_a_server_of_lines_gets_everything_at_once() -> None:
    outbox = Outbox()
    outbox.add(["one", "two"])
    assert [outbox.next(1.0), outbox.next(1.0), outbox.next(1.0)] == ["one", "two", None]


def test_what_waits_can_be_seen_and_taken_back() -> None:
    outbox = Outbox()
    outbox.pace = 1.0
    outbox.add(["one", "two", "three"])
    assert outbox.next(1.0) == "one"
    assert outbox.waiting == ["two", "three"]
    assert len(outbox) == 2
    assert outbox.withdraw() == ["two", "three"]
    assert outbox.next(9.0) is None


def test_a_fuller_room_is_polled_more_slowly() -> None:
    """The course's server: every 0.25 s for each of its users."""
    assert pace_for(None) == pace_for(1) == PACE_S > 0.25
    assert all(pace_for(n) > 0.25 * n for n in range(1, 17))
    assert pace_for(10**6) < 10
