"""Keys: the decoder by tables and properties, the keyboard on a real pseudo-terminal."""

from __future__ import annotations

import curses
import sys
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.keyboard import key_bytes
from tests.support.terminal import Terminal
from tuichat.terminal.console import Console
from tuichat.terminal.keydecoder import BURST_S, Key, KeyDecoder, Typed
from tuichat.terminal.sequences import ESCAPE_S, PASTE_S, SEQUENCE_S, Paste


def decode(*bursts: bytes, own: dict[bytes, str] | None = None, mouse: bool = False) -> list:
    """All events of bytes that come in bursts, with less than any patience between them."""
    keys = KeyDecoder(mouse, own)
    events = [event for data in bursts for event in keys.feed(data)]
    return events + given_up(keys)


def given_up(keys: KeyDecoder) -> list:
    """All events after giving up."""
    events = []
    while keys.patience is not None:
        events += keys.give_up()
    return events


def brief(events: list) -> str:
    """Events as one string: keys <named>, typed text as it is, pastes in brackets."""
    marks = {Key: "<{}>", Typed: "{}", Paste: "[{}]"}
    return "".join(marks[type(event)].format(*vars(event).values()) for event in events)


# Whole sequences that terminals send, and the keys that they are; then those that are not keys.
KEYS = {
    # characters and controls
    b"a": "a", "é".encode(): "é", "中".encode(): "中", "😀".encode(): "😀",
    b"\r": "<enter>", b"\n": "<enter>", b"\t": "<tab>", b"\x7f": "<backspace>",
    b"\x08": "<backspace>", b"\x01": "<C-a>", b"\x03": "<C-c>", b"\x1a": "<C-z>",
    b"\x00": "<C-space>", b"\x1c": "<C-\\>", b"\x1d": "<C-]>", b"\x1e": "<C-^>",
    b"\x1f": "<C-_>",
    # Alt
    b"\x1bb": "<M-b>", b"\x1b\x7f": "<M-backspace>", b"\x1b\r": "<M-enter>",
    b"\x1b\t": "<M-tab>", b"\x1b\x01": "<C-M-a>", "\x1bé".encode(): "<M-é>",
    "\x1b中".encode(): "<M-中>", b"\x1b\x1b[D": "<M-left>", b"\x1b\x1bOD": "<M-left>",
    # both modes of the cursor keys, VT220, xterm's modifiers
    b"\x1b[A": "<up>", b"\x1bOA": "<up>", b"\x1b[D": "<left>", b"\x1bOD": "<left>",
    b"\x1b[H": "<home>", b"\x1b[F": "<end>", b"\x1b[1~": "<home>", b"\x1b[4~": "<end>",
    b"\x1b[2~": "<insert>", b"\x1b[3~": "<delete>", b"\x1b[5~": "<pageup>",
    b"\x1b[6~": "<pagedown>", b"\x1b[Z": "<S-tab>", b"\x1bOM": "<enter>",
    b"\x1bOP": "<f1>", b"\x1bOR": "<f3>", b"\x1b[R": "<f3>", b"\x1b[11~": "<f1>",
    b"\x1b[15~": "<f5>", b"\x1b[24~": "<f12>", b"\x1b[1;5P": "<C-f1>", b"\x1bO5P": "<C-f1>",
    b"\x1b[1;5H": "<C-home>", b"\x1b[1;5D": "<C-left>", b"\x1b[1;3C": "<M-right>",
    b"\x1b[3;5~": "<C-delete>", b"\x1b[1;2A": "<up>", b"\x1b[1;6B": "<C-down>",
    b"\x1b[1;8B": "<C-M-down>", b"\x1b[1;129D": "<left>", b"\x1b[1;1:1D": "<left>",
    b"\x1b[1;1:2A": "<up>", b"\x1b[1;65A": "<up>", b"\x1b[I": "<focus-in>",
    b"\x1b[O": "<focus-out>",
    # the Linux console, rxvt
    b"\x1b[[A": "<f1>", b"\x1b[[E": "<f5>", b"\x1b[7~": "<home>", b"\x1b[8~": "<end>",
    b"\x1b[8^": "<C-end>", b"\x1b[3^": "<C-delete>", b"\x1b[7$": "<home>", b"\x1b[5@": "<C-pageup>",
    b"\x1bOa": "<C-up>", b"\x1bOd": "<C-left>", b"\x1b[a": "<up>",
    # the keypad in application mode
    **{b"\x1bO%c" % final: text for final, text in zip(b"pqrstuvwxy", "0123456789", strict=True)},
    **{b"\x1bO%c" % final: text for final, text in zip(b"jklmnoX ", "*+,-./= ", strict=True)},
    # the kitty protocol and modifyOtherKeys
    b"\x1b[99;5u": "<C-c>", b"\x1b[67;5u": "<C-c>", b"\x1b[113;5u": "<C-q>",
    b"\x1b[108;3u": "<M-l>", b"\x1b[27u": "<escape>", b"\x1b[13u": "<enter>",
    b"\x1b[13;2u": "<enter>",
    b"\x1b[13;5u": "<enter>", b"\x1b[13;3u": "<M-enter>", b"\x1b[9;2u": "<S-tab>",
    b"\x1b[32;2u": " ", b"\x1b[127;2u": "<backspace>", b"\x1b[127;3u": "<M-backspace>",
    b"\x1b[127;5u": "<C-backspace>", b"\x1b[97u": "a", b"\x1b[97;1u": "a", b"\x1b[97;2u": "A",
    b"\x1b[97;129u": "a", b"\x1b[97;133u": "<C-a>", b"\x1b[97;1:1u": "a", b"\x1b[97;1:2u": "a",
    b"\x1b[97:65;2u": "A", b"\x1b[49:33;2u": "!", b"\x1b[99::99;5u": "<C-c>",
    b"\x1b[97;;97u": "a", b"\x1b[97;2;65u": "A", b"\x1b[228;;228u": "ä", b"\x1b[97;5;97u": "<C-a>",
    b"\x1b[47;5u": "<C-_>", b"\x1b[95;6u": "<C-_>", b"\x1b[45;6u": "<C-_>", b"\x1b[95;4u": "<M-_>",
    b"\x1b[99;7u": "<C-M-c>", b"\x1b[105;5u": "<tab>", b"\x1b[104;5u": "<backspace>",
    b"\x1b[27;2;32~": " ", b"\x1b[27;2;13~": "<enter>", b"\x1b[27;5;99~": "<C-c>",
    b"\x1b[27;5;67~": "<C-c>", b"\x1b[27;3;108~": "<M-l>", b"\x1b[27;2;127~": "<backspace>",
    b"\x1b[57400u": "1", b"\x1b[57414u": "<enter>", b"\x1b[57419u": "<up>", b"\x1b[13~": "<f3>",
}  # fmt: skip
NOTHING = [
    # releases, other modifiers, keys that have no use here
    b"\x1b[1;1:3A", b"\x1b[97;1:3u", b"\x1b[13;1:3u", b"\x1b[3;1:3~", b"\x1b[1;9A", b"\x1b[97;9u",
    b"\x1b[57441;2u", b"\x1b[57358u", b"\x1b[99;6u", b"\x1b[55296u", b"\x1b[99999999u", b"\x1b[u",
    b"\x1b[29~", b"\x1b[99~", b"\x1b[E", b"\x1bOE", b"\x1bOz", b"\x1b[[Q", b"\x1b[201~",
    # the mouse, in every encoding
    b"\x1b[<0;10;5M", b"\x1b[<0;10;5m", b"\x1b[<35;10;5M", b"\x1b[<64;10;5M", b"\x1b[32;10;5M",
    b"\x1b[96;10;5M", b"\x1b[M !!", b"\x1b[M`!!", b"\x1b[M#\xff\xfe", b"\x1b[MC\xc4\x80!",
    b"\x1b[M \x00\x00", b"\x1b[1;2;3;4;5T", b"\x1b[5;9t",
    # reports: the cursor, attributes, modes, sizes, flags
    b"\x1b[24;1R", b"\x1b[1;1R", b"\x1b[1;5R", b"\x1b[?24;1R", b"\x1b[24;80R", b"\x1b[?1;2c",
    b"\x1b[>41;354;0c", b"\x1b[=0c", b"\x1b[0n", b"\x1b[?12;5n", b"\x1b[?2004;1$y", b"\x1b[4;2$y",
    b"\x1b[8;24;80t", b"\x1b[?7u", b"\x1b[?1u", b"\x1b[>4;2m", b"\x1b[?64;1;2A", b"\x1b[24;1H",
    b"\x1b[2A",
    b"\x1b[1;2;3A", b"\x1b[M"[:2] + b";5M", b"\x1b[13;M", b"\x1b[ A", b"\x1b[1 ~", b"\x1b[?997;1n",
    # strings
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07", b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\", b"\x1b]52;c;aGk=\x07",
    b"\x1bP>|tmux 3.3a\x1b\\", b"\x1bP1$r0m\x1b\\", b"\x1b_Gi=31;OK\x1b\\", b"\x1b^pm\x1b\\",
    b"\x1bXsos\x1b\\", b"\x1b]l\xc3\xa9\xe4\xb8\xad\x1b\\", b"\x1b]0;two\r\nlines\x07",
    b"\x1bP\x1b\\",
    b"\x1b]" + b"x" * 5000 + b"\x07", b"\x1b[" + b"1;" * 5000 + b"A",
]  # fmt: skip
TABLE = KEYS | dict.fromkeys(NOTHING, "")


