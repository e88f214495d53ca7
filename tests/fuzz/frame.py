"""Anything a server sends and a user types, through the whole program to the frame.

Whatever happens: the frame has the size of the screen, all that is drawn is printable, the cursor
is on it, and the window's title is one line.
"""

from __future__ import annotations

from tests.fuzz.protocol import SAYINGS
from tests.fuzz.script import Script
from tests.support.screens import Session, in_lobby, in_naming, in_room
from tuichat.chat import effects
from tuichat.input.keymap import BINDING_BY_KEY
from tuichat.text import clean, width
from tuichat.ui.view import View

MOST_BYTES = 1024  # of a script: longer ones find nothing else
STARTS = (
    lambda: Session(host=""),
    Session,
    lambda: in_lobby("general", "中文", "Room42"),
    in_naming,
    in_room,
    in_room,
    lambda: in_room(framing="bare"),
    lambda: in_room(framing=None),
)
KEYS = sorted({*BINDING_BY_KEY, "C-s", "C-r", "resize", "unknown"})
TEXTS = (
    "hello", "/search a", "/copy", "/clear", "/who", "/list", "/nick dave", "/join general", "//x",
    "/bell all", "/unread", "/top", "/log f", "/whoami", "/server h:1", "/reconnect", "a\nb\nc",
    "中文", "e\u0301" * 5, "👩\u200d👩\u200d👧", "🇩🇪🇫", "\u202eabc", "x" * 1500, "あ" * 600,
    "\t\x1b\0",
)  # fmt: skip
BYTES = (
    *SAYINGS, b"alice> dave: hi\n", b"alice> \xe2\x80\xaehi\n", b"<\xcc\x81bob>\xcc\x81hi\n",
    "中> 文\n".encode() * 9, "é: 👩\u200d👧🇩🇪\u0301\n".encode(), b"a\xcc\x81\xcc\x81 " * 60 + b"\n",
    "あ".encode() * 400 + b"\n",
)  # fmt: skip
SIZES = (1, 2, 3, 5, 8, 12, 24, 50, 80, 200)


def run(data: bytes) -> None:
    """Play a script; raise AssertionError, or whatever fails, if it shows a mistake."""
    script = Script(data[:MOST_BYTES])
    session = script.one_of(STARTS)()
    while script:
        _happen(session, script)
        if any(isinstance(effect, effects.Quit) for effect in session.effects):
            return
        if script.byte() % 2:
            session.size(script.one_of(SIZES), script.one_of(SIZES))
        check(session)
    kept, fresh = session.frame, View().frame(session.state)
    assert (kept.rows, kept.cursor) == (fresh.rows, fresh.cursor), "a stale pane"


def _happen(session: Session, script: Script) -> None:
    what, state = script.byte() % 8, "open" if session.chat.session else session.chat.stage
    if what < 3:
        arrival = script.one_of(BYTES) if what < 2 else script.bytes()
        if arrival and state == "open":
            session.receive(arrival)
    elif what == 3:
        session.press(script.one_of(KEYS))
    elif what == 4:
        text = script.one_of(TEXTS) if script.byte() % 2 else script.text()
        session.paste(text) if script.byte() % 4 == 0 else session.type(text)
    elif what == 5:
        session.press("enter")
    elif what == 6:
        session.later(script.one_of((0.05, 0.2, 1.0, 9.0)))
    elif state == "connecting" and script.byte() % 2:
        session.opened()
    elif state in ("open", "connecting"):
        session.lost()


def check(session: Session) -> None:
    """Check that the frame keeps its contract."""
    cols, rows = session.state.cols, session.state.rows
    frame = session.frame
    assert len(frame.rows) == rows
    for row in frame.rows:
        text = "".join(part for part, _ in row)
        assert width(text) <= cols, "wider than the screen"
        assert clean(text) == text, "unsafe to draw"
    assert clean(frame.title) == frame.title
    if frame.cursor is not None:
        assert 0 <= frame.cursor[0] < rows
        assert 0 <= frame.cursor[1] < cols
    if frame.unwrapped is not None:
        assert all(clean(line) == line for line in frame.unwrapped)
