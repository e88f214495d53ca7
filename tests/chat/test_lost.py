"""A lost connection: nothing said is lost, nothing is sent twice, and the way back is short."""

from __future__ import annotations

import pytest

from tests.support.screens import Session, in_room
from tuichat.chat import effects

CONNECT = effects.Connect("chat.example.org", 5220)


def lost(text="half a sen"):
    session = in_room()
    session.server("alice: see you", "alice> hello")
    session.enter("hi")
    session.take_sent()
    session.type(text)
    session.lost()
    session.effects.clear()
    return session


def back(session):
    """The connection comes back, and the room and the nick are free."""
    session.opened()
    session.server("0")
    session.server("0")


def test_everything_said_stays_and_the_sentence_says_what_to_do():
    session = lost()
    assert session.lines[1:3] == ["alice> hello", "dave: hi"]
    assert session.lines[3] == "» Connection lost. The server closed the connection."
    assert "Enter reconnects now" in session.lines[4]


def test_it_connects_by_itself_and_takes_up_room_and_nick():
    session = lost()
    session.later(0.9)
    assert session.effects == []
    session.later(0.2)
    assert session.effects == [CONNECT]
    back(session)
    assert session.take_sent() == ["/join general", "/nick dave"]
    assert session.line == "half a sen|"
    assert session.app.state.chat.stage == "room"


def test_enter_connects_now_and_keeps_the_draft():
    session = lost()
    session.press("enter")
    assert session.effects[-1] == CONNECT
    assert session.line == "half a sen|"
    back(session)
    assert session.line == "half a sen|"
    assert session.take_sent() == ["/join general", "/nick dave"]


def test_enter_pressed_once_more_does_not_enter_another_room():
    session = in_room(framing=None)
    session.lost()
    session.press("enter")
    session.opened()
    session.press("enter")
    session.later(0.1)
    session.press("enter")
    session.server("0")
    assert [line for line in session.take_sent() if line.startswith("/join")] == ["/join general"]


def test_the_pauses_grow_and_ctrl_c_stops_trying():
    session = lost("")
    pauses = []
    for _ in range(4):
        pauses.append(session.chat.reconnect.seconds_left(session.now))
        session.later(pauses[-1])
        session.lost("No server answers.")
    assert pauses == [1, 2, 5, 10]
    session.press("C-c")
    assert session.rows[-2].startswith(" ○ no connection    ")
    session.effects.clear()
    session.later(1000)
    assert session.effects == []


def test_who_tries_by_hand_starts_with_short_pauses_again():
    session = lost("")
    for _ in range(3):
        session.later(60)
        session.lost("No server answers.")
    assert session.chat.reconnect.seconds_left(session.now) == 10
    session.press("enter")
    session.lost("No server answers.")
    assert session.chat.reconnect.seconds_left(session.now) == 1


def test_the_columns_stay_while_the_connection_is_being_made_anew():
    session = in_room()
    session.server("alice> hi", "alice: in another form")
    before = [row for row in session.rows if "alice │" in row]
    session.lost()
    session.press("enter")
    assert [row for row in session.rows if "alice │" in row] == before


def test_the_draft_makes_way_for_a_question_and_comes_back():
    session = lost("draft")
    session.press("enter")
    session.opened()
    session.server("1")
    assert session.line == "general|"
    session.server("1", "other")  # to find something else, the rooms are asked for
    assert "0 of 1 match “general”" in session.text
    session.press("C-u")
    assert " ▸ other" in session.rows
    session.type("draft")
    assert session.line == "draft|"
    session.press("enter")
    session.server("0")
    session.server("0")
    assert session.take_sent()[-2:] == ["/join draft", "/nick dave"]
    assert session.line == "draft|"


def test_ones_own_ghost_on_the_nick_is_said_and_tried_again():
    session = lost()
    session.press("enter")
    session.opened()
    session.server("0")
    session.server("2")
    assert "is still taken, probably by your lost connection" in session.lines[-1]
    session.take_sent()
    session.later(3)
    assert session.take_sent() == ["/nick dave"]
    session.server("0")
    assert session.line == "half a sen|"


def test_while_the_room_is_taken_up_again_text_is_kept_and_not_taken_for_a_name():
    session = lost("")
    session.press("enter")
    session.opened()
    session.enter("hello again")
    assert session.line == "hello again|"
    assert "Entering general again" in session.flash
    session.server("0")
    session.server("0")
    assert session.take_sent() == ["/join general", "/nick dave"]


def test_what_waited_is_shown_and_not_sent_again():
    session = in_room(framing="bare")
    for text in ("one", "two", "three"):
        session.enter(text)
    assert session.take_sent() == ["one"]
    session.lost()
    unsent = [line for line in session.lines if "Not sent" in line]
    assert unsent == ["» Not sent: two", "» Not sent: three"]
    session.press("enter")
    back(session)
    assert session.take_sent() == ["/join general", "/nick dave"]


def test_what_was_not_sent_is_told_at_the_end_until_one_is_back_in_the_room():
    session = in_room(framing="bare")
    for text in ("one", "two"):
        session.enter(text)
    session.lost()
    for _ in range(3):  # it tries again, in vain
        session.later(10)
        session.lost("Nobody answers.")
    session.enter("/logout")
    assert session.effects[-1] == effects.Quit(69, "Not sent: two")
    session.press("enter")
    back(session)
    session.lost()
    session.enter("/logout")
    assert session.effects[-1] == effects.Quit(69, "")


