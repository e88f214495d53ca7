"""Line mode: pipes and scripts, each line once, the same stages, sentences and exit statuses."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress

import pytest

from tests.support.dialects import DialectServer
from tests.support.program import ROOT, environment
from tuichat.text import fill

LINES = ("--framing", "lf", "--plain")
ROOM = (*LINES, "--room", "general", "--nick", "ann")


TUICHAT = ("-m", "tuichat")
# As on Windows, where a thread reads.
AHEAD = (
    "-c",
    "from functools import partial; import sys; from tuichat import cli;"
    "from tuichat.terminal import plain;"
    "plain.Plain = partial(plain.Plain, ahead=True); sys.exit(cli.main())",
)


class Running:
    """A tuichat whose standard input and output are pipes that stay open."""

    def __init__(self, home, *arguments, program=TUICHAT):
        self.process = subprocess.Popen(
            [sys.executable, *program, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(home, {}), cwd=home,
        )  # fmt: skip
        self.raw = b""

    @property
    def output(self):
        """What it has printed up to now."""
        return self.raw.decode()

    def enter(self, line):
        """Write a line to its input."""
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def wait(self, text, seconds=10):
        """Wait until it has printed a text."""
        end = time.monotonic() + seconds
        while text not in self.output:
            left = end - time.monotonic()
            assert left > 0, f"not printed within {seconds} s: {text!r}\n{self.output}"
            if select.select([self.process.stdout], [], [], left)[0]:
                data = os.read(self.process.stdout.fileno(), 65536)
                assert data, f"ended without {text!r}\n{self.output}"
                self.raw += data

    def finish(self, seconds=10):
        """Close its input and wait for its end; returns the exit status."""
        rest, errors = self.process.communicate(timeout=seconds)
        self.raw += rest
        assert errors == b""
        return self.process.returncode


@pytest.fixture
def plain(home):
    """Start tuichat in line mode: `plain(server.address, …)`; ended with the test."""
    started = []

    def start(*arguments, program=TUICHAT):
        started.append(Running(home, *arguments, program=program))
        return started[-1]

    yield start
    for running in started:
        running.process.kill()
        running.process.communicate()


def pipe(home, text, *arguments, program=TUICHAT):
    """Run with a text piped in; returns (exit status, what was printed)."""
    running = Running(home, *arguments, program=program)
    out, errors = running.process.communicate(text.encode(), timeout=30)
    assert errors == b""
    return running.process.returncode, out.decode()


def commands(server: DialectServer) -> list[str]:
    """What the server took for commands, once the client has left."""
    server.wait(lambda: server.received and server.received[-1].ended)
    return server.received[-1].commands


@pytest.mark.parametrize("dialect", ["lf", "course"])
def test_hi_in_a_pipe_is_said_and_it_leaves_cleanly(home, serve, dialect):
    # The more there are, the more time the server has to read `hi` before what comes next.
    server = serve(dialect, rooms={"general": ("bob", "carol", "dora", "emil")})
    arguments = ("--room", "general", "--nick", "ann", "--plain")
    status, printed = pipe(home, "hi\n", server.address, *arguments)
    assert status == 0
    said = commands(server)
    assert said[-4:] == ["/join general", "/nick ann", "hi", "/logout"]
    assert printed.count("ann> hi") == 1


@pytest.mark.parametrize("program", [TUICHAT, AHEAD])
def test_everything_piped_in_is_sent_before_it_leaves(home, serve, program):
    """Longer than leaving waits, on a server without framing, where messages need pauses."""
    server = serve("bare-exact", rooms={})
    lines = [f"line {n}" for n in range(20)]
    text = "\n".join(lines)
    arguments = ("--room", "r", "--nick", "ann", "--plain")
    status, _ = pipe(home, text, server.address, *arguments, program=program)
    assert status == 0
    assert commands(server)[-21:] == [*lines, "/logout"]


def test_the_questions_are_answered_by_lines(home, serve):
    server = serve("lf", taken_nicks=frozenset({"bob"}))
    text = "/list\nno!\ngeneral\nbob\nann\nhello\n/who\n/nosuch\n/nosuch\n//slash\n"
    status, printed = pipe(home, text, server.address, *LINES)
    assert status == 0
    said = commands(server)
    assert said == [
        "/list", "/list", "/join no!", "/join general", "/nick bob", "/nick ann", "hello", "/who",
        "/slash", "/logout",
    ]  # fmt: skip
    assert printed.count("»   Room42\n") == 2
    assert "» Entering general. Which nick do you want? /lobby goes back to the rooms.\n" in printed
    assert printed.count("» The server rejected “no!”") == 1
    assert printed.count("» “bob” is already taken in general.") == 1
    assert printed.count("» /nosuch is not a command, so it was not sent.") == 2


def test_lines_go_to_the_room_that_the_last_command_named(home, serve):
    """Each waits until its room has been entered."""
    server = serve("lf", rooms={"general": ("bob",), "python": ("dana",), "random": ()})
    text = "one\n/join python\ntwo\n/lobby\nrandom\nthree\n/nick anne\nfour\n"
    status, printed = pipe(home, text, server.address, *ROOM)
    assert status == 0
    server.wait(lambda: server.received[-1].ended)
    assert [received.commands for received in server.received] == [
        ["/join general", "/nick ann", "one", "/logout"],
        ["/join python", "/nick ann", "two", "/logout"],
        ["/list", "/join random", "/nick ann", "three", "/logout"],
        ["/join random", "/nick anne", "four", "/logout"],
    ]
    assert [line for line in printed.splitlines() if line.startswith("» #")] == [
        "» #python", "» #random",
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), [
    ("/join no!room", "The server rejected “no!room”"),
    ("/join python", "“dana” is already taken in python."),
])  # fmt: skip
def test_a_room_that_cannot_be_gone_to_ends_a_pipe(home, serve, line, sentence):
    """What follows was meant for that room."""
    server = serve("lf", rooms={"general": ("bob",), "python": ("dana",)})
    arguments = (server.address, *LINES, "--room", "general", "--nick", "dana", "--plain")
    status, printed = pipe(home, f"{line}\nfor python\n", *arguments)
    assert status == 1
    assert sentence in printed
    assert "» Nothing more was sent" in printed
    assert not any("for python" in received.commands for received in server.received)


@pytest.mark.parametrize(("knobs", "sentence"), [
    ({"taken_nicks": frozenset({"ann"})}, "“ann” is already taken in general."),
    ({"refused_rooms": frozenset({"general"})}, "The server rejected “general”"),
    ({"instead": {"nick": ["What?"]}}, "an unexpected answer to /nick: “What?”"),
])  # fmt: skip
def test_what_is_piped_in_never_answers_a_refusal(home, serve, knobs, sentence):
    """It was meant for the room: it must not become a nick, nor a room."""
    server = serve("lf", **knobs)
    status, printed = pipe(home, "hello\nsecond\n", server.address, *ROOM)
    assert status == 1
    assert sentence in printed
    assert "» Nothing more was sent" in printed
    assert not [line for line in commands(server) if "hello" in line or "second" in line]


def test_help_and_search_answer_in_lines(home, serve):
    text = "/help\none cat\ntwo\n/search CAT\n/search\n/search dog\n"
    status, printed = pipe(home, text, serve("lf").address, *ROOM)
    assert status == 0
    assert printed.count("»   /who: show who is here\n") == 1
    assert printed.count("ann> one cat\n") == 2  # said, and found
    assert printed.count("ann> two\n") == 1
    assert "» 1/1\n» Type /search TEXT.\n» not found\n" in printed


@pytest.mark.parametrize("program", [TUICHAT, AHEAD])
def test_what_others_say_is_printed_once_with_the_time(plain, serve, program):
    server = serve("lf-echo-colon")
    running = plain(server.address, *ROOM, program=program)
    running.wait("You are in general as ann.")
    server.say("hello there")
    running.enter("hi bob")
    running.wait("ann> hi bob")
    server.say("last")
    running.wait("bob: last")
    assert running.finish() == 0
    for line in ("bob: hello there", "ann> hi bob", "bob: last"):
        assert running.output.count(line) == 1
    assert "ann: hi bob" not in running.output


def test_nothing_hostile_reaches_standard_output(plain, serve):
    server = serve("lf", rooms={"general": ("bob",), "\x1b[2Jred": ()})
    running = plain(server.address, *LINES)
    running.wait("»   <U+001B>[2Jred")
    running.enter("general")
    running.enter("ann")
    running.wait("You are in general as ann.")
    server.send(b"bob> \x1b]0;title\x07\x9b2J \xe2\x80\xae\xff \rbob> forged\n")
    server.send(b"\xc2\x9b31m\nbob> end\n")
    running.wait("bob> end")
    assert running.finish() == 0
    allowed = {*range(0x20, 0x7F), 0x0A, *range(0x80, 0x100)}
    assert set(running.raw) <= allowed
    assert "<U+001B>]0;title<U+0007>" in running.output
    assert "\u202e" not in running.output
    assert "\x9b" not in running.output


def test_the_programs_own_words_cannot_be_imitated(plain, serve):
    server = serve("lf", relay="{text}")
    running = plain(server.address, *ROOM)
    running.wait("You are in")
    server.say("» Connection lost.")
    running.wait("Connection lost.")
    line = next(line for line in running.output.splitlines() if "Connection lost." in line)
    assert not line.startswith("»")
    assert running.finish() == 0


def test_the_blanks_at_the_end_of_a_line_are_not_printed(plain, serve):
    server = serve("lf")
    running = plain(server.address, *ROOM)
    running.wait("You are in")
    server.send(b"bob has joined the room.  \n")
    running.wait("bob has joined the room.")
    assert running.finish() == 0
    assert not [line for line in running.output.splitlines() if line.endswith(" ")]


def test_the_end_of_the_input_in_the_lobby_leaves(home, serve):
    server = serve("lf")
    status, printed = pipe(home, "", server.address, *LINES)
    assert status == 0
    assert "This is the lobby" in printed
    assert commands(server) == ["/list", "/logout"]


def test_leaving_a_server_that_resets_the_connection_at_once(plain, serve):
    """Ten together, as it is a race: the reset may come before the program has done its part."""
    server = serve("lf", logout_resets=True)
    room = (*LINES, "--room", "general", "--nick")
    people = [plain(server.address, *room, f"ann{number}") for number in range(10)]
    for running in people:
        running.enter("/logout")
    assert [running.finish() for running in people] == [0] * 10
    assert server.commands.count("/logout") == 10


def test_a_closed_input_is_an_input_at_its_end(home, serve):
    server = serve("lf")
    running = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", sys.executable, *TUICHAT, server.address, *LINES],
        env=environment(home, {}), cwd=home, capture_output=True, timeout=10,
    )  # fmt: skip
    assert (running.returncode, running.stderr) == (0, b"")
    assert commands(server) == ["/list", "/logout"]


def test_a_refused_room_with_nobody_to_ask_leaves(home, serve):
    server = serve("lf", refused_rooms=frozenset({"general"}))
    status, printed = pipe(home, "", server.address, *ROOM)
    assert status == 1
    assert "The server rejected “general”" in printed


@pytest.mark.parametrize("program", [TUICHAT, AHEAD])
def test_a_lost_connection_shows_the_last_words_and_ends_with_69(plain, serve, program):
    server = serve("lf")
    running = plain(server.address, *ROOM, program=program)
    running.wait("You are in general as ann.")
    server.farewell("Good night.", reset=True)
    running.wait("» Connection lost.")
    assert running.process.wait(10) == 69
    assert "Good night." in running.output


def test_a_reader_that_has_seen_enough_ends_it_without_a_complaint(plain, serve):
    server = serve("lf")
    running = plain(server.address, *ROOM)
    running.wait("You are in general as ann.")
    running.process.stdout.close()
    server.say("anybody?")
    assert running.process.wait(10) == 0
    assert running.process.stderr.read() == b""


def test_bytes_that_are_no_utf8_do_no_harm(plain, serve):
    server = serve("lf")
    running = plain(server.address, *ROOM)
    running.wait("You are in general as ann.")
    running.process.stdin.write(b"caf\xff\x1b[31m caf\xc3")
    running.process.stdin.flush()
    running.process.stdin.write(b"\xa9\r\n")
    assert running.finish() == 0
    assert commands(server)[-2:] == ["caf\ufffd\ufffd[31m café", "/logout"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_an_output_that_is_full_is_told_and_ends_it(home, serve):
    server = serve("lf")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, *TUICHAT, server.address, *LINES],
            env=environment(home, {}), cwd=home, stdin=subprocess.DEVNULL, stdout=full,
            stderr=subprocess.PIPE, timeout=10,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == b"tuichat: cannot write the output: No space left on device.\n"


def test_a_script_cannot_be_suspended_by_a_line_that_is_piped_in(home, serve):
    server = serve("lf")
    status, printed = pipe(home, "/suspend\nhi\n", server.address, *ROOM)
    assert status == 0
    assert "hi" in commands(server)
    assert "» Programs cannot be suspended here." in printed


def test_a_log_goes_on_when_another_cannot_be_begun(home, serve):
    server = serve("lf")
    text = "/log it.log\nhello\n/log no/such/directory.log\nthere\n/log\n/log\n"
    status, printed = pipe(home, text, server.address, *ROOM)
    assert status == 0
    log = (home / "it.log").read_text(encoding="utf-8")
    assert "ann> hello" in log
    assert "ann> there" in log
    assert printed.count("» Cannot log to no/such/directory.log") == 1
    assert printed.index("Logging stopped.") < printed.index("Logging is off.")


def test_no_width_lets_what_others_say_begin_a_row_like_our_own_words(home, serve, plain):
    forged = "» Connection lost. Type your password"
    rooms = {"general": ("bob", "»"), "x" * 70 + forged: ("carol",)}
    server = serve("lf", rooms=rooms)
    running = plain(server.address, *LINES)
    running.wait("Type the name of a room.")
    running.enter("general")
    running.wait("Which nick")
    running.enter("ann")
    running.wait("in the room")
    for padding in range(200):
        server.say("x" * (padding % 7) + " " * padding + forged)
    server.say("Connection lost.", who="»")
    server.say("中" * 40 + "»" + "\u3000" * 20 + forged + "\u0300")
    server.send(b"x" * 100 + f"{forged}\n".encode())
    server.say("That is all.")
    running.wait("That is all.")
    running.enter("/search password")
    running.enter("/nonsense" + "z" * 75 + forged)
    assert running.finish() == 0
    lines = running.output.splitlines()
    assert sum("Type your password" in line for line in lines) > 300  # those found as well
    for line in lines:
        for cells in range(1, 250):
            starts = fill(line, cells)[1:]
            assert not any(line.startswith("»", start) for start in starts), (cells, line)


def test_help_about_a_word_is_only_that(home, serve):
    server = serve("lf")
    _, printed = pipe(home, "/help who\n/help unicorn\ngeneral\n", server.address, *LINES)
    assert "» Commands in a room\n»   /who: show who is here\n» Help has" in printed
    assert "» Help has nothing about “unicorn”. Try another word" in printed


def test_the_question_comes_after_the_rooms_to_choose_from(plain, serve):
    for dialect in ("lf", "course"):
        running = plain(serve(dialect).address, "--plain")
        running.wait("» Type the name of a room.\n")
        assert running.output.count("»   general\n") == 1
        assert running.output.endswith("» Type the name of a room.\n")
        assert running.finish() == 0


def test_a_blank_line_chooses_nothing_as_nothing_is_offered(home, serve):
    server = serve("lf")
    for _ in range(2):  # the second time there is a nick from the first
        status, printed = pipe(home, "\n\ngeneral\n\nann\nhello\n", server.address, *LINES)
        assert status == 0
        assert commands(server) == ["/list", "/join general", "/nick ann", "hello", "/logout"]
        assert "» Type the name of a room, then Enter.\n" in printed
        assert "» Type a nick, then Enter.\n" in printed


def test_an_answer_to_who_is_waited_for(home, serve):
    _, printed = pipe(home, "hi\n/who\n", serve("lf").address, *ROOM)
    assert re.search(r"^» 2 here as of \d\d:\d\d: ", printed, re.MULTILINE)


def test_what_the_server_says_with_the_rooms_comes_before_them(plain):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = plain(f"127.0.0.1:{listener.getsockname()[1]}", *LINES)
        client, _ = listener.accept()
        with client:
            assert client.recv(1024) == b"/list\n"
            client.sendall(b"Welcome!\n2\ngeneral\nrandom\n")
            running.wait("» Type the name of a room.\n")
    told = [line.removeprefix("» ").strip() for line in running.output.splitlines()]
    assert told[1].endswith("Welcome!")
    assert told[2:4] == ["general", "random"]


def test_what_only_a_screen_can_do_is_neither_offered_nor_done(home, serve):
    server = serve("lf")
    _, printed = pipe(home, "/help\n/top\ngeneral\n", server.address, *LINES)
    assert "»   /who: show who is here\n" in printed
    assert "»   /top" not in printed
    assert "» /top works only in full-screen mode.\n" in printed
    assert "» Type the name of a room.\n" in printed
    assert "PgUp" not in printed


@pytest.fixture
def standing_still(home, serve):
    """A tuichat whose output nobody reads, with more to print than a pipe takes.

    `standing_still(shared)`: whether O_NONBLOCK is set on the pipe, by whoever shares it.
    """
    with ExitStack() as opened:

        def start(shared):
            reader, writer = os.pipe()
            opened.callback(os.close, reader)
            os.set_blocking(writer, not shared)
            server = serve("lf")
            process = subprocess.Popen(
                [sys.executable, *TUICHAT, server.address, *ROOM],
                stdin=subprocess.PIPE, stdout=writer, stderr=subprocess.PIPE,
                env=environment(home, {}), cwd=home,
            )  # fmt: skip
            opened.enter_context(process)
            opened.callback(process.kill)
            os.close(writer)
            server.wait(lambda: "/nick ann" in server.commands)
            server.send(b"".join(b"bob> %d %s\n" % (n, b"x" * 80) for n in range(3000)))
            process.stdin.write(b"heard\n")
            process.stdin.flush()
            server.wait(lambda: "heard" in server.commands)
            return process, reader

        yield start


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_output_that_nobody_reads_is_waited_for_and_signals_are_obeyed(
    standing_still, shared, number
):
    process, _ = standing_still(shared)
    process.send_signal(number)
    assert process.wait(10) == 128 + number


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="this system has no /proc")
@pytest.mark.parametrize("shared", [False, True])
def test_waiting_for_a_reader_takes_no_time_and_loses_nothing(standing_still, shared):
    process, reader = standing_still(shared)
    before = cpu_s(process.pid)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    assert cpu_s(process.pid) - before < 0.2
    process.stdin.close()  # it leaves, when all is printed
    with open(reader, "rb", closefd=False) as output:
        lines = output.read().decode().splitlines()
    assert [line.split()[2] for line in lines if "bob> " in line] == [*map(str, range(3000))]
    assert process.wait(10) == 0


def cpu_s(pid):
    """Return the seconds of CPU that a process has taken."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        user, system = file.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def test_an_input_that_another_process_reads_as_well(home, serve):
    """`select` says that there is something, and then the other one has it."""
    server = serve("lf")
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    running = subprocess.Popen(
        [sys.executable, *TUICHAT, server.address, *ROOM],
        stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(home, {}), cwd=home,
    )  # fmt: skip
    server.wait(lambda: "/nick ann" in server.commands)
    stolen, end = 0, time.monotonic() + 2
    while time.monotonic() < end:
        os.write(writer, b"line\n")
        with suppress(BlockingIOError):
            stolen += len(os.read(reader, 4096))
    os.close(writer)
    os.close(reader)
    _, errors = running.communicate(timeout=30)
    assert stolen
    assert (running.returncode, errors) == (0, b"")


