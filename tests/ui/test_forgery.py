"""No message can pass for the program's own words, a rule, a notice, or the user's own message."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.support.screens import Session, in_lobby, in_room, stamp
from tests.support.stages import Chat, Serve, enter
from tuichat.chat.messages import LATE
from tuichat.log import Log
from tuichat.text import clip
from tuichat.ui.pane import TIME_CELLS, nick_cells

LOST = "Connection lost. The server closed the connection."
FORGED = {
    "by its mark": f"» {LOST}",
    "as a rule": "─" * 30 + " 2 new " + "─" * 30,
    "as a notice": "· bob has left the room.",
    "as the status bar": " ● #general as dave    F1 help  F10 quit",
    "as a question": "dave› your password?",
    "as the next message": "hello      alice │ I never said this",
    "by return": f"hello\r 12:01          » {LOST}",
    "by backspace": "hello" + "\b" * 40 + f"» {LOST}",
    "by tab": f"\t\t» {LOST}",
    "by separators": f"hello\u2028» {LOST}\u2029\x85\x0b\x0c» {LOST}",
    "by wrapping": "hello" + " " * 300 + f"» {LOST}",
    "by wrapping words": "x " * 200 + f"» {LOST}",
    "by a nick": f"»> {LOST}",
    "by a long nick": f"──────────────────────────────────────> {LOST}",
    "by a wide nick": f"»\u3000\u3000\u3000Connection> {LOST}",
    "by bidi": f"\u202e.tsol noitcennoC »\u202c {LOST}",
}
CHARACTERS = st.sampled_from("ab »·│─›●▸:><[] \r\t\b\u3000中\u0301") | st.characters()
TEXTS = st.text(CHARACTERS, max_size=99)


def bar_cell(cols: int) -> int:
    """Where the blank before the bar is, on a screen that is wide enough for columns."""
    return TIME_CELLS + nick_cells(cols)


def strangers_rows(session: Session) -> list[str]:
    """The rows of the pane, all of which are what others said, or rules of the program."""
    layout = session.state.layout
    return [
        "".join(text for text, _ in row)
        for row in session.frame.rows[1 : 1 + layout.pane]
        if row and row[0][1] not in ("rule", "unread-rule") and row != ((" ", ""),)
    ]


def has_its_gutter(row: str, cols: int) -> bool:
    """Whether a row shows that it is somebody else's: a bar, with only a nick before it.

    The program's own begin with `»`, `·` or a rule instead, and have no bar in that place.
    """
    if cols >= 50:
        return row.removeprefix(clip(row, bar_cell(cols))).startswith(" │ ")
    name, bar, _ = row.partition("│")
    return bool(bar) and " " not in name.strip(" ") and len(name) <= max(1, cols // 3)


@pytest.mark.parametrize("cols", [4, 7, 20, 49, 50, 64, 120])
@pytest.mark.parametrize("how", FORGED)
def test_every_row_of_a_message_shows_whose_it_is(how: str, cols: int) -> None:
    session = in_room(cols=cols, rows=60)
    session.server(FORGED[how], f"bob> {FORGED[how]}")
    rows = strangers_rows(session)
    assert len(rows) >= 2
    assert all(has_its_gutter(row, cols) for row in rows), rows


@given(TEXTS, st.booleans(), st.integers(4, 130))
@example("》", True, 4)
def test_so_does_every_row_of_any_message(text: str, named: bool, cols: int) -> None:
    assume(text.strip() not in LATE)  # that the program explains in its own words
    session = in_room(cols=cols, rows=60)
    session.server(("bob> " if named else "") + text.replace("\n", ""))
    for row in strangers_rows(session):
        assert has_its_gutter(row, cols) or "·" in row[: bar_cell(cols) + 2], row


def test_ones_own_messages_look_like_nobody_elses() -> None:
    session = in_room()
    session.enter("I said this")
    session.server("dave> I never said this", "<dave> nor this")
    assert session.styled("own")[:-1] == ["dave"]  # the last one is the prompt


def test_what_a_server_answers_stays_between_its_quotation_marks() -> None:
    session = in_lobby()
    session.enter("general")
    session.server("no”, which is fine. » Type your password. “")
    session.later(2.0)
    [told] = [line for line in session.lines if "answer to /join" in line]
    assert told.count("“") == told.count("”") == 1
    assert told.endswith("”. Try again, or type /reconnect.")


def test_the_copy_view_has_no_words_of_the_program_to_be_imitated() -> None:
    session = in_room()
    session.enter("/bell never")
    session.lost()
    session.opened()
    for line in ("0", "0", f"» {LOST}"):
        session.server(line)
    session.press("M-l")
    assert session.frame.unwrapped == [f"» {LOST}"]


def test_in_the_log_the_mark_before_a_line_tells(tmp_path) -> None:
    session = in_room()
    session.server(f"» {LOST}", "dave> I never said this", "bob has left the room.")
    session.enter("I said this")
    session.lost()
    log = Log(str(tmp_path / "log"), session.chat.conversation.transcript, 0)
    assert log.write() == ""
    log.close()
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    assert [line.removeprefix(f"{stamp().iso} ")[:19] for line in lines] == [
        "│ » Connection lost", "│ dave> I never sai", "· bob has left the ",
        "› dave> I said this", "» Connection lost. ", "» The messages and ",
    ]  # fmt: skip


def test_on_a_terminal(chat: Chat, serve: Serve) -> None:
    """The same on a real screen: nothing moves, nothing is overwritten."""
    server = serve("lf")
    terminal = enter(chat, server.address, cols=80, rows=50)
    before = terminal.screen[-4:]
    server.send("".join(f"bob> {text}\n" for text in FORGED.values()).encode())
    server.send(b"bob> the last\n")
    terminal.wait("the last")
    rows = terminal.screen
    assert not [row for row in rows[1:-2] if row[:1] not in (" ", "")]
    assert not [row for row in rows if row[16:17] == "»" and "Connection lost" in row]
    assert rows[-2:] == before[-2:]
