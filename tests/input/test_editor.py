"""The input line, with the cursor drawn as | in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuichat.input.editor import Editor
from tuichat.text import graphemes

FAMILY = "👨\u200d👩\u200d👧"
E_ACUTE = "e\u0301"


def editor(drawn: str) -> Editor:
    """An editor on a line such as "hel|lo"."""
    made = Editor()
    made.insert_lines(drawn.replace("|", "").split("\n"))
    while made.cursor > drawn.index("|"):
        made.left()
    return made


def draw(line: Editor) -> str:
    return line.text[: line.cursor] + "|" + line.text[line.cursor :]


def press(line: Editor, keys: str) -> None:
    """Do the actions named, parted by spaces; 'x' in quotes types x, and _ in it is a space."""
    for key in keys.split():
        if key.startswith("'"):
            for char in key.strip("'").replace("_", " "):
                line.insert(char)
        else:
            getattr(line, key)()


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        # typing
        ("hel|lo", "'p'", "help|lo"),
        ("|", "'hi_there'", "hi there|"),
        ("e|", "'\u0301'", "e\u0301|"),
        ("|\u0301", "'e'", "e\u0301|"),  # the cursor cannot stay between a base and its mark
        # moving
        ("hel|lo", "left", "he|llo"),
        ("hel|lo", "right", "hell|o"),
        ("hel|lo", "home", "|hello"),
        ("hel|lo", "end", "hello|"),
        ("|hello", "left", "|hello"),
        ("hello|", "right", "hello|"),
        (f"a{E_ACUTE}|b", "left", f"a|{E_ACUTE}b"),
        (f"|{FAMILY}b", "right", f"{FAMILY}|b"),
        ("🇩🇪🇫🇷|", "left", "🇩🇪|🇫🇷"),
        ("中|文", "right", "中文|"),
        ("one, two_three|", "word_left", "one, two_|three"),
        ("one, two_|three", "word_left word_left", "|one, two_three"),
        ("|one, two", "word_right", "one|, two"),
        ("one|, two", "word_right", "one, two|"),
        ("  |", "word_left", "|  "),
        ("caf\u0065\u0301 x|", "word_left word_left", "|caf\u0065\u0301 x"),
        ("|caf\u0065\u0301 x", "word_right", "caf\u0065\u0301| x"),
        # deleting
        ("hel|lo", "backspace", "he|lo"),
        ("hel|lo", "delete", "hel|o"),
        ("|hello", "backspace", "|hello"),
        ("hello|", "delete", "hello|"),
        (f"a{E_ACUTE}|b", "backspace", "a|b"),
        (f"a{FAMILY}|b", "backspace", "a|b"),
        (f"a|{FAMILY}b", "delete", "a|b"),
        ("a👍🏽|", "backspace", "a|"),
        ("🇩🇪🇫🇷|", "backspace", "🇩🇪|"),
        # killing and yanking
        ("hel|lo", "kill_to_end", "hel|"),
        ("hel|lo", "kill_to_start", "|lo"),
        ("hel|lo", "kill_to_end home yank", "lo|hel"),
        ("see x.y/z |now", "kill_word_left", "see |now"),
        ("see x.y/z |now", "backward_kill_word", "see x.y/|now"),
        ("see |x.y/z", "kill_word_right", "see |.y/z"),
        ("see|, x.y", "kill_word_right", "see|.y"),
        ("one two three|", "kill_word_left kill_word_left yank", "one two three|"),
        ("one two three|", "kill_word_left kill_word_left home yank", "two three|one "),
        ("|one two", "kill_word_right kill_word_right end yank", "one two|"),
        ("one |two", "kill_word_left kill_word_right yank", "one two|"),
        ("one |two", "kill_to_end left kill_to_start end yank", " one|"),
        ("one two|", "kill_word_left left kill_to_start yank_pop", "| "),
        ("one two|", "kill_word_left left kill_to_start yank yank_pop", "two| "),
        ("one two|", "kill_word_left left kill_to_start yank yank_pop yank_pop", "one| "),
        ("one|", "yank", "one|"),
        ("one|", "kill_to_end kill_to_start kill_to_end yank yank", "oneone|"),
        ("🇩a|🇪", "backward_kill_word", "🇩🇪|"),  # what is left is one flag now
        ("🇩a|🇪", "backward_kill_word undo", "🇩a|🇪"),
        # transposing
        ("ab|c", "transpose", "acb|"),
        ("abc|", "transpose", "acb|"),
        ("|abc", "transpose", "|abc"),
        ("a|", "transpose", "a|"),
        ("|", "transpose", "|"),
        (f"{E_ACUTE}|中", "transpose", f"中{E_ACUTE}|"),
        # several lines
        ("one\n|two", "left", "one|\ntwo"),
        ("one\n|two", "backspace", "one|two"),
        ("one\n|two", "backspace undo", "one\n|two"),
        ("one|\ntwo", "word_right", "one\ntwo|"),
        ("one\ntwo|", "word_left word_left", "|one\ntwo"),
        ("one\ntwo|", "kill_word_left home yank", "two|one\n"),
        ("one\ntwo|", "kill_to_start yank", "one\ntwo|"),
        ("one\ntwo|", "'!' undo undo redo", "one\ntwo|"),
        ("中\n|\u0301", "left right", "中\n|\u0301"),  # a mark does not join a line end
        # taking back
        ("|", "'hello' undo", "|"),
        ("|", "'one_two' undo", "one |"),
        ("|", "'one_two' undo undo", "|"),
        ("|", "'one_two' undo undo redo redo", "one two|"),
        ("|", "'ab' left 'x' undo", "a|b"),
        ("hel|lo", "kill_to_end undo", "hel|lo"),
        ("hel|lo", "backspace backspace undo undo", "hel|lo"),
        ("hel|lo", "undo undo redo", "hello|"),
        ("hel|lo", "delete undo 'x' redo", "helx|lo"),
        ("ab|c", "transpose undo", "ab|c"),
        # clearing
        ("hel|lo", "clear_or_restore", "|"),
        ("hel|lo", "clear_or_restore clear_or_restore", "hel|lo"),
        ("hel|lo", "clear_or_restore clear_or_restore clear_or_restore", "|"),
        ("hel|lo", "clear_or_restore left clear_or_restore", "|"),
        ("hel|lo", "clear_or_restore undo", "hel|lo"),
        ("hi|", "backspace backspace clear_or_restore clear_or_restore", "|"),
    ],
)
def test_keys(before: str, keys: str, after: str) -> None:
    line = editor(before)
    press(line, keys)
    assert draw(line) == after


def test_clearing_tells_when_there_was_nothing_to_do() -> None:
    line = editor("hello|")
    assert [line.clear_or_restore() for _ in range(3)] == [True, True, True]
    line.left()
    assert not line.clear_or_restore()
    assert not line.clear_or_restore()
    assert not Editor().clear_or_restore()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("two\nlines\r\nand\rmore", "two lines and more"),
        ("a\u2028b\x85c", "a b c"),
        ("a\tb", "a    b"),
        ("\x1b[31m\x00\x9b", "\ufffd[31m\ufffd\ufffd"),
        ("half \ud83d", "half \ufffd"),
        (FAMILY, FAMILY),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_enters_the_line_can_be_sent_on_one_line(typed: str, text: str) -> None:
    line = Editor()
    line.insert(typed)
    assert line.text == text
    line.set(typed)
    assert line.text == text
    line.set_lines([typed, typed])
    assert line.text == f"{text}\n{text}"
    line.keep_lines([typed, typed])
    press(line, "clear_or_restore yank")
    assert line.text == f"{text}\n{text}"


def test_a_pasted_text_is_undone_at_once_and_apart_from_what_was_typed() -> None:
    line = editor("|")
    press(line, "'ab'")
    line.insert("pasted text")
    press(line, "'c' undo")
    assert draw(line) == "abpasted text|"
    line.undo()
    assert draw(line) == "ab|"


def test_setting_the_line_can_be_undone_and_places_the_cursor() -> None:
    line = editor("al| ok")
    line.set_lines(["alice: ok"], 7)
    assert draw(line) == "alice: |ok"
    line.undo()
    assert draw(line) == "al| ok"
    line.set("whole")
    assert draw(line) == "whole|"
    line.set_lines([f"a{E_ACUTE}"], 2)
    assert draw(line) == f"a{E_ACUTE}|"


# --- history ---


def with_history(*lines: str) -> Editor:
    line = Editor()
    for each in lines:
        line.set(each)
        line.submit()
    return line


def remembered(line: Editor) -> list[str]:
    """The lines submitted, oldest first, as Up finds them."""
    lines = []
    while line.previous():
        lines.append(line.text)
    return lines[::-1]


@pytest.mark.parametrize(
    ("keys", "after"),
    [
        ("previous", "two|"),
        ("previous previous", "one|"),
        ("previous previous previous", "one|"),
        ("previous next", "|"),
        ("next", "|"),
        ("'draft' left previous next", "draf|t"),
        ("'draft' previous 's' previous next", "twos|"),
        ("'draft' previous 's' next", "draft|"),
        ("'draft' previous 's' next previous", "twos|"),
        ("'draft' previous 's' submit previous previous", "two|"),
        ("'draft' previous 's' submit previous", "twos|"),
        ("'draft' previous undo", "two|"),
        ("'draft' previous next undo", "|"),
        ("previous backspace previous next undo", "two|"),
        ("previous kill_to_start next yank", "two|"),
    ],
)
def test_history(keys: str, after: str) -> None:
    line = with_history("one", "two")
    press(line, keys)
    assert draw(line) == after


def test_submitting_takes_the_text_and_empties_the_line() -> None:
    line = editor("hel|lo")
    assert line.submit() == "hello"
    assert draw(line) == "|"
    assert not line.undo()
    assert remembered(line) == ["hello"]


def test_blank_lines_and_repetitions_are_not_remembered() -> None:
    assert remembered(with_history("a", "a", "", "  ", "b", "a")) == ["a", "b", "a"]


def test_the_history_is_bounded() -> None:
    line = with_history(*map(str, range(1100)))
    assert remembered(line) == list(map(str, range(100, 1100)))


# --- whatever is done ---


@pytest.mark.parametrize("unit", ["x", "中", E_ACUTE, FAMILY, "🇩🇪", "\u202e", "각", "\u0301"])
def test_a_line_of_100_000_characters_can_be_edited(unit: str) -> None:
    line = Editor()
    line.insert(unit * (100_000 // len(unit)))
    press(line, "left backspace 'y' left right home end word_left word_right")
    assert len(line.text) > 90_000 or unit == "\u0301"


KILLS = [
    "kill_to_end",
    "kill_to_start",
    "kill_word_left",
    "kill_word_right",
    "backward_kill_word",
]
ACTIONS = [
    *KILLS,
    "backspace",
    "delete",
    "left",
    "right",
    "word_left",
    "word_right",
    "home",
    "end",
    "yank",
    "yank_pop",
    "transpose",
    "undo",
    "redo",
    "clear_or_restore",
]
TYPED = ["a", "b ", "中", "\u0301", "\u200d", "👩", "🏽", "🇩", "\u1100", "\u1161", "\u202e", "é-x"]
ALOOF = [
    "a",
    "b ",
    "中",
    "é-x",
    E_ACUTE,
    FAMILY,
    "각",
    "🇩🇪",
    "\u202e",
]  # none joins its neighbours

Action = tuple[str, str | list[str]]  # the method's name and what it is given, if anything
actions = st.one_of(
    st.sampled_from(ACTIONS).map(lambda name: (name, "")),
    st.sampled_from(TYPED).map(lambda text: ("insert", text)),
    st.sampled_from(TYPED).map(lambda text: ("set", text * 9)),
    st.sampled_from(TYPED).map(lambda text: ("insert_lines", [text, "", text])),
)
visits = st.sampled_from(["previous", "next", "submit"]).map(lambda name: (name, ""))


def do(line: Editor, action: Action) -> None:
    name, typed = action
    if typed:
        getattr(line, name)(typed)
    else:
        getattr(line, name)()


def boundaries(text: str) -> set[int]:
    offsets = {0}
    for piece in graphemes(text):
        offsets.add(max(offsets) + len(piece))
    return offsets


@settings(deadline=None)
@given(st.lists(st.one_of(actions, visits), max_size=40))
def test_the_cursor_is_always_on_a_boundary(done: list[Action]) -> None:
    line = Editor()
    for action in done:
        do(line, action)
        assert line.cursor in boundaries(line.text)


@settings(deadline=None)
@given(st.lists(actions, max_size=40))
def test_undoing_all_gives_the_start_and_redoing_all_the_end(done: list[Action]) -> None:
    line = Editor()
    for action in done:
        do(line, action)
    while line.redo():
        pass
    end = line.text
    while line.undo():
        pass
    assert draw(line) == "|"
    while line.redo():
        pass
    assert line.text == end


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(ALOOF), max_size=12).map("".join),
    st.integers(0, 12),
    st.sampled_from(KILLS),
)
def test_a_kill_and_a_yank_restore_the_line(text: str, lefts: int, kill: str) -> None:
    line = Editor()
    line.insert(text)
    press(line, "left " * lefts + kill)
    press(line, "" if line.text == text else "yank")
    assert line.text == text
