"""Any server, any network and any user, on the protocol alone.

Whatever happens: what is shown is printable, nothing is lost or shown twice, what is held is
bounded, no message is too long, and no deadline that was met remains (`support.timeline`).
"""

from __future__ import annotations

from tests.fuzz.script import Script
from tests.support.protocol_script import Talk
from tuichat.protocol.ending import Ending
from tuichat.protocol.framing import BARE, CRLF, HELD_BYTES, LF, encode
from tuichat.text import clean
from tuichat.wire import MESSAGE_BYTES, Stage

MOST_BYTES = 4096  # of a script: longer ones find nothing else
SAYINGS = (
    b"0", b"1", b"2", b"3", b"0\n", b"1\r\n", b"2\n\ngeneral\n42\n", b"3\0general\0random\0x\0",
    b"\n", b"\r", b"\0", b"\0\0", b"\xd0", b"\xf0\x9f", b"\x9f\x91\xa9", b"general", b"random\n",
    b"Users in this room:", b"Users: alice bob\n", b"alice, bob", b"* carol\n", b"1. dave\n",
    b"bob> hi\n", b"bob> hi", b"<bob> hi\n", b"bob: hi\n", b"[bob] hi\n", b"ANN> YES", b"YES\n",
    b"bob has joined the room.  ", b"bob has left the room.\n", b"There are 2 people in the room.",
    b"0You have joined a new room.", b"2 rooms:\n", b"3generalrandom", b"\x1b[2J", b"x" * 1024,
    b"y" * 4200, "з".encode() * 600, b"bob>" + b"\xcc\x81" * 9,
)  # fmt: skip
PAUSES = (0.0, 0.001, 0.02, 0.03, 0.1, 0.13, 0.15, 0.6, 0.8, 1.0, 2.5, 8.0, 60.0)
OTHERS = bytes(byte for byte in range(256) if not 97 <= byte <= 122 or byte == ord("m"))
OPTIONS = (None, BARE, LF, CRLF)


def run(data: bytes) -> None:
    """Play a script; raise AssertionError, or whatever fails, if it shows a mistake."""
    script = Script(data[:MOST_BYTES])
    fixed, remembered = script.one_of(OPTIONS), script.one_of(OPTIONS)
    stage = script.one_of((Stage.LOBBY, Stage.NAMING, Stage.ROOM))
    talk = Talk(stage, ending=Ending(fixed, remembered))
    received = b""
    while script:
        what = script.byte() % 8
        if what < 5:
            arrival = script.one_of(SAYINGS) if what < 3 else script.bytes()
            received += arrival
            talk.play(*[arrival] * bool(arrival), script.one_of(PAUSES) if what % 2 else 0.0)
        elif what == 5:
            talk.play(script.one_of(PAUSES))
        elif what == 6:
            talk.stuck = not talk.stuck
        else:
            _ask(talk, script)
        assert len(talk.session.reader.pending) <= HELD_BYTES
    talk.stuck = False
    talk.close()
    _check(talk, received)


def _ask(talk: Talk, script: Script) -> None:
    session = talk.session
    what = script.byte() % 4
    if what == 3:
        session.logout(talk.now)
    elif session.stage == Stage.LOBBY:
        session.list_rooms() if what else session.join("R")
    elif session.stage == Stage.NAMING:
        session.set_nick("ANN")
    elif session.stage == Stage.ROOM:
        session.who() if what else session.say(script.one_of(("YES", "NO", "Ж" * 2000)))
    talk.pump()


def _check(talk: Talk, received: bytes) -> None:
    assert all(0 < len(data) <= MESSAGE_BYTES for data in talk.sent)
    assert all(clean(text) == text for text in talk.shown), "not printable"
    assert _letters(encode("".join(talk.shown))) == _letters(received), "lost, or shown twice"


def _letters(data: bytes) -> list[int]:
    """Return the lower-case letters: the sanitiser adds none, and the user says none.

    All but `m`, which may end a colour, and is then left out.
    """
    return sorted(data.translate(None, OTHERS))
