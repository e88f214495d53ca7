"""The pictures of the documentation: the true program, filmed in a room with scripted people.

    python -m tests.pictures [DIRECTORY]

writes an SVG file for each picture, by default to `tests/pictures/`. What would be different each
time is given to the program: the time of day, and where the host of the pictures is.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from wcwidth import wcswidth

from tests.support.dialects import DialectServer
from tests.support.svg import draw
from tests.support.terminal import Terminal

PLACE = Path(__file__).parent
HOST, DAY, ME = "chat.example.org", "Sun 22 Nov", "dave"
# Runs tuichat with the time of day in a file, and with every host here, on the port in argv.
PROGRAM = """
import socket, sys
from pathlib import Path
from tuichat.cli import main
from tuichat.loop import Clock
from tuichat.chat.transcript import Stamp
here = "127.0.0.1", int(sys.argv.pop(1))
socket.getaddrinfo = lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", here)]
Clock.stamp = lambda _: Stamp(*Path("clock").read_text().split(",", 1), "")
sys.exit(main())
"""
ROOMS = {
    "general": ("alice", "bob", "carol"),
    "homework3": ("carol", "erin"),
    "lounge": (),
    "sockets": ("frank",),
}
TALK = """
12:01 alice Good morning! Does anybody else get only half of a message from recv()?
12:01 bob yes, all the time
12:02 carol TCP is a stream of bytes: recv() gives you what has come so far, half of a message or \
three at once. Look for the end yourself, and keep the rest for the next time.
12:02 bob that explains what my list of rooms looked like…
12:03 * erin has joined the room.
12:03 * frank has joined the room.
12:03 * frank has left the room.
12:04 erin おはよう! Line ends, then? Or a length in front?
12:04 alice The protocol does not say. That is what makes it interesting.
12:05 dave So a client has to find out by itself?
12:06 carol dave: exactly. Try yours with a server that sends one byte at a time.
12:07 bob Mine passed all the tests with that, in the end.
12:07 alice Here is what helped me: https://docs.python.org/3/howto/sockets.html
12:08 erin ありがとう alice, just what I was looking for
12:09 bob brb, lunch
"""
DRAFT = "carol: found it, it was the"
LATER = """
12:19 alice By the way: a blank message logs you out of the course's server.
12:20 erin Ouch.
12:20 bob Back. Which one of you has the test server running?
12:21 alice Me, port 5220. It is on until five.
12:21 bob Thanks!
12:22 * grace has joined the room.
12:22 grace hello everybody
12:22 alice Hi grace!
12:24 carol dave, are you still there? Have a look at the third exercise, the one with \
the timeouts; I think that we can hand it in together.
12:25 erin The deadline is on Friday.
12:25 bob At noon.
12:26 grace 你好 erin, how far have you come?
12:27 erin Joining and names work; next is the list of who is here.
12:28 alice Mine hangs there: no count and no end mark.
12:28 bob So wait until it is quiet.
12:29 carol Or until something comes that cannot be a name.
12:30 alice Good idea.
"""
PASTED = """\
def lines(sock):
    rest = b""
    while data := sock.recv(1024):
        *whole, rest = (rest + data).split(b"\\n")
        yield from whole
    if rest:
        yield rest