@pytest.mark.parametrize("data", TABLE)
def test_whole_sequences(data):
    assert brief(decode(data)) == TABLE[data]


@pytest.mark.parametrize("data", TABLE)
def test_whatever_follows_is_itself(data):
    assert brief(decode(data + b"x")) == TABLE[data] + "x" or data in (b"\x1b[7$", b"\r", b"\n")
    assert brief(decode(data + b"\x1b[5~")) == TABLE[data] + "<pageup>"
    before = brief(decode(b"x" + data)).replace("[x]", "x")  # with an end of a paste it was one
    assert before in ("x" + TABLE[data], TABLE[data] + "x")  # reports come first


@pytest.mark.parametrize("data", TABLE)
def test_byte_by_byte(data):
    assert brief(decode(*(data[at : at + 1] for at in range(len(data))))) == TABLE[data]


@given(st.lists(st.sampled_from(sorted(TABLE)), min_size=1, max_size=8), st.data())
def test_tears_change_nothing(sequences, data):
    # An end of a line, and what may be longer, mean something else with more after them; reports
    # overtake what came with them; several cursor keys at once are the wheel.
    others = (b"\r", b"\n", b"\x1b[7$", b"\x1b[I", b"\x1b[O", b"\x1b[201~")
    sequences = [each for each in sequences if each not in others]
    sequences = [each for each in sequences if TABLE[each] not in ("<up>", "<down>")]
    whole = b"".join(sequences)
    cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=9).map(sorted))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True) if a < b]
    assert brief(decode(*pieces)) == "".join(TABLE[each] for each in sequences)


