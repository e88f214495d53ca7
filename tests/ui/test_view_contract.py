"""The frame's contract, whatever has happened and at every size: it fits the screen exactly."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.screens import Session, in_lobby, in_naming, in_room
from tuichat.chat import effects
from tuichat.input.keymap import BINDING_BY_KEY
from tuichat.text import clean, width

STARTS = {
    "asking": lambda: Session(host=""),
    "connecting": Session,
    "lobby": lambda: in_lobby("general", "中文", "Room42"),
    "lobby of many rooms": lambda: in_lobby(*(f"room {n}" for n in range(90)), "x" * 90, "e\u0301"),
    "naming": in_naming,
    "room": in_room,
    "bare room": lambda: in_room(framing="bare"),
}
SOME = "ab d/:>é中あ한👩\u0301\u200d\ufe0f\u202e\t\x1b\n│»·␤"
CHARACTERS = st.sampled_from(SOME) | st.characters()
TEXTS = st.text(CHARACTERS, max_size=40) | st.text(CHARACTERS, min_size=300, max_size=400)
LINES = st.sampled_from(
    ["0", "1", "2", "3", "bob has joined the room.", "alice> dave: hi", "There are 4 people here."]
) | st.builds("{}> {}".format, st.sampled_from(["alice", "中文名字很长很长", "x" * 40]), TEXTS)
COMMANDS = st.sampled_from(
    ["/help", "/search a", "/copy", "/clear", "/who", "/list", "/nick dave", "/join general"]
    + ["/bell", "/unread", "/top", "/log", "/whoami", "hello"]
)
HAPPENINGS = st.one_of(
    st.tuples(st.just("server"), LINES | TEXTS),
    st.tuples(st.just("bytes"), st.binary(max_size=60)),
    st.tuples(st.just("key"), st.sampled_from(sorted({*BINDING_BY_KEY, "C-s"}))),
    st.tuples(st.just("type"), TEXTS),
    st.tuples(st.just("paste"), TEXTS),
    st.tuples(st.just("enter"), COMMANDS),
    st.tuples(st.just("later"), st.sampled_from([0.1, 1.0, 9.0])),
    st.tuples(st.just("link"), st.booleans()),
)
SIZES = st.tuples(st.integers(1, 300), st.integers(1, 100)) | st.tuples(
    st.integers(1, 24), st.integers(1, 12)
)


def happen(session: Session, what: str, detail: object) -> None:
    """Let something happen if it can."""
    chat = session.chat
    state = "open" if chat.session else chat.stage
    if what == "key":
        session.press(detail)
    elif what in ("type", "paste", "later"):
        getattr(session, what)(detail)
    elif what == "enter":
        session.press("C-u", "C-k")
        session.enter(detail)
    elif what == "link" and state in ("open", "connecting"):
        session.opened() if state == "connecting" and detail else session.lost()
    elif what == "server" and state == "open":
        session.receive(f"{detail}\n".encode("utf-8", "replace"))
    elif what == "bytes" and state == "open":
        session.receive(detail)


def check(session: Session, cols: int, rows: int) -> None:
    session.size(cols, rows)
    frame = session.frame
    assert len(frame.rows) == rows
    for row in frame.rows:
        text = "".join(part for part, _ in row)
        assert width(text) <= cols
        assert clean(text) == text, "unsafe to draw"
    if frame.cursor is not None:
        assert 0 <= frame.cursor[0] < rows
        assert 0 <= frame.cursor[1] < cols
    if frame.unwrapped is not None:
        assert all(clean(line) == line for line in frame.unwrapped)


@settings(max_examples=150)
@given(st.sampled_from(sorted(STARTS)), st.lists(st.tuples(HAPPENINGS, SIZES), max_size=12), SIZES)
@example("room", [(("server", "alice> 中"), (1, 9)), (("key", "pageup"), (3, 5))], (1, 1))
@example("room", [(("server", "alice> " + "中" * 40), (2, 9))] * 9, (1, 100))
def test_a_frame_fits_the_screen_exactly(start, happenings, size):
    session = STARTS[start]()
    for (what, detail), (cols, rows) in happenings:
        happen(session, what, detail)
        if any(isinstance(effect, effects.Quit) for effect in session.effects):
            break
        check(session, cols, rows)
    check(session, *size)


@given(st.lists(TEXTS, max_size=8), SIZES)
def test_the_same_state_gives_the_same_frame_however_it_was_reached(texts, size):
    """The pane that a view keeps is as good as a new one."""
    session = in_room()
    for text in texts:
        session.server(f"alice> {text}")
        check(session, *size)
    session.size(*size)
    kept = session.frame
    fresh = type(session._view)().frame(session.state)
    assert (kept.rows, kept.cursor, kept.title) == (fresh.rows, fresh.cursor, fresh.title)


def bare_room() -> Session:
    """A session with a server that ends none of its messages."""
    session = Session(framing="bare", room="general", nick="dave")
    session.opened()
    for _ in ("room", "nick"):
        session.receive(b"0")
        session.later(0.1)
    return session


SAID = st.sampled_from(
    ["bob: hi", "carol: hello", "[bob] hi", "carol> hi", "bob has joined the room.", "and so on"]
)


@given(st.lists(st.tuples(SAID, st.sampled_from([0.001, 0.1])), max_size=12))
@example([("bob has joined the room.", 0.1), ("bob: hi", 0.1), ("bob: a", 0.001), ("carol: b", 1)])
def test_drawing_decides_nothing(arrivals):
    """On a server without framing the same bytes are the same messages, with a screen or without.

    Drawing, scrolling and completing ask who said each line; line mode never does.
    """
    drawn, plain = bare_room(), bare_room()
    for text, pause in arrivals:
        for session in (drawn, plain):
            session.receive(text.encode())
            session.later(pause)
        check(drawn, 64, 10)
        drawn.press("pageup", "tab", "pagedown")
    assert drawn.lines == plain.lines
