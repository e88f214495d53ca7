"""The user's own messages: waiting ones are split without loss, paced, taken back; and echoes.

For echoes each line of the module's table is a session between server and us: a script says
`("say", text)` when ann says something, a text when it is heard, and seconds.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.timeline import Timeline
from tuichat.protocol.outbox import (
    PACE_S,
    Echo,
    Outbox,
    pace_for,
    room_for_text,
    split,
    split_points,
)
from tuichat.wire import MESSAGE_BYTES

COMMANDS = ("/list", "/join", "/nick", "/who", "/logout")


@pytest.mark.parametrize("nick", ["ann", "é" * 100, "x" * 900])
@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("relay", ["{nick}> {text}", "<{nick}> {text}", "[{nick}] {text}"])
def test_a_message_and_its_relay_fit(nick: str, ending: bytes, relay: str) -> None:
    """Exactly 1,024 bytes are one message; one byte more makes two."""
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


Step = tuple[str, str] | str | float


def hear(steps: list[Step], echo: Echo | None = None) -> list[str]:
    """What is shown of what is heard."""
    echo = echo or Echo()
    shown: list[str] = []
    timeline = Timeline(lambda: echo.deadline, lambda now: shown.extend(echo.expire(now)))
    for step in steps:
        if isinstance(step, tuple):
            echo.sent("ann", step[1], timeline.now)
        elif isinstance(step, str):
            shown += echo.heard([step], timeline.now)
        else:
            timeline.wait(step)
    return shown


def said(text: str) -> tuple[str, str]:
    return "say", text


ECHOES: dict[str, tuple[list[Step], list[str]]] = {
    "no echo": ([said("hi"), "bob> hi", 20.0, "bob> ho"], ["bob> hi", "bob> ho"]),
    "nick> ": ([said("hi"), "ann> hi", "bob> hi"], ["bob> hi"]),
    "<nick> ": ([said("hi"), "<ann> hi"], []),
    "nick: ": ([said("hi"), "ann: hi"], []),
    "[nick] ": ([said("hi"), "[ann] hi"], []),
    **{
        f"{before}hi": ([said("hi"), f"{before}hi"], [])
        for before in (
            "ann:", "ann>", "<ann>", "[ann]", "(ann) ", "[ann]: ", "<ann>: ", "ann : ", "ann - ",
            "You: ", "me> ", "[12:01] ann: ", "12:01:59 <ann> ", "(9:05) You: ", "ann says: ",
        )
    },
    **{
        f"{before}hi, from bob": ([said("hi"), f"{before}hi"], [f"{before}hi"])
        for before in ("ann ", "joann> ", "bob> ann: ", "a ann: ", "oh ", "anne: ", "you ", "Ann> ")
    },
    "indented": ([said("  hi"), "ann>   hi"], []),
    "late": ([said("hi"), 40.0, "ann> hi"], []),
    "said twice": ([said("hi"), said("hi"), "ann> hi", "ann> hi"], []),
    "somebody else of that name, twice": ([said("hi"), "ann> hi", "ann> hi"], ["ann> hi"]),
    "out of order": ([said("a"), said("b"), "ann> b", "ann> a"], []),
    "blanks at its ends": ([said(" hi  "), "ann> hi"], []),
    "split in two": ([said("long "), said("text"), "ann> long ", "ann> text"], []),
    "what the sanitiser changed": ([said("a\u202eb"), "ann> a<U+202E>b"], []),
    "bare": ([said("hi"), "hi", said("ho"), "ho"], []),
    "bare, and bob says the same": ([said("hi"), "hi", said("ho"), "ho", "hi"], ["hi"]),
    "bare, late": ([said("hi"), 5.0, "hi", said("ho"), 5.0, "ho"], []),
    "bob's words, no echo: shown in the end": (
        [said("yes"), "yes", said("no"), "maybe", 10.0], ["maybe", "yes"]),
    "bob's words, and then a named echo": (
        [said("yes"), "yes", said("no"), "ann> no"], ["yes"]),
    "bare words where echoes are named": ([said("a"), "ann> a", said("b"), "b"], ["b"]),
    "bare words where nothing is echoed": ([said("a"), 10.0, "a"], ["a"]),
    "long ago": ([said("hi"), 61.0, "ann> hi"], ["ann> hi"]),
    "not said": (["ann> hi", "hi"], ["ann> hi", "hi"]),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "shown"), ECHOES.values(), ids=ECHOES)
def test_a_session(steps: list[Step], shown: list[str]) -> None:
    assert hear(steps) == shown


@pytest.mark.parametrize(
    ("steps", "echoes", "form"),
    [
        ([said("a")], None, ""),
        ([said("a"), 10.0], False, ""),
        ([said("a"), "ann: a"], True, "nick: "),
        ([said("a"), "a"], None, ""),
        ([said("a"), "a", said("b"), "b"], True, ""),
        ([said("a"), 10.0, "[ann] a"], True, "[nick] "),
    ],
)
def test_what_is_known_then(steps: list[Step], echoes: bool | None, form: str) -> None:
    echo = Echo()
    hear(steps, echo)
    assert (echo.echoes, echo.form) == (echoes, form)


def test_what_was_kept_back_is_given_out_at_the_end() -> None:
    echo = Echo()
    assert hear([said("yes"), "yes"], echo) == []
    assert echo.release() == ["yes"]
    assert echo.release() == []


WORDS = st.sampled_from(["a", "b", "yes"])


@given(
    st.lists(
        st.one_of(
            WORDS.map(said),
            WORDS,
            WORDS.map("bob> {}".format),
            WORDS.map("ann> {}".format),
            st.sampled_from([0.1, 4.0, 10.0, 61.0]),
        )
    )
)
def test_only_what_one_said_can_be_missing(steps: list[Step]) -> None:
    """What is heard is shown, kept back, or the echo of something said before, each once."""
    echo = Echo()
    shown = hear(steps, echo) + echo.release()
    heard = [step for step in steps if isinstance(step, str)]
    for text in shown:
        heard.remove(text)
    own = [step[1] for step in steps if isinstance(step, tuple)]
    for text in heard:
        own.remove(text.removeprefix("ann> "))
