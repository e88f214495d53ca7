"""The tests' own tools: the terminal, the servers of many dialects, and the bad link."""

from __future__ import annotations

import errno
import itertools
import select
import signal
import socket
import sys
from collections.abc import Callable

import pytest

from tests.support.dialects import DIALECTS, DialectServer, Fate, Items
from tests.support.emulator import Emulator
from tests.support.faults import FaultProxy, black_hole
from tests.support.keyboard import key_bytes
from tests.support.terminal import Terminal, bordered

# Shows each key it gets and its size; leaves at `q`. With "rude" it leaves everything as it is.
PROGRAM = """
import curses, os, signal, sys
def show(screen, last):
    screen.erase()
    lines, cols = screen.getmaxyx()
    screen.addstr(0, 0, f"{cols}x{lines} {last}"[:cols - 1], curses.A_BOLD)
    screen.refresh()
def main(screen):
    curses.raw()
    curses.set_escdelay(25)
    last = "ready"
    while last != "q":
        show(screen, last)
        last = curses.keyname(screen.getch()).decode()
        if last == "^Z":
            curses.endwin()
            os.kill(os.getpid(), signal.SIGTSTP)
            last = "back"
if "rude" in sys.argv:
    screen = curses.initscr()
    curses.raw()
    sys.stdout.write("\\x1b[?2004h\\x1b[?25l\\x1b]2;rude\\x07")
    sys.stdout.flush()
    show(screen, "ready")
    os._exit(3)
curses.wrapper(main)
print("told after the restore")
"""
CURSES = [sys.executable, "-c", PROGRAM]

Start = Callable[..., Terminal]


def test_keys_go_in_and_the_screen_comes_out(terminal: Start) -> None:
    running = terminal(CURSES, cols=60, rows=10)
    running.wait("60x10 ready")
    assert running.alternate
    assert running.cells("ready")[0].bold
    for key, name in {
        "Up": "KEY_UP", "PageUp": "KEY_PPAGE", "F2": "KEY_F(2)", "F10": "KEY_F(10)", "C-x": "^X",
        "S-Tab": "KEY_BTAB", "Home": "KEY_HOME", "C-_": "^_", "Esc": "^[", "a": "a",
    }.items():  # fmt: skip
        running.press(key)
        running.wait(f"60x10 {name}\n")
    running.type("q")
    assert running.wait_exit() == 0
    running.wait("told after the restore")
    assert not running.alternate
    assert "60x10" not in running.text
    assert running.restored()


def test_a_new_size_reaches_the_program(terminal: Start) -> None:
    program = (
        "import os, signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH])\n"
        "print('ready', flush=True); signal.sigwait([signal.SIGWINCH])\n"
        "print(*os.get_terminal_size())"
    )
    running = terminal([sys.executable, "-c", program], cols=60, rows=10)
    running.wait("ready")
    running.resize(44, 7)
    running.wait("44 7")
    assert len(running.screen) == 7


def test_ctrl_z_stops_and_the_foreground_continues(terminal: Start) -> None:
    running = terminal(CURSES)
    running.wait("ready")
    running.press("C-z")
    running.wait_stopped()
    assert running.restored()
    running.foreground()
    running.wait("back")


def test_signals_and_exit_statuses(terminal: Start) -> None:
    running = terminal([sys.executable, "-c", "print('up', flush=True); input()"])
    running.wait("up")
    running.signal(signal.SIGTERM)
    assert running.wait_exit() == -signal.SIGTERM
    assert terminal(["sh", "-c", "exit 69"]).wait_exit() == 69
    assert terminal(["no-such-program"]).wait_exit() == 127


def test_a_terminal_that_vanishes_hangs_the_program_up(terminal: Start) -> None:
    running = terminal(["sh", "-c", "echo ready; exec sleep 60"])
    running.wait("ready")
    running.hang_up()
    assert running.wait_exit() == -signal.SIGHUP


def test_what_a_rude_program_leaves_behind_is_named(terminal: Start) -> None:
    running = terminal([*CURSES, "rude"])
    assert running.wait_exit() == 3
    with pytest.raises(AssertionError) as failure:
        running.restored()
    for fault in ("other termios", "alternate screen", "visible cursor", "paste", "'rude'"):
        assert fault in str(failure.value)


def test_a_wait_in_vain_shows_the_screen(terminal: Start) -> None:
    running = terminal(["sh", "-c", "echo hello"], cols=12, rows=2)
    with pytest.raises(AssertionError) as failure:
        running.wait("good bye")
    assert "'good bye'" in str(failure.value)
    assert "│hello       │" in str(failure.value)
    assert "status 0" in str(failure.value)


