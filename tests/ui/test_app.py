"""What Enter and the other keys do in each stage: what is sent, said, and in the line."""

from __future__ import annotations

import pytest

from tests.support.screens import Session, in_lobby, in_naming, in_room
from tuichat.chat import effects
from tuichat.ui.statusbar import status_bar

CONNECT = effects.Connect("chat.example.org", 5220)

# Entering a line


@pytest.mark.parametrize(
    ("start", "line", "sent"),
    [
        (lambda: in_lobby("general"), "random", "/join random"),
        (lambda: in_lobby("general"), "/join random", "/join random"),
        (lambda: in_lobby("general"), "", "/join general"),
        (lambda: in_lobby("general"), "/list", "/list"),
        (lambda: in_lobby("general"), "  random ", "/join random"),
        (lambda: in_lobby("general", "gen"), "ENER", "/join general"),
        (lambda: in_lobby("general", "gen"), "gen", "/join gen"),
        (lambda: in_lobby("general", "gen"), "/join ge", "/join ge"),
        (lambda: in_lobby("general", "gen"), "General", "/join general"),
        (lambda: in_lobby("general", "gen"), "//join", "/join /join"),
        (lambda: in_lobby("general", rows=3), "gen", "/join gen"),
        (in_naming, "ann", "/nick ann"),
        (in_naming, "/nick ann", "/nick ann"),
        (in_naming, "", "/nick dave"),
        (in_room, "hello", "hello"),
        (in_room, " hello ", " hello "),
        (in_room, "/who", "/who"),
        (in_room, "//who cares", "/who cares"),
        (in_room, "///", "//"),
    ],
)
def test_a_line_goes_out_as_the_stage_has_it(start, line, sent):
    session = start()
    session.enter(line)
    assert session.take_sent() == [sent]
    assert session.line == "|"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/whoami", "/whoami is not a command, so it was not sent. Did you mean /who?"),
        ("/", "/ is not a command, so it was not sent."),
        ("/etc/passwd", "/etc/passwd is not a command"),
        (" /who", "There is a space before /who, so it was not sent."),
        ("/WHO", "Did you mean /who?"),
        ("/who me", "/who takes no argument"),
        ("/list", "/list works only in the lobby; /lobby goes there."),
        ("/join", "Type /join ROOM."),
        ("/nick", "Type /nick NAME."),
        ("/part", "/part is not a command here, so it was not sent. /lobby goes back"),
        ("/Names", "/Names is not a command here, so it was not sent. /who shows"),
        ("/msg bob hi", "There are no private messages"),
        ("/me waves", "/me is not a command here"),
        ("/q", "/logout quits."),
    ],
)
def test_what_is_no_command_here_is_not_sent_and_given_back(line, words):
    session = in_room()
    session.enter(line)
    assert session.take_sent() == []
    assert words in session.flash
    assert session.line == f"{line}|"


@pytest.mark.parametrize("blank", ["", "   ", "\u3000", "\t"])
def test_a_blank_line_is_never_sent_to_a_room(blank):
    session = in_room()
    session.enter(blank)
    assert session.take_sent() == []
    assert session.flash == "Blank lines are not sent: servers treat them as /logout."


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (lambda: in_lobby(), "Type the name of a room, then Enter."),
        (lambda: in_naming(default_nick=""), "Type a nick, then Enter."),
    ],
)
def test_enter_with_nothing_to_take_says_what_to_type(start, words):
    session = start()
    session.enter("")
    assert session.take_sent() == []
    assert session.flash == words


def test_a_command_without_what_it_needs_says_so():
    session = in_lobby("general")
    session.enter("/join")
    assert session.flash == "Type /join ROOM."
    assert session.line == "/join|"


@pytest.mark.parametrize("name", ["a\u202eb", "a\u200bb", "x" * 1100])
def test_a_name_that_no_server_can_mean_is_refused_here(name):
    session = in_naming()
    session.enter(name)
    assert session.take_sent() == []
    assert "Choose a" in session.flash
    assert session.line == f"{name}|"


def test_text_typed_before_the_room_is_given_back():
    session = Session()
    session.enter("hello?")
    assert session.flash == "Still connecting. Ctrl-C gives up."
    assert session.line == "hello?|"


