"""The palette: legible on every background, the same everywhere, own lines told from others'.

Text has 4.5:1 (WCAG 2.1, 1.4.3) because it is in the terminal's own foreground colour, which was
chosen together with the background; only marks have a colour, and they have 3:1 (1.4.11).
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.screens import Session, in_lobby, in_room
from tuichat.ui.palette import (
    ATTRIBUTES,
    COLOURS,
    NICK_COLOURS,
    Appearance,
    appearance,
    nick_index,
)

Colour = tuple[int, int, int]

DEPTHS = (0, 8, 16, 256)
NICKS = [f"nick:{n}" for n in range(len(NICK_COLOURS))]
MARKS = [*COLOURS, *NICKS]
LINES = ["dim", "rule"]
"""What has no letters: bars, and the lines on both sides of the label of a rule."""
TEXTS = [style for style in ATTRIBUTES if style not in MARKS + LINES]
CUBE = (0, 95, 135, 175, 215, 255)  # xterm's levels of red, green and blue
GROUNDS = {
    "black": 0x000000, "#1e1e1e": 0x1E1E1E, "One Dark": 0x282C34, "Dracula": 0x282A36,
    "Nord": 0x2E3440, "Solarized dark": 0x002B36, "Solarized light": 0xFDF6E3, "white": 0xFFFFFF,
}  # fmt: skip
# The first 16 colours are what the theme makes of them. Red, green, yellow, blue, magenta and cyan:
XTERM = (0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD)
SOLARIZED = (0xDC322F, 0x859900, 0xB58900, 0x268BD2, 0xD33682, 0x2AA198)
BASIC = {
    "black": XTERM,
    "#1e1e1e": (0xCD3131, 0x0DBC79, 0xE5E510, 0x2472C8, 0xBC3FBC, 0x11A8CD),  # VS Code
    "One Dark": (0xE06C75, 0x98C379, 0xE5C07B, 0x61AFEF, 0xC678DD, 0x56B6C2),
    "Dracula": (0xFF5555, 0x50FA7B, 0xF1FA8C, 0xBD93F9, 0xFF79C6, 0x8BE9FD),
    "Nord": (0xBF616A, 0xA3BE8C, 0xEBCB8B, 0x81A1C1, 0xB48EAD, 0x88C0D0),
    "Solarized dark": SOLARIZED,
    "Solarized light": SOLARIZED,
    "white": XTERM,
}


def split(colour: int) -> Colour:
    """The red, green and blue of 0xRRGGBB."""
    return colour >> 16, colour >> 8 & 255, colour & 255


def rgb(colour: int) -> Colour:
    """One of xterm's colours 16 to 255."""
    assert 16 <= colour <= 255
    if colour >= 232:
        return (8 + 10 * (colour - 232),) * 3
    colour -= 16
    return CUBE[colour // 36], CUBE[colour // 6 % 6], CUBE[colour % 6]


def luminance(red: int, green: int, blue: int) -> float:
    """Relative luminance (WCAG 2.1)."""

    def linear(level: int) -> float:
        part = level / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((luminance(*one), luminance(*other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("style", TEXTS)
@pytest.mark.parametrize("depth", DEPTHS)
def test_text_is_in_the_terminals_own_foreground_and_never_dim(style, depth):
    look = appearance(style, depth)
    assert look.fg == -1
    assert "dim" not in look.attributes


def test_no_colour_of_256_is_fit_for_text_on_every_background():
    """Why text has none, and why nothing less than asking the terminal would help."""
    grounds = [split(ground) for ground in GROUNDS.values()]
    fit = [c for c in range(16, 256) if all(contrast(rgb(c), g) >= 4.5 for g in grounds)]
    assert fit == []


def test_no_colour_of_8_is_fit_for_text_in_every_theme():
    fit = [
        colour for colour in range(6)
        if all(contrast(split(BASIC[name][colour]), split(GROUNDS[name])) >= 4.5 for name in BASIC)
    ]  # fmt: skip
    assert fit == []


@pytest.mark.parametrize("style", MARKS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_mark_of_256_is_seen_on_every_background(style, ground):
    assert contrast(rgb(appearance(style, 256).fg), split(GROUNDS[ground])) >= 3


@pytest.mark.parametrize("style", MARKS)
def test_nothing_depends_on_a_colour(style):
    """A theme's own red or blue may be hard to see: colours add to what is there without them."""
    plain = appearance(style, 0)
    assert plain.fg == -1
    assert {appearance(style, depth).attributes for depth in DEPTHS} == {plain.attributes}


def screens() -> list[Session]:
    """Screens that have, together, all kinds of text."""
    talk = in_room(rows=20, framing="bare")
    talk.server("alice> dave: hello", "bob> words " + "and words " * 9, "eve has joined the room.")
    talk.press("focus-out")
    talk.server("alice> words")
    talk.press("focus-in")
    for text in ("one", "two", "three", "/whoami"):
        talk.enter(text)
    talk.chat.conversation.not_sent(["words"])
    search, help_, paste, long = (in_room(rows=20) for _ in range(4))
    for session in (search, help_):
        session.server("alice> words", "wordy> some words")
    search.press("f3")
    search.type("word")
    help_.press("f1")
    paste.paste("\n".join("abcdefghij"))
    long.type("x " * 2000)
    return [talk, search, help_, paste, long, in_lobby("general", "python", rows=20), in_lobby()]


@pytest.mark.parametrize("session", screens())
def test_whatever_has_letters_or_digits_is_text(session):
    spans = [span for row in session.frame.rows for span in row]
    used = {style for text, style in spans if any(char.isalnum() for char in text)}
    assert used <= {*TEXTS}


@pytest.mark.parametrize("style", [*ATTRIBUTES, *NICKS])
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_style_asks_for_what_the_terminal_has(style, depth):
    assert appearance(style, depth).fg < max(depth, 1)
    assert set(appearance(style, depth).attributes) <= {"bold", "dim", "reverse", "underline"}


def test_nicks_have_no_grey_and_each_its_own_colour_of_256():
    colours = [appearance(style, 256).fg for style in NICKS]
    assert len(set(colours)) == len(colours)
    for colour in colours:
        assert max(rgb(colour)) - min(rgb(colour)) >= 80


@pytest.mark.parametrize("depth", (8, 16))
def test_nicks_avoid_what_a_light_or_dark_background_swallows(depth):
    colours = {appearance(style, depth).fg for style in NICKS}
    assert not colours & {-1, 0, 3, 7, 8, 10, 11, 14, 15}
    assert len(colours) >= 5


@pytest.mark.parametrize("depth", DEPTHS)
def test_states_that_appear_side_by_side_differ(depth):
    for together in (
        ["", "match", "match-here"], ["", "own"], ["", "mention"], ["", "placeholder", "over"],
        ["nick:0", "mention-mark", "error-mark"], ["top", "status", "alert"],
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
