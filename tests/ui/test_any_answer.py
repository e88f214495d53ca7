"""No answer of a server ends the program, in whatever stage and in however many arrivals it comes.

The whole program but for the terminal; `protocol.test_any_answer` has the session alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.answers import SOON, STATUSES, WORDS, answers, splits
from tests.support.screens import Session, in_lobby, in_naming, in_room

GIVEN = {"room": "general", "nick": "dave"}


def opened(**options: object) -> Session:
    session = Session(**options)
    session.opened()
    return session


def after(session: Session, *lines: str) -> Session:
    for line in lines:
        session.enter(line)
    return session


def rejoining(stage: str) -> Session:
    """Cut off from the room, and connected again."""
    session = in_room()
    session.lost()
    session.later(1.1)
    session.opened()
    if stage == "naming":
        session.server("0")
    return session


STAGES: dict[str, Callable[[], Session]] = {
    "lobby": opened,
    "lobby, the ending not known": lambda: opened(framing=None),
    "lobby, a room given": lambda: opened(**GIVEN),
    "lobby, a room given, bare": lambda: opened(framing="bare", **GIVEN),
    "lobby, asked to join": lambda: after(in_lobby("general"), "random"),
    "lobby, nothing asked": in_lobby,
    "naming": in_naming,
    "naming, asked": lambda: after(in_naming(), "eve"),
    "room": in_room,
    "room, asked who": lambda: after(in_room(), "/who"),
    "leaving": lambda: after(in_room(framing="bare"), "hi", "ho", "/logout"),
    "left": lambda: after(in_naming(), "/logout"),
    "rejoining": lambda: rejoining("lobby"),
    "rejoining, naming": lambda: rejoining("naming"),
}


def play(session: Session, steps: list[bytes | float | str]) -> None:
    for step in steps:
        match step:
            case bytes():
                session.receive(step)
            case str():
                session.enter(step)
            case _:
                session.later(step)


def end(session: Session) -> None:
    """What comes too late, the end of the connection, and the way back."""
    assert session.rows
    session.lost()
    session.later(1.1)
    assert session.rows


@pytest.mark.parametrize("stage", STAGES)
def test_every_short_answer(stage: str) -> None:
    for words in answers():
        for steps in splits(words):
            session = STAGES[stage]()
            play(session, steps)
            end(session)


STEPS = st.one_of(
    st.sampled_from(STATUSES + WORDS),
    st.sampled_from([SOON, 0.2, 1.0, 3.0, 9.0]),
    st.sampled_from(["", "random", "/list", "/join x", "/nick eve", "/who", "hi", "/logout"]),
)


@settings(max_examples=300)
@given(st.sampled_from(sorted(STAGES)), st.lists(STEPS, max_size=12))
def test_any_answer_and_any_user(stage: str, steps: list[bytes | float | str]) -> None:
    session = STAGES[stage]()
    play(session, steps)
    end(session)