@st.composite
def control_sequences(draw):
    """Any control sequence by ECMA-48, 5.4, with parameters that no key has."""
    parameters = draw(st.text("0123456789:;<=>?", max_size=12))
    intermediates = draw(st.text(" !\"#$%&'()*+,-./", max_size=2))
    final = draw(st.sampled_from("ABCDFGHIJKLNOPQRSTUVWXYZ`abcdefghijklmnopqrstuvwxyz{|}"))
    prefix = draw(st.sampled_from("<=>?")) if not intermediates else ""
    return f"\x1b[{prefix}{parameters}{intermediates}{final}".encode()


strings = st.builds(
    lambda opening, body, end: b"\x1b" + opening + body + end,
    st.sampled_from([b"]", b"P", b"^", b"_", b"X"]),
    st.lists(st.sampled_from([*range(8, 14), *range(0x20, 0x7F)]), max_size=30).map(bytes),
    st.sampled_from([b"\x07", b"\x1b\\"]),
)


@given(st.lists(control_sequences() | strings, max_size=6), st.data())
def test_what_is_no_key_does_nothing_however_it_is_torn(sequences, data):
    whole = b"".join(sequences)
    cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=9).map(sorted))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True) if a < b]
    assert decode(*pieces) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a\xff\xc3b", "a\ufffd\ufffdb"),
        (b"\x1b", "<escape>"),
        (b"\x1b\x1b", "<escape><escape>"),
        (b"\x1b\x1bx", "<escape><M-x>"),
        (b"\x1b_", "<M-_>"),
        (b"\x1b_\x1b_", "<M-_><M-_>"),
        (b"\x1b[", ""),
        (b"\x1bO", ""),
        (b"\x1b\xffx", "x"),
        (b"a\x1b[1\x1b[Ab", "a<up>b"),
        (b"a\x1b[1;", "a"),
        (b"a\x1b[1\x03b", "a<C-c>b"),
        (b"a\x1b]11;no end\x03b", "a<C-c>b"),
        (b"a\x1b]11;no end\x1b[Ab", "a<up>b"),
        (b"a\x1b]11;no end", "a"),
        (b"\x1b[M \x1b[A", "<up>"),
        # pastes
        (b"a\x1b[200~one\rtwo\x1b[201~b", "a[one\ntwo]b"),
        (b"\x1b[200~1\r\n2\r3\n4\x1b[201~", "[1\n2\n3\n4]"),
        (b"\x1b[200~\x1b[A \x1b \x03\x1b[200~\x1b[201~", "[\x1b[A \x1b \x03\x1b[200~]"),
        (b"\x1b[200~\x1b[201~", "[]"),
        (b"\x1b[200~x\x1b[201~\r", "[x]<enter>"),
        ("\x1b[200~é中\x1b[201~".encode(), "[é中]"),
        (b"\x1b[200~cut of", "[cut of]"),
    ],
)
def test_unusual_bytes(data, expected):
    assert brief(decode(data)) == expected
    assert brief(decode(*(data[at : at + 1] for at in range(len(data))))) == expected


