"""What the terminal sends, in the program: only keys do anything, and nothing is sent unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.sequences import Sequences
from tests.support.stages import LINES, Chat, Serve, Stages, enter, painted

TERMS = ["xterm-256color", "screen-256color", "tmux-256color", "linux", "rxvt"]
# Answers to questions that others asked, and a mouse that others left on.
NOISE = [
    b"\x1b[<35;10;5M", b"\x1b[<0;10;5M\x1b[<0;10;5m", b"\x1b[32;10;5M", b"\x1b[M !!",
    b"\x1b[24;1R", b"\x1b[?24;1R", b"\x1b[?1;2c", b"\x1b[?2004;1$y", b"\x1b[?7u", b"\x1b[8;24;80t",
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07", b"\x1bP>|tmux 3.3a\x1b\\", b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b[1;1:3A", b"\x1b[97;1:3u",
]  # fmt: skip


@pytest.mark.parametrize("term", TERMS)
def test_noise_does_nothing_in_the_room(chat: Chat, serve: Serve, term: str) -> None:
    server = serve("lf")
    ann = enter(chat, server.address, env={"TERM": term})
    ann.type("half a messa")
    ann.wait(painted("ann› ", "half a messa"))
    for noise in NOISE:
        ann.send(noise)
    ann.send(b"".join(NOISE))
    ann.type("ge")
    ann.wait(painted("ann› ", "half a message"))
    assert "half" not in "".join(server.commands)
    ann.press("Enter")
    server.wait(lambda: server.commands[-1] == "half a message")


@pytest.mark.parametrize("stage", ["lobby", "naming", "overlay"])
def test_noise_does_nothing_elsewhere(chat: Chat, home: Path, stage: str) -> None:
    stages = Stages(chat, home)
    try:
        ann = stages.start(stage)
        ann.wait(lambda terminal: terminal.mode(2004))
        before = len(stages.server.commands)
        ann.send(b"".join(NOISE))
        ann.press("F1", "C-l")
        if stage == "overlay":
            ann.wait_gone("Esc closes")
        else:
            ann.wait("Esc closes")
        assert len(stages.server.commands) == before
    finally:
        stages.close()


UNMARKED = {
    "in the room": b"one\rtwo\r/logout\r",
    "with colours": b"\x1b[31mone\x1b[0m\r\x1b[1mtwo\r/logout\r",
}


@pytest.mark.parametrize("data", UNMARKED.values(), ids=UNMARKED)
def test_a_paste_that_nobody_marked_is_asked_about(chat: Chat, serve: Serve, data: bytes) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    ann.send(data)
    ann.wait("Pasted 3 lines")
    ann.press("Esc")
    ann.wait_gone("Pasted 3 lines")
    ann.type("alive")
    ann.press("Enter")
    server.wait(lambda: server.commands[-1] == "alive")
    assert "one" not in server.commands


def test_it_chooses_no_room_and_no_nick(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = chat(server.address, *LINES)
    ann.wait("This is the lobby")
    ann.send(b"one\rtwo\rthree\r")
    ann.wait("Pasted 3 lines")
    assert not [command for command in server.commands if command.startswith(("/join", "/nick"))]


def test_a_line_and_its_enter_at_once_are_sent(chat: Chat, serve: Serve) -> None:
    """`tmux send-keys hello Enter` sends them so, and so does a slow connection."""
    server = serve("lf")
    ann = enter(chat, server.address)
    ann.send(b"hello\r")
    server.wait(lambda: server.commands[-1] == "hello")


STALLED = {
    "one line before": ([b"\x1b[200~rm x", b"\r/logout\rthree\x1b[201~"], "three"),
    "two lines before": ([b"\x1b[200~rm x\rrm y", b"\r/logout\rthree\x1b[201~"], "three"),
}


@pytest.mark.parametrize(("pieces", "last"), STALLED.values(), ids=STALLED)
def test_a_paste_that_stalls(chat: Chat, serve: Serve, pieces: list[bytes], last: str) -> None:
    """Nothing of its tail is typed."""
    server = serve("lf")
    ann = enter(chat, server.address)
    before = list(server.commands)
    ann.send(pieces[0])
    ann.wait("rm x")  # what came is shown when it has been silent for long
    ann.send(pieces[1])
    ann.wait(last)
    assert "Pasted" in ann.text
    assert server.commands == before


def test_keys_of_other_protocols_are_plain_keys(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    for sequence, typed in [
        (b"\x1b[97u", "a"), (b"\x1b[32;2u\x1b[98u", "a b"), (b"\x1b[27;2;32~c", "a b c"),
        (b"\x1b[127;2u", "a b"), (b"\x1bOq\x1bOr", "a b 12"), (b"\x1bOk", "a b 12+"),
    ]:  # fmt: skip
        ann.send(sequence)
        ann.wait(lambda terminal, typed=typed: terminal.screen[-1] == f"ann› {typed}")
    ann.send(b"\x1b[13;2u")
    server.wait(lambda: server.commands[-1] == "a b 12+")
    ann.send(b"\x1b[[A")
    ann.wait("Esc closes")
    ann.send(b"\x1b[99;5u")
    ann.wait_gone("Esc closes")
    ann.send(b"\x1b[113;5u")
    assert ann.wait_exit() == 0
    assert ann.restored()


def test_a_torn_arrow_types_nothing(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    ann.press("F3")
    ann.wait("Esc back")
    ann.send(b"\x1b")
    ann.wait_gone("Esc back")  # it was a key, as no more came for so long
    ann.send(b"[C")
    ann.type("x")
    ann.wait(painted("ann› ", "x"))


def test_a_wheel_that_sends_cursor_keys_changes_no_line(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    ann.type("one")
    ann.press("Enter")
    server.wait(lambda: server.commands[-1] == "one")
    ann.type("two")
    ann.send(b"\x1bOA" * 3)
    ann.type("!")
    ann.wait("› two!")


@pytest.mark.parametrize("begun", [b"\x1b[<", b"\x1b[<0;3", b"\x1b[M", b"\x1b]11;rgb:"])
def test_a_report_that_does_not_end_leaves_the_program_alive(
    chat: Chat, serve: Serve, begun: bytes
) -> None:
    ann = enter(chat, serve("lf").address, "--mouse")
    ann.wait(lambda terminal: terminal.mode(1000) and terminal.mode(1006))
    ann.send(begun)
    ann.resize(90, 20)
    ann.press("C-c")
    ann.press("F1")
    ann.wait("Esc closes")


def test_the_modes_that_would_fill_the_input_are_switched_off(chat: Chat, serve: Serve) -> None:
    ann = enter(chat, serve("lf").address)
    for mode in (1000, 1002, 1003, 1005, 1006, 1007, 1015):
        assert b"\x1b[?%dl" % mode in ann.raw
    assert b"\x1b=" not in ann.raw
    ann.press("F10")
    assert ann.wait_exit() == 0
    assert ann.raw.rstrip().rindex(b"\x1b[?1007r") > ann.raw.index(b"\x1b[?1007s")


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (80, 24)])
def test_modes_are_written_between_sequences(
    chat: Chat, serve: Serve, size: tuple[int, int]
) -> None:
    ann = chat(serve("lf").address, cols=size[0], rows=size[1], env={"TERM": "linux"})
    ann.wait(lambda terminal: terminal.mode(2004))
    ann.press("F10")
    ann.wait_exit()
    Sequences("linux").text(ann.raw.replace(b"\r", b"").replace(b"\n", b"").replace(b"\x08", b""))


def test_a_flood_of_keys_hides_nothing(chat: Chat, serve: Serve) -> None:
    """Frames are painted meanwhile, and a signal ends the program."""
    ann = enter(chat, serve("lf").address)
    ann.send(b"\x1b[D\x1b[C" * 200_000)
    ann.resize(90, 20)
    ann.wait(lambda terminal: len(terminal.screen) == 20 and "#general" in terminal.text, 2)
    ann.signal(15)
    assert ann.wait_exit(2) == 143
