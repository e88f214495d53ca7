"""Tab completion, with the cursor drawn as | in the line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuichat.input.completion import Completion, complete

NICKS = ("carol", "alice", "Alan", "Élodie")  # the latest speaker first
COMMANDS = ("/help", "/join ", "/list", "/logout", "/who")
ROOMS = ("general", "games", "Linux")
ARGUMENTS = {"/join": ROOMS, "/bell": ("off", "mention", "all")}


def start(drawn: str) -> Completion | None:
    cursor = drawn.index("|")
    return complete(drawn.replace("|", ""), cursor, NICKS, COMMANDS, ROOMS, ARGUMENTS)


def draw(line: tuple[str, int]) -> str:
    text, cursor = line
    return text[:cursor] + "|" + text[cursor:]


@pytest.mark.parametrize(
    ("drawn", "turns"),
    [
        ("al|", ["alice: |", "Alan: |", "al|", "alice: |"]),
        ("AL|", ["alice: |", "Alan: |", "AL|"]),
        ("él|", ["Élodie: |", "él|"]),
        ("|", ["carol: |", "alice: |", "Alan: |", "Élodie: |", "|"]),
        ("  ca|", ["  carol: |", "  ca|"]),
        ("ask ca|", ["ask carol |", "ask ca|"]),
        ("ask |", ["ask carol |", "ask alice |"]),
        ("ask ca| about it", ["ask carol |about it", "ask ca| about it"]),
        ("ask ca|, he knows", ["ask carol |, he knows"]),
        ("ca|rol", ["carol: |rol"]),
        ("/wh|", ["/who|", "/wh|"]),
        ("/bell |", ["/bell off|", "/bell mention|", "/bell all|", "/bell |"]),
        ("/bell m|", ["/bell mention|"]),
        ("/L|", ["/list|", "/logout|", "/L|"]),
        ("/jo|", ["/join |", "/jo|"]),
        ("/join g|", ["/join general|", "/join games|", "/join g|"]),
        ("/join |", ["/join general|", "/join games|", "/join Linux|", "/join |"]),
        ("/JOIN li|", ["/JOIN Linux|"]),
        ("/search al|", ["/search alice |"]),
        ("@ca|", ["@carol |", "@ca|"]),
        ("(ca|", ["(carol |"]),
        ("hi,ca|", ["hi,carol |"]),
        ('ask "ca|"', ['ask "carol |"']),
        ("<ca|", ["<carol |"]),
        ("*ca|", ["*carol |"]),
        ("—ca|", ["—carol |"]),
        ("E\N{COMBINING ACUTE ACCENT}L|", ["Élodie: |"]),
    ],
)
def test_tab_again_and_again(drawn: str, turns: list[str]) -> None:
    completion = start(drawn)
    assert completion is not None
    assert [draw(completion.next()) for _ in turns] == turns


@pytest.mark.parametrize(
    "drawn",
    [
        "zz|", "/nothing|", "//wh|", " /wh|", "/join zz|", "/join a b|", "hi alices|", "hi!|",
        "x-ca|", "x@ca|", "https://x/ca|", "#ca|", "/join (g|",
    ],
)  # fmt: skip
def test_nothing_to_offer(drawn: str) -> None:
    assert start(drawn) is None


def test_shift_tab_goes_back() -> None:
    completion = start("al|")
    assert completion is not None
    keys = [completion.next, completion.next, completion.previous, completion.previous]
    assert [draw(key()) for key in keys] == ["alice: |", "Alan: |", "alice: |", "al|"]
    assert draw(completion.previous()) == "Alan: |"


def test_what_is_offered_and_which_of_it_is_in_the_line() -> None:
    completion = start("al|")
    assert completion is not None
    assert (completion.candidates, completion.index) == (("alice", "Alan"), None)
    indexes = []
    for _ in range(3):
        completion.next()
        indexes.append(completion.index)
    assert indexes == [0, 1, None]


@settings(deadline=None)
@given(st.text("al /jo\tc", max_size=12), st.data())
def test_only_the_word_changes_and_a_round_trip_gives_it_back(
    text: str, data: st.DataObject
) -> None:
    cursor = data.draw(st.integers(0, len(text)))
    completion = complete(text, cursor, NICKS, COMMANDS, ROOMS, ARGUMENTS)
    if completion is None:
        return
    for name in completion.candidates:
        line, at = completion.next()
        assert line[:at].rstrip(": ").endswith(name.rstrip())
        assert (line[:at] + text[cursor:]).replace(" ", "") == line.replace(" ", "")
    assert completion.next() == (text, cursor)
