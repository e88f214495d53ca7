"""Keys: the decoder by tables and properties, the keyboard on a real pseudo-terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.keyboard import key_bytes
from tests.support.terminal import Terminal
from tuichat.terminal.keydecoder import BURST_S, ESCAPE_S, PASTE_S, Key, KeyDecoder, Paste, Typed

NAMES = {
    259: b"KEY_UP", 263: b"KEY_BACKSPACE", 265: b"KEY_F(1)", 276: b"KEY_F(12)", 330: b"KEY_DC",
    338: b"KEY_NPAGE", 343: b"KEY_ENTER", 353: b"KEY_BTAB", 410: b"KEY_RESIZE", 417: b"ALT_A",
    440: b"ALT_X", 459: b"PADENTER", 494: b"ALT_ENTER", 529: b"CTL_ENTER", 560: b"kLFT5",
    561: b"kRIT3", 562: b"kHOM6", 570: b"kxIN", 571: b"kxOUT", 600: b"KEY_UNDO",
}  # fmt: skip


def decoder() -> KeyDecoder:
    return KeyDecoder(lambda code: NAMES.get(code, b"UNKNOWN KEY"))


def decode(codes: Iterable[int], wait: bool = True) -> list:
    """All events; `wait` for whatever is incomplete to be given up."""
    keys = decoder()
    for code in codes:
        keys.feed(code)
    if wait and keys.patience is not None:
        keys.give_up()
    assert not wait or keys.patience is None
    return keys.take()


def brief(events: list) -> str:
    """Events as one string: keys <named>, typed text as it is, pastes in brackets."""
    marks = {Key: "<{}>", Typed: "{}", Paste: "[{}]"}
    return "".join(marks[type(event)].format(*vars(event).values()) for event in events)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # characters
        (b"hello w\xc3\xb6rld", "hello wörld"),
        ("é中😀".encode(), "é中😀"),
        (b"a\xff\xc3b", "a\ufffd\ufffdb"),
        (b"a\xc3\rb", "a\ufffd<enter>b"),
        # controls
        (b"\r", "<enter>"),
        (b"\n", "<enter>"),
        (b"\t", "<tab>"),
        (b"\x7f\x08", "<backspace><backspace>"),
        (b"\x01\x05\x1a", "<C-a><C-e><C-z>"),
        (b"\x03\x11\x13", "<C-c><C-q><C-s>"),
        (b"\x00\x1c\x1d\x1e\x1f", "<C-space><C-\\><C-]><C-^><C-_>"),
        # escape, and Alt
        (b"\x1b", "<escape>"),
        (b"\x1b\x1b", "<escape><escape>"),
        (b"\x1bb\x1bf\x1b_", "<M-b><M-f><M-_>"),
        (b"\x1b\x7f\x1b\r\x1b\t", "<M-backspace><M-enter><M-tab>"),
        ("\x1bé\x1b中".encode(), "<M-é><M-中>"),
        (b"\x1b\xffx", "x"),
        (b"\x1b[", "<M-[>"),
        (b"\x1bO", "<M-O>"),
        # sequences that ncurses did not know
        (b"\x1b[A\x1bOA\x1b[D\x1bOD", "<up><up><left><left>"),
        (b"\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "<home><end><home><end><home><end>"),
        (b"\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "<insert><delete><pageup><pagedown>"),
        (b"\x1b[Z\x1bOM", "<S-tab><enter>"),
        (b"\x1bOP\x1b[11~\x1b[15~\x1b[24~", "<f1><f1><f5><f12>"),
        (b"\x1b[1;5H\x1b[1;5F\x1b[1;5D\x1b[1;5C", "<C-home><C-end><C-left><C-right>"),
        (b"\x1b[1;3C\x1b[3;5~\x1b[1;2A\x1b[1;8B", "<M-right><C-delete><S-up><C-M-S-down>"),
        (b"\x1b[I\x1b[O", "<focus-in><focus-out>"),
        # sequences that are no key do nothing, and nothing of them is typed
        (b"a\x1b[?1;2cb", "ab"),
        (b"a\x1b[99~b\x1b[12;5nc", "abc"),
        (b"a\x1bOzb", "ab"),
        (b"a\x1b[1;", "a"),
        (b"a\x1b[" + b"1" * 100 + b"b", "a" + "1" * 68 + "b"),
        (b"a\x1b[1\x1b[Ab", "a<up>b"),
        # pastes
        (b"a\x1b[200~one\rtwo\x1b[201~b", "a[one\ntwo]b"),
        (b"\x1b[200~1\r\n2\r3\n4\x1b[201~", "[1\n2\n3\n4]"),
        (b"\x1b[200~\x1b[A \x1b \x03\x1b[200~\x1b[201~", "[\x1b[A \x1b \x03\x1b[200~]"),
        (b"\x1b[200~\x1b[201~", "[]"),
        (b"\x1b[200~x\x1b[201~\r", "[x]<enter>"),
        ("\x1b[200~é中\x1b[201~".encode(), "[é中]"),
        (b"\x1b[200~cut of", "[cut of]"),
        (b"\x1b[201~x", "x"),
    ],
)
def test_bytes(data, expected):
    assert brief(decode(data)) == expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([259, 330, 338, 353], "<up><delete><pagedown><S-tab>"),
        ([263, 343, 265, 276], "<backspace><enter><f1><f12>"),
        ([560, 561, 562], "<C-left><M-right><C-S-home>"),
        ([570, 571, 410], "<focus-in><focus-out><resize>"),
        ([600, 999], ""),
        ([27, 263], "<M-backspace>"),
        ([27, 259], "<M-up>"),
        ([417, 440, 494, 459, 529], "<M-a><M-x><M-enter><enter><enter>"),
        ([*b"ab", 259, *b"c"], "ab<up>c"),
        ([*b"\x1b[200~a", 259, 263, *b"b\x1b[201~"], "[ab]"),
        ([*b"\x1b[200~a", 410, 571, *b"b\x1b[201~"], "<resize><focus-out>[ab]"),
        ([27, 410], "<resize><escape>"),
    ],
)
def test_numbers(codes, expected):
    assert brief(decode(codes)) == expected


@pytest.mark.parametrize(
    "name",
    ["Enter", "Tab", "Backspace", "Insert", "Delete", "Up", "Down", "Left", "Right", "Home", "End"]
    + ["PageUp", "PageDown", "C-Home", "C-End", "C-Left", "M-Left", "S-Up", "M-Backspace"]
    + ["M-Enter", "C-a", "C-_", "M-a", "M-_", *(f"F{n}" for n in range(1, 13))],
)
@pytest.mark.parametrize("application", [False, True])
def test_every_key_that_an_xterm_sends(name, application):
    *prefixes, key = name.split("-")
    expected = "-".join([*prefixes, key.lower() if len(key) > 1 else key])
    assert decode(key_bytes(name, application)) == [Key(expected)]


def test_windows_gives_surrogates_one_by_one():
    keys = decoder()
    for character in "a\ud83d\ude00é\ude00\ud83db\r":
        keys.feed_character(character)
    assert brief(keys.take()) == "a😀é\ufffd\ufffdb<enter>"


@pytest.mark.parametrize(
    ("bursts", "result"),
    [
        (["h", "i", "\r"], "hi<enter>"),
        (["hi\r"], "hi<enter>"),
        (["hi\r\r"], "hi<enter><enter>"),
        (["a\ud83d\ude00\r"], "a😀<enter>"),
        (["first\rsecond"], "[first\nsecond]"),
        (["first\rsecond\r"], "[first\nsecond\n]"),
        (["\r\n\tif x:\r\n"], "[\n\tif x:\n]"),
        (["first\rsec", "ond\rth", "ird"], "[first\nsecond\nthird]"),
        (["first\r", "second\r"], "[first\nsecond\n]"),
        (["a\r\ud83d", "\ude00"], "[a\n😀]"),
        (["a\r\ud83d"], "[a\n\ufffd]"),
        (["one line"], "one line"),
        (["a\tb"], "a<tab>b"),
        (["a\r\x03"], "a<enter><C-c>"),
        (["a\rb\r\x03c"], "[a\nb\n]<C-c>c"),
        (["a\r", [259]], "a<enter><up>"),
        (["a\rb", [259], "c"], "[a\nb]<up>c"),
        ([[410, "a", "\r", "b"]], "<resize>[a\nb]"),
    ],
)
def test_windows_does_not_mark_a_paste_but_it_comes_at_once(bursts, result):
    keys = decoder()
    for burst in bursts:
        keys.feed_burst(list(burst))
    if keys.patience is not None:
        assert keys.patience == BURST_S
        keys.give_up()
    assert brief(keys.take()) == result
    assert keys.patience is None


def test_a_character_whose_bytes_come_apart():
    keys = decoder()
    keys.feed(0xC3)
    assert keys.take() == []
    assert keys.patience is None  # nothing to give up: it costs nobody a key
    keys.feed(0xA9)
    assert keys.take() == [Typed("é")]


def test_an_escape_sequence_is_waited_for_and_given_up():
    keys = decoder()
    keys.feed(27)
    assert keys.patience == ESCAPE_S
    assert keys.take() == []
    keys.feed(ord("["))
    assert keys.patience == ESCAPE_S
    keys.feed(ord("A"))
    assert keys.patience is None
    assert keys.take() == [Key("up")]


def test_a_paste_without_an_end_leaves_the_keyboard_alive():
    keys = decoder()
    for code in b"\x1b[200~lost end":
        keys.feed(code)
    assert keys.patience == PASTE_S
    assert keys.take() == []
    keys.give_up()
    for code in b"alive\r\x1b[201~":
        keys.feed(code)
    assert keys.take() == [Paste("lost end"), Typed("alive"), Key("enter")]


@given(st.lists(st.integers(0, 700), max_size=60), st.data())
def test_reading_in_parts_changes_nothing_but_where_typed_text_is_cut(codes, data):
    cut = data.draw(st.integers(0, len(codes)))
    keys = decoder()
    for code in codes[:cut]:
        keys.feed(code)
    events = keys.take()
    for code in codes[cut:]:
        keys.feed(code)
    events += keys.take()
    assert brief(events) == brief(decode(codes, wait=False))


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_characters="\x7f", codec="utf-8")))
def test_any_text_can_be_typed_and_pasted(text):
    assert brief(decode(text.encode())) == text
    assert decode(b"\x1b[200~" + text.encode() + b"\x1b[201~") == [Paste(text)]


@given(st.lists(st.integers(0, 700)))
def test_whatever_came_before_a_key_is_a_key_again_once_given_up(codes):
    keys = decoder()
    for code in codes:
        keys.feed(code)
    keys.give_up()
    keys.take()
    keys.feed(13)
    assert keys.take()[-1] == Key("enter")


# The keyboard

READER = """
import os, select, signal, sys, time
from tuichat.terminal.keyboard import Keys
from tuichat.terminal.screen import Screen
from tuichat.net.wakeup import Wakeup

signal.signal(signal.SIGHUP, signal.SIG_IGN)
with Wakeup() as wakeup, Screen(mouse="mouse" in sys.argv) as screen:
    keys = Keys(screen.window)
    os.write(1, b"ready\\r\\n")
    while True:
        now = time.monotonic()
        due = keys.deadline(now)
        timeout = None if due is None else max(0, due - now)
        readable = select.select([0, wakeup], [], [], timeout)[0]
        events = keys.read() if 0 in readable else keys.expire(time.monotonic())
        if keys.gone:
            sys.exit(129)
        for event in events:
            os.write(1, f"{event!a}\\r\\n".encode())
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