def test_a_paste_is_in_brackets_if_asked_for(terminal: Start) -> None:
    program = (
        "import sys, tty; tty.setraw(0); sys.stdout.write('\\x1b[?2004h> '); sys.stdout.flush();"
        "data = b''\n"
        "while not data.endswith(b'~'): data += sys.stdin.buffer.raw.read(4096)\n"
        "print(len(data), ascii(data[:9]), end='', flush=True)"
    )
    running = terminal([sys.executable, "-c", program])
    running.wait(">")
    running.paste("a\nb" + "c" * 100_000)
    running.wait(r"100015 b'\x1b[200~a\rb'")


def test_the_environment_is_clean(terminal: Start) -> None:
    running = terminal(["sh", "-c", "echo $TERM $LANG $HOME; pwd; echo [$LC_ALL$TZ]"])
    assert running.wait("[UTC]").startswith("xterm-256color C.UTF-8 /")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"ab\x1b[3bc", "abbbbc"),
        (b"a\x1b[>4;1mb\x1b[?1;2cc", "abc"),
        (b"a\x1b[!pb\x1b[<uc\x1b[=1;1ud", "abcd"),
        (b"a\x1bP1;2|junk\x1b\\b", "ab"),
        (b"a\x1b]52;c;aGk=\x07b\x1b]0;title\x1b\\c", "abc"),
        (b"a\x1b(0\x1b(Bb\x1b=\x1b>c", "abc"),
        ("中a\u0301b".encode(), "中\u00e1b"),
        (b"one\x1b[?1049htwo\x1b[?1049l three", "one three"),
    ],
)
def test_the_emulator_shows_what_an_xterm_shows(written: bytes, shown: str) -> None:
    whole, bytewise = Emulator(20, 3), Emulator(20, 3)
    whole.feed(written)
    for byte in written:
        bytewise.feed(bytes([byte]))
    assert whole.rows() == bytewise.rows() == [shown, "", ""]


def test_the_title_is_pushed_and_popped() -> None:
    emulator = Emulator(20, 3)
    emulator.feed(b"\x1b]2;old\x07\x1b[22;0;0t\x1b]2;new\x07")
    assert emulator.screen.title == "new"
    emulator.feed(b"\x1b[23;0;0t")
    assert emulator.screen.title == "old"


def test_a_box_is_as_wide_in_every_row() -> None:
    assert bordered(["中a", "", "e\u0301"]).splitlines() == [
        "┌───┐",
        "│中a│",
        "│   │",
        "│e\u0301  │",
        "└───┘",
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("C-Home", b"\x1b[1;5H"), ("M-w", b"\x1bw"), ("C-q", b"\x11"), ("S-F1", b"\x1b[1;2P"),
        ("C-Delete", b"\x1b[3;5~"), ("M-Enter", b"\x1b\r"), ("C-M-x", b"\x1b\x18"), ("-", b"-"),
        ("C-Space", b"\0"), ("M-Backspace", b"\x1b\x7f"), ("Down", b"\x1b[B"), ("é", b"\xc3\xa9"),
    ],
)  # fmt: skip
def test_key_names(name: str, data: bytes) -> None:
    assert key_bytes(name) == data


def test_a_name_that_is_no_key() -> None:
    with pytest.raises(ValueError, match="Entr is not"):
        key_bytes("Entr")


