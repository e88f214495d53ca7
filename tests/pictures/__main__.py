"""The pictures of the README: the real program, filmed in a room with scripted people.

    python -m tests.pictures [DIRECTORY]

writes the moving picture of a session and a picture of the help, each for dark and for light
pages, by default to `tests/pictures/`. The program is given what would differ each time: the
time of day, and the address of the host in the pictures.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from wcwidth import wcswidth

from tests.support.dialects import DialectServer
from tests.support.svg import DARK, LIGHT, Shot, draw
from tests.support.terminal import Terminal

PLACE = Path(__file__).parent
HOST, DAY, ME = "chat.example.org", "Sun 22 Nov", "dave"
COLS, ROWS = 80, 22
THEMES = {"dark": DARK, "light": LIGHT}
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
SESSION = (
    "A session: a room is chosen, people talk, a reply is typed, a line with one's own name stands"
    " out, what was said is searched, and help is looked at."
)
HELP = "Help: the commands and the keys."
KEY_S = 0.06  # how long each key of a text takes, in seconds


class Film:
    """The program on a terminal in the company of scripted people, and what was seen of it.

    Arguments: the home directory; the server.
    """

    def __init__(self, home: Path, server: DialectServer) -> None:
        self._home, self._server = home, server
        self.set_clock("12:00")
        argv = [sys.executable, "-c", PROGRAM, str(server.port), HOST]
        self.terminal = Terminal(argv, home=home, cols=COLS, rows=ROWS, env={"LOGNAME": ME})
        self.shots: list[Shot] = []

    def shoot(self, sign: str, seconds: float) -> Shot:
        """Film the screen as soon as it is completely drawn.

        Arguments: a pattern that the screen holds then; for how long it is to be seen.
        """
        terminal = self.terminal

        def drawn(_: Terminal) -> bool:
            # The cursor comes back to the input line when the rows above are done: after the
            # text and perhaps a blank, or after the prompt if a hint follows it.
            (column, row), line = terminal.cursor, terminal.screen[-1]
            end = wcswidth(line)
            home = row == ROWS - 1 and column in (end, end + 1, line.find("›") + 2)
            return home and bool(re.search(sign, terminal.text))

        terminal.wait(drawn)
        rows = [[terminal.cell(x, y) for x in range(COLS)] for y in range(ROWS)]
        shot = Shot(rows, terminal.cursor if terminal.cursor_visible else None, seconds)
        self.shots.append(shot)
        return shot

    def press(self, key: str, sign: str, seconds: float) -> Shot:
        """Press a key and film what comes of it. Arguments: the key; as for `shoot`."""
        self.terminal.press(key)
        return self.shoot(sign, seconds)

    def type(self, text: str, before: str = "") -> None:
        """Film how a text is typed. Arguments: the text; what is in the input line."""
        for keys in re.findall(r"\s*\S", text):  # a blank alone shows too little to wait for
            self.terminal.type(keys)
            before += keys
            self.shoot(rf"› {re.escape(before)}\Z", KEY_S * len(keys))

    def hear(self, nick: str, text: str, seconds: float) -> None:
        """Film how somebody says something. Its last word must not be on the screen yet."""
        word = text.split()[-1]
        assert word not in self.terminal.text, word
        self._server.say(text, nick, "general")
        self.shoot(re.escape(word), seconds)

    def notice(self, text: str, seconds: float) -> None:
        """Film a notice of the server, whose first word must not be on the screen yet."""
        self._server.send(f"{text}\n".encode())
        self.shoot(rf"· {text.split()[0]}\b", seconds)

    def set_clock(self, minute: str) -> None:
        """Set the program's time of day."""
        new = self._home / "clock.new"
        new.write_text(f"{minute},{DAY}")
        os.replace(new, self._home / "clock")


def shoot_all(place: Path) -> None:
    """Write all the pictures into a directory."""
    with (
        tempfile.TemporaryDirectory() as home,
        DialectServer("chunks-in-lines-out", rooms=ROOMS) as server,
    ):
        film = Film(Path(home), server)
        with film.terminal:
            shown = play(film)
    pictures = {"session": (film.shots, SESSION), "help": ([shown], HELP)}
    for name, (shots, description) in pictures.items():
        for theme, colours in THEMES.items():
            picture = draw(shots, "tuichat", description, colours)
            (place / f"{name}-{theme}.svg").write_text(picture, encoding="utf-8")


def play(film: Film) -> Shot:
    """Film a session: it ends with what is shown to those who want no motion. Return the help."""
    film.shoot("▸ general", 1.5)
    film.press("Enter", "nick› ", 1)
    film.press("Enter", f"{ME}› ", 1)
    film.set_clock("12:01")
    film.hear("alice", "Good morning! Does anybody else get half messages from recv()?", 1.6)
    film.hear(
        "carol", "TCP is a stream of bytes: recv() gives you what has come so far, half of a "
        "message or three at once. Look for the end yourself, and keep the rest.", 2,
    )  # fmt: skip
    film.set_clock("12:02")
    film.notice("erin has joined the room.", 0.6)
    film.hear("erin", "おはよう! Line ends, then? Or a length in front?", 1.4)
    film.type("So a client finds out by itself?")
    film.press("Enter", f"{ME} .*itself", 0.8)
    film.set_clock("12:03")
    film.hear("carol", f"{ME}: exactly. Try yours with a server that sends single bytes.", 2.2)
    film.hear("bob", "This helped me: https://docs.python.org/3/howto/sockets.html", 1.2)
    film.press("F3", "search›", 0.5)
    film.type("byte")
    film.press("Up", "1/2", 1.4)
    film.press("Esc", f"{ME}› ", 0.4)
    shown = film.press("F1", r"\A(?!(.*\n)*.*This helped me)", 2.2)
    film.press("Esc", "This helped me", 0.4)
    film.set_clock("12:04")
    film.type("b")
    film.press("Tab", "› bob:", 0.4)
    film.type("thank you!", before="bob: ")
    film.press("Enter", f"{ME} .*thank you", 0.8)
    film.hear("bob", "My pleasure.", 1)
    film.hear("alice", f"{ME}: are you coming to lunch?", 3.5)
    return shown


if __name__ == "__main__":
    shoot_all(Path(sys.argv[1]) if len(sys.argv) > 1 else PLACE)
