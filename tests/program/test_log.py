"""The log: plain lines with the time, for the user's eyes only, and no trouble if it fails."""

from __future__ import annotations

import errno
import os
import select
import signal
import stat

import pytest

from tests.support.screens import stamp
from tuichat.chat.transcript import ERROR, HEARD, INFO, NOTICE, Transcript
from tuichat.log import Log


def spoken():
    transcript = Transcript()
    transcript.add(INFO, ["You are in general as ann."], stamp())
    transcript.add(NOTICE, ["bob has joined the room."], stamp())
    transcript.add(HEARD, ["bob> grüß dich"], stamp("12:02"))
    transcript.add_own("ann", "hi 👩‍👩‍👧", stamp("12:02"))
    transcript.add(ERROR, ["Connection lost."], stamp("12:03"))
    return transcript


def test_every_line_has_its_time_and_its_mark(tmp_path):
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
    assert log.write() == "nobody reads it now"
    assert log.write() == ""  # told once
    assert log.waiting
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    assert log.write() == ""
    assert not log.waiting
    transcript.add(HEARD, said[2:], stamp())  # more than a pipe holds
    assert log.write() == "nobody reads it now"
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
    terminal.wait("The log pipe cannot be written: nobody reads it now.")
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