def test_a_second_room_asked_for_too_soon_does_not_reach_the_naming_stage():
    session = in_lobby("general", "random")
    session.enter("general")
    session.enter("random")
    assert session.take_sent() == ["/join general"]
    session.server("0")
    assert session.take_sent() == []
    assert "Which nick" in session.lines[-1]


def test_long_text_goes_out_in_pieces_and_nothing_is_lost():
    session = in_room()
    text = " ".join(f"word{n}" for n in range(400))
    session.enter(text)
    sent = session.take_sent()
    assert len(sent) > 1
    assert all(len(piece.encode()) <= 1024 for piece in sent)
    assert "".join(sent) == text


def test_answers_to_questions_are_no_history_of_the_room():
    session = Session(host="")
    session.enter("/help")
    session.press("escape")
    session.enter("chat.example.org")
    session.opened()
    session.server("1", "random")
    for answer in ("general", "zoe"):
        session.enter(answer)
        session.server("0")
    assert session.chat.stage == "room"
    session.press("up")
    assert session.line == "/help|"
    session.press("up")
    assert session.line == "/help|"
    session.press("down")
    session.enter("hello")
    session.press("up", "up")
    assert session.line == "/help|"
    session.press("down")
    assert session.line == "hello|"


def test_the_server_asked_for_is_gone_to():
    session = Session(host="", last_server="old.example.org:5221")
    session.enter("")
    assert session.effects == [effects.Connect("old.example.org", 5221)]
    session = Session(host="")
    session.enter("[::1]:99999")
    assert session.effects == []
    assert "Type a number from 1 to 65535." in session.flash
    assert session.line == "[::1]:99999|"


# Leaving


@pytest.mark.parametrize("key", ["f10", "C-q"])
def test_leaving_with_text_in_the_line_takes_the_key_twice(key):
    session = in_room()
    session.type("unsent")
    session.press(key)
    assert session.take_sent() == []
    assert "again to quit without sending it" in session.flash
    session.type("!")
    session.press(key)
    assert session.take_sent() == []
    session.press(key)
    assert session.take_sent() == ["/logout"]
    assert effects.Leave() in session.effects


@pytest.mark.parametrize("line", ["/logout", "/quit"])
def test_leaving_by_typing(line):
    session = in_room()
    session.enter(line)
    assert session.take_sent() == ["/logout"]
    assert session.effects[-1] == effects.Leave()
    session.chat.left()
    session.press("left")
    assert session.effects[-1] == effects.Quit(0, "")


def test_leaving_where_no_connection_came_about_tells_so_by_its_status():
    session = Session()
    session.press("C-q")
    assert effects.Quit(69, "") in session.effects
    session = Session(host="")
    session.press("C-q")
    assert effects.Quit(0, "") in session.effects


def test_leaving_waits_for_what_is_unsent_and_says_so():
    session = in_room(framing="bare")
    for text in ("one", "two", "three"):
        session.enter(text)
    session.press("f10")
    assert session.flash == "Leaving as soon as 2 waiting messages are sent. Ctrl-C leaves now."
    session.later(0.3)
    session.later(0.3)
    session.later(0.3)
    assert session.take_sent() == ["one", "two", "three", "/logout"]


# Ctrl-C


def test_ctrl_c_clears_restores_and_says_how_to_leave():
    session = in_room()
    session.type("hello")
    session.press("C-c")
    assert (session.line, session.flash) == ("|", "Cleared. Ctrl-C again brings it back.")
    session.press("C-c")
    assert session.line == "hello|"
    session.press("C-c", "left", "C-c")
    assert session.line == "|"
    assert session.flash == "The line is empty. To quit: F10, Ctrl-Q or /logout."
    assert session.effects == []


def test_ctrl_c_restores_in_the_lobby_too():
    session = in_lobby("general")
    session.type("hello")
    session.press("C-c")
    session.later(1)
    session.press("C-c")
    assert session.line == "hello|"


def test_ctrl_c_gives_up_connecting():
    session = Session()
    session.press("C-c")
    sentence = "Gave up connecting to chat.example.org:5220."
    assert session.effects[-2:] == [effects.Hangup(), effects.Quit(69, sentence)]


