"""What fuzzing (`tests.fuzz`) has found, and its harnesses on a few scripts of any kind."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz import frame, keys, protocol, text
from tests.support.protocol_script import Talk
from tests.support.screens import Session, in_room
from tuichat.chat.reconnect import AddressError, parse_address
from tuichat.protocol import events

SCRIPTS = st.binary(max_size=120)


@settings(max_examples=200)
@given(SCRIPTS)
# As atheris found them, with the tables of that time; the tests below spell them out.
@example(b"\xff~?\x00#\xff\x91\x00\xff\xff\xff")
@example(b"\x04\x02\xff\xff\n\x02 \xef \x0e\n/\x1a\x0bH\x04/")
@example(b"4\x01\x00\xffZ\x08\xff%\xf5\x00\x00\x00\x00\x00\x00\x00\xff'")
@example(b"\xff\xbf\xff\xf7n\xf5\x9a\x9a\x9a\xf7i%")
@example(b"\x00\xf2\x00\xf2\xc9\x00\x00\x7f*Mt\x00\xff\xff\x00\xc4")
@example(b"\xf1mM\xffm\xff\xff&UUUUUUUUUUUUUUUU\x00\xff/\xff\xff\xffm\xebM\xff")
def test_the_protocol(script: bytes) -> None:
    protocol.run(script)


@settings(max_examples=60)
@given(SCRIPTS)
@example(b"~@*ZCs")
def test_the_frame(script: bytes) -> None:
    frame.run(script)


@settings(max_examples=300)
@given(SCRIPTS)
def test_a_line_of_text(data: bytes) -> None:
    text.run(data)


@settings(max_examples=200)
@given(SCRIPTS)
def test_the_keyboard(data: bytes) -> None:
    keys.run(data)


def test_a_list_that_has_begun_is_shown_when_the_user_logs_out_amid_it() -> None:
    talk = Talk()
    talk.session.list_rooms()
    talk.play(b"3", 0.01, b"general", 0.01)
    talk.session.logout(talk.now)
    talk.pump()
    assert talk.shown == ["3general"]


def test_so_it_is_when_the_user_asks_for_something_else_in_the_meantime() -> None:
    talk = Talk(fixed="lf")
    talk.session.list_rooms()
    talk.play(9.0)
    assert talk.happened == [events.Silent("/list", 8.0)]
    talk.play(b"2general", 0.0)
    talk.session.join("random")
    talk.pump()
    assert talk.shown == ["2general"]


def test_what_follows_an_odd_list_is_shown_once() -> None:
    talk = Talk(fixed="lf")
    talk.session.list_rooms()
    talk.play(b"0You have joined a new room.\0", b"hello\0", 3.0)
    assert talk.shown.count("hello") == 1
    assert not [shown for shown in talk.shown if "room. hello" in shown]


def test_names_that_came_before_leaving_are_shown() -> None:
    """Leaving does not wait forever for the end of an answer, but drops nothing of it."""
    talk = Talk("room")
    talk.session.who()
    talk.play(0.5)
    talk.session.logout(talk.now)
    talk.play(4.8, b"bob", 5.0)
    assert talk.shown == ["bob"]


@pytest.mark.parametrize("line", ["bob>\u0301hi", "<bob>\u0301hi", "<\u0301bob> hi"])
def test_a_mark_on_a_sign_that_is_not_shown_does_not_land_on_the_gutter(line: str) -> None:
    session = in_room()
    session.server(line)
    [row] = [row for row in session.rows if "bob" in row]
    assert " \u0301" not in row
    assert "\u25cc\u0301" in row


def test_nor_on_the_sentence_before_it() -> None:
    talk = Talk("room", fixed="bare")
    talk.play(b"There are 2 people in the room." + "\u0301hi".encode(), 1.0)
    assert talk.heard == ["There are 2 people in the room.", "\u25cc\u0301hi"]


def test_a_host_that_begins_with_a_mark_is_no_host() -> None:
    with pytest.raises(AddressError):
        parse_address("\u118chost")
    session = Session(host="")
    session.enter("\u118chost")
    assert "is not a host name" in session.flash


def test_a_return_before_a_nul_is_seen() -> None:
    """It ends no message there, so it is not lost."""
    talk = Talk("room")
    talk.play(b"one\r\0two\r\n", 1.0)
    assert talk.heard == ["one<U+000D>", "two"]


def test_a_nick_that_begins_with_a_mark_is_offered_without_hanging_it_on_a_blank() -> None:
    session = in_room()
    session.server("<\u0301bob> hi")
    session.press("tab")
    assert "    ◌\u0301bob" in session.rows[-2]
