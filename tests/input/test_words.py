"""Where a name begins and ends in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuichat.input.words import names, word_start

ACUTE = "\N{COMBINING ACUTE ACCENT}"


@pytest.mark.parametrize(
    "text",
    [
        "ann", "ANN", "@ann", "ann:", "ann, look", "(ann)", '"ann"', "ann!", "ask ann.", "ann's",
        "hi,ann", "ann:hi", "*ann*", "—ann", "<ann>", "~ann", "bob/ann", "ann+bob", "bob@x.org,ann",
        "ann...what", "well...ann", "see https://x.org/, ann", "annann ann", "ann。",
    ],
)  # fmt: skip
def test_a_name_stands_between_signs(text: str) -> None:
    assert names(text, "ann")


@pytest.mark.parametrize(
    "text",
    [
        "", "an", "banner", "ann2", "ann_b", "_ann", "anné", f"ann{ACUTE}", f"e{ACUTE}ann",
        "ann-marie", "@ann-marie", "x-ann", "ann-", "#ann", "ann.smith", "a.ann.b", "mary.ann",
        "ann@x.org", "@ann@x.org", "bob@ann.org", "ann+news@x.org", "news+ann@x.org",
        "mailto:ann@x.org", "https://x.org/ann/", "(https://ann/?q=ann)", "git+ssh://x/ann",
        "x.org/ann", "x.org:80/ann", "localhost:5220/ann",
    ],
)  # fmt: skip
def test_a_part_of_another_word_is_no_name(text: str) -> None:
    assert not names(text, "ann")


@pytest.mark.parametrize(
    ("nick", "text"),
    [
        ("josé", f"hi jose{ACUTE}!"), (f"jose{ACUTE}", "hi josé!"), ("JOSÉ", f"jose{ACUTE}"),
        ("straße", "STRASSE"), ("c++", "C++: no"), ("[bob]", "hi [bob]"), ("a.b", "a.b, hi"),
        ("ann-marie", "Ann-Marie?"), ("#ann", "#ann"), ("नमस्ते", "@नमस्ते"),
    ],
)  # fmt: skip
def test_whatever_the_nick_it_is_compared_composed_and_without_case(nick: str, text: str) -> None:
    assert names(text, nick)


@given(st.text("ab1-_é@.:/+# ", max_size=12), st.text("ab1-_é", min_size=1, max_size=3))
def test_a_name_between_blanks_is_found_wherever_it_stands(text: str, nick: str) -> None:
    assert names(f"{text} {nick} {text}", nick)


@given(st.text(max_size=20))
def test_a_word_starts_within_the_text(text: str) -> None:
    assert 0 <= word_start(text) <= len(text)
    assert word_start(f"{text} ") == len(text) + 1