def test_the_mouse_if_it_is_wanted():
    wanted = {
        b"\x1b[<64;10;5M": "<wheel-up>", b"\x1b[<65;10;5M": "<wheel-down>",
        b"\x1b[<0;10;5M": "<click>", b"\x1b[M`!!": "<wheel-up>", b"\x1b[M !!": "<click>",
        b"\x1b[M \x00\x00": "<click>",
    }  # fmt: skip
    for data, expected in (TABLE | wanted).items():
        assert brief(decode(data, mouse=True)) == expected


def test_a_wheel_that_sends_cursor_keys():
    assert brief(decode(b"\x1bOA" * 3)) == "<wheel-up>"
    assert brief(decode(b"\x1b[B" * 6)) == "<wheel-down><wheel-down>"
    assert brief(decode(b"\x1b[A" * 2)) == "<up><up>"
    assert brief(decode(b"\x1b[A", b"\x1b[A", b"\x1b[A")) == "<up><up><up>"
    assert brief(decode(b"\x1b[A\x1b[A\x1b[B")) == "<up><up><down>"
    assert brief(decode(b"\x1b[C" * 3)) == "<right><right><right>"


def test_a_terminals_own_keys():
    own = {
        b"\x1bA": "up",
        b"\x01@\r": "f1",
        b"\x1b[214z": "home",
        b"\x1bOt": "f5",
        b"\x1b\t": "S-tab",
    }
    assert (
        brief(decode(b"\x1bA\x01@\r\x1b[214z\x1b\t\x1bB", own=own)) == "<up><f1><home><S-tab><M-B>"
    )
    assert brief(decode(b"\x1bOt", own=own)) == "4"  # a VT100 has its F5 on the keypad


@pytest.mark.parametrize(
    "name",
    ["Enter", "Tab", "Backspace", "Insert", "Delete", "Up", "Down", "Left", "Right", "Home", "End"]
    + ["PageUp", "PageDown", "C-Home", "C-End", "C-Left", "M-Left", "M-Backspace", "S-Tab"]
    + ["M-Enter", "C-a", "C-_", "M-a", "M-_", *(f"F{n}" for n in range(1, 13))],
)
@pytest.mark.parametrize("application", [False, True])
def test_every_key_that_an_xterm_sends(name, application):
    *prefixes, key = name.split("-")
    expected = "-".join([*prefixes, key.lower() if len(key) > 1 else key])
    assert decode(key_bytes(name, application)) == [Key(expected)]


# What comes at once

