"""The log: plain lines with the time, readable by the user only, and harmless if it fails.

And what it tells of earlier visits.
"""

from __future__ import annotations

import errno
import os
import re
import select
import signal
import stat
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.program import environment
from tests.support.screens import stamp
from tests.support.stages import PEOPLE, enter
from tuichat.chat.transcript import ERROR, HEARD, INFO, NOTICE, PAST, PLACE, SERVER, Transcript
from tuichat.log import LOG_BYTES, MOST_PAST, TAIL_BYTES, Log, read_past
from tuichat.text import clean


def spoken():
    transcript = Transcript()
    transcript.add(INFO, ["You are in general as ann."], stamp())
    transcript.add(NOTICE, ["bob has joined the room.  "], stamp())
    transcript.add(HEARD, ["bob> grüß dich"], stamp("12:02"))
    transcript.add_own("ann", "hi 👩‍👩‍👧", stamp("12:02"))
    transcript.add(ERROR, ["Connection lost."], stamp("12:03"))
    return transcript


def test_every_line_has_its_time_and_its_mark_and_no_blanks_at_its_end(tmp_path):
    log = Log(str(tmp_path / "chat.log"), spoken(), 0)
    assert log.write() == ""
    assert (tmp_path / "chat.log").read_text(encoding="utf-8").splitlines() == [
        "2026-11-22T12:01:00+00:00 » You are in general as ann.",
        "2026-11-22T12:01:00+00:00 · bob has joined the room.",
        "2026-11-22T12:02:00+00:00 │ bob> grüß dich",
        "2026-11-22T12:02:00+00:00 › ann> hi 👩👩👧",
        "2026-11-22T12:03:00+00:00 » Connection lost.",
    ]
    log.close()


def test_it_is_appended_to_from_a_line_on_and_each_line_is_there_at_once(tmp_path):
    path = tmp_path / "chat.log"
    path.write_text("before\n")
    transcript = spoken()
    log = Log(str(path), transcript, transcript.end)
    for text in ("bob> one", "bob> two"):
        transcript.add(HEARD, [text], stamp())
        assert log.write() == ""
        assert path.read_text().endswith(f" {text}\n")
    assert log.write() == ""
    assert [line.split(" ", 1)[-1] for line in path.read_text().splitlines()] == [
        "before", "│ bob> one", "│ bob> two",
    ]  # fmt: skip
    log.close()


def test_a_new_log_is_for_the_user_only_and_an_old_one_keeps_its_mode(tmp_path):
    new, old = tmp_path / "new.log", tmp_path / "old.log"
    old.touch(0o644)
    for path, mode in ((new, 0o600), (old, 0o644)):
        Log(str(path), spoken(), 0).close()
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_lines_that_dropped_out_meanwhile_are_no_trouble(tmp_path):
    transcript = Transcript(100)
    log = Log(str(tmp_path / "chat.log"), transcript, 0)
    transcript.add(HEARD, [f"bob> {n}" for n in range(1000)], stamp())
    assert log.write() == ""
    log.close()
    assert (tmp_path / "chat.log").read_text().endswith("bob> 999\n")


def test_a_log_that_can_no_longer_be_written_is_told_once_and_costs_nothing_else(tmp_path):
    # A pipe that nobody reads any more refuses what is written as a full disk does.
    path = tmp_path / "chat.log"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    transcript = spoken()
    log = Log(str(path), transcript, 0)
    os.close(reader)
    assert log.write() == "Broken pipe"
    transcript.add(HEARD, ["bob> more"], stamp())
    assert log.write() == ""
    log.close()


def texts(data):
    """The texts of the lines in a log."""
    return [line.split(" ", 2)[2] for line in data.decode().splitlines()]


