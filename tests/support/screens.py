"""The program without a terminal, its screen drawn in a box: bytes and keys in, a picture out.

    session = in_room()
    session.server("alice> hello")
    session.type("hi")
    session.shows(\"\"\"
        ┌──────┐
        │ …    │
        └──────┘
    \"\"\")

Nothing here waits: the clock stands still until a test moves it with `later`.
"""

from __future__ import annotations

from textwrap import dedent

from tests.support.terminal import bordered
from tuichat.chat import effects
from tuichat.chat.options import Options
from tuichat.chat.transcript import ERROR, INFO, OWN, Stamp, Transcript
from tuichat.protocol.handshake import GREETING_S
from tuichat.ui.app import App
from tuichat.ui.frame import Frame
from tuichat.ui.pane import Pane
from tuichat.ui.view import View

SUNDAY, MONDAY = "Sun 22 Nov", "Mon 23 Nov"


def stamp(minute: str = "12:01", day: str = SUNDAY) -> Stamp:
    """Return a time stamp of one of two days."""
    return Stamp(minute, day, f"2026-11-{day[4:6]}T{minute}:00+00:00")


class Session:
    """A session with a server of lines, on a screen of `cols` by `rows` cells.

    `sent` are the lines that went to the server, `effects` what else was asked for; `works` tells
    whether the program goes on working though nothing comes. Arguments other than the size are
    those of `Options`.
    """

    def __init__(self, cols: int = 64, rows: int = 10, **options: object) -> None:
        given = {"host": "chat.example.org", "port": 5220, "framing": "lf", "default_nick": "dave"}
        self.app = App(Options(**(given | options)))
        self.state, self.chat = self.app.state, self.app.chat
        self.sent: list[str] = []
        self.effects: list[effects.Effect] = []
        self.works = False
        self._plan: tuple[object, ...] = ()
        self.now, self.stamp = 100.0, stamp()
        self._view = View()
        self.size(cols, rows)
        self.app.turn(self.now, self.stamp)
        self.chat.start()
        self._settle()

    # What happens

    def size(self, cols: int, rows: int) -> None:
        """Give the screen another size."""
        self.app.resize(rows, cols)

    def at(self, minute: str, day: str = SUNDAY) -> None:
        """Let it be another time of the day."""
        self.stamp = stamp(minute, day)
        self.app.turn(self.now, self.stamp)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self.app.turn(self.now, self.stamp)
        self.chat.tick()
        self._settle()

    def opened(self) -> None:
        """The connection is made."""
        self.chat.opened(0.01)
        self._settle()
        self.later(GREETING_S + 0.01)

    def lost(self, reason: str = "The server closed the connection.") -> None:
        """The connection is lost."""
        self.chat.lost(reason)
        self._settle()

    def server(self, *lines: str) -> None:
        """The server sends lines, together."""
        self.receive("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))

    def receive(self, data: bytes) -> None:
        """The server sends bytes."""
        self.chat.received(data)
        self._plan = ()
        self._settle()

    def press(self, *names: str) -> None:
        """Press keys, by the names of the keymap."""
        for name in names:
            self.app.key(name)
            self._settle()

    def type(self, text: str) -> None:
        """Type text."""
        self.app.typed(text)
        self._settle()

    def enter(self, line: str) -> None:
        """Type a line and press Enter."""
        self.type(line)
        self.press("enter")

    def paste(self, text: str) -> None:
        """Paste text."""
        self.app.paste(text.replace("\r\n", "\n").replace("\r", "\n"))  # as `keydecoder` does
        self._settle()

    def take_sent(self) -> list[str]:
        """Return what was sent since the last call."""
        sent, self.sent = self.sent, []
        return sent

    def _settle(self) -> None:
        while (due := self.chat.send_due) is not None and due <= self.now:
            if (data := self.chat.send()) is not None:
                self.sent.append(data.decode().removesuffix("\n"))
        self.effects += self.chat.take_effects()
        self.works = self.app.work()
        self._check_version()

    def _check_version(self) -> None:
        """Check that what is due changes only with the version, as the loop would not notice."""
        chat = self.chat
        plan = self.now, chat.version, (chat.deadline, chat.send_due)
        same = plan[:2] == self._plan[:2]
        assert not same or plan == self._plan, "what is due has changed, and the version has not"
        self._plan = plan

    # What is seen

    @property
    def line(self) -> str:
        """The input line, the cursor drawn as `|`."""
        text, cursor = self.chat.conversation.editor.text, self.chat.conversation.editor.cursor
        return f"{text[:cursor]}|{text[cursor:]}"

    @property
    def flash(self) -> str:
        """The sentence above the status bar."""
        return self.chat.conversation.flash

    @property
    def lines(self) -> list[str]:
        """The transcript, `» ` before the program's own words, the nick before the user's."""
        transcript = self.chat.conversation.transcript
        return [self._line(number) for number in range(transcript.first, transcript.end)]

    def _line(self, number: int) -> str:
        transcript = self.chat.conversation.transcript
        kind, text = transcript.kind(number), transcript.text(number)
        if kind == OWN:
            return f"{transcript.own_nick(number)}: {text}"
        return f"» {text}" if kind in (INFO, ERROR) else text

    @property
    def frame(self) -> Frame:
        """What is on the screen; check that no row of it is out of date."""
        frame, pane = self._view.frame(self.state), self.state.pane
        conversation = self.state.conversation
        self.state.pane = Pane(conversation.transcript, conversation.sender.speaker)
        fresh, self.state.pane = View().frame(self.state), pane
        assert frame.rows[:-1] == fresh.rows[:-1]  # the last one remembers how far it is scrolled
        assert (frame.title, frame.cursor is None) == (fresh.title, fresh.cursor is None)
        return frame

    @property
    def rows(self) -> list[str]:
        """The screen's rows as text, without blanks at their end."""
        return ["".join(text for text, _ in row).rstrip() for row in self.frame.rows]

    @property
    def text(self) -> str:
        """The screen's text."""
        return "\n".join(self.rows)

    def shows(self, picture: str) -> None:
        """Compare the screen with the one drawn, box and all."""
        shown = bordered(self.rows, self.state.cols)
        wanted = dedent(picture).strip("\n").rstrip(" \n")
        assert shown == wanted, f"the screen is\n{shown}\nand should be\n{wanted}"

    def styled(self, style: str) -> list[str]:
        """Return the texts on the screen that have a style, from top to bottom."""
        return [text for row in self.frame.rows for text, name in row if name == style]

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Where the cursor is: (row, column)."""
        return self.frame.cursor


def in_lobby(*rooms: str, cols: int = 64, rows: int = 10, **options: object) -> Session:
    """A session in the lobby, the rooms listed."""
    session = Session(cols, rows, **options)
    session.opened()
    session.server(str(len(rooms)), *rooms)
    session.take_sent()
    return session


def in_naming(cols: int = 64, rows: int = 10, **options: object) -> Session:
    """A session that asks for the nick in the room general."""
    session = in_lobby("general", cols=cols, rows=rows, **options)
    session.enter("general")
    session.server("0")
    session.take_sent()
    return session


def in_room(cols: int = 64, rows: int = 10, **options: object) -> Session:
    """A session in the room general as dave, its pane empty, nothing known of the others."""
    session = Session(cols, rows, **({"room": "general", "nick": "dave"} | options))
    session.opened()
    session.server("0")
    session.server("0")
    session.take_sent()
    session.effects.clear()
    conversation = session.chat.conversation
    conversation.transcript = Transcript()
    conversation.viewport.cleared = 0
    session.state.pane = Pane(conversation.transcript, conversation.sender.speaker)
    conversation.version += 1
    return session