BURSTS = [
    (["h", "i", "\r"], "hi<enter>"),
    (["hi\r"], "hi<enter>"),
    (["hi\r\r"], "hi<enter><enter>"),
    (["first\rsecond"], "[first\nsecond]"),
    (["first\rsecond\r"], "[first\nsecond\n]"),
    (["\r\n\tif x:\r\n"], "[\n\tif x:\n]"),
    (["first\rsec", "ond\rth", "ird"], "[first\nsecond\nthird]"),
    (["first\r", "second\r"], "[first\nsecond\n]"),
    (["one line"], "one line"),
    (["a\tb"], "a<tab>b"),
    (["a\r\x03"], "a<enter><C-c>"),
    (["a\rb\r\x03"], "[a\nb\n]<C-c>"),
    (["a\rb\r\x03/logout\r"], "[a\nb\n/logout\n]"),
    (["a\r\x1b[31mb\x1b[0m\r"], "[a\nb\n]"),
    (["a\r", "\x1b[A"], "a<enter><up>"),
    (["\x1b[A\r"], "<up><enter>"),
    (["a\r\x1b[I"], "<focus-in>a<enter>"),
    (["a\r\x1b[O", "b\r"], "<focus-out>[a\nb\n]"),
    (["\x1bOM", "a"], "<enter>a"),
    (["a\r\x1b[200~b\x1b[201~"], "a<enter>[b]"),
    (["0~one\rtwo\x1b[201~"], "[0~one\ntwo]"),
    (["a\x1b[201~"], "[a]"),
]


@pytest.mark.parametrize(("bursts", "result"), BURSTS)
def test_an_enter_with_text_behind_it_is_of_a_paste(bursts, result):
    assert brief(decode(*(burst.encode() for burst in bursts))) == result


def test_an_enter_with_text_before_it_waits_for_a_moment_only():
    keys = KeyDecoder()
    assert keys.feed(b"hello\r") == []
    assert keys.patience == BURST_S
    assert keys.give_up() == [Typed("hello"), Key("enter")]
    assert keys.patience is None
    assert keys.feed(b"\r") == [Key("enter")]


@pytest.mark.parametrize(
    ("tails", "expected"),
    [
        ([b"\r/logout\rthree\x1b[201~x"], "[rm x][\n/logout\nthree]x"),
        ([b" -rf\r"], "[rm x][ -rf\n]"),
        ([b" -rf\r", b"\x1b[201~\r"], "[rm x][ -rf\n]<enter>"),
        ([b"\x1b[201~", b"hi\r"], "[rm x]hi<enter>"),
        ([b"\x03", b"hi\r"], "[rm x]<C-c>hi<enter>"),
        ([b"\x1b[I", b" -rf\r\x1b[201~"], "[rm x]<focus-in>[ -rf\n]"),
        ([b"a", b"b", b"\r"], "[rm x]ab<enter>"),
        ([b"\x1b[200~y\x1b[201~", b"\r"], "[rm x][y]<enter>"),
        ([b"\x1b[20", b"1~", b"x"], "[rm x]x"),
    ],
)
def test_the_tail_of_a_paste_that_stalled_is_paste(tails, expected):
    keys = KeyDecoder()
    events = keys.feed(b"\x1b[200~rm x")
    assert (events, keys.patience) == ([], PASTE_S)
    events = keys.give_up()
    assert keys.patience is None
    for data in tails:
        events += keys.feed(data)
        if data not in (b"\x1b[20", b" -rf\r") or tails == [data]:
            events += given_up(keys)
    assert brief(events).replace("[]", "") == expected


# What comes late


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["\x1b", "[A"], "<escape><up>"),
        (["\x1b", "OA"], "<escape><up>"),
        (["\x1b", "[1;5D"], "<escape><C-left>"),
        (["\x1b", "[1;", "5D"], "<escape><C-left>"),
        (["\x1b", "[200~a\rb\x1b[201~"], "<escape>[a\nb]"),
        (["\x1b", "[<35;10;5M\x1b[<35;11;5M"], "<escape>"),
        (["\x1b", "]11;rgb:1e/1e/1e\x07"], "<escape>"),
        (["\x1b]", "11;rgb:1e/1e/1e\x07x"], "<M-]>x"),
        (["\x1b", "[", "A"], "<escape>[A"),
        (["\x1b", "OK"], "<escape>OK"),
        (["\x1b", "hello"], "<escape>hello"),
        (["\x1b", "x", "[A"], "<escape>x[A"),
    ],
)
def test_the_rest_of_a_sequence_whose_esc_was_a_key(pieces, expected):
    keys, events = KeyDecoder(), []
    for piece in pieces:
        events += keys.feed(piece.encode())
        if keys.patience in (ESCAPE_S, BURST_S):
            events += keys.give_up()
    assert brief(events + given_up(keys)) == expected