def test_a_pipe_is_never_waited_for_and_gets_all_once_it_is_read(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    transcript = spoken()
    log = Log(str(path), transcript, transcript.end)
    said = [f"bob> {number} " + "x" * 100 for number in range(3000)]
    transcript.add(HEARD, said[:2], stamp())
    assert log.write() == "nobody reads it"
    assert log.write() == ""  # told once
    assert log.waiting == 2
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    assert log.write() == ""
    assert not log.waiting
    transcript.add(HEARD, said[2:], stamp())  # more than a pipe holds
    assert log.write() == "nobody reads it"
    came = b""
    while log.waiting:
        came += os.read(reader, 1 << 20)
        assert log.write() == ""
    came += os.read(reader, 1 << 20)
    assert texts(came) == said
    log.close()
    os.close(reader)


@pytest.mark.parametrize("gone", [os.rename, lambda path, other: os.remove(path)])
def test_a_log_that_was_rotated_goes_on_in_a_new_file(tmp_path, gone):
    path = tmp_path / "chat.log"
    transcript = Transcript()
    log = Log(str(path), transcript, 0)
    for number in range(3):
        transcript.add(HEARD, [f"bob> {number}"], stamp())
        assert log.write() == ""
        assert texts(path.read_bytes()) == [f"bob> {number}"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        gone(path, tmp_path / "chat.log.1")
    log.close()


def test_what_a_full_disk_did_not_take_is_written_when_there_is_room(tmp_path, monkeypatch):
    path = tmp_path / "chat.log"
    transcript = Transcript()
    log = Log(str(path), transcript, 0)
    write = os.write

    def fill(descriptor, data):
        if path.stat().st_size >= 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[:10])

    with monkeypatch.context() as full:
        full.setattr(os, "write", fill)
        transcript.add(HEARD, ["bob> one"], stamp())
        assert log.write() == "No space left on device"
        transcript.add(HEARD, ["bob> two"], stamp())
        assert log.write() == ""
    assert log.write() == ""
    assert texts(path.read_bytes()) == ["bob> one", "bob> two"]
    log.close()


@pytest.mark.parametrize("arguments", [(), ("--plain",)])
def test_a_pipe_that_nobody_reads_holds_up_neither_keys_nor_signals(home, chat, serve, arguments):
    os.mkfifo(home / "pipe")
    options = ("--framing", "lf", "--room", "general", "--nick", "ann", "--log", "pipe")
    server = serve("lf")
    terminal = chat(server.address, *options, *arguments)
    terminal.wait("Cannot write the log pipe: nobody reads it.")
    terminal.wait("You are in general as ann.")
    terminal.type("hello")
    terminal.press("Enter")
    server.wait(lambda: "hello" in server.commands)
    reader = os.open(home / "pipe", os.O_RDONLY)
    came = b""
    while b"ann> hello\n" not in came:  # without anything happening meanwhile
        assert select.select([reader], [], [], 10)[0]
        came += os.read(reader, 65536)
    os.close(reader)
    server.say("anybody?")
    terminal.wait("anybody?")
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_exit() == 143


def test_the_home_directory_may_be_written_short(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    Log("~/chat.log", spoken(), 0).close()
    assert (tmp_path / "chat.log").exists()


def test_what_cannot_be_opened_is_an_error(tmp_path):
    with pytest.raises(OSError, match="."):
        Log(str(tmp_path), spoken(), 0)


# Where it was said

GENERAL, LAB = "#general on chat.example.org:5220", "#lab on chat.example.org:5220"
WHEN = "2026-11-22T12:01:00+00:00"


def logged(path, transcript, start=0):
    """Write a transcript to a log, as one run of the program does."""
    log = Log(str(path), transcript, start)
    assert log.write() == ""
    log.close()
    return path.read_text(encoding="utf-8").splitlines()


def said_in(*visits):
    """A transcript of visits: the texts that were heard in each place."""
    transcript = Transcript()
    for place, texts in visits:
        transcript.enter(place)
        for text in texts:
            transcript.add(HEARD, [text], stamp())
    return transcript


def test_the_room_and_the_server_stand_above_what_is_said_there(tmp_path):
    transcript = Transcript()
    transcript.add(INFO, ["Connected."], stamp())
    for place in (GENERAL, GENERAL, LAB):
        transcript.enter(place)
        transcript.add(PLACE, [place.partition(" ")[0]], stamp())
        transcript.add(SERVER, ["Welcome!"], stamp())
    wanted = [
        "» Connected.", f"─ {GENERAL}", "· Welcome!", "· Welcome!", f"─ {LAB}", "· Welcome!",
    ]  # fmt: skip
    assert logged(tmp_path / "log", transcript) == [f"{WHEN} {line}" for line in wanted]


def test_a_log_that_is_begun_in_a_room_names_it(tmp_path):
    transcript = said_in((GENERAL, ["bob> before"]))
    start = transcript.end
    transcript.add(HEARD, ["bob> hi"], stamp())
    wanted = [f"{WHEN} ─ {GENERAL}", f"{WHEN} │ bob> hi"]
    assert logged(tmp_path / "log", transcript, start) == wanted


@pytest.mark.parametrize("meanwhile", [
    lambda path: os.rename(path, f"{path}.1"),
    lambda path: os.truncate(path, 0),
    lambda path: path.write_bytes(path.read_bytes() + b"another client's line\n"),
])  # fmt: skip
def test_the_place_is_named_again_where_it_would_not_be_plain(tmp_path, meanwhile):
    path = tmp_path / "log"
    transcript = said_in((GENERAL, ["bob> one"]))
    log = Log(str(path), transcript, 0)
    assert log.write() == ""
    meanwhile(path)
    for text in ("bob> two", "bob> three"):
        transcript.add(HEARD, [text], stamp())
        assert log.write() == ""
    log.close()
    assert path.read_text(encoding="utf-8").splitlines()[-3:] == [
        f"{WHEN} ─ {GENERAL}", f"{WHEN} │ bob> two", f"{WHEN} │ bob> three",
    ]  # fmt: skip


def test_what_was_torn_off_is_ended_before_something_is_appended(tmp_path):
    (tmp_path / "log").write_bytes(b"torn of")
    for text in ("bob> one", "bob> two"):
        lines = logged(tmp_path / "log", said_in((GENERAL, [text])))
    heading = f"{WHEN} ─ {GENERAL}"
    assert lines == ["torn of", heading, f"{WHEN} │ bob> one", heading, f"{WHEN} │ bob> two"]


# What it tells of earlier visits


def past(path):
    """The texts that a log holds of each place."""
    return {place: [text for text, _ in lines] for place, lines in read_past(str(path)).items()}


def test_what_was_said_last_is_found_again_by_its_place(tmp_path):
    path = tmp_path / "log"
    transcript = said_in((GENERAL, ["bob> 1"]), (LAB, ["bob> 2"]), (GENERAL, ["bob> 3"]))
    transcript.add_own("ann", "4", stamp("13:02"))
    transcript.add(PAST, ["bob> from a log"], stamp())
    transcript.add(NOTICE, ["bob has left the room."], stamp())
    logged(path, transcript)
    logged(path, said_in((LAB, ["bob> 5"])))
    assert past(path) == {
        GENERAL: ["bob> 1", "bob> 3", "ann> 4"], LAB: ["bob> 2", "bob> 5"],
    }  # fmt: skip
    when = read_past(str(path))[GENERAL][-1][1]
    assert (when.minute, when.day) == ("13:02", "from the log, 22 Nov 2026")


def test_a_room_is_found_again_however_much_was_said_there(tmp_path):
    texts = [f"bob> {number} {'x' * 100}" for number in range(2 * TAIL_BYTES // 100)]
    transcript = said_in((GENERAL, ()))
    log = Log(str(tmp_path / "log"), transcript, 0)
    for first in range(0, len(texts), 50):
        transcript.add(HEARD, texts[first : first + 50], stamp())
        assert log.write() == ""
    log.close()
    assert (tmp_path / "log").stat().st_size > TAIL_BYTES + LOG_BYTES
    assert past(tmp_path / "log") == {GENERAL: texts[-MOST_PAST:]}


TEXTS = st.text(st.sampled_from("ab─│›·» \t\r") | st.characters(), max_size=40).map(
    lambda text: text.replace("\n", " ")
)
FORGED = f"{WHEN} ─ {LAB}"


@given(st.lists(st.tuples(st.sampled_from([GENERAL, LAB]), st.lists(TEXTS | st.just(FORGED)))))
def test_what_is_written_is_read_again(tmp_path_factory, visits):
    """Everything that was said, in its place, and nothing else; but for blanks at the end."""
    path = tmp_path_factory.mktemp("log") / "log"
    cleaned = [(place, [clean(text).rstrip(" ") for text in texts]) for place, texts in visits]
    logged(path, said_in(*cleaned))
    wanted = {
        place: [text for where, texts in cleaned if where == place for text in texts]
        for place in (GENERAL, LAB)
    }
    assert past(path) == {place: texts[-MOST_PAST:] for place, texts in wanted.items() if texts}


HEADED = f"{WHEN} ─ {GENERAL}\n{WHEN} │ bob> hi\n".encode()
LINE = f"{WHEN} │ ".encode()


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", []),
        (LINE + b"bob> of an earlier version, which named no place\n", []),
        (HEADED, ["bob> hi"]),
        (HEADED.replace(b"\n", b"\r\n"), ["bob> hi"]),
        (HEADED + LINE + b"bob> torn of", ["bob> hi"]),
        (HEADED + LINE + b"bob> \xff\x00\x1b[2J\xe2\x80\xae\r\x85.\n",
         ["bob> hi", "bob> \ufffd<U+0000><U+001B>[2J<U+202E><U+000D>\ufffd."]),
        (HEADED + b"\0" * 5000 + b"\n" + os.urandom(5000).replace(b"\n", b"") + b"\n", ["bob> hi"]),
        (HEADED + LINE.replace(b"2026", b"yyyy") + b"bob> no day\n", ["bob> hi"]),
        (HEADED + LINE.replace(b"-11-", b"-13-") + b"bob> no month\n", ["bob> hi"]),
        (HEADED + LINE.replace(b"-22T", b"-32T") + b"bob> no day\n", ["bob> hi"]),
        (HEADED + LINE.replace(b"T12", b"T25") + b"bob> no hour\n", ["bob> hi"]),
        (b"x" * TAIL_BYTES + HEADED, []),  # cut off, as if it had been a message: no heading
        (b"x" * TAIL_BYTES + b"\n" + HEADED, ["bob> hi"]),
    ],
)  # fmt: skip
def test_whatever_a_file_holds_is_harmless(tmp_path, data, wanted):
    (tmp_path / "log").write_bytes(data)
    assert past(tmp_path / "log").get(GENERAL, []) == wanted


def test_the_cut_makes_no_heading_of_what_somebody_said(tmp_path):
    forged = f"{WHEN} ─ {GENERAL}\n{WHEN} │ bob> never said here\n".encode()
    message = f"{WHEN} │ bob> ".encode()
    (tmp_path / "log").write_bytes(message + forged + b"x" * (TAIL_BYTES - len(forged) - 1) + b"\n")
    assert past(tmp_path / "log") == {}


def test_what_is_no_file_or_cannot_be_read_tells_nothing(tmp_path):
    """And nothing waits for it: nobody writes to the pipe."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret").write_bytes(HEADED)
    (tmp_path / "secret").chmod(0)
    unreadable = [] if os.access(tmp_path / "secret", os.R_OK) else ["secret"]
    for name in ("pipe", "missing", "no/directory", ".", *unreadable):
        assert read_past(str(tmp_path / name)) == {}
    for device in ("/dev/zero", "/dev/tty"):
        assert read_past(device) == {}


def earlier(home, address, *lines):
    """The log of an earlier visit to the room `general` at an address."""
    heading = f"{WHEN} ─ #general on {address}\n".encode()
    (home / "log").write_bytes(heading + b"".join(LINE + line + b"\n" for line in lines))


LOGGED = ("--log", "log")


def test_the_last_visit_is_shown_once_and_below_it_what_is_new(home, chat, serve):
    server = serve("lf", rooms={"general": ("bob",)})
    earlier(home, server.address, b"bob> old words", b"bob> \x1b]0;owned\x07\x1b[2J ann\r")
    ann = enter(chat, server.address, *LOGGED)
    rows = ann.screen
    first = next(at for at, row in enumerate(rows) if " from the log, 22 Nov 2026 " in row)
    assert re.fullmatch("─+ from the log, 22 Nov 2026 ─+", rows[first])
    assert rows[first + 1] == " 12:01      bob │ old words"
    assert "bob │ <U+001B>]0;owned<U+0007><U+001B>[2J ann" in rows[first + 2]
    assert re.fullmatch(r"─+ \w{3} \d+ \w{3} ─+", rows[first + 3])
    assert "» You are in general as ann." in rows[first + 4]
    assert not any(cell.dim for cell in ann.cells("old words"))  # to be read, as all words are
    assert ann.title == "#general – tuichat"
    assert ann.bells == 0

    ann.type("/reconnect")
    ann.press("Enter")
    ann.wait(lambda terminal: terminal.text.count("You are in general") == 2)
    assert ann.text.count("old words") == 1
    ann.type("new words")
    ann.press("Enter")
    server.wait(lambda: "new words" in server.commands)
    ann.press("F3")
    ann.type("old words")
    ann.wait("1/1")
    ann.press("Esc")
    ann.wait("ann› ")
    ann.press("F10")
    assert ann.wait_exit() == 0
    log = (home / "log").read_text(encoding="utf-8")
    assert log.count("old words") == 1

    ann = enter(chat, server.address, *LOGGED)
    assert "ann │ new words" in ann.text
    assert ann.text.count("old words") == 1


def test_a_log_that_is_begun_by_command_and_lines_show_nothing(home, chat, serve):
    server = serve("lf", rooms={"general": ("bob",)})
    earlier(home, server.address, b"bob> old words")
    ann = enter(chat, server.address)
    ann.type("/log log")
    ann.press("Enter")
    ann.wait("Logging to log")
    assert "old words" not in ann.text
    ann.press("F10")
    assert ann.wait_exit() == 0
    ann = chat(server.address, "--plain", "--room", "general", "--nick", "ann", *LOGGED)
    ann.wait(PEOPLE)
    assert "old words" not in ann.text


# What is still not written at the end


def test_what_the_log_lacks_is_told_at_the_end(home, chat, serve):
    os.mkfifo(home / "pipe")
    ann = enter(chat, serve("lf").address, "--log", "pipe")
    ann.press("F10")
    assert ann.wait_exit() == 1
    assert ann.restored()
    told = "The log pipe is incomplete: nobody reads it."
    assert re.search(rf"{told} \d+ lines could not be written\.", ann.text)


def test_what_a_log_lacks_is_told_when_another_takes_its_place(home, chat, serve):
    os.mkfifo(home / "pipe")
    ann = enter(chat, serve("lf").address, "--log", "pipe")
    ann.type("/log file")
    ann.press("Enter")
    ann.wait("The log pipe is incomplete")
    ann.press("F10")
    assert ann.wait_exit() == 0


def test_so_it_is_in_line_mode_where_another_failure_has_its_own_status(home):
    os.mkfifo(home / "pipe")
    done = subprocess.run(
        [sys.executable, "-m", "tuichat", "tuichat.invalid", "--plain", "--log", "pipe"],
        input="", capture_output=True, text=True, env=environment(home, {}), cwd=home, check=False,
        timeout=20,
    )  # fmt: skip
    assert done.returncode == 69
    assert "The log pipe is incomplete" in done.stderr


def test_a_reader_that_is_only_behind_gets_all(home, chat, serve):
    os.mkfifo(home / "pipe")
    reader = os.open(home / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    ann = enter(chat, serve("lf").address, "--log", "pipe")
    ann.press("F10")
    assert ann.wait_exit() == 0
    assert "ann" in os.read(reader, 65536).decode()
    os.close(reader)
