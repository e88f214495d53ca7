"""Hostile text in every place that shows text from outside: none of it reaches the terminal raw.

`support.sequences` checks all that is written, to the last byte after the program's end. Single
bytes and characters are tested in `test_hostile_bytes`; here the places matter.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys

import pytest

from tests.support.program import environment
from tests.support.sequences import Sequences, visible
from tests.support.stages import LINES, NO_CONNECTION, enter

ATTACKS = {
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;b3duZWQ=\x07",
    "link": "\x1b]8;;http://owned\x1b\\owned\x1b]8;;\x1b\\",
    "device": "\x1bPowned\x1b\\",
    "report": "\x1b[6n\x1b[21t",
    "clear": "\x1b[2J\x1b[H\x1bc",
    "c1": "\u009b31mowned\u009d0;owned\u009c",
    "overwrite": "owned\r\b\b\v\fowned",
    "shift out": "\x0eowned\x0f",
    "bidi": "\u202eowned\u2066\u200f",
    "invisible": "\ufeff\u200b\u00ad\u3164\U000e0041\ue000\ufff9owned",
    "marks": "o" + "\u0301" * 1000,
    "delete": "\x7f\x00owned",
}
HOSTILE = "".join(ATTACKS.values()).replace("\n", "").replace("\0", "")
ONE_LINE = HOSTILE.replace("\r", "")  # for a paste, in which a CR would be Enter
NAME = ONE_LINE.replace(" ", "")[:60]


def harmless(terminal, term="xterm-256color"):
    """Read all that was written to a terminal, title and all; return the text."""
    sequences = Sequences(term)
    shown = sequences.text(terminal.raw)
    assert not [title for title in sequences.titles if not all(map(visible, title))]
    return shown


def printed(data):
    """Read what was written to a pipe or a file: visible characters and line ends only."""
    text = data.decode("utf-8")
    assert not [ascii(char) for char in set(text) if char != "\n" and not visible(char)]
    return text


def leave(terminal):
    """Leave, whatever is in the line."""
    terminal.press("C-u", "C-k", "F10")
    return terminal.wait_exit()


def test_in_a_room(chat, serve):
    """A message, its sender, who comes, who is here, the last words."""
    who = "\n".join(["Users, bob:", *ATTACKS.values(), "bob"])
    server = serve("lf", instead={"who": [who]})
    terminal = enter(chat, server.address, cols=120, rows=60)
    for attack in ATTACKS.values():
        server.send(f"bob> {attack}!\n{attack}> hi\n{attack} has joined the room.\n".encode())
    server.send(b"bob> seen\n")
    terminal.wait("seen")
    terminal.press("F2")
    terminal.wait("here as of")
    terminal.press("M-l")
    terminal.wait("Any key returns")
    terminal.press("Esc")
    terminal.wait_gone("Any key returns")
    terminal.press("F3")
    terminal.wait("search›")
    terminal.paste(ONE_LINE)
    terminal.wait("not found")
    terminal.press("Esc")
    terminal.wait_gone("search›")
    server.farewell(HOSTILE, reset=True)
    terminal.wait(NO_CONNECTION)
    assert leave(terminal) == 69
    assert "seen" in harmless(terminal)
    assert terminal.restored()


def test_before_the_room(chat, serve):
    """A greeting, the names of rooms, invalid answers; and a name that is picked."""
    server = serve(
        "lf", greeting=(HOSTILE,), rooms={NAME: ("bob",), "general": ()},
        instead={"join": [HOSTILE, None], "nick": [HOSTILE, "1", None]},
    )  # fmt: skip
    terminal = chat(server.address, *LINES, cols=200, rows=50)
    terminal.wait("This is the lobby")
    terminal.press("Enter")
    terminal.wait("gave an unexpected answer")
    terminal.press("C-u")
    terminal.type("/join general")
    terminal.press("Enter")
    terminal.wait("Which nick")
    for answer in ("unexpected answer to /nick", "The server rejected “ann”"):
        terminal.press("C-u")
        terminal.type("ann")
        terminal.press("Enter")
        terminal.wait(answer)
    assert leave(terminal) == 0
    assert "<U+001B>" in harmless(terminal)


def test_typed_and_pasted_by_the_user(chat, serve):
    """What is pasted is a stranger's text, too: in the line, in a name, in a path, after the end.
    """
    server = serve("bare-exact")
    arguments = ("--framing", "bare", "--room", "general", "--nick", "ann")
    terminal = chat(server.address, *arguments, cols=120)
    terminal.wait("You are in general")
    for text in (ONE_LINE, f"/log /nowhere/{NAME}", f"/{NAME}", f"/search {NAME}"):
        terminal.press("C-u")
        terminal.paste(text)
        terminal.press("Enter")
    terminal.wait("search›")
    terminal.press("Esc")
    terminal.wait_gone("search›")
    terminal.paste("\n".join([ONE_LINE] * 200))
    terminal.wait("Pasted 200 lines")
    terminal.press("C-s")
    terminal.wait(re.compile(r"\d{3} waiting"))  # not only the rest of what was said before
    server.stop()
    terminal.wait(NO_CONNECTION)
    terminal.paste(f"/server {NAME}")
    terminal.press("Enter")
    assert leave(terminal) == 69
    harmless(terminal)
    after = terminal.raw.rpartition(b"\x1b[?1049l")[2].decode()
    assert "Not sent: \ufffd" in after, "told once more, as harmless, when the screen is gone"


def test_in_the_users_own_files_and_options(chat, home, serve):
    """A configuration, the notes of the last session, a host and a TERM that somebody gave."""
    config, notes = home / ".config/tuichat/config.toml", home / ".local/state/tuichat/servers"
    for path in (config, notes):
        path.parent.mkdir(parents=True)
    quoted = "".join(f"\\u{ord(char):04x}" if char < " " else char for char in NAME[:20])
    config.write_text(f'nick = "{quoted}"\n"{quoted}" = "{quoted}"\n', "utf-8")
    notes.write_text(f"{NAME}\t{NAME}\t{NAME}\n\x1b[2J:5220\tlf\t\x1b[2J\n", "utf-8")
    terminal = chat()
    terminal.wait("Which server?")
    leave(terminal)
    harmless(terminal)
    for arguments in ([NAME], ["localhost", NAME], ["--log", NAME, "a b"]):
        terminal = chat(*arguments)
        assert terminal.wait_exit() == 2
        harmless(terminal)


def test_the_demo(chat):
    terminal = chat("--demo", "--room", "general", "--nick", "ann")
    terminal.wait("You are in general")
    terminal.paste(ATTACKS["bidi"] + ATTACKS["title"])
    terminal.press("Enter")
    terminal.wait("ann │ <U+202E>")
    leave(terminal)
    harmless(terminal)


def test_lines_and_the_log(serve, home):
    """What line mode writes to pipes is as harmless as what the full screen shows."""
    server = serve("lf", greeting=(HOSTILE,), rooms={NAME: (), "general": ("bob",)})
    running = subprocess.Popen(
        [sys.executable, "-m", "tuichat", server.address, *LINES, "--plain", "--log", "log"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(home, {}), cwd=home,
    )  # fmt: skip
    assert running.stdin
    running.stdin.write(f"/join general\n/nick ann\n{ONE_LINE}\n".encode())
    running.stdin.flush()
    server.wait(lambda: any("owned" in command for command in server.commands))
    for attack in ATTACKS.values():
        server.send(f"bob> {attack}\n{attack}> hi\n{attack} has left the room.\n".encode())
    out, errors = running.communicate(b"/who\n")
    assert "bob> <U+001B>]0;owned" in printed(out)
    assert printed(errors) == ""
    assert "<U+001B>]0;owned" in printed((home / "log").read_bytes())


def test_the_servers_console(home):
    """Names are letters and digits, of whatever script; everything else is refused, not printed."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tuichat.server", "--port", "0", "--framing", "lf"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(home, {}), cwd=home,
    )  # fmt: skip
    assert running.stdout
    greeting = running.stdout.readline()
    port = int(re.search(rb"port (\d+)", greeting)[1])
    names = [*ATTACKS.values(), "שלום", "a" * 900, "\ud800", "中文"]
    for name in names:
        data = name.encode("utf-8", "surrogatepass")
        with socket.create_connection(("127.0.0.1", port)) as caller:
            for command in (b"/join " + data, b"/join general", b"/nick " + data, b"/nick x"):
                caller.sendall(command + b"\n")
            caller.shutdown(socket.SHUT_WR)
            while caller.recv(1024):
                pass
    running.terminate()
    out, _ = running.communicate(timeout=10)
    assert running.returncode == 143
    assert "中文 joined 中文" in printed(greeting + out)


@pytest.mark.parametrize("module", ["tuichat", "tuichat.server"])
@pytest.mark.parametrize("option", ["--host", "--port", "--framing", "--room", "--owned"])
def test_wrong_options(home, module, option):
    done = subprocess.run(
        [sys.executable, "-m", module, option, NAME, "--plain"], stdin=subprocess.DEVNULL,
        capture_output=True, env=environment(home, {}), cwd=home, timeout=20,
    )  # fmt: skip
    assert done.returncode in (1, 2)
    assert "Traceback" not in printed(done.stdout + done.stderr)
