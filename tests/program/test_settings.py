"""The configuration file and the notes: what is wrong is named with its line, the rest holds."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time

import pytest

from tests.support.program import environment
from tuichat.settings import Notes, config_path, read_config


@pytest.fixture
def config(tmp_path):
    """Write a configuration file: `config(text)`; returns what is read and what is wrong."""

    def write(text):
        path = tmp_path / "config.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_config(str(path))

    return write


def test_no_file_is_no_mistake(tmp_path):
    assert read_config(str(tmp_path / "none.toml")) == ({}, [])


def test_every_setting(config):
    settings = {
        "server": "chat.example.org:5000", "room": "general", "nick": "ann", "framing": "crlf",
        "log": "~/chat.log", "bell": "all", "mouse": True, "plain": False, "scrollback": 5000,
    }  # fmt: skip
    lines = [
        f"{key} = {str(value).lower() if isinstance(value, bool | int) else repr(value)}"
        for key, value in settings.items()
    ]
    assert config("\n".join(lines)) == (settings, [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('colour = "red"', "unknown setting “colour”"),
        ('nick = ""', "“nick” must be a string"),
        ('nick = "  "', "“nick” must be a string"),
        ('nick = "a\\u202eb"', "“nick” must be a string"),
        ("nick = 7", "“nick” must be a string"),
        ('server = "host:port"', "“server” must be a string: HOST or HOST:PORT"),
        ('framing = "cr"', '“framing” must be "auto", "bare", "lf" or "crlf"'),
        ("bell = true", '“bell” must be "off", "mention" or "all"'),
        ("bell = [1]", '“bell” must be "off", "mention" or "all"'),
        ('mouse = "yes"', "“mouse” must be true or false"),
        ("scrollback = 99", "“scrollback” must be a number of lines"),
        ("scrollback = true", "“scrollback” must be a number of lines"),
        ("[room]", "“room” must be a string"),
        ('"bad\\u001bkey" = 1', "unknown setting “bad<U+001B>key”"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_the_rest_holds(config, line, words):
    settings, wrong = config(f'# mine\nlog = "x.log"\n{line}\n')
    assert settings == {"log": "x.log"}
    assert len(wrong) == 1
    assert words in wrong[0]
    assert "\x1b" not in wrong[0]
    if "\\" not in line or "nick" in line:
        assert "config.toml, line 3: " in wrong[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [("room = \nx", "line 1"), (b"room = '\xff'", "not UTF-8"), ("\x00", "line 1")],
)
def test_a_file_that_is_no_toml_is_told_and_not_used(config, text, words):
    settings, wrong = config(text)
    assert settings == {}
    assert len(wrong) == 1
    assert words in wrong[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("room = 'café'".encode("utf-16"), "in UTF-16"),
        ("room = 'café'".encode("utf-16-le"), "in UTF-16"),
        ("room = 'café'".encode("utf-16-be"), "in UTF-16"),
        ("# mine\r\nroom = 'café'\r\n".encode("latin-1"), "line 2: not UTF-8"),
    ],
)
def test_another_encoding_is_named(config, data, words):
    settings, [wrong] = config(data)
    assert settings == {}
    assert words in wrong


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_mark_of_the_byte_order_is_skipped_and_lines_may_end_in_any_way(config, end):
    assert config(b"\xef\xbb\xbf") == ({}, [])
    text = end.join(["\ufeffroom = 'general'", "nick = 'ann'", ""])
    assert config(text) == ({"room": "general", "nick": "ann"}, [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"scrollback = {'9' * 5000}", "a number has too many digits"),
        (f"room = {'[' * 5000}", "nested too deeply"),
        (f"room = {'{a=' * 5000}", "nested too deeply"),
        (f"{'a.' * 50_000}a = 1", "nested too deeply"),
        (f"{'k' * 100_000} = 1", "unknown setting “kkk"),
        ("#" * 2_000_000, "larger than 524288 bytes"),
    ],
)
def test_what_is_too_much_is_told_in_a_short_sentence(config, text, words):
    settings, [wrong] = config(text)
    assert settings == {}
    assert words in wrong
    assert len(wrong) < 400


def test_of_many_mistakes_a_handful_is_told_in_no_time(config):
    began = time.monotonic()
    settings, wrong = config("nick = 'ann'\n" + "".join(f"k{n} = 1\n" for n in range(20_000)))
    assert time.monotonic() - began < 5  # it was half a minute
    assert settings == {"nick": "ann"}
    assert len(wrong) == 6
    assert "line 2: unknown setting “k0”" in wrong[0]
    assert wrong[-1].endswith("19995 more problems.")


@pytest.mark.parametrize("place", ["pipe", "device"])
def test_what_is_no_file_is_told_and_never_waited_for(tmp_path, place):
    path = tmp_path / "config.toml"
    if place == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    settings, [wrong] = read_config(str(path))
    assert settings == {}
    assert "Cannot read" in wrong and ": not a regular file." in wrong


def test_a_directory_in_its_place_is_told(tmp_path):
    settings, wrong = read_config(str(tmp_path))
    assert settings == {}
    assert "Cannot read" in wrong[0]


def test_the_places_follow_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", "relative/is/ignored")
    assert config_path() == str(tmp_path / "c" / "tuichat" / "config.toml")
    assert Notes().path == str(tmp_path / ".local/state/tuichat/servers")


@pytest.fixture
def state(monkeypatch, tmp_path):
    """An empty state directory."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "tuichat" / "servers"


