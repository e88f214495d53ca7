"""The conversation with a server, stage by stage; time is set by hand, and there is no socket."""

from __future__ import annotations

import pytest

from tests.support.protocol_script import Talk
from tests.support.timeline import byte_by_byte
from tuichat.protocol import events
from tuichat.protocol.ending import Ending
from tuichat.protocol.framing import BARE, CRLF, LF
from tuichat.protocol.handshake import ANSWER_S, GREETING_S
from tuichat.protocol.session import LEAVE_S, Session
from tuichat.wire import Stage

# Stage, what is asked, the answer: the stage after it, and what the user is told.
STAGES = [
    (Stage.LOBBY, "join", b"0", Stage.NAMING, events.Joined("x")),
    (Stage.LOBBY, "join", b"1", Stage.LOBBY, events.JoinRefused("x")),
    (Stage.NAMING, "set_nick", b"0", Stage.ROOM, events.Named("x")),
    (Stage.NAMING, "set_nick", b"1", Stage.NAMING, events.NickRefused("x")),
    (Stage.NAMING, "set_nick", b"2", Stage.NAMING, events.NickTaken("x")),
]


AROUND = [b"%s", b"%s\n", b"\r\n%s\r\n", b"%s\0", b"%s".ljust(1025, b"\0")]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(("stage", "asked", "answer", "after", "event"), STAGES)
def test_a_status(
    stage: str, asked: str, answer: bytes, after: str, event: events.Event, around: bytes
) -> None:
    talk = Talk(stage)
    assert talk.ask(asked, "x", [around % answer]) == [event]
    assert talk.sent == [b"/%s x" % asked.removeprefix("set_").encode()]
    assert talk.session.stage == after
    assert talk.session.request is None


# What is not a status is shown, then explained, and the user can go on.
NO_STATUS = {
    "another digit": (b"7", "7"),
    "a status of another request": (b"2", "2"),
    "a line": (b"7\n", "7"),
    "prose": (b"x" * 1024, "x" * 1024),
    "two lines": (b"What?\nTry again.\n", "What? Try again."),
    "controls": (b"\x1b[2J", "<U+001B>[2J"),
}


@pytest.mark.parametrize(("answer", "text"), NO_STATUS.values(), ids=NO_STATUS)
def test_no_status(answer: bytes, text: str) -> None:
    talk = Talk(Stage.LOBBY)
    *_, odd = talk.ask("join", "x", [answer])
    assert " ".join(talk.shown) == text
    assert odd == events.Odd("/join", text)
    assert talk.ask("join", "y", [b"0"]) == [events.Joined("y")]


def test_prose_again_and_again_is_no_answer_either() -> None:
    talk = Talk(Stage.LOBBY)
    happened = talk.ask("join", "x", [step for _ in range(100) for step in (b"wait\n", 0.5)])
    assert any(isinstance(event, events.Odd) for event in happened[:5])


def test_an_empty_answer() -> None:
    talk = Talk(Stage.LOBBY)
    assert talk.ask("join", "x", [b"\n", ANSWER_S]) == [events.Odd("/join", "")]
    assert talk.ask("join", "x", [b"0\n"]) == [events.Joined("x")]


def test_the_end_of_a_status_may_come_late() -> None:
    """`0` and its newline in two segments, the next request in between, and a slow server."""
    talk = Talk(Stage.LOBBY, fixed=LF)
    talk.session.join("x")
    talk.play(b"0")
    talk.session.set_nick("ann")
    talk.play(0.01, b"\n", 4.0, b"0\n")
    assert talk.happened == [events.Joined("x"), events.Named("ann")]


def test_prose_first_and_the_status_later() -> None:
    talk = Talk(Stage.LOBBY)
    talk.ask("join", "x", [b"One moment, please."])
    talk.play(b"0")
    assert talk.happened[-1] == events.Joined("x")


def test_a_reply_that_never_comes() -> None:
    talk = Talk(Stage.NAMING)
    assert talk.ask("set_nick", "ann", [ANSWER_S]) == [events.Silent("/nick", ANSWER_S)]
    assert talk.session.deadline is None
    assert talk.ask("set_nick", "bob", [b"0"]) == [events.Named("bob")]
    assert talk.sent == [b"/nick ann", b"/nick bob"]