# Editing, history, completion


def test_history_keeps_the_draft():
    session = in_room()
    session.enter("one")
    session.enter("two")
    session.type("draft")
    session.press("up", "up")
    assert session.line == "one|"
    session.press("down", "down")
    assert session.line == "draft|"


def test_completion_has_the_latest_speaker_first_and_not_oneself():
    session = in_room()
    session.server("anna> 1", "anton> 2", "bob has joined the room.", "dave> 3", "anna> 4")
    seen = []
    for _ in range(4):
        session.press("tab")
        seen.append(session.line)
    assert seen == ["anna: |", "anton: |", "bob: |", "|"]
    session.press("S-tab", "S-tab")
    assert session.line == "anton: |"
    session.type("look, an")
    session.press("tab")
    assert session.line == "anton: look, anna |"


@pytest.mark.parametrize(
    ("typed", "line"),
    [("/jo", "/join |"), ("/join r", "/join random|"), ("ra", "random|"), ("/logo", "/logout|")],
)
def test_completion_of_commands_and_rooms_in_the_lobby(typed, line):
    session = in_lobby("general", "random")
    session.type(typed)
    session.press("tab")
    assert session.line == line


# Pastes


def test_a_pasted_line_goes_into_the_line():
    session = in_room()
    session.type("say: ")
    session.paste("one line\r\n")
    assert session.line == "say: one line|"
    assert session.take_sent() == []


def test_pasted_lines_are_sent_only_by_a_deliberate_key():
    session = in_room()
    session.paste("one\rtwo\r\r/logout")
    session.type("y s\n")
    session.press("enter")
    assert session.take_sent() == []
    session.press("C-s")
    assert session.take_sent() == ["one", "two", " /logout"]
    assert session.line == "y s |"


def test_pasted_lines_can_be_edited_in_the_line_and_are_still_lines():
    session = in_room()
    session.paste("one\ntwo")
    session.press("C-e")
    assert session.line == "one\ntwo|"
    session.enter("!")
    assert session.take_sent() == ["one", "two!"]


def test_three_pasted_lines_that_were_edited_are_three_messages():
    session = in_room()
    session.paste("one\n/logout\nthree")
    session.press("C-e", "home")
    session.enter("> ")
    assert session.take_sent() == ["> one", " /logout", "three"]
    session.press("up")
    assert session.line == "> one\n/logout\nthree|"


def typed(session, text):
    session.enter(text)


def pasted_alone(session, text):
    session.paste(text)
    session.press("enter")


def sent_at_once(session, text):
    session.paste(f"{text}\n{text}")
    session.press("C-s")


def edited(session, text):
    session.paste(f"{text}\n{text}")
    session.press("C-e", "enter")


def in_line_mode(session, text):
    session.chat.conversation.editor.set(text)  # as `plain` does
    session.press("enter")


@pytest.mark.parametrize("way", [typed, pasted_alone, sent_at_once, edited, in_line_mode])
@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a\tb", "a    b"),
        ("a\0b\x1b[31mc\x07\x7f\x9b", "a\ufffdb\ufffd[31mc\ufffd\ufffd\ufffd"),
        ("a\vb\fc\x85d\u2028e\u2029f", "a b c d e f"),
        ("a\ud800b", "a\ufffdb"),
        ("naïve 日本\u200d☺\ufe0f", "naïve 日本\u200d☺\ufe0f"),
    ],
)
def test_a_text_is_sent_the_same_whichever_way_it_came(way, text, sent):
    session = in_room()
    way(session, text)
    assert set(session.take_sent()) == {sent}


@pytest.mark.parametrize(
    "command", ["/logout\0", "/logout\0\r", "\t/logout", "/log\0out", "/who\x1b"]
)
@pytest.mark.parametrize("keys", [["C-s"], ["C-e", "enter"]])
def test_no_line_of_a_paste_reaches_the_server_as_a_command(command, keys):
    session = in_room()
    session.paste(f"hi\r{command}\rbye")
    session.press(*keys)
    hi, middle, bye = [text for text in session.take_sent() if text.strip()]
    assert (hi, bye) == ("hi", "bye")
    assert middle.startswith(" ")
    assert middle.isprintable()


