"""One's own messages once: each line of the module's table, as a session between server and us.

A script says `("say", text)` when ann says something, a text when it is heard, and seconds.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.timeline import Timeline
from tuichat.protocol.echo import Echo

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


CASES: dict[str, tuple[list[Step], list[str]]] = {
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


@pytest.mark.parametrize(("steps", "shown"), CASES.values(), ids=CASES)
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
    """P15: what is heard is shown, kept back, or the echo of something said before, each once."""
    echo = Echo()
    shown = hear(steps, echo) + echo.release()
    heard = [step for step in steps if isinstance(step, str)]
    for text in shown:
        heard.remove(text)
    own = [step[1] for step in steps if isinstance(step, tuple)]
    for text in heard:
        own.remove(text.removeprefix("ann> "))