def test_a_reply_that_comes_after_all() -> None:
    talk = Talk(Stage.NAMING)
    talk.ask("set_nick", "ann", [60.0, b"0"])
    assert talk.happened == [events.Silent("/nick", ANSWER_S), events.Named("ann")]


def test_a_nick_taken_fifty_times() -> None:
    talk = Talk(Stage.NAMING)
    for n in range(50):
        assert talk.ask("set_nick", f"ann{n}", [b"2"]) == [events.NickTaken(f"ann{n}")]
    assert talk.ask("set_nick", "ann", [b"0"]) == [events.Named("ann")]
    assert len(talk.sent) == 51


@pytest.mark.parametrize(
    ("arrivals", "heard"),
    [
        ([b"0You have joined a new room."], ["You have joined a new room."]),
        ([b"0", 0.04, b"You have joined a new room."], ["You have joined a new room."]),
        ([b"0bob> hi"], ["bob> hi"]),
        ([b"0\nbob> hi\n"], ["bob> hi"]),
        ([b"0\r", b"\nbob> hi\r\n"], ["bob> hi"]),
        ([b"0", 0.2, b"0"], ["0"]),
        ([b"00"], ["0"]),
        ([b"0ann has joined the room.  There are 2 people in the room.bob> hi"],
         ["ann has joined the room.  ", "There are 2 people in the room.", "bob> hi"]),
    ],
)  # fmt: skip
def test_what_follows_a_status_is_the_next_message(
    arrivals: list[bytes | float], heard: list[str]
) -> None:
    talk = Talk(Stage.NAMING)
    talk.ask("set_nick", "ann", arrivals)
    assert talk.session.stage == Stage.ROOM
    assert talk.heard == heard


# Whole sessions: what a server of that kind sends after each request.
SESSIONS = {
    "bare": [b"2", b"general", b"random", b"0", b"0You have joined a new room.", b"bob> hi all"],
    "lines": [
        b"2\ngeneral\nrandom\n", b"0\n", b"0\nYou have joined a new room.\n",
        b"bob> hi all\n"],
    "CR LF": [
        b"2\r\ngeneral\r\nrandom\r\n", b"0\r\n", b"0\r\nYou have joined a new room.\r\n",
        b"bob> hi all\r\n"],
    "NUL": [b"2\0general\0random\0", b"0\0", b"0\0You have joined a new room.\0", b"bob> hi all\0"],
    "padded": [
        b"".join(x.ljust(1024, b"\0") for x in xs)
        for xs in ([b"2", b"general", b"random"], [b"0"], [b"0", b"You have joined a new room."],
                   [b"bob> hi all"])],
    "one send": [b"2\ngeneral\nrandom", b"0", b"0You have joined a new room.", b"bob> hi all"],
}  # fmt: skip
HAPPENED = [
    events.Rooms({"general": b"general", "random": b"random"}, 2, "2 general random", True),
    events.Joined("general"),
    events.Named("ann"),
    events.Heard(["You have joined a new room."], {0: None}),
    events.Heard(["bob> hi all"], {}),
]


def session(name: str, bytewise: bool) -> Talk:
    """Play a session; each arrival byte by byte, or whole."""
    talk = Talk()
    requests = [("list_rooms",), ("join", "general"), ("set_nick", "ann")]
    arrivals = list(SESSIONS[name])
    while arrivals:
        if requests and talk.session.request is None:
            what, *names = requests.pop(0)
            getattr(talk.session, what)(*names)
        data = arrivals.pop(0)
        talk.play(*(byte_by_byte(data, 0.0002) if bytewise else [data]), 0.7)
    talk.timeline.wait(3.0)
    return talk