@pytest.mark.parametrize("way", [Session.type, Session.paste])
@pytest.mark.parametrize("text", ["a␤b", "␤", "use ␤/logout to leave", "␤/logout", "a␤"])
def test_the_sign_of_a_line_end_is_a_character_like_any_other(way, text):
    session = in_room()
    way(session, text)
    session.press("enter")
    assert session.take_sent() == [text]
    assert session.chat.stage == "room"


@pytest.mark.parametrize("first", ["/logout", "/log a", " /who", "/list"])
def test_several_lines_are_no_command(first):
    session = in_room()
    session.paste(f"{first}\ntwo")
    session.press("C-e", "enter")
    assert session.take_sent() == session.effects == []
    assert session.line == f"{first}\ntwo|"
    assert session.flash.startswith(f"{first.strip()}␤… is not a command, so it was not sent.")


def test_several_lines_are_kept_while_the_room_is_lost():
    session = in_room()
    session.paste("one\ntwo")
    session.press("C-e")
    session.lost()
    session.press("enter")
    assert session.line == "one\ntwo|"


def test_completing_a_nick_leaves_the_other_lines_alone():
    session = in_room()
    session.server("anna> hi")
    session.paste("one\ntwo an")
    session.press("C-e", "tab")
    assert session.line == "one\ntwo anna |"


def test_a_dropped_paste_can_be_yanked():
    session = in_room()
    session.paste("one\ntwo")
    session.press("escape")
    assert (session.line, session.flash) == ("|", "Discarded. Ctrl-Y inserts it in the line.")
    session.press("C-y")
    assert session.line == "one\ntwo|"


def test_lines_pasted_where_there_is_no_room_stay_in_the_line():
    session = in_room()
    session.paste("one\ntwo")
    session.lost()
    session.press("C-s")
    assert session.take_sent() == []
    assert session.line == "one\ntwo|"
    assert session.flash == "Not sent: you are not in a room. The text is in the line."


@pytest.mark.parametrize("framing", [None, "lf"])
def test_a_refused_room_of_the_command_line_leads_into_the_lobby(framing):
    session = Session(room="no!room", framing=framing)
    session.opened()
    session.later(0.1)
    session.server("1")
    session.server("1", "general")
    assert session.sent == ["/join no!room", "/list"]
    assert "This is the lobby" in session.lines[-2]
    assert session.line == "no!room|"
    assert "0 of 1 match “no!room”" in session.text
    session.press("C-u")
    assert " ▸ general" in session.rows


def test_ctrl_c_takes_back_what_waits():
    session = in_room(framing="bare")
    for text in ("one", "//two", "three"):
        session.enter(text)
    session.type("draft")
    session.press("C-c", "C-c")  # the line comes first
    assert (session.line, session.chat.waiting) == ("draft|", ["/two", "three"])
    session.press("C-u", "C-c")
    assert (session.line, session.chat.waiting) == ("//two\nthree|", [])
    assert session.flash == "Taken back, 2 messages in one line. Not sent."
    session.press("enter")
    session.later(1)
    session.later(1)
    assert session.take_sent() == ["one", "/two", "three"]


def test_a_server_that_cannot_be_meant_leaves_the_command_in_the_line():
    session = in_room()
    session.lost()
    session.enter("/server http://chat.example.org")
    assert session.line == "/server http://chat.example.org|"
    assert "without slashes" in session.flash


# Commands of the program's own


def test_clear_empties_the_screen_and_page_up_shows_it_again():
    session = in_room()
    session.server("alice> earlier", "bob has joined the room.")
    session.enter("/clear")
    assert "earlier" not in session.text
    assert session.flash == "Screen cleared. PgUp scrolls back."
    session.server("carol has joined the room.", "alice> after")
    assert "carol" in session.text
    assert "earlier" not in session.text
    session.press("pageup")
    assert "earlier" in session.text
    assert "after" in session.text