def test_later_it_is_typed():
    keys = KeyDecoder()
    assert keys.feed(b"\x1b") == []
    assert keys.give_up() == [Key("escape")]
    assert keys.patience == SEQUENCE_S
    assert keys.give_up() == []
    assert keys.patience is None
    assert keys.feed(b"[A") == [Typed("[A")]


@pytest.mark.parametrize("begun", [b"\x1b[", b"\x1b[1;", b"\x1bO", b"\x1b]11", b"\x1b]11\x1b"])
def test_what_no_key_begins_with_is_waited_for_longer(begun):
    keys = KeyDecoder()
    assert keys.feed(begun) == []
    assert keys.patience == SEQUENCE_S
    assert keys.give_up() == []
    assert keys.feed(b"x") == [Typed("x")]


def test_a_string_without_an_end_does_not_take_the_keyboard_for_ever():
    keys = KeyDecoder()
    for _ in range(300):
        assert keys.feed(b"\x1b]" * (_ == 0) + b"x" * 4096) == [] or _ >= 256
    assert keys.patience is None


def test_a_character_whose_bytes_come_apart():
    keys = KeyDecoder()
    assert keys.feed(b"\xc3") == []
    assert keys.patience is None  # nothing to give up: it costs nobody a key
    assert keys.feed(b"\xa9") == [Typed("é")]


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_characters="\x7f", codec="utf-8")))
def test_any_text_can_be_typed_and_pasted(text):
    assert brief(decode(text.encode())) == text
    assert decode(b"\x1b[200~" + text.encode() + b"\x1b[201~") == [Paste(text)]


@given(st.lists(st.binary(max_size=20)))
def test_whatever_came_before_a_key_is_a_key_again_once_given_up(bursts):
    keys = KeyDecoder()
    for data in bursts:
        keys.feed(data)
    given_up(keys)
    assert (keys.feed(b"\r") + given_up(keys))[-1] == Key("enter")


# The console of Windows

NUMBERS = {
    259: b"KEY_UP", 263: b"KEY_BACKSPACE", 265: b"KEY_F(1)", 276: b"KEY_F(12)", 330: b"KEY_DC",
    338: b"KEY_NPAGE", 343: b"KEY_ENTER", 353: b"KEY_BTAB", 410: b"KEY_RESIZE", 417: b"ALT_A",
    440: b"ALT_X", 459: b"PADENTER", 494: b"ALT_ENTER", 529: b"CTL_ENTER", 600: b"KEY_UNDO",
}  # fmt: skip


class Window:
    """A window of PDCurses in which somebody types."""

    def __init__(self, codes: Iterable[int | str]) -> None:
        self._codes = iter(codes)

    def get_wch(self) -> int | str:
        for code in self._codes:
            return code
        raise curses.error


@pytest.mark.parametrize(
    ("bursts", "result"),
    [
        *BURSTS,
        (["a\ud83d\ude00é\ude00\ud83db", "\r"], "a😀é\ufffd\ufffdb<enter>"),
        (["a\r\ud83d", "\ude00"], "[a\n😀]"),
        ([[410, "a", "\r", "b"]], "<resize>[a\nb]"),
        (["a\r", [259]], "a<enter><up>"),
        ([[259, 330, 338, 353]], "<up><delete><pagedown><S-tab>"),
        ([[263, 343, 265, 276]], "<backspace><enter><f1><f12>"),
        ([[417, 440, 494, 459, 529]], "<M-a><M-x><M-enter><enter><enter>"),
        ([[600, 999]], ""),
        ([[*"ab", 259, "c"]], "ab<up>c"),
    ],
)
def test_the_console(monkeypatch, bursts, result):
    monkeypatch.setattr(curses, "keyname", lambda code: NUMBERS.get(code, b"UNKNOWN KEY"))
    keys, console, events = KeyDecoder(), None, []
    for burst in bursts:
        console = console or Console(Window([]))
        console._window = Window(burst)
        events += keys.feed(*console.read())
    assert brief(events + given_up(keys)) == result


# The keyboard