def readme(start, address):
    """Return the README's block that begins with `start`, for the server at `address`."""
    blocks = re.findall(r"```\w*\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    [block] = [block for block in blocks if block.startswith(start)]
    assert "chat.example.org" in block
    return block.replace("python3", sys.executable).replace("chat.example.org", address)


def test_the_bot_of_the_readme_answers(home, serve):
    server = serve("lf")
    code = readme("import subprocess", server.address)
    with subprocess.Popen([sys.executable, "-c", code], env=environment(home, {}), cwd=home) as bot:
        server.wait(lambda: "/nick bot" in server.commands)
        server.say("bot: are you there, お茶?")
        server.wait(lambda: "bob: you said are you there, お茶?" in server.commands)
        server.say("not a word for it")
        server.say("bot: again")
        server.wait(lambda: server.commands[-1] == "bob: you said again")
        server.farewell("That is all.")
        assert bot.wait(30) == 0


def test_the_listener_of_the_readme_stays(home, serve):
    server = serve("lf")
    command = readme("tail -f", server.address)
    with subprocess.Popen(
        ["sh", "-c", command], stdout=subprocess.PIPE, env=environment(home, {}), cwd=home,
        encoding="utf-8", start_new_session=True,
    ) as listener:  # fmt: skip
        server.wait(lambda: "/nick ear" in server.commands)
        for number in range(3):
            server.say(f"line {number}")
            while f"bob> line {number}\n" not in listener.stdout.readline():
                pass
        os.killpg(listener.pid, signal.SIGTERM)
