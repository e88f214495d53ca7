"""The only `select`: over the socket, the keyboard and the wake-up.

A turn waits; then the keys have their say, then the socket, then the clock; then what the chat
wants is carried out, and the result is shown. The clock comes last: after a stop (Ctrl-Z, a laptop
asleep) an answer may lie in the socket whose time has run out since. With nothing to do there is no
time-out, and nothing wakes the program.
"""

from __future__ import annotations

import select
import time

from .chat.transcript import Stamp
from .net.connection import READ_LIMIT
from .record import soonest
from .wire import Stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from .chat.effects import Effect
    from .driver import Driver
    from .net.wakeup import Wakeup
    from .ui.app import App

    class Front(Protocol):
        """What the user sees and types at: the full screen, or lines."""

        frame_s: float
        gone: int | None

        def inputs(self) -> list[int]:
            """Return the descriptors to select for reading."""

        def deadline(self, now: float) -> float | None:
            """Return when `read` must be called though nothing is typed."""

        def read(self, ready: set[object]) -> bool:
            """Give the app what was typed; tell whether anything was."""

        def signal(self, number: int) -> bool:
            """Act on a signal; False: it ends the program."""

        def perform(self, effect: Effect) -> bool:
            """Carry out an effect that is the front's; False: it is not."""

        def show(self) -> None:
            """Show the state."""


now = time.monotonic

READ_S = 0.002
"""How long the socket is read in a turn; then the keys have their turn again."""
FLOOD_BYTES = 65536
"""So much in two frames is a flood."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


class Loop:
    """Runs the app behind a front until it ends."""

    def __init__(self, app: App, front: Front, wakeup: Wakeup, driver: Driver) -> None:
        self._app = app
        self._front = front
        self._wakeup = wakeup
        self._driver = driver
        self._clock = Clock()
        self._pacer = Pacer(front.frame_s)
        self._tick_due: float | None = None

    def run(self) -> int:
        """Return the exit status."""
        self.start()
        while self._driver.ended is None:
            self.turn()
        return self._driver.ended

    def start(self) -> None:
        """Show the first screen and begin to connect."""
        self._app.turn(now(), self._clock.stamp())
        self._app.chat.start()
        self._carry_out()

    def turn(self) -> None:
        """Wait for something, and do it."""
        ready = self._wait()
        self._app.turn(now(), self._clock.stamp())
        if self._wakeup in ready:
            self._take_signals()
        if self._front.read(ready):
            self._pacer.hurry()
        self._read_socket(ready)
        if self._tick_due is not None and self._app.state.time.now >= self._tick_due:
            self._app.chat.tick()
        self._carry_out()

    def _wait(self) -> set[object]:
        """Wait until something is ready or due; return what `select` named."""
        chat, connection, when = self._app.chat, self._driver.connection, now()
        readers: list[Any] = [self._wakeup, *self._front.inputs()]
        writers: list[Any] = []
        exceptional: list[Any] = []
        rests = self._pacer.rests(when, chat.unframed)
        self._tick_due = chat.deadline
        due = soonest(self._tick_due, self._front.deadline(when), self._pacer.due)
        if connection:
            readers += [] if rests else connection.readers()
            writers, exceptional = connection.writers(), connection.exceptionals()
            sends = chat.send_due if connection.idle else None
            due = soonest(due, connection.deadline(), sends)
        timeout = None if due is None else max(0.0, due - now())
        named = select.select(readers, writers, exceptional, timeout)
        ready = {thing for things in named for thing in things}
        if rests and connection and not ready:  # the frame is due: read first, then show
            ready = {*connection.readers()}
        return ready

    def _take_signals(self) -> None:
        for number in self._wakeup.drain():
            if not self._front.signal(number):
                self._driver.ended = 128 + number
            self._pacer.hurry()

    def _read_socket(self, ready: set[object]) -> None:
        """Read for a while."""
        when = now()
        until = when + READ_S
        connection = self._driver.connection
        came = total = self._driver.step(ready, when)
        while came >= READ_LIMIT and connection and now() < until:
            came = self._driver.step({*connection.readers()}, now())
            total += came
        self._pacer.received(total, when, self._app.chat.stage == Stage.ROOM)

    def _carry_out(self) -> None:
        driver, front = self._driver, self._front
        driver.send()
        for effect in self._app.chat.take_effects():
            if not front.perform(effect):
                driver.carry_out(effect)
        driver.write_log()
        when = now()
        if driver.ended is not None or self._pacer.may_paint(when):
            front.show()
            self._pacer.painted(when)
        if front.gone is not None:
            driver.ended = front.gone


class Pacer:
    """Decides how often to read and to paint while a room is busy: one read and one paint a frame.

    A word after a silence is shown at once. A room is busy once it has spoken twice within a
    frame; then the socket rests until the next frame is due: what little may follow can wait. But
    not in a flood, which would stand still meanwhile, nor on a server whose messages are told
    apart by pauses, as in the socket they would run together. Times are monotonic seconds.
    """

    def __init__(self, frame_s: float) -> None:
        self.frame_s = frame_s
        self._painted_at = self._received_at = 0.0
        self._owes = False  # whether something that came is still to be painted
        self._bytes = self._bytes_before = 0  # in this frame, and in the one before

    @property
    def due(self) -> float | None:
        """When the next frame is due, None if nothing waits for it."""
        return self._painted_at + self.frame_s if self._owes else None

    def received(self, size: int, now: float, in_room: bool) -> None:
        """Note that so many bytes came in a turn."""
        self._owes = bool(size) and in_room and now < self._received_at + self.frame_s
        self._bytes += size
        if size:
            self._received_at = now

    def hurry(self) -> None:
        """Let the next frame be due now: somebody has typed."""
        self._painted_at = 0.0

    def rests(self, now: float, unframed: bool) -> bool:
        """Tell whether to leave the socket alone until the next frame."""
        if unframed or self._bytes + self._bytes_before >= FLOOD_BYTES:
            return False
        return self._owes and now < self._painted_at + self.frame_s

    def may_paint(self, now: float) -> bool:
        """Tell whether to paint now."""
        return not self._owes or now >= self._painted_at + self.frame_s

    def painted(self, now: float) -> None:
        """Note that a frame was painted."""
        self._painted_at, self._owes = now, False
        self._bytes_before, self._bytes = self._bytes, 0


class Clock:
    """Gives local time stamps; makes a new one only when the second has changed."""

    def __init__(self) -> None:
        self._second = -1
        self._stamp = Stamp("", "", "")

    def stamp(self) -> Stamp:
        """Return the local time now."""
        second = int(time.time())
        if second != self._second:
            self._second = second
            local = time.localtime(second)
            zone = local.tm_gmtoff // 60
            iso = time.strftime("%Y-%m-%dT%H:%M:%S", local)
            iso += f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02}:{abs(zone) % 60:02}"
            day = f"{DAYS[local.tm_wday]} {local.tm_mday} {MONTHS[local.tm_mon - 1]}"
            self._stamp = Stamp(f"{local.tm_hour:02}:{local.tm_min:02}", day, iso)
        return self._stamp