@pytest.mark.parametrize(
    ("line", "effect"),
    [
        ("/log ~/chat.log", effects.WriteLog("~/chat.log")),
        ("/log", effects.WriteLog("")),
        ("/redraw", effects.Redraw()),
        ("/suspend", effects.Suspend()),
        ("/reconnect", effects.Connect("chat.example.org", 5220)),
    ],
)
def test_commands_that_others_carry_out(line, effect):
    session = in_room()
    session.enter(line)
    assert session.effects[-1] == effect


def test_who_is_asked_once_at_a_time_and_only_in_a_room():
    session = in_room()
    session.press("f2", "M-w")
    assert session.take_sent() == ["/who"]
    assert session.flash == "Already asked. Waiting for the answer."
    session.server("Users in this room:", "dave", "alice")
    session.later(1)
    assert session.lines[-1].startswith("» 2 here as of 12:01: dave, alice")
    assert "Users in this room:" not in session.text
    session.enter("/who")
    session.server("Users in this room:")
    session.later(1)
    assert "Users in this room:" in session.text
    lobby = in_lobby("general")
    lobby.press("f2")
    assert lobby.flash == "/who works only in a room."
    assert lobby.take_sent() == []


@pytest.mark.parametrize("room", ["", "general"])
def test_a_server_that_never_lists_is_entered_all_the_same(room):
    """Each ending is tried on a connection of its own, without telling the user."""
    session = Session(framing=None, room=room)
    for _ in range(6):
        session.opened()
        session.later(3.0)
    request = f"/join {room}" if room else "/list"
    assert session.take_sent() == [request, request, f"{request}\r"] * 2
    assert session.effects.count(CONNECT) == 6
    connected, no_answer, *_ = session.lines
    assert connected.startswith("» Connected to chat.example.org:5220.")
    assert no_answer.startswith(f"» No answer to {request.split()[0]}")
    session.enter("random")
    session.server("0")
    assert session.chat.stage == "naming"


def test_a_slow_bare_server_gets_nothing_but_whole_requests():
    session = Session(framing=None, room="general", nick="dave")
    for pause in (1.0, 1.0, 1.0, 2.0):
        session.opened()
        session.later(pause)
    session.receive(b"0")
    session.later(0.1)
    assert session.chat.session.ending.name == "bare"
    assert session.sent == ["/join general", "/join general", "/join general\r", "/join general",
                            "/nick dave"]  # fmt: skip


@pytest.mark.parametrize(
    "start",
    [
        lambda s: (s.paste("/who\na\nb"), s.press("C-s")),
        lambda s: s.enter("a" * 1000 + " /b" + "c" * 40),
    ],
)
def test_what_is_taken_back_can_be_sent_again(start):
    session = in_room(framing="bare")
    start(session)
    waiting = list(session.chat.waiting)
    session.press("C-c")
    assert session.chat.waiting == []
    session.press("enter")
    assert [*session.sent[-1:], *session.chat.waiting][-len(waiting) :] == waiting


def test_completion_among_ten_thousand_names_is_not_laid_out_name_by_name():
    session = in_room(cols=80)
    session.enter("/who")
    session.server("Users in this room:", *(f"nick{n}" for n in range(5000)))
    session.later(1.0)
    session.press("tab")
    assert "nick0  nick1" in session.text
    assert len(status_bar(session.state, 0)) < 100


def test_clear_hides_a_run_of_comings_and_goings_that_goes_on():
    session = in_room()
    session.server("bob has joined the room.")
    session.enter("/clear")
    session.server("carol has joined the room.")
    assert "carol" in session.text
    assert "bob" not in session.text
    session.press("pageup")
    assert "bob, carol joined" in session.text


def test_another_server_that_does_not_answer_is_not_tried_by_itself():
    session = in_room()
    session.lost()
    session.enter("/server typo.example.org")
    session.effects.clear()
    session.chat.lost("No host is named typo.example.org.")
    session.later(60)
    assert session.effects == []
    assert "Enter tries again" in session.lines[-1]


@pytest.mark.parametrize("start", [in_lobby, in_naming])
def test_a_name_that_is_granted_late_is_taken_out_of_the_line_again(start):
    session = start()
    session.enter("late")
    session.later(8)
    assert session.line == "late|"
    session.server("0")
    assert session.line == "|"
