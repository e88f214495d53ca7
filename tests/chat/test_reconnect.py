"""Addresses as people type them, and the pauses between the tries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuichat.chat.reconnect import AddressError, Reconnect, parse_address, show_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("localhost", ("localhost", 5220)),
        ("chat.example.org:5000", ("chat.example.org", 5000)),
        (" 127.0.0.1:1 ", ("127.0.0.1", 1)),
        ("[::1]", ("::1", 5220)),
        ("[fe80::1%eth0]:65535", ("fe80::1%eth0", 65535)),
        ("::1", ("::1", 5220)),
        ("2001:db8::5000", ("2001:db8::5000", 5220)),
        ("bücher.example", ("bücher.example", 5220)),
    ],
)
def test_addresses(text, address):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a host name"),
        ("two words", "not a host name"),
        ("host\x1b[2J", "not a host name"),
        (":5000", "not a host name"),
        ("host:", "the port number is missing"),
        ("host:0", "from 1 to 65535"),
        ("host:65536", "from 1 to 65535"),
        ("host:http", "'http' is not a port"),
        ("host:-1", "'-1' is not a port"),
        ("host:٣", "is not a port"),
        ("[::1", "write an IPv6 address as [::1]"),
        ("[::1]5000", "write an IPv6 address as [::1]"),
    ],
)
def test_what_is_no_address_gets_a_sentence(text, words):
    with pytest.raises(AddressError, match=".") as raised:
        parse_address(text)
    assert words in str(raised.value)


@given(st.text())
def test_any_text_is_an_address_or_gets_a_sentence(text):
    try:
        host, port = parse_address(text)
    except AddressError as error:
        assert str(error).endswith(".")
    else:
        assert host
        assert 0 < port < 65536


@pytest.mark.parametrize("text", ["localhost:5220", "[::1]:5000", "127.0.0.1:80"])
def test_an_address_is_shown_as_it_is_typed(text):
    assert show_address(*parse_address(text)) == text


def test_the_pauses_grow_up_to_a_minute_and_begin_anew_in_a_room():
    link, pauses = Reconnect(), []
    for _ in range(9):
        link.lost(100.0, retry=True)
        pauses.append(link.retry_at - 100.0)
    assert pauses == [1, 2, 5, 10, 20, 30, 60, 60, 60]
    link.settled()
    link.lost(100.0, retry=True)
    assert link.retry_at == 101.0


@pytest.mark.parametrize(
    ("now", "left"), [(100.0, 2), (100.5, 2), (101.0, 1), (101.9, 1), (103.0, 0)]
)
def test_the_countdown_ends_at_nought(now, left):
    link = Reconnect()
    link.lost(99.0, retry=True)
    link.lost(100.0, retry=True)
    assert link.seconds_left(now) == left
