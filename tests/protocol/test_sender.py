"""Who is speaking, who came and went: each line of the module's table, as servers write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuichat.protocol.events import JOINED, LEFT, Notice
from tuichat.protocol.sender import (
    FORMS,
    OTHER,
    SenderFormat,
    asides,
    notice,
    own_form,
    people,
    unglue,
)

KNOWN = ("alice", "bob", "ann")


def arrive(made: SenderFormat, *texts: str) -> None:
    """Lines arrive for ann in a room of KNOWN."""
    made.learn_from([*texts], KNOWN, "ann")


def speaker(text: str, made: SenderFormat | None = None) -> tuple[str, str] | None:
    """Who says what in a line that has just arrived, or None."""
    made = made or SenderFormat()
    arrive(made, text)
    found = made.speaker(text)
    return (found[0], text[found[1] :]) if found else None


SAID: dict[str, tuple[str, str] | None] = {
    "alice> hello": ("alice", "hello"),
    "stranger> hello": ("stranger", "hello"),
    "alice> ": ("alice", ""),
    "alice>hello": ("alice", "hello"),
    "<alice> hello": ("alice", "hello"),
    "<stranger> hello": ("stranger", "hello"),
    "alice: hello": ("alice", "hello"),
    "[alice] hello": ("alice", "hello"),
    # Plain text: the nick is not known, or the form is none that names a speaker.
    "stranger: hello": None,
    "[stranger] hello": None,
    "hello": None,
    "": None,
    "a b> c": None,
    "1 > 0": None,
    "note: buy milk": None,
    "http://example.org": None,
    ":-> ": None,
    "-->": ("--", ""),
    "x" * 41 + "> hello": None,
    # Somebody addresses the user, who did not say this.
    "ann: did you see this?": None,
    "[ann] hello": None,
    # The sanitiser's notation for an invisible character is not a nick.
    "<U+202E> hello": None,
    "<U+0007>": None,
    # Somebody imitates somebody else: the server's own prefix counts.
    "bob> alice> I am silly": ("bob", "alice> I am silly"),
    "bob> alice: I am silly": ("bob", "alice: I am silly"),
}


@pytest.mark.parametrize(("text", "said"), SAID.items(), ids=[text[:30] for text in SAID])
def test_a_line(text: str, said: tuple[str, str] | None) -> None:
    assert speaker(text) == said


@pytest.mark.parametrize(("form", "line"), [("nick: ", "{}: hi"), ("[nick] ", "[{}] hi")])
def test_a_form_is_learned_from_somebody_known(form: str, line: str) -> None:
    made = SenderFormat()
    assert speaker(line.format("carol"), made) is None
    assert speaker(line.format("bob"), made) == ("bob", "hi")
    assert speaker(line.format("carol"), made) == ("carol", "hi")
    assert form in made.forms


@pytest.mark.parametrize(("form", "line"), [("nick: ", "{}: hi"), ("[nick] ", "[{}] hi")])
def test_a_form_is_learned_from_ones_own_words(form: str, line: str) -> None:
    made = SenderFormat()
    made.learn_echo(form)
    assert speaker(line.format("carol"), made) == ("carol", "hi")


def test_where_ones_own_words_come_back_bare_nobody_is_named() -> None:
    """There `bob: hi` addresses bob, and what was taken for a form before is not one."""
    made = SenderFormat()
    assert speaker("bob: hi", made)
    made.learn_echo("")
    assert speaker("bob: hi", made) is None
    assert speaker("[bob] hi", made) is None
    assert speaker("bob> hi", made) == ("bob", "hi")


LINES = st.sampled_from([*SAID, "bob: hi", "[bob] hi", "carol: hi", "[carol] hi"])


@given(st.lists(LINES), st.lists(LINES), st.sampled_from(["", "nick: ", "[nick] ", None]))
def test_asking_changes_no_answer(heard: list[str], asked: list[str], echo: str | None) -> None:
    """What is drawn, or looked at in any other way, decides nothing."""
    made, never_asked = SenderFormat(), SenderFormat()
    for one in (made, never_asked):
        arrive(one, *heard)
        if echo is not None:
            one.learn_echo(echo)
    before = made.version
    for text in asked:
        made.speaker(text)
    assert made.version == before
    for text in {*asked, "carol: hi", "[carol] hi"}:
        assert made.speaker(text) == never_asked.speaker(text)
        assert made.starts_message(text) == never_asked.starts_message(text)


@given(st.lists(st.one_of(LINES.map(lambda text: [text]), st.sampled_from(["", "nick: "]))))
def test_the_version_tells_of_every_other_answer(steps: list[list[str] | str]) -> None:
    made = SenderFormat()
    for step in steps:
        version, answers = made.version, [made.speaker(text) for text in SAID]
        made.learn_echo(step) if isinstance(step, str) else arrive(made, *step)
        assert made.version >= version
        assert made.version > version or answers == [made.speaker(text) for text in SAID]


def test_a_flood_is_listened_to_at_either_end() -> None:
    flood = ["no name"] * 1000
    for place in (0, -1):
        made = SenderFormat()
        arrive(made, *flood[:place], "bob: hi", *flood[place:])
        assert made.speaker("carol: hi")


NOTICES: dict[str, tuple[str, str] | None] = {
    "bob has joined the room.  ": ("bob", JOINED),
    "bob has left the room.": ("bob", LEFT),
    "bob has been disconnected.": ("bob", LEFT),
    "* bob has entered": ("bob", JOINED),
    "* bob has gone": ("bob", LEFT),
    "*** bob joined": ("bob", JOINED),
    "--- bob quit": ("bob", LEFT),
    "bob joined the chat!": ("bob", JOINED),
    "bob is online": ("bob", JOINED),
    "bob was disconnected from the server": ("bob", LEFT),
    "bob logged out.": ("bob", LEFT),
    # What a person says
    "alice> bob has left the room.": None,
    "<alice> bob has left the room.": None,
    "alice: bob has left the room.": None,
    "[alice] bob has left the room.": None,
    "I have left my keys. Did bob leave?": None,
    "have a look at the room": None,
    "bob": None,
    "": None,
}


@pytest.mark.parametrize(("text", "event"), NOTICES.items())
def test_a_notice(text: str, event: tuple[str, str] | None) -> None:
    assert notice(text) == (event and Notice(*event))


def test_what_the_server_itself_says_is_told_by_the_place_of_the_line() -> None:
    lines = ["bob> hi", "bob has joined the room.", "There is 1 person in the room.", "bob> left"]
    assert asides(lines) == {1: Notice("bob", JOINED), 2: None}
    assert asides(lines[2:3]) == {0: None}
    assert asides(lines[:1]) == {}


@pytest.mark.parametrize("text", NOTICES)
def test_the_cheap_look_at_a_block_overlooks_nothing(text: str) -> None:
    assert asides([text]) == ({0: notice(text)} if notice(text) else {})


def test_the_course_s_sentences_are_cut_apart() -> None:
    """It sends them without an end: seen in one, two or three segments."""
    glued = "bob has joined the room.  There are 2 people in the room.alice> hello. I am alice."
    assert unglue(glued) == [
        "bob has joined the room.  ",
        "There are 2 people in the room.",
        "alice> hello. I am alice.",
    ]
    assert unglue("You have joined a new room.") == ["You have joined a new room."]
    assert unglue("alice> bob has left the room. alice> hi") == [
        "alice> bob has left the room. alice> hi"
    ]


PARTS = ["bob has left the room.", "a> b", "There is 1 person in the room. "]


@given(st.lists(st.sampled_from(PARTS)))
def test_cutting_loses_nothing(parts: list[str]) -> None:
    assert "".join(unglue("".join(parts))) == "".join(parts)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("There are 12 people in the room.", 12),
        ("There is 1 person in the room.", 1),
        ("There are 2 users online", 2),
        ("There are many people in the room.", None),
        ("bob> There are 12 people in the room.", None),
    ],
)
def test_how_many_are_here(text: str, count: int | None) -> None:
    assert people(text) == count


def test_the_forms_of_an_echo() -> None:
    assert [own_form(form.replace("nick", "ann"), "ann") for form in FORMS] == [*FORMS]
    assert own_form("", "ann") == own_form(" ", "ann") == ""
    assert own_form("[12:01] You: ", "ann") == OTHER
    assert own_form("bob> ", "ann") is None


@pytest.mark.parametrize(
    ("text", "starts"),
    [("alice> hi", True), ("<alice> hi", True), ("* bob has gone", True), ("and so on", False),
     ("alice: hi", False), ("alice", False)],
)  # fmt: skip
def test_the_start_of_a_message(text: str, starts: bool) -> None:
    assert SenderFormat().starts_message(text) == starts


@given(st.text(max_size=60))
def test_no_line_is_dropped_and_no_name_is_invented(text: str) -> None:
    said = speaker(text)
    if said:
        nick, words = said
        assert nick in text.removesuffix(words)
        assert text.endswith(words)
