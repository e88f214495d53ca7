"""What was said, told and typed, without any connection."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tuichat.chat.conversation import Conversation, measure, message_cuts
from tuichat.chat.options import Options, Time
from tuichat.input.line import LINE_END


def made(**options: object) -> Conversation:
    return Conversation(Options(**options), Time(100.0))


def told(conversation: Conversation) -> list[str]:
    transcript = conversation.transcript
    return [transcript.text(number) for number in range(transcript.first, transcript.end)]


@pytest.mark.parametrize(
    ("line", "cuts", "messages", "left"),
    [
        ("", [], 0, 10),
        ("hello", [], 1, 5),
        ("hello world", [10], 2, 9),
        ("é" * 7, [5], 2, 6),
        ("//hello world", [8], 2, 5),
        (LINE_END.join(["one", "hello world"]), [14], 3, 9),
        ("/who", [], 0, 10),
    ],
)
def test_a_line_is_cut_into_messages(line: str, cuts: list[int], messages: int, left: int) -> None:
    assert message_cuts(line, 10) == cuts
    assert measure(line, 10) == (messages, left)


CHANGES: dict[str, Callable[[Conversation], object]] = {
    "told": lambda it: it.tell("Hello."),
    "refused": lambda it: it.refuse("No.", "a line"),
    "not sent": lambda it: it.not_sent(["hello"]),
    "taken back": lambda it: it.taken_back(["hello"]),
    "entered": lambda it: it.entered("localhost:5220", "general", "ann"),
    "said": lambda it: it.said("ann", "hello"),
    "the server said": lambda it: it.server_said(["Welcome"]),
    "who is here": lambda it: it.who_is_here(["ann"], []),
    "heard": lambda it: it.heard(["bob> hi"], {}, "ann"),
    "a late status": lambda it: it.late_status("1", "general", "ann"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_the_screen_changes_the_version(change: Callable[..., object]) -> None:
    conversation = made()
    version = conversation.version
    change(conversation)
    assert conversation.version > version


def test_nothing_that_was_not_sent_changes_nothing() -> None:
    conversation = made()
    conversation.not_sent([])
    assert (conversation.version, told(conversation)) == (0, [])


def test_where_nothing_can_be_inserted_all_that_was_not_sent_is_told() -> None:
    conversation = made(plain=True)
    conversation.not_sent([f"words {number}" for number in range(20)])
    lines = told(conversation)
    assert len(lines) == 20
    assert all(f"words {number}" in line for number, line in enumerate(lines))


@pytest.mark.parametrize(
    ("bell", "text", "rings"),
    [
        ("off", "bob> ann: hi", False),
        ("mention", "bob> hi", False),
        ("mention", "bob> ann: hi", True),
        ("all", "bob> hi", True),
    ],
)
def test_what_rings(bell: str, text: str, rings: bool) -> None:
    conversation = made(bell=bell)
    assert conversation.heard([text], {}, "ann") == rings
    assert not conversation.heard([text], {}, "ann"), "no more often than once a second"
    conversation.viewport.focus(True)
    assert not conversation.heard([text], {}, "ann")


def test_a_late_status_is_told_once_in_a_room() -> None:
    conversation = made()
    conversation.entered("localhost:5220", "general", "ann")
    conversation.heard(["bob> hi"], {}, "ann")
    for _ in range(2):
        conversation.late_status("1", "general", "ann")
    assert len(told(conversation)) == 3
    conversation.entered("localhost:5220", "general", "ann")
    conversation.late_status("1", "general", "ann")
    assert len(told(conversation)) == 5


def test_where_nobody_is_named_a_late_status_may_be_a_message() -> None:
    conversation = made()
    conversation.heard(["hi"], {}, "ann")
    conversation.late_status("1", "general", "ann")
    assert told(conversation) == ["hi", "1"]


def test_who_spoke_last_comes_first() -> None:
    conversation = made()
    conversation.heard(["bob> hi", "eve> hi", "bob> bye", "ann> hello"], {}, "ann")
    assert conversation.latest_speakers(["zoe", "eve", "ann"], "ann") == ["bob", "eve", "zoe"]