def test_of_many_lines_not_sent_a_few_are_told_and_all_can_be_had_back():
    session = in_room(framing="bare")
    texts = [f"line {n}" for n in range(21)]
    for text in texts:
        session.enter(text)
    session.lost()
    unsent = [line for line in session.lines if line.startswith("» Not sent")]
    assert unsent == [f"» Not sent: line {n}" for n in (1, 2, 3, 4)]
    assert "» And 16 more not sent. Ctrl-Y inserts them all in the line." in session.lines
    session.press("C-y")
    assert session.line == "\n".join(texts[1:]) + "|"
    session.press("C-u")
    session.enter("/logout")
    assert session.effects[-1] == effects.Quit(69, "\n".join(f"Not sent: {t}" for t in texts[1:]))


def test_a_long_outage_does_not_bury_what_was_said():
    session = lost("")
    for reason in ("Nobody answers.", "Nobody answers.", "Refused.", "Refused.", "Refused."):
        session.later(60)
        session.lost(reason)
    assert session.lines[-3:][1:] == ["» Nobody answers.", "» Refused."]
    session.press("enter")  # asked for by the user, it is told again
    session.lost("Refused.")
    assert session.lines[-2:] == ["» Refused.", "» Refused."]


def test_leaving_after_a_server_that_was_asked_for_did_not_answer_is_no_success():
    session = Session(host="")
    session.enter("chat.example.org")
    session.lost("No server answers at chat.example.org:5220 (connection refused).")
    session.press("C-u")
    session.enter("/logout")
    assert session.effects[-1] == effects.Quit(69, "")


@pytest.mark.parametrize("stage", ["lobby", "naming"])
def test_a_connection_lost_before_the_room_asks_again(stage):
    session = Session()
    session.opened()
    session.server("1", "general")
    if stage == "naming":
        session.enter("general")
        session.server("0")
    session.type("typed")
    session.lost()
    assert session.line == "typed|"
    session.later(1)
    assert session.effects[-1] == CONNECT


def test_a_first_try_that_fails_waits_for_the_user():
    session = Session()
    session.lost("No server answers at chat.example.org:5220 (connection refused).")
    session.effects.clear()
    session.later(1000)
    assert session.effects == []
    session.enter("/server other.example.org:99")
    assert session.effects == [effects.Connect("other.example.org", 99)]


def test_another_server_begins_in_its_lobby():
    session = lost("")
    session.enter("/server other.example.org")
    session.opened()
    assert session.take_sent() == ["/list"]
    assert session.rows[-2].startswith(" ● lobby")


# How a server hangs up, in seconds after it was asked, and what is remembered of it.
HANG_UPS = {
    "once, on a request without an end": ([0.5], None),
    "twice": ([0.5, 0.1], None),
    "on an end that was remembered": ([0.5], "lf"),
}


@pytest.mark.parametrize(("seconds", "remembered"), HANG_UPS.values(), ids=HANG_UPS)
def test_a_server_that_hangs_up_without_an_answer_is_asked_otherwise_once(seconds, remembered):
    memory = {"chat.example.org:5220": remembered} if remembered else {}
    session = Session(framing=None, room="general", nick="dave", memory=memory)
    for pause in seconds:
        session.opened()
        session.later(pause)
        session.lost()
    if len(seconds) < 2:
        session.opened()
        session.later(0.1)
        assert session.chat.session.ending.name == ("bare" if remembered else "lf")
    else:
        session.later(600.0)
        assert session.chat.stage == "lost"
        assert "closed the connection twice without answering" in session.lines[-1]
    assert session.sent == ["/join general"] * 2
    assert session.effects.count(CONNECT) == 2


@pytest.mark.parametrize("answers", [["0"], ["0", "0"]])
def test_a_server_that_lets_one_in_and_hangs_up_is_not_tried_for_ever(answers):
    session = Session(framing="lf", room="general", nick="dave")
    for _ in range(2):
        session.opened()
        for answer in answers:
            session.server(answer)
        session.lost()
        session.later(1.5)
    session.later(600.0)
    assert session.effects.count(CONNECT) == 2
    assert "let you in but soon closed the connection" in "\n".join(session.lines)
    session.press("enter")
    assert session.effects.count(CONNECT) == 3


def test_a_room_that_lasted_is_entered_again_however_often_it_is_lost():
    session = Session(framing="lf", room="general", nick="dave")
    for _ in range(5):
        session.opened()
        session.server("0")
        session.server("0")
        session.later(3.0)
        session.lost()
        session.later(1.5)
    assert session.effects.count(CONNECT) == 6


def test_a_draft_that_is_the_name_of_the_room_stays():
    session = lost("general")
    session.later(1)
    back(session)
    assert session.line == "general|"


def test_what_is_typed_after_another_room_was_asked_for_stays():
    session = lost("")
    session.later(1)
    session.opened()
    session.enter("/join elsewhere")
    session.type("hello")
    session.server("1")
    assert session.line == "hello|"


@pytest.mark.parametrize("line", ["/reconnect", "/logout"])
def test_what_came_without_its_end_is_shown_before_the_connection_is_closed(line):
    session = in_room()
    session.receive(b"alice> the last wo")
    session.enter(line)
    assert "alice> the last wo" in session.lines
