"""The transcript: numbers that stay, limits that hold, runs of notices, search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.screens import stamp
from tuichat.chat.transcript import (
    BYTES_A_LINE,
    FOLD,
    HEARD,
    INFO,
    MENTION,
    NO_TIME,
    NOTICE,
    OWN,
    Transcript,
)
from tuichat.input.words import folded
from tuichat.protocol.events import Notice


def filled(texts, kind=HEARD, limit=100):
    transcript = Transcript(limit)
    for text in texts:
        transcript.add(kind, [text], stamp())
    return transcript


def kept(transcript):
    return [transcript.text(n) for n in range(transcript.first, transcript.end)]


def test_lines_keep_their_kind_their_time_and_their_number():
    transcript = Transcript()
    transcript.add(HEARD, ["one", "two"], stamp("12:01"))
    transcript.add(INFO, ["three"], stamp("12:02"))
    assert (transcript.first, transcript.end) == (0, 3)
    assert kept(transcript) == ["one", "two", "three"]
    assert [transcript.kind(n) for n in range(3)] == [HEARD, HEARD, INFO]
    assert transcript.stamp(2) == stamp("12:02")
    assert transcript.stamp(-1) == NO_TIME


def test_the_oldest_are_dropped_beyond_the_limit_and_the_numbers_stay():
    transcript = filled([str(n) for n in range(1000)], limit=100)
    assert transcript.end == 1000
    assert 100 <= transcript.end - transcript.first <= 110
    assert kept(transcript) == [str(n) for n in range(transcript.first, 1000)]
    assert transcript.stamp(transcript.first - 1) == NO_TIME


def test_endless_lines_stay_within_bounds_and_the_last_one_is_always_kept():
    for char, width in (("x", 1), ("ж", 2), ("👩", 4)):
        transcript = Transcript(100)
        for size in (10_000, 100_000, 1_000):
            for _ in range(50):
                transcript.add(HEARD, [char * size], stamp())
            taken = sum(map(len, kept(transcript))) * width
            assert taken <= 100 * BYTES_A_LINE * 1.1 + size * width
            assert len(kept(transcript)[-1]) == size


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 2000)), max_size=20))
def test_what_is_kept_is_the_end_of_what_was_added(blocks):
    transcript, added = Transcript(100), []
    for count, size in blocks:
        texts = [f"{len(added) + n} ".ljust(size, "x") for n in range(count)]
        transcript.add(HEARD, texts, stamp())
        added += texts
        assert transcript.end == len(added)
        assert kept(transcript) == added[transcript.first :]
        assert transcript.end - transcript.first <= 110


def test_own_lines_know_the_nick_they_were_said_under():
    transcript = Transcript()
    transcript.add_own("ann", "one", stamp())
    transcript.add(HEARD, ["bob> hi"], stamp())
    transcript.add_own("ann", "two", stamp())
    transcript.add_own("anna", "three", stamp())
    own = [n for n in range(4) if transcript.kind(n) == OWN]
    assert [transcript.own_nick(n) for n in own] == ["ann", "ann", "anna"]


def test_what_is_copied_or_kept_has_no_blanks_at_its_end():
    transcript = filled(["bob has joined the room.  ", "  indented"])
    transcript.add_own("dave", "hi ", stamp())
    lines = ["bob has joined the room.", "  indented", "dave> hi"]
    assert [transcript.line(n) for n in range(3)] == lines


def test_what_was_found_out_about_a_line_is_kept_with_it_and_dropped_with_it():
    transcript, bob = Transcript(100), Notice("bob", "left")
    transcript.add(INFO, ["before"], stamp())
    texts = ["a", "dave: b", "bob has left", "There are 2 people"]
    transcript.add_heard(texts, {2: bob, 3: None}, [1], stamp())
    assert [transcript.kind(n) for n in range(5)] == [INFO, HEARD, MENTION, NOTICE, NOTICE]
    assert [transcript.notice(n) for n in range(5)] == [None, None, None, bob, None]
    for _ in range(200):
        transcript.add_heard(["bob has left"], {0: bob}, [], stamp())
    kept_notices = [n for n in range(transcript.end) if transcript.notice(n)]
    assert kept_notices == list(range(transcript.first, transcript.end))


@pytest.mark.parametrize(
    ("kinds", "groups"),
    [
        ("hhh", [(0, 1), (1, 2), (2, 3)]),
        ("hnnnh", [(0, 1), (1, 4), (4, 5)]),
        ("nn", [(0, 2)]),
        ("n" * 20, [(0, FOLD), (FOLD, 20)]),
    ],
)
def test_notices_in_a_row_are_one_group(kinds, groups):
    transcript = Transcript()
    for kind in kinds:
        transcript.add(NOTICE if kind == "n" else HEARD, ["x"], stamp())
    for start, stop in groups:
        for number in range(start, stop):
            assert transcript.group(number) == range(start, stop)


@given(st.lists(st.sampled_from([HEARD, NOTICE]), min_size=1, max_size=300))
def test_groups_are_next_to_each_other_without_gaps(kinds):
    transcript = Transcript(100)
    for kind in kinds:
        transcript.add(kind, ["x"], stamp())
    number = transcript.first
    while number < transcript.end:
        group = transcript.group(number)
        assert group.start == number
        assert all(transcript.group(inside) == group for inside in group)
        number = group.stop
    assert number == transcript.end


def test_words_are_found_whatever_the_case():
    transcript = filled(["The Cat", "a dog", "CATHERINE", "Straße", "nothing"])
    whole = range(transcript.first, transcript.end)
    assert transcript.find("cat", whole) == [0, 2]
    assert transcript.find("STRASSE", whole) == [3]
    assert transcript.find("cat ", whole) == []
    assert transcript.find("cat", range(1, 5)) == [2]
    assert transcript.find("cat", range(0)) == []


LETTERS = "aAbſßSéE\N{COMBINING ACUTE ACCENT}Σςk\N{KELVIN SIGN} \n"


@given(st.lists(st.text(LETTERS, max_size=4), max_size=9), st.text(LETTERS, min_size=1, max_size=3))
def test_a_line_is_found_if_it_has_the_words_by_itself(texts, words):
    transcript = filled(["dropped"] * 200 + texts)
    lines = range(transcript.end - len(texts), transcript.end)
    found = [number for number in lines if folded(words) in folded(transcript.text(number))]
    assert transcript.find(words, lines) == found