class Peer:
    """A client that can do nothing but send and wait for bytes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self.socket.settimeout(10)
        self.got = b""

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, data: bytes, answer: bytes) -> None:
        self.send(data)
        self.expect(answer)

    def expect(self, data: bytes) -> None:
        """Read until exactly these bytes have come, since the last that were expected."""
        while len(self.got) < len(data) and self.got == data[: len(self.got)]:
            piece = self.socket.recv(len(data) - len(self.got))
            assert piece, f"ended after {self.got!r}"
            self.got += piece
        assert self.got == data
        self.got = b""

    def enter(self, room: bytes, nick: bytes, *notices: bytes) -> None:
        self.ask(b"/join " + room, b"0")
        self.ask(b"/nick " + nick, b"0" + b"".join(notices))


def test_two_people_chat_as_on_the_course_server() -> None:
    server = DialectServer("course", gap=0.0, poll=0.0)
    with server, Peer(server.port) as ann, Peer(server.port) as dave:
        ann.ask(b"/list", b"3generalrandomRoom42")
        ann.ask(b"/join no room\n", b"1")
        ann.enter(b"new", b"ann", b"You have joined a new room.")
        dave.ask(b"/join new", b"0")
        dave.ask(b"/nick ann", b"2")
        dave.ask(b"/nick dave", b"0dave has joined the room.  There are 2 people in the room.")
        ann.expect(b"dave has joined the room.  There are 2 people in the room.")
        ann.send(b"hello")
        dave.expect(b"ann> hello")
        dave.ask(b"/who", b"Users in this room:anndave")
        assert server.members("new") == ["ann", "dave"]
        dave.send(b" \n")
        ann.expect(b"dave has left the room.")
        ann.send(b"/logout")
        assert ann.socket.recv(1) == b""
    assert server.received[0].commands[-2:] == ["hello", "/logout"]
    assert server.received[0].data.endswith(b"/nick annhello/logout")
    assert server.received[0].ended == "closed"


@pytest.mark.parametrize(
    ("dialect", "sent", "answer"),
    [
        ("lf", b"/list\n", b"2\na\nb\n"),
        ("crlf", b"/list\n\r\n/list\r\n", b"1\r\n2\r\na\r\nb\r\n"),
        ("bare-exact", b"/list\n", b"1"),
        ("nul", b"/list\r\n", b"2\0a\0b\0"),
        ("nul-padded", b"/list", b"".join(p.ljust(1024, b"\0") for p in (b"2", b"a", b"b"))),
        ("chunks-in-lines-out", b"/list\n/list", b"2\na\nb\n" * 2),
        ("list-one-send", b"/list", b"2\na\nb"),
        ("glued", b"/list", b"2ab"),
        ("dribble-lf", b"/list\n", b"2\na\nb\n"),
        ("greeting-lf", b"/list\n", b"Welcome to the chat.\nTry /list or /join.\n2\na\nb\n"),
    ],
)
def test_dialects_of_a_list(dialect: str, sent: bytes, answer: bytes) -> None:
    with DialectServer(dialect, rooms={"a": (), "b": ()}) as server, Peer(server.port) as peer:
        peer.ask(sent, answer)


def test_a_strict_line_reader_does_not_answer_other_ends() -> None:
    with DialectServer("crlf") as server, Peer(server.port) as peer:
        peer.send(b"/list\n")
        server.wait(lambda: server.received and server.received[0].data == b"/list\n")
        assert server.commands == []


@pytest.mark.parametrize(
    ("dialect", "own", "other"),
    [
        ("lf-echo-colon", b"ann: hi\n", b"ann: hi\n"),
        ("crlf-echo-angle", b"<ann> hi\r\n", b"<ann> hi\r\n"),
        ("bare-text-echo", b"hi", b"hi"),
    ],
)
def test_echoes_and_relays(dialect: str, own: bytes, other: bytes) -> None:
    quiet = {"welcome": None, "joined": None, "people": None}
    with DialectServer(dialect, **quiet) as server:
        end = server.dialect.end
        with Peer(server.port) as ann, Peer(server.port) as dave:
            for peer, nick in ((ann, b"ann"), (dave, b"dave")):
                peer.ask(b"/join general" + end, b"0" + end)
                peer.ask(b"/nick " + nick + end, b"0" + end)
            ann.ask(b"hi" + end, own)
            dave.expect(other)


@pytest.mark.parametrize(
    ("knobs", "answer"),
    [
        ({"users_as": Items.COMMAS}, b"Users in this room: bob, ann"),
        ({"who_head": "{n}", "users_as": Items.LINES}, b"2\nbob\nann"),
        ({"who_head": None}, b"bobann"),
    ],
)
def test_dialects_of_who(knobs: dict[str, object], answer: bytes) -> None:
    server = DialectServer("bare-exact", joined=None, people=None, **knobs)
    with server, Peer(server.port) as ann:
        ann.enter(b"general", b"ann")
        ann.ask(b"/who", answer)


def test_chat_amid_a_list() -> None:
    server = DialectServer("lf", joined=None, people=None, gap=0.2, chat_waits=False)
    with server, Peer(server.port) as ann:
        ann.ask(b"/join general\n", b"0\n")
        ann.ask(b"/nick ann\n", b"0\n")
        ann.ask(b"/who\n", b"Users in this room:\n")
        server.say("hello")
        ann.expect(b"bob> hello\nbob\nann\n")


def test_answers_that_are_none() -> None:
    odd = {"join": ["7", b"", b"x" * 1024], "nick": [Fate.RESET]}
    with DialectServer("lf", instead=odd) as server, Peer(server.port) as peer:
        peer.ask(b"/join a\n", b"7\n")
        peer.send(b"/join b\n")
        peer.ask(b"/join c\n", b"x" * 1024)
        peer.ask(b"/join d\n", b"0\n")
        peer.send(b"/nick ann\n")
        with pytest.raises(ConnectionResetError):
            peer.socket.recv(1)


def test_a_farewell_before_a_reset_can_be_read() -> None:
    with DialectServer("lf") as server, Peer(server.port) as peer:
        peer.ask(b"/join a\n", b"0\n")
        server.farewell("good bye", reset=True)
        peer.expect(b"good bye\n")
        with pytest.raises(ConnectionResetError):
            peer.socket.recv(1)


def test_quick_messages_glue_where_the_room_is_polled() -> None:
    with DialectServer("bare-exact", poll=0.3) as server, Peer(server.port) as ann:
        ann.enter(b"new", b"ann", b"You have joined a new room.")
        ann.send(b"one")
        ann.send(b"two")
        server.wait(lambda: "onetwo" in server.commands)


def test_a_naming_stage_that_is_wedged_by_one_word() -> None:
    with DialectServer("course") as server, Peer(server.port) as ann:
        ann.ask(b"/join general", b"0")
        ann.send(b"/nick")
        server.wait(lambda: "/nick" in server.commands)
        ann.send(b"/nick ann")
        server.wait(lambda: "/nick ann" in server.commands)
        assert server.members("general") == ["bob"]


def test_every_dialect_can_be_entered() -> None:
    for name in DIALECTS:
        with DialectServer(name, latency=0.0) as server, Peer(server.port) as ann:
            end = server.dialect.end if server.dialect.reading.name in ("LF", "CRLF") else b""
            ann.send(b"/join general" + end)
            server.wait(lambda server=server: "/join general" in server.commands)
            ann.send(b"/nick ann" + end)
            server.wait(lambda server=server: server.members("general") == ["bob", "ann"])


def test_a_knob_that_there_is_not() -> None:
    with pytest.raises(TypeError, match="latenzy"):
        DialectServer("lf", latenzy=1)


def test_a_bad_link_changes_no_byte() -> None:
    with DialectServer("lf") as server, FaultProxy(server.port) as link:
        link.down.sizes = itertools.cycle([1, 2, 5])
        link.down.delay = link.up.merge = 0.02
        link.up.rate = 1000
        with Peer(link.port) as peer:
            peer.ask(b"/list\n/join a\n/nick ann\n", b"3\ngeneral\nrandom\nRoom42\n0\n0\n")
            peer.expect(b"You have joined a new room.\n")
    assert server.received[0].ended == "eof"


def test_a_held_link_lets_nothing_through_until_it_does() -> None:
    with DialectServer("lf") as server, FaultProxy(server.port) as link, Peer(link.port) as peer:
        peer.ask(b"/join a\n", b"0\n")
        link.up.held = True
        peer.send(b"/nick ann\n")
        server.say("nobody is there")
        assert server.commands == ["/join a"]
        link.up.held = False
        peer.expect(b"0\n")


def test_a_link_is_cut_and_reset() -> None:
    with DialectServer("lf") as server, FaultProxy(server.port) as link:
        for end, ended in ((link.cut, "eof"), (link.reset, "reset")):
            with Peer(link.port) as peer:
                peer.ask(b"/join a\n", b"0\n")
                end()
                if ended == "eof":
                    assert peer.socket.recv(1) == b""
                else:
                    with pytest.raises(ConnectionResetError):
                        peer.socket.recv(1)
                server.wait(lambda ended=ended: server.received[-1].ended == ended)
        server.stop()
        with pytest.raises(ConnectionResetError), Peer(link.port) as peer:
            peer.socket.recv(1)


def test_a_farewell_and_reset_come_through_a_slow_link_in_order() -> None:
    with DialectServer("lf") as server, FaultProxy(server.port) as link, Peer(link.port) as peer:
        peer.ask(b"/join a\n", b"0\n")
        link.down.delay = 0.1
        server.farewell("good bye", reset=True)
        peer.expect(b"good bye\n")
        with pytest.raises(ConnectionResetError):
            peer.socket.recv(1)


def test_a_black_hole_neither_accepts_nor_refuses() -> None:
    with black_hole() as port, socket.socket() as client:
        client.setblocking(False)
        assert client.connect_ex(("127.0.0.1", port)) == errno.EINPROGRESS
        assert select.select([client], [client], [client], 0.2) == ([], [], [])