@pytest.mark.parametrize("name", SESSIONS)
@pytest.mark.parametrize("bytewise", [False, True], ids=["whole", "byte by byte"])
def test_a_session(name: str, bytewise: bool) -> None:
    """The same events, however it is split."""
    talk = session(name, bytewise)
    rooms, *happened = [event for event in talk.happened if not isinstance(event, events.Listing)]
    assert isinstance(rooms, events.Rooms)
    assert ([*rooms.rooms], rooms.announced) == (["general", "random"], 2)
    assert happened == HAPPENED[1:]
    assert talk.sent == [b"/list", b"/join general", b"/nick ann"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_every_cut_in_two(end: bytes) -> None:
    """The answers to `/nick`, split at every place, with and without a pause."""
    whole = end.join([b"0", "caf\u00e9 \U0001f600".encode(), b"bob> hi", b""])
    for cut in range(len(whole) + 1):
        for pause in (0.0, 0.02):
            talk = Talk(Stage.NAMING, fixed=LF)
            steps = [step for step in (whole[:cut], pause, whole[cut:]) if step]
            talk.ask("set_nick", "ann", steps)
            assert talk.heard == ["café 😀", "bob> hi"], cut


def test_a_long_list_is_no_silence() -> None:
    """Forty rooms at the course's pace take six seconds, but the answer has begun."""
    talk = Talk()
    rooms = {f"room{n}": b"room%d" % n for n in range(40)}
    script = [step for n in range(40) for step in (0.15, b"room%d" % n)]
    assert talk.ask("list_rooms", answer=[b"40", *script]) == [
        events.Rooms(rooms, 40, "40" + "".join(rooms), True)
    ]
    assert talk.sent == [b"/list"]


def test_a_greeting_is_waited_for() -> None:
    """`Welcome.` and `3`, which a busy machine reads as one, would leave `/list` unanswered."""
    session = Session(10.0)
    session.list_rooms()
    assert session.send(10.0) == (None, [])
    assert session.send_due == 10.0 + GREETING_S
    assert session.send(10.0 + GREETING_S) == (b"/list", [])
    assert session.send_due is None


def test_a_greeting_is_no_answer_to_the_list() -> None:
    """Nor is it shown once more, when the same is asked on the next connection."""
    ending = Ending()
    first, second = Talk(ending=ending), Talk(ending=ending)
    assert first.ask("list_rooms", answer=[b"Welcome.\n"]) == [
        events.ServerSaid(["Welcome."]), events.AskAgain(),
    ]  # fmt: skip
    answer = [b"Welcome.\n", 0.1, b"1\ngeneral\n"]
    assert second.ask("list_rooms", answer=answer) == [
        events.Rooms({"general": b"general"}, 1, "1 general", True)
    ]
    assert (first.sent, second.sent) == ([b"/list"], [b"/list\n"])


def test_what_is_behind_a_list_that_a_status_hid_is_shown() -> None:
    talk = Talk()
    talk.ask("list_rooms", answer=[b"220 Welcome\n1\ngeneral\nbob is here\n"])
    assert talk.happened == [
        events.ServerSaid(["220 Welcome"]),
        events.Rooms({"general": b"general"}, 1, "1 general", True),
        events.ServerSaid(["bob is here"]),
    ]


def test_a_refusal_in_words_is_shown_although_the_list_is_asked_for_again() -> None:
    talk = Talk(ending=Ending(None, LF))
    talk.session.list_rooms()
    talk.play(b"1 bad command\n", 2.0)
    assert talk.sent == [b"/list\n"]
    assert talk.happened == [events.ServerSaid(["bad command"]), events.AskAgain()]


def test_a_server_that_never_lists_can_be_joined() -> None:
    """The answer to `/join` is not read as an empty list of rooms."""
    talk = Talk()
    assert talk.ask("list_rooms", answer=[10.0]) == [events.Silent("/list", ANSWER_S)]
    assert talk.ask("join", "general", [b"0\r\n"]) == [events.Joined("general")]
    assert talk.sent == [b"/list", b"/join general"]


def test_a_list_that_comes_too_late_is_still_a_list() -> None:
    talk = Talk()
    talk.ask("list_rooms", answer=[20.0, b"1\ngeneral\n"])
    assert talk.happened[-1] == events.Rooms({"general": b"general"}, 1, "1 general", True)


def test_never_two_requests_at_once() -> None:
    """What is asked meanwhile waits for its turn; of several only the last is meant."""
    talk = Talk(Stage.LOBBY, fixed=BARE)
    talk.session.list_rooms()
    talk.play(0.5)
    talk.session.join("a")
    talk.session.join("b")
    talk.play(0.5)
    assert talk.sent == [b"/list"]
    assert talk.session.request == "/list"
    talk.play(b"0", 0.2, b"1")
    assert talk.sent == [b"/list", b"/join b"]


@pytest.mark.parametrize(("stage", "sent"), [
    (Stage.LOBBY, [b"/join x"]),
    (Stage.NAMING, [b"/nick x"]),
    (Stage.ROOM, [b"x", b"/who"]),
])  # fmt: skip
def test_a_request_of_another_stage_is_dropped(stage: str, sent: list[bytes]) -> None:
    """Its stage has passed with what the server said meanwhile."""
    talk = Talk(stage)
    talk.session.list_rooms()
    talk.session.join("x")
    talk.session.set_nick("x")
    talk.session.say("x")
    assert talk.session.who() == (stage == Stage.ROOM)
    talk.play(2.0)
    assert talk.sent == sent


def test_a_long_message_is_sent_in_pieces_and_comes_back_as_such() -> None:
    talk = Talk(Stage.ROOM, fixed=LF)
    text = "word " * 500
    talk.session.say(text)
    talk.play(0.1)
    assert len(talk.sent) == 3
    assert all(len(data) <= 1024 for data in talk.sent)
    assert b"".join(talk.sent).replace(b"\n", b"") == text.encode()
    talk.play(*(b"<ann> " + data for data in talk.sent), 1.0)
    assert talk.heard == []


@pytest.mark.parametrize(("ending", "pause"), [(BARE, True), (LF, False), (CRLF, False)])
def test_quick_messages_to_a_bare_server_are_paced(ending: str, pause: bool) -> None:
    talk = Talk(Stage.ROOM, fixed=ending)
    for n in range(5):
        talk.session.say(f"line {n}")
    talk.play(0.001)
    assert len(talk.sent) == (1 if pause else 5)
    assert len(talk.session.outbox.waiting) == (4 if pause else 0)
    talk.play(5.0)
    assert [data.strip() for data in talk.sent] == [b"line %d" % n for n in range(5)]


def test_what_came_before_a_message_is_shown_before_it() -> None:
    talk = Talk(Stage.NAMING, fixed=BARE)
    talk.session.set_nick("ann")
    talk.play(b"0You have joined a new room.")
    talk.session.say("hi")
    talk.play(1.0)
    assert talk.happened == [
        events.Named("ann"), events.Heard(["You have joined a new room."], {0: None}),
        events.Sent("hi"),
    ]  # fmt: skip


def test_blank_messages_are_never_sent() -> None:
    talk = Talk(Stage.ROOM)
    for text in ("", " ", "\t", "\u3000"):
        talk.session.say(text)
    talk.play(5.0)
    assert talk.sent == []


def test_a_message_and_then_logout_are_two_messages() -> None:
    """Whenever they are typed: a thousand times."""
    for n in range(1000):
        talk = Talk(Stage.ROOM)
        talk.session.say("bye")
        talk.play(n / 1000)
        talk.session.logout(talk.now)
        talk.play(LEAVE_S)
        assert talk.sent == [b"bye", b"/logout"]
        assert talk.happened[-1] == events.LoggedOut()


def test_leaving_waits_for_what_is_on_its_way_but_not_for_ever() -> None:
    talk = Talk(Stage.ROOM)
    for n in range(100):
        talk.session.say(f"line {n}")
    talk.session.logout(talk.now)
    talk.play(20.0)
    *lines, last = talk.sent
    [unsent] = [event for event in talk.happened if isinstance(event, events.Unsent)]
    assert last == b"/logout"
    assert [data.decode() for data in lines] + unsent.texts == [f"line {n}" for n in range(100)]
    assert lines
    assert talk.session.stage == Stage.OUT


def test_leaving_does_not_wait_for_a_network_that_takes_nothing() -> None:
    talk = Talk(Stage.ROOM, fixed=LF)
    talk.session.say("one")
    talk.pump()
    talk.stuck = True
    talk.session.say("two")
    talk.session.logout(talk.now)
    talk.timeline.wait(20.0)
    assert talk.happened == [events.Sent("one"), events.Unsent(["two"]), events.LoggedOut()]
    assert talk.session.deadline is None


@pytest.mark.parametrize(("stage", "asked", "sent"), [
    (Stage.LOBBY, None, [b"/logout"]),
    (Stage.LOBBY, "list_rooms", [b"/list"]),
    (Stage.NAMING, None, []),
    (Stage.ROOM, None, [b"/logout"]),
])  # fmt: skip
def test_leaving_at_once(stage: str, asked: str | None, sent: list[bytes]) -> None:
    """`/logout` goes where it is understood: during an answer, or while naming, it is not."""
    talk = Talk(stage)
    if asked:
        getattr(talk.session, asked)()
    talk.pump()
    talk.session.logout(talk.now)
    talk.pump()
    assert talk.happened == [events.LoggedOut()]
    talk.play(b"0", 20.0)
    assert talk.sent == sent
    assert talk.session.stage == Stage.OUT


def test_the_end_gives_out_what_is_left() -> None:
    """A half line, a half list, and what may have been an echo."""
    talk = Talk(Stage.ROOM, fixed=LF)
    talk.session.say("yes")
    talk.play(b"bob> hi\n", b"yes\n", b"eve> caf\xc3")
    talk.close()
    assert talk.heard == ["bob> hi", "eve> caf\ufffd", "yes"]
    talk = Talk()
    talk.session.list_rooms()
    talk.play(b"3\ngeneral\nran")
    talk.close()
    assert talk.happened == [events.ServerSaid(["3 general ran"])]


@pytest.mark.parametrize("stage", [Stage.LOBBY, Stage.NAMING, Stage.ROOM])
def test_after_the_end_nothing_is_due(stage: str) -> None:
    talk = Talk(stage)
    if stage == Stage.ROOM:
        talk.session.say("hi")
        talk.session.who()
    else:
        (talk.session.list_rooms if stage == Stage.LOBBY else lambda: talk.session.set_nick("x"))()
    talk.play(b"\n", 0.01)
    talk.close()
    assert talk.session.deadline is None
    assert talk.session.send_due is None
    assert talk.session.send(talk.now + 60) == (None, [])


JOINS = "ann has joined the room."
BESIDE: dict[str, tuple[list[bytes | float], list[str]]] = {
    "a text without an end, and at once the status": ([JOINS.encode(), 0.01, b"0"], [JOINS]),
    "in one piece": ([JOINS.encode() + b"0"], [JOINS + "0"]),
    "a prompt without an end, on a server of lines": ([b"Nick: ", 0.01, b"0\n"], ["Nick:"]),
    "chat while naming": ([b"bob> hi all", 0.01, b"0", 0.01, b"Welcome."], ["bob> hi all"]),
    "a text that begins with a digit": ([b"100% agree\n", b"0\n"], ["100% agree"]),
    "a text that begins like a refusal": ([b"2 are here\n", 0.1, b"0\n"], [" are here"]),
    "ended by LF CR": ([b"0\n\r"], []),
}


@pytest.mark.parametrize(("answer", "said"), BESIDE.values(), ids=BESIDE)
def test_a_status_beside_other_texts(answer: list[bytes | float], said: list[str]) -> None:
    talk = Talk(Stage.NAMING)
    happened = talk.ask("set_nick", "ann", answer)
    assert events.Named("ann") in happened
    assert talk.session.stage == Stage.ROOM
    shown = [event for event in happened if isinstance(event, events.ServerSaid)]
    assert [text.rstrip() for event in shown for text in event.texts] == said


def test_what_is_under_way_is_not_asked_for_again() -> None:
    """A late answer would leave the second `/nick` to be read as chat."""
    talk = Talk(Stage.NAMING, fixed=LF)
    talk.session.set_nick("ann")
    talk.play(5.0)
    talk.session.set_nick("ann")
    talk.session.set_nick("eve")
    talk.play(4.0, b"0\n", 1.0)
    assert talk.sent == [b"/nick ann\n"]
    assert talk.happened == [events.Silent("/nick", ANSWER_S), events.Named("ann")]


def test_an_end_that_was_forgotten() -> None:
    """After a while the next message is not taken for the rest of the one before."""
    talk = Talk(Stage.ROOM, fixed=LF)
    talk.play(*[b"bob> hi\n"] * 25, b"bob> no end", 0.5, b"eve> ended\n", b"bo", 0.5, b"b> x\n")
    assert talk.heard[-3:] == ["bob> no end", "eve> ended", "bob> x"]


def test_one_s_own_echo_is_told_apart_from_what_came_just_before() -> None:
    talk = Talk(Stage.ROOM)
    talk.session.say("ok then")
    talk.pump()
    talk.play(b"bob: some words", 0.001, b"ann: ok then", 1.0)
    assert talk.heard == ["bob: some words"]


def test_a_quick_echo_is_no_name_and_a_name_no_echo() -> None:
    talk = Talk(Stage.ROOM, fixed=LF)
    talk.session.say("ok")
    talk.session.who()
    talk.play(b"ok\n", 0.1, b"Users here:\n", b"ann\n", b"bob\n", 2.0)
    assert [event.names for event in talk.happened if isinstance(event, events.Who)] == [
        ["ann", "bob"]
    ]
    talk = Talk(Stage.ROOM, fixed=LF)
    talk.session.say("bob")
    talk.session.who()
    talk.play(b"Users here:\nann\nbob\n", 2.0)
    assert [event.names for event in talk.happened if isinstance(event, events.Who)] == [
        ["ann", "bob"]
    ]


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize("pause", [0.1, 3.0])
def test_replies_padded_with_blanks(end: bytes, pause: float) -> None:
    def padded(text: bytes) -> bytes:
        return (text + end).ljust(1024)

    talk = Talk()
    talk.session.list_rooms()
    talk.play(padded(b"2"), 0.15, padded(b"my room"), 0.15, padded(b"random"), 0.7)
    listed = next(event for event in talk.happened if isinstance(event, events.Rooms))
    assert (list(listed.rooms), listed.complete) == (["my room", "random"], True)
    talk.session.join("my room")
    talk.play(padded(b"0"), pause)
    talk.session.set_nick("ann")
    talk.play(padded(b"0"), pause, padded(b"bob> hi"), pause)
    assert talk.session.stage == Stage.ROOM
    assert [text.rstrip() for text in talk.heard] == ["bob> hi"]
    assert not [event for event in talk.happened if isinstance(event, events.ServerSaid)]
    assert talk.sent == [b"/list", b"/join my room", b"/nick ann"]


def test_buffers_that_were_sent_whole() -> None:
    """`send(fd, buffer, sizeof buffer, 0)` in C: after the NUL is what was there before."""

    def buffer(text: bytes, before: bytes = b"/nick somebody-with-a-long-name") -> bytes:
        return (text + b"\0" + before[len(text) + 1 :]).ljust(1024, b"\0")

    talk = Talk()
    rooms = talk.ask("list_rooms", "", [buffer(b"2") + buffer(b"ab"), 0.1, buffer(b"random")])
    [listed] = [event for event in rooms if isinstance(event, events.Rooms)]
    assert [*listed.rooms] == ["ab", "random"]
    assert talk.ask("join", "general", [buffer(b"0")]) == [events.Joined("general")]
    assert talk.ask("set_nick", "ann", [buffer(b"0")]) == [events.Named("ann")]
    talk.play(buffer(b"bob> hi"), 0.1, buffer(b"bob> " + b"x" * 1018), 1.0)
    assert talk.heard == ["bob> hi", "bob> " + "x" * 1018]


def test_two_messages_of_a_bare_server_at_once() -> None:
    talk = Talk(Stage.ROOM)
    talk.play(b"bob> hi", 0.001, b"eve> ho", 0.001, b" there", 0.2)
    assert talk.heard == ["bob> hi", "eve> ho there"]