READER = """
import os, select, signal, sys, time
from tuichat.terminal.keyboard import Keys
from tuichat.terminal.screen import Screen
from tuichat.net.wakeup import Wakeup

signal.signal(signal.SIGHUP, signal.SIG_IGN)
with Wakeup() as wakeup, Screen(mouse="mouse" in sys.argv) as screen:
    keys = Keys(screen)
    screen.output.put(b"ready\\r\\n")
    while True:
        now = time.monotonic()
        timeout = None if keys.due is None else max(0, keys.due - now)
        writable = [screen.output.fd] * bool(screen.output.pending)
        readable, writable, _ = select.select([0, wakeup], writable, [], timeout)
        if writable:
            screen.output.write()
        now = time.monotonic()
        events = keys.read(now) if 0 in readable else keys.expire(now)
        if keys.gone:
            sys.exit(129)
        for event in events:
            screen.output.put(f"{event!a}\\r\\n".encode())
            if getattr(event, "name", "") == "C-d":
                sys.exit(0)
"""


def reader(tmp_path, *arguments: str, **options) -> Terminal:
    terminal = Terminal(
        [sys.executable, "-c", READER, *arguments], home=tmp_path, cols=80, rows=50, **options
    )
    terminal.wait("ready")
    return terminal


def test_a_keyboard(tmp_path):
    with reader(tmp_path) as terminal:
        for key, expected in [
            ("a", "Typed('a')"),
            ("é", "Typed('\\xe9')"),
            ("Esc", "Key('escape')"),
            ("Left", "Key('left')"),
            ("C-Left", "Key('C-left')"),
            ("C-Home", "Key('C-home')"),
            ("M-b", "Key('M-b')"),
            ("M-Backspace", "Key('M-backspace')"),
            ("F10", "Key('f10')"),
            ("S-Tab", "Key('S-tab')"),
            ("C-c", "Key('C-c')"),
            ("C-z", "Key('C-z')"),
            ("C-s", "Key('C-s')"),
            ("C-q", "Key('C-q')"),
            ("Enter", "Key('enter')"),
            ("FocusOut", "Key('focus-out')"),
            ("FocusIn", "Key('focus-in')"),
        ]:
            terminal.press(key)
            terminal.wait(expected)
        terminal.press("C-d")
        assert terminal.wait_exit() == 0
        assert terminal.restored()


def test_a_character_in_two_parts_and_a_paste(tmp_path):
    with reader(tmp_path) as terminal:
        terminal.send(b"\xc3")
        terminal.press("F2")  # proves that the first part has been read by itself
        terminal.wait("Key('f2')")
        terminal.send(b"\xe4\xb8")
        terminal.press("F3")
        terminal.wait("Key('f3')")
        terminal.paste("one\ntwo")
        terminal.wait(r"Paste('one\ntwo')")
        terminal.paste("no end", ended=False)
        terminal.wait("Paste('no end')")
        terminal.type("alive")
        terminal.wait("alive")


def test_a_large_paste_arrives_whole(tmp_path):
    text = "".join(f"line {number} of many\n" for number in range(4000))
    with reader(tmp_path) as terminal:
        terminal.paste(text)
        terminal.press("F2")
        terminal.wait("Key('f2')")
        assert f"Paste({text!r})" in terminal.raw.decode().replace("\r\n", "")


def test_the_wheel(tmp_path):
    with reader(tmp_path, "mouse") as terminal:
        terminal.wait(lambda terminal: terminal.mode(1000))
        for sequence, expected in [
            (b"\x1b[<64;5;5M", "wheel-up"),
            (b"\x1b[<65;5;5M", "wheel-down"),
            (b"\x1b[<0;5;5M", "click"),
        ]:
            terminal.send(sequence)
            terminal.wait(expected)
        terminal.press("C-d")
        terminal.wait_exit()
        assert terminal.restored()


def test_the_mouse_is_the_users_unless_asked_for(tmp_path):
    with reader(tmp_path) as terminal:
        assert not terminal.mode(1000)


@pytest.mark.parametrize("locale", ["C", "POSIX", "xx_YY.UTF-8", "C.UTF-8"])
def test_a_locale_takes_no_characters_away(tmp_path, locale):
    with reader(tmp_path, env={"LC_ALL": locale}) as terminal:
        terminal.type("é")
        terminal.wait(r"'\xe9'")
        terminal.type("中")
        terminal.wait(r"'\u4e2d'")


def test_a_terminal_that_has_gone_is_noticed(tmp_path):
    with reader(tmp_path) as terminal:
        terminal.hang_up()
        assert terminal.wait_exit() == 129