"""


class Film:
    """The program on a terminal, in the company of scripted people; `shoot` takes the pictures.

    Arguments: the directory for the pictures; the home directory; the server; the size in cells.
    """

    def __init__(self, place: Path, home: Path, server: DialectServer) -> None:
        self._place, self._home, self._server = place, home, server
        self._cols, self._rows = 80, 24
        self._set_clock("12:00")
        argv = [sys.executable, "-c", PROGRAM, str(server.port), HOST]
        self.terminal = Terminal(
            argv, home=home, cols=self._cols, rows=self._rows, env={"LOGNAME": "dave"}
        )

    def shoot(self, name: str, sign: str, description: str, column: int | None = None) -> None:
        """Write a picture of the screen as soon as all of it is drawn.

        Arguments: the picture's name; a pattern that the screen holds then; a sentence about it;
        the cursor's column, or None if it stands behind the text of the last row.
        """
        terminal, last = self.terminal, self._rows - 1

        def drawn(_: Terminal) -> bool:
            # The cursor comes back to the last row when the rows above are done.
            end = wcswidth(terminal.screen[-1]) if column is None else column
            return terminal.cursor == (end, last) and bool(re.search(sign, terminal.text))

        terminal.wait(drawn)
        rows = [[terminal.cell(x, y) for x in range(self._cols)] for y in range(self._rows)]
        cursor = terminal.cursor if terminal.cursor_visible else None
        picture = draw(rows, cursor, terminal.title, description)
        (self._place / f"{name}.svg").write_text(picture, encoding="utf-8")

    def play(self, script: str, unseen: bool = False) -> None:
        """Let people talk, dave at the keyboard, each when the words before have been seen.

        Arguments: lines of time, nick (or `*` for a notice) and text; `unseen` while the screen
        is scrolled back and only counts what comes.
        """
        for number, line in enumerate(script.strip().splitlines(), 1):
            minute, nick, text = line.split(maxsplit=2)
            self._set_clock(minute)
            first = text.split()[0]
            sign = f"{number} new" if unseen else first if nick == "*" else f"{nick} │ {first}"
            before = self.terminal.text.count(sign)
            self._act(nick, text)
            self.terminal.wait(lambda t, s=sign, n=before: t.text.count(s) > n)

    def resize(self, cols: int, rows: int) -> None:
        """Give the terminal another size, in cells."""
        self._cols, self._rows = cols, rows
        self.terminal.resize(cols, rows)

    def _act(self, nick: str, text: str) -> None:
        if nick == "*":
            self._server.send(f"{text}\n".encode())
        elif nick == ME:
            self.terminal.type(text)
            self.terminal.press("Enter")
        else:
            self._server.say(text, nick, "general")

    def _set_clock(self, minute: str) -> None:
        new = self._home / "clock.new"
        new.write_text(f"{minute},{DAY}")
        os.replace(new, self._home / "clock")


def shoot_all(place: Path) -> None:
    """Write all the pictures into a directory."""
    with (
        tempfile.TemporaryDirectory() as home,
        DialectServer("chunks-in-lines-out", rooms=ROOMS) as server,
    ):
        film = Film(place, Path(home), server)
        with film.terminal:
            _arrive(film)
            _talk(film)
            _read_back(film)
            _shrink(film)


def _arrive(film: Film) -> None:
    """Lobby and naming."""
    terminal = film.terminal
    film.shoot(
        "lobby", "▸ general(.*\n)*.*or a room's name",
        "The lobby: the rooms of the server, the first one picked.", column=len("room› "),
    )  # fmt: skip
    terminal.press("Enter")
    terminal.wait("nick›")
    terminal.type("alice")
    terminal.press("Enter")
    film.shoot(
        "naming", "“alice” is already taken(.*\n)*nick› alice",
        "Choosing a nick: “alice” is taken, and still in the line, to be changed.",
    )  # fmt: skip
    terminal.press("C-u")
    terminal.type(ME)
    terminal.press("Enter")
    terminal.wait(f"#general as {ME}")


def _talk(film: Film) -> None:
    """The room, and what can lie over it."""
    terminal = film.terminal
    film.play(TALK)
    terminal.type(DRAFT)
    film.shoot(
        "room", DRAFT, "A conversation: times, coloured nicks, what is said, the input line.",
    )  # fmt: skip
    terminal.press("F1")
    film.shoot("help", "Esc closes", "Help: the keys, and what they do.")
    terminal.press("Esc")
    terminal.wait_gone("Esc closes")
    terminal.press("F3")
    terminal.type("time")
    terminal.wait("3/3")
    terminal.press("Up")
    film.shoot("search", "2/3", "Searching: the places found are marked and counted.")
    terminal.press("Esc")
    terminal.wait_gone("search›")
    terminal.paste(PASTED)
    film.shoot("paste", "Esc discards", "A paste of several lines: send, edit or drop it?")
    terminal.press("Esc")
    terminal.wait_gone("Esc discards")


def _read_back(film: Film) -> None:
    """Scrolled back while others go on talking."""
    terminal = film.terminal
    terminal.press("PageUp")
    terminal.wait("below")
    film.play(LATER, unseen=True)
    terminal.press("M-u")
    film.shoot(
        "scrolled", "── 17 new ──(.*\n)*.*below",
        "Scrolled back: a rule above what is new, and how much is below.",
    )  # fmt: skip
    terminal.press("Esc")
    terminal.wait_gone("below")


def _shrink(film: Film) -> None:
    """Small terminals, on which the columns go and the marks stay."""
    for name, cols, rows in (("narrow", 40, 10), ("tiny", 20, 5)):
        film.resize(cols, rows)
        sign = rf"│Good idea\..*\n.*\n.*{DRAFT[-8:]}\Z"
        film.shoot(name, sign, f"The room on a terminal of {cols} by {rows} cells.")


if __name__ == "__main__":
    shoot_all(Path(sys.argv[1]) if len(sys.argv) > 1 else PLACE)
