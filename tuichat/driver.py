"""What the app wants done, done: the connection, the log, the notes for the next time."""

from __future__ import annotations

from .chat import effects as do
from .chat import messages as say
from .chat import transcript as tr
from .clock import now
from .net.connection import Connection, Left, Lost, Opened, Received
from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .log import Log
    from .net.wakeup import Wakeup
    from .settings import Notes
    from .ui.app import App


class Deeds:
    """Carries out what the app wants done, full screen or not.

    `connection` is the one open or being opened, if any; `ended` the exit status once the
    program is over, with `reason` to be told afterwards.
    """

    def __init__(self, app: App, notes: Notes, ring: Wakeup) -> None:
        self.connection: Connection | None = None
        self.ended: int | None = None
        self.reason = ""
        self._app = app
        self._notes = notes
        self._ring = ring
        self._log: Log | None = None

    def carry_out(self, effect: do.Effect) -> None:
        """Do one thing."""
        match effect:
            case do.Connect(host, port):
                self.hang_up()
                self.connection = Connection(host, port, self._ring.ring, now())
            case do.Leave() if self.connection:
                self.connection.leave(now())
            case do.Hangup():
                self.hang_up()
            case do.Quit(status, reason):
                if self.ended is None:
                    self.ended, self.reason = status, reason
            case do.Log(path):
                self.log_to(path, self._app.chat.transcript.end)
            case do.Remember(address, nick, sends):
                try:
                    self._notes.remember(address, nick, sends)
                except OSError as error:
                    self._app.chat.tell(say.NOT_NOTED.format(reason=error.strerror), tr.ERROR)

    def hang_up(self) -> None:
        """Close the connection at once."""
        if self.connection:
            self.connection.abort()
        self.connection = None

    def log_to(self, path: str, start: int) -> None:
        """Write a log from line `start` on, in place of the one before; "" ends that."""
        chat = self._app.chat
        if path:
            from .log import Log  # here, as most people write none

            try:
                log = Log(path, chat.transcript, start)
            except OSError as error:
                reason = clean(str(error.strerror))
                chat.tell(say.LOG_FAILED.format(path=path, reason=reason), tr.ERROR)
                return
            chat.tell(say.LOG_ON.format(path=path))
        else:
            log = None
            chat.hint = say.LOG_OFF if self._log else say.LOG_NONE
        if self._log:
            self._log.close()
        self._log = log

    def write_log(self) -> None:
        """Write what is new; tell once if that fails."""
        failed = self._log.write() if self._log else ""
        if self._log and failed:
            path, self._log = self._log.path, None
            self._app.chat.tell(say.LOG_FAILED.format(path=path, reason=failed), tr.ERROR)

    def send(self) -> None:
        """Give the connection what the app wants to send, a message at a time."""
        while self.connection and self.connection.idle:
            data = self._app.next_send()
            if data is None:
                return
            self.connection.send(data)

    def step(self, ready: set[object], when: float) -> int:
        """Let the connection do what it can; return how many bytes came."""
        connection, came = self.connection, 0
        if connection is None:
            return 0
        for event in connection.step(ready, ready, when):  # type: ignore[arg-type]
            match event:
                case Opened(seconds):
                    self._app.opened(seconds)
                case Received(data):
                    came += len(data)
                    self._app.received(data)
                case Lost(reason):
                    self.connection = None
                    self._app.lost(reason)
                case Left():
                    self.connection = None
                    self._app.left()
        return came
