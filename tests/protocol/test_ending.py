"""How our messages must end, found out in the lobby: each line of the module's table.

A session with a server is a list of what it answers to each thing it is sent: an answer that is a
list, a `1`, or silence.
"""

from __future__ import annotations

import pytest

from tuichat.protocol.ending import CONNECT_TIMES, PATIENCE_S, Ending
from tuichat.protocol.framing import BARE, CRLF, LF

LIST, REFUSED, SILENCE = "list", "1", ""


def ask(ending: Ending, answers: list[str], reader_ending: str | None = None) -> list[bytes]:
    """All that is sent until nothing more is to be tried; the rest of the answers is not needed."""
    sent = [ending.wrap("/list")]
    for answer in answers:
        if answer == SILENCE:
            more = ending.silent("/list", reader_ending == CRLF)
        else:
            more = ending.answered("/list", answer == REFUSED)
        if not more:
            break
        sent.append(more)
    return sent


# What the user fixed, what was remembered, how the server's own lines end, its answers: what it
# was sent, and what is concluded.
CASES: dict[str, tuple[tuple[str | None, str | None, str | None, list[str]], list[bytes], str]] = {
    "it answers a bare command": ((None, None, None, [LIST]), [b"/list"], BARE),
    "it has a room, whose name does not come": ((None, None, None, [REFUSED]), [b"/list"], BARE),
    "it answers after the LF": ((None, None, None, [SILENCE, LIST]), [b"/list", b"\n"], LF),
    "it misses the first command, and refuses the LF": (
        (None, None, None, [SILENCE, REFUSED, LIST]), [b"/list", b"\n", b"/list"], BARE),
    "it reads lines, and has a room whose name does not come": (
        (None, None, None, [SILENCE, REFUSED, SILENCE, REFUSED]),
        [b"/list", b"\n", b"/list", b"\n"], LF),
    "it sends CR LF, and answers after one": (
        (None, None, CRLF, [SILENCE, LIST]), [b"/list", b"\r\n"], CRLF),
    "it refuses `/list LF`, so it reads CR LF": (
        (None, None, None, [SILENCE, SILENCE, REFUSED, LIST]),
        [b"/list", b"\n", b"\r\n", b"/list\r\n"], CRLF),
    "it never answers": (
        (None, None, None, [SILENCE, SILENCE, SILENCE]), [b"/list", b"\n", b"\r\n"], CRLF),
    "LF is remembered and right": ((None, LF, None, [LIST]), [b"/list\n"], LF),
    "CR LF is remembered and right": ((None, CRLF, None, [LIST]), [b"/list\r\n"], CRLF),
    "bare is remembered and right": ((None, BARE, None, [LIST]), [b"/list"], BARE),
    "LF is remembered, and an exact bare server refuses it": (
        (None, LF, None, [REFUSED, LIST]), [b"/list\n", b"/list"], BARE),
    "LF is remembered, but it reads CR LF now": (
        (None, LF, None, [SILENCE, SILENCE, SILENCE, REFUSED, LIST]),
        [b"/list\n", b"/list", b"\n", b"\r\n", b"/list\r\n"], CRLF),
    "bare is remembered, but it reads lines now": (
        (None, BARE, None, [SILENCE, LIST]), [b"/list", b"\n"], LF),
    "CR LF is remembered, and it is silent": (
        (None, CRLF, None, [SILENCE, LIST]), [b"/list\r\n", b"/list"], BARE),
    "the user says so": ((LF, BARE, None, [SILENCE]), [b"/list\n"], LF),
    "the user says bare": ((BARE, LF, None, [SILENCE]), [b"/list"], BARE),
}  # fmt: skip


@pytest.mark.parametrize(("case", "sent", "ending"), CASES.values(), ids=CASES)
def test_a_server(
    case: tuple[str | None, str | None, str | None, list[str]], sent: list[bytes], ending: str
) -> None:
    fixed, remembered, reader_ending, answers = case
    ours = Ending(fixed, remembered, 0.0)
    assert ask(ours, answers, reader_ending) == sent
    assert ours.name == ending
    assert ours.known == (fixed is not None or answers[-1] != SILENCE)
    assert ours.bare == (ending == BARE)


def test_what_is_certain_is_not_asked_again() -> None:
    ending = Ending(None, None, 0.0)
    ending.answered("/list", False)
    assert ending.answered("/list", True) == b""
    assert ending.silent("/list", sends_crlf=False) == b""
    assert ending.wrap("/join x") == b"/join x"


def test_patience_grows_with_the_way_to_the_server() -> None:
    """An answer that takes two seconds, or a far server's round trips, are no silence."""
    assert Ending(None, None, 0.0).patience_s == PATIENCE_S > 2.0
    assert Ending(None, None, 0.6).patience_s == PATIENCE_S + CONNECT_TIMES * 0.6
