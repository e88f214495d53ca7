"""How our messages must end, found out in the lobby: each line of the module's table.

A server is a list of what it does with each request that it gets, each on a connection of its own:
an answer, a `1`, silence, or a hang-up.
"""

from __future__ import annotations

import pytest

from tuichat.protocol.ending import BRIEF_S, CONNECT_TIMES, LONG_S, SHORT_S, Ending
from tuichat.protocol.framing import BARE, CRLF, LF

ANSWER, REFUSED, SILENCE, HANGS_UP = "answer", "1", "", "hang-up"


def ask(ending: Ending, does: list[str], sends_crlf: bool = False) -> list[str]:
    """The endings that are tried until nothing more is to be asked."""
    tried = [ending.name]
    for evidence in does:
        if evidence == SILENCE:
            again = ending.silent(sends_crlf)
        elif evidence == HANGS_UP:
            again = ending.hung_up()
        else:
            again = ending.answered(evidence == REFUSED)
        if not again:
            break
        tried.append(ending.name)
    return tried


# What the user fixed, what was remembered, what the server does: the endings that were tried, and
# what is concluded ("" is nothing).
CASES: dict[str, tuple[tuple[str | None, str | None, list[str]], list[str], str]] = {
    "it answers a bare request": ((None, None, [ANSWER]), [BARE], BARE),
    "it refuses a bare request": ((None, None, [REFUSED]), [BARE], BARE),
    "it reads lines ended by LF": ((None, None, [SILENCE, ANSWER]), [BARE, LF], LF),
    "it reads lines ended by CR LF": (
        (None, None, [SILENCE, SILENCE, ANSWER]), [BARE, LF, CRLF], CRLF),
    "it is slow, and bare": (
        (None, None, [SILENCE] * 3 + [ANSWER]), [BARE, LF, CRLF, BARE], BARE),
    "it is slow, and reads lines": (
        (None, None, [SILENCE] * 4 + [ANSWER]), [BARE, LF, CRLF, BARE, LF], LF),
    "it is slow, and reads lines ended by CR LF": (
        (None, None, [SILENCE] * 5 + [ANSWER]), [BARE, LF, CRLF, BARE, LF, CRLF], CRLF),
    "it never answers": ((None, None, [SILENCE] * 7), [BARE, LF, CRLF, BARE, LF, CRLF], ""),
    "it answers when everything was tried": (
        (None, None, [SILENCE] * 5 + [ANSWER]), [BARE, LF, CRLF, BARE, LF, CRLF], CRLF),
    "it refuses the LF, as it takes bare messages": (
        (None, None, [SILENCE, REFUSED, ANSWER]), [BARE, LF, BARE], BARE),
    "it reads lines, and refuses the name": (
        (None, None, [SILENCE, REFUSED, SILENCE, REFUSED]), [BARE, LF, BARE, LF], LF),
    "it reads lines ended by CR LF, and refuses the name": (
        (None, None, [SILENCE, SILENCE, REFUSED, SILENCE, REFUSED]),
        [BARE, LF, CRLF, BARE, CRLF], CRLF),
    "it hangs up on what has no end": ((None, None, [HANGS_UP, ANSWER]), [BARE, LF], LF),
    "LF is remembered and right": ((None, LF, [ANSWER]), [LF], LF),
    "CR LF is remembered and right": ((None, CRLF, [ANSWER]), [CRLF], CRLF),
    "bare is remembered and right": ((None, BARE, [ANSWER]), [BARE], BARE),
    "LF is remembered, and an exact bare server refuses it": (
        (None, LF, [REFUSED, ANSWER]), [LF, BARE], BARE),
    "LF is remembered, and the name is refused": (
        (None, LF, [REFUSED, SILENCE, REFUSED]), [LF, BARE, LF], LF),
    "LF is remembered, but it reads CR LF now": (
        (None, LF, [SILENCE, SILENCE, SILENCE, ANSWER]), [LF, BARE, LF, CRLF], CRLF),
    "bare is remembered, but it reads lines now": (
        (None, BARE, [SILENCE, ANSWER]), [BARE, LF], LF),
    "CR LF is remembered, and it hangs up on it": (
        (None, CRLF, [HANGS_UP, ANSWER]), [CRLF, BARE], BARE),
    "the user says so": ((LF, BARE, [SILENCE]), [LF], LF),
    "the user says bare": ((BARE, LF, [SILENCE]), [BARE], BARE),
}  # fmt: skip


@pytest.mark.parametrize(("case", "tried", "concluded"), CASES.values(), ids=CASES)
def test_a_server(
    case: tuple[str | None, str | None, list[str]], tried: list[str], concluded: str
) -> None:
    fixed, remembered, does = case
    ours = Ending(fixed, remembered)
    assert ask(ours, does) == tried
    assert ours.known == bool(concluded)
    if concluded:
        assert ours.name == concluded
        assert ours.bare == (concluded == BARE)


def test_a_server_that_sends_cr_lf_is_spared_the_lf() -> None:
    ending = Ending()
    assert ask(ending, [SILENCE, ANSWER], sends_crlf=True) == [BARE, CRLF]
    assert ending.name == CRLF


def test_what_is_certain_is_not_asked_again() -> None:
    ending = Ending()
    ending.answered(is_refusal=False)
    assert not ending.answered(is_refusal=True)
    assert not ending.silent(sends_crlf=False)
    assert not ending.hung_up()
    assert ending.wrap("/join x") == b"/join x"


def test_patience_grows_with_the_way_to_the_server() -> None:
    """A LAN is asked again soon; a far server, and one that was met before, may take their time."""
    ending = Ending()
    assert ending.patience_s(0.0) == SHORT_S < 1.0
    assert ending.patience_s(0.6) == SHORT_S + CONNECT_TIMES * 0.6
    ending.silent(sends_crlf=False)
    assert ending.patience_s(0.0) == BRIEF_S
    assert Ending(None, LF).patience_s(0.0) == LONG_S > 2.0


@pytest.mark.parametrize("name", [BARE, LF, CRLF])
def test_a_name_goes_out_as_it_is(name: str) -> None:
    end = {BARE: b"", LF: b"\n", CRLF: b"\r\n"}[name]
    assert Ending(name).wrap("héllo") == "héllo".encode() + end
    assert Ending(name).wrap(b"/join caf\xe9") == b"/join caf\xe9" + end
