"""Whatever a server answers, in any stage and in any arrivals: no exception, and no loose end.

`Talk` checks meanwhile that `send_due` is exact, and that no deadline that was met remains.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.answers import LATER, SOON, STATUSES, WORDS, answers, splits
from tests.support.protocol_script import Talk
from tuichat.protocol.ending import Ending
from tuichat.protocol.framing import BARE, CRLF, LF
from tuichat.wire import Stage

# The stage, and what is asked there before the answer comes.
STAGES: dict[str, tuple[str, list[str]]] = {
    "lobby": (Stage.LOBBY, ["list_rooms"]),
    "lobby, asked to join": (Stage.LOBBY, ["join"]),
    "lobby, asked for nothing": (Stage.LOBBY, []),
    "naming": (Stage.NAMING, ["set_nick"]),
    "naming, asked for nothing": (Stage.NAMING, []),
    "room": (Stage.ROOM, ["say", "who"]),
    "leaving": (Stage.ROOM, ["say", "who", "say", "logout"]),
    "left": (Stage.NAMING, ["logout"]),
}


def ask(talk: Talk, what: str) -> None:
    names = {"join": ["x"], "set_nick": ["x"], "say": ["x"], "logout": [talk.now]}
    getattr(talk.session, what)(*names.get(what, []))
    talk.pump()


def play(talk: Talk, steps: list[bytes | float | str]) -> None:
    for step in steps:
        ask(talk, step) if isinstance(step, str) else talk.play(step)


def end(talk: Talk) -> None:
    talk.close()
    assert talk.session.stage == Stage.OUT
    assert talk.session.deadline is None
    assert talk.session.send_due is None
    assert talk.session.request is None


@pytest.mark.parametrize("fixed", [None, LF])
@pytest.mark.parametrize("stage", STAGES)
def test_every_short_answer(stage: str, fixed: str | None) -> None:
    for words in answers():
        for steps in splits(words):
            start, asked = STAGES[stage]
            talk = Talk(start, ending=Ending(fixed))
            play(talk, [*asked, *steps])
            end(talk)


ASKED = ("list_rooms", "join", "set_nick", "say", "who", "logout")
STEPS = st.one_of(
    st.sampled_from(STATUSES + WORDS),
    st.sampled_from([SOON, 0.2, 1.0, LATER, 9.0]),
    st.sampled_from(ASKED),
)


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(STAGES)), st.sampled_from([None, BARE, LF, CRLF]),
    st.lists(STEPS, max_size=20), st.booleans(),
)  # fmt: skip
def test_any_answer_and_any_user(
    stage: str, fixed: str | None, steps: list[bytes | float | str], stuck: bool
) -> None:
    """Whatever is asked for meanwhile, also of a stage that has passed."""
    start, asked = STAGES[stage]
    talk = Talk(start, ending=Ending(fixed))
    play(talk, list(asked))
    talk.stuck = stuck
    play(talk, steps)
    talk.stuck = False
    talk.pump()
    end(talk)