def test_what_was_learned_is_there_the_next_time(state):
    notes = Notes()
    notes.remember("one.example:5220", "ann", "lf")
    notes.remember("two.example:5220", "anna", "bare")
    notes.remember("one.example:5220", "ann", "crlf")
    again = Notes()
    assert (again.last_server, again.last_nick) == ("one.example:5220", "ann")
    assert again.memory == {"two.example:5220": "bare", "one.example:5220": "crlf"}
    assert os.listdir(state.parent) == ["servers"]


def test_notes_that_cannot_be_replaced_leave_nothing_beside(state):
    notes = Notes()
    state.mkdir(parents=True)
    with pytest.raises(OSError, match="servers"):
        notes.remember("one.example:5220", "ann", "lf")
    assert os.listdir(state.parent) == ["servers"]


def test_a_full_disk_leaves_nothing_beside_and_what_it_held_is_kept(state, monkeypatch):
    Notes().remember("one.example:5220", "ann", "lf")
    held = state.read_bytes()
    notes, write = Notes(), os.write

    def fill(descriptor, data):
        write(descriptor, data[:3])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full, pytest.raises(OSError, match="No space left"):
        full.setattr(os, "write", fill)
        notes.remember("two.example:5220", "ann", "crlf")
    assert os.listdir(state.parent) == ["servers"]
    assert state.read_bytes() == held
    notes.remember("three.example:5220", "ann", "bare")
    assert Notes().memory == {
        "one.example:5220": "lf", "two.example:5220": "crlf", "three.example:5220": "bare",
    }  # fmt: skip


@pytest.mark.parametrize("there", [True, False])
def test_notes_are_written_through_a_symbolic_link(state, tmp_path, there):
    real = tmp_path / "elsewhere" / "mine"
    if there:
        real.parent.mkdir()
        real.write_text("old.example:5220\tlf\tann\n")
    state.parent.mkdir()
    state.symlink_to(real)
    Notes().remember("one.example:5220", "ann", "lf")
    assert state.is_symlink()
    assert "one.example:5220\tlf\tann\n" in real.read_text()
    assert os.listdir(real.parent) == ["mine"]
    assert os.listdir(state.parent) == ["servers"]


def test_a_link_to_the_null_device_keeps_nothing_and_stays(state):
    state.parent.mkdir()
    state.symlink_to(os.devnull)
    Notes().remember("one.example:5220", "ann", "lf")
    assert os.readlink(state) == os.devnull


def test_what_two_clients_learn_is_all_kept(state):
    one, two = Notes(), Notes()
    one.remember("one.example:5220", "ann", "lf")
    two.remember("two.example:5220", "ann", "crlf")
    one.remember("two.example:5220", "ann", "")
    two.remember("three.example:5220", "anna", "bare")
    again = Notes()
    assert again.memory == {
        "one.example:5220": "lf", "two.example:5220": "crlf", "three.example:5220": "bare",
    }  # fmt: skip
    assert (again.last_server, again.last_nick) == ("three.example:5220", "anna")


def test_many_clients_at_once_lose_nothing(state, home):
    learn = (
        "import sys; from tuichat.settings import Notes\n"
        "for n in range(20): Notes().remember(f'{sys.argv[1]}{n}:1', 'ann', 'lf')"
    )
    env = environment(home, {"XDG_STATE_HOME": str(state.parent.parent)})
    clients = [
        subprocess.Popen([sys.executable, "-c", learn, name], env=env) for name in "abcdef"
    ]
    assert [client.wait(30) for client in clients] == [0] * 6
    assert set(Notes().memory) == {f"{name}{n}:1" for name in "abcdef" for n in range(20)}
    assert os.listdir(state.parent) == ["servers"]


def test_what_a_killed_client_left_behind_stops_nobody(state):
    state.parent.mkdir()
    left = state.with_name("servers.new")
    left.write_text("one.exa")
    os.utime(left, (1, 1))
    Notes().remember("one.example:5220", "ann", "lf")
    assert Notes().memory == {"one.example:5220": "lf"}
    assert os.listdir(state.parent) == ["servers"]


@pytest.mark.parametrize("home", ["", "relative", None])
def test_without_a_home_nothing_is_kept_anywhere(monkeypatch, tmp_path, home):
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, "relative")
    if home is None:
        monkeypatch.delenv("HOME")
        monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as without a passwd entry
    else:
        monkeypatch.setenv("HOME", home)
    notes = Notes()
    notes.remember("one.example:5220", "ann", "lf")
    assert (notes.path, config_path()) == ("", "")
    assert read_config(config_path()) == ({}, [])
    assert notes.memory == {"one.example:5220": "lf"}
    assert os.listdir(tmp_path) == []


def test_only_the_latest_servers_are_kept(state):
    notes = Notes()
    for number in range(300):
        notes.remember(f"host{number}:5220", "ann", "lf")
    assert len(Notes().memory) == 200
    assert "host299:5220" in Notes().memory


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"", b"\t\t\t\n\n", b"host\tweird\tnick\n", b"a\x1b[2J\tlf\tx\n"]
)
def test_notes_that_make_no_sense_do_no_harm(state, content):
    state.parent.mkdir()
    state.write_bytes(content)
    notes = Notes()
    assert set(notes.memory.values()) <= {""}
    assert "\x1b" not in notes.last_server


@pytest.mark.parametrize("place", ["pipe", "device"])
def test_notes_that_are_no_file_are_none(state, place):
    state.parent.mkdir()
    if place == "pipe":
        os.mkfifo(state)
    else:
        state.symlink_to("/dev/zero")
    assert Notes().memory == {}
