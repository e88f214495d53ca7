"""The palette: legible everywhere, stable for ever, own name never taken for another's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuichat.ui.palette import NICK_COLOURS, Appearance, appearance, nick_index

DEPTHS = (0, 8, 16, 256)
STYLES = (
    ["", "dim", "bold", "reverse", "status", "alert", "own", "mention", "rule", "notice", "info"]
    + ["error", "match", "match-here", "over", "placeholder", "unread"]
    + [f"nick:{n}" for n in range(len(NICK_COLOURS))]
)
CUBE = (0, 95, 135, 175, 215, 255)  # xterm's levels of red, green and blue


def rgb(colour: int) -> tuple[int, int, int]:
    """One of xterm's colours 16 to 231."""
    assert 16 <= colour <= 231
    colour -= 16
    return CUBE[colour // 36], CUBE[colour // 6 % 6], CUBE[colour % 6]


def luminance(red: int, green: int, blue: int) -> float:
    """Relative luminance (WCAG 2.1)."""

    def linear(level: int) -> float:
        part = level / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    low, high = sorted((luminance(*one), luminance(*other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("ground", [(0, 0, 0), (0x1E, 0x1E, 0x1E), (255, 255, 255)])
def test_every_colour_of_256_is_legible_on_light_and_dark(style, ground):
    colour = appearance(style, 256).fg
    assert colour == -1 or contrast(rgb(colour), ground) >= 3


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_style_asks_for_what_the_terminal_has(style, depth):
    assert appearance(style, depth).fg < max(depth, 1)
    assert set(appearance(style, depth).attributes) <= {"bold", "dim", "reverse", "underline"}


@pytest.mark.parametrize("style", STYLES)
def test_without_colours_there_are_only_attributes(style):
    assert appearance(style, 0).fg == -1


def test_nicks_have_no_grey_and_each_its_own_colour_of_256():
    colours = [appearance(f"nick:{n}", 256).fg for n in range(len(NICK_COLOURS))]
    assert len(set(colours)) == len(colours)
    for colour in colours:
        assert max(rgb(colour)) - min(rgb(colour)) >= 80


@pytest.mark.parametrize("depth", (8, 16))
def test_nicks_avoid_what_a_light_or_dark_background_swallows(depth):
    colours = {appearance(f"nick:{n}", depth).fg for n in range(len(NICK_COLOURS))}
    assert not colours & {-1, 0, 3, 7, 8, 10, 11, 14, 15}
    assert len(colours) >= 5


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("style", ["own", "mention", "error", "info"])
def test_what_matters_looks_like_nobodys_name(style, depth):
    names = [appearance(f"nick:{n}", depth) for n in range(len(NICK_COLOURS))]
    assert appearance(style, depth) not in names


@pytest.mark.parametrize("depth", DEPTHS)
def test_states_that_appear_side_by_side_differ(depth):
    for together in (
        ["", "match", "match-here"], ["", "own", "mention"], ["", "placeholder", "over"],
    ):  # fmt: skip
        assert len({appearance(style, depth) for style in together}) == len(together)


def test_a_style_that_there_is_not_is_a_mistake():
    with pytest.raises(KeyError):
        appearance("purple", 256)
    assert appearance("", 256) == Appearance()


def test_a_nick_keeps_its_colour_in_every_version():
    known = {"alice": 5, "bob": 2, "carol": 10, "dave": 3, "": 9, "Zoë": 14, "中村": 2}
    assert {nick: nick_index(nick) for nick in known} == known


@given(st.text(alphabet=st.characters(codec=None)))
def test_every_nick_has_a_colour(nick):
    assert 0 <= nick_index(nick) < len(NICK_COLOURS)


def test_nicks_spread_over_the_colours():
    counts = [0] * len(NICK_COLOURS)
    for number in range(1600):
        counts[nick_index(f"user{number}")] += 1
    assert min(counts) > 50
