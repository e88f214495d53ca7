"""The only `select`: over the socket, the keyboard and the wake-up.

A turn waits, reads the keys, reads the socket and does what is due; then it carries out what the
chat wants, and shows the result. Deadlines are checked after the socket is read: after a stop
(Ctrl-Z, a sleeping laptop) it may hold an answer whose deadline has passed meanwhile. When there is
nothing to do, only midnight wakes the program, because the date is on the screen.
"""

from __future__ import annotations

import os
import select
import time
from math import inf

from .chat.transcript import DAYS, MONTHS, NO_TIME, Stamp
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

        @property
        def gone(self) -> int | None:
            """The exit status once the user has gone, else None."""

        def inputs(self) -> list[int]:
            """Return the descriptors to select for reading."""

        def deadline(self, now: float) -> float | None:
            """Return when `read` must be called even if nothing is typed; None for never."""

        def read(self, ready: set[object]) -> bool:
            """Give the app what was typed; return whether anything was."""

        def signal(self, number: int) -> bool:
            """Act on a signal; return False if it ends the program."""

        def perform(self, effect: Effect) -> bool:
            """Carry out an effect if it is the front's; return False if it is not."""

        def show(self) -> None:
            """Show the state."""

    class Printer(Protocol):
        """An output that may stall: `pending` is what `fd` has not taken yet."""

        fd: int
        pending: bytes

        def write(self) -> None:
            """Write what can be written."""


now = time.monotonic

SIGNALLED = 128
"""Exit statuses from here on mean a signal."""
FLOOD_BYTES = 16384
"""So many bytes within two frames are a flood."""


class Loop:
    """Runs the app behind a front until it ends. Times are monotonic seconds, `inf` for never.

    `printer` is what the front prints through, if that may stall.
    """

    def __init__(
        self,
        app: App,
        front: Front,
        wakeup: Wakeup,
        driver: Driver,
        printer: Printer | None = None,
    ) -> None:
        self._app = app
        self._chat = app.chat
        self._front = front
        self._wakeup = wakeup
        self._wakeup_fd = wakeup.fileno()
        self._driver = driver
        self._printer = printer
        self._clock = Clock()
        self._pacer = Pacer(front.frame_s)
        # The plan: the sockets to select, and when to act even if nothing comes.
        self._readers: list[Any] = []
        self._writers: list[Any] = []
        self._exceptional: list[Any] = []
        self._sockets: set[object] = set()  # all of them
        self._socket_due = self._tick_due = self._send_due = inf
        self._planned_for = -1  # the version of the chat that the plan was made for
        self._works = False  # there is more to do even if nothing comes

    def run(self) -> int:
        """Take turns until the end, after `start`; return the exit status."""
        while self._driver.ended is None:
            self.turn()
        if self._printer and self._driver.ended < SIGNALLED:
            self._print_the_rest(self._printer)
        return self._driver.ended

    def _print_the_rest(self, printer: Printer) -> None:
        """Wait until everything is printed, or a signal ends the wait."""
        while printer.pending and (self._driver.ended or 0) < SIGNALLED:
            woken, ready, _ = select.select([self._wakeup_fd], [printer.fd], [])
            if woken:
                self._take_signals()
            if ready:
                printer.write()
            self._front.show()

    def start(self) -> None:
        """Show the first screen, then begin to connect."""
        self._app.turn(now(), self._clock.stamp())
        self._chat.start()
        self._front.show()
        self._carry_out()

    def turn(self) -> None:
        """Wait until something comes or is due, and act on it."""
        ready = self._wait()
        moment = now()
        self._app.turn(moment, self._clock.stamp())
        woken = self._wakeup_fd in ready
        if woken:
            self._take_signals()
        if self._printer and self._printer.fd in ready:
            self._printer.write()
        typed = self._front.read(ready)
        if typed:
            self._pacer.hurry()
        if woken or moment >= self._socket_due or not self._sockets.isdisjoint(ready):
            if typed:  # keys are answered first, and may have ended the connection
                self._carry_out()
            self._read_socket(ready)  # woken: a name may have been looked up
        if moment >= self._tick_due:
            self._chat.tick()
        self._carry_out()

    def _wait(self) -> set[object]:
        """Wait until something is ready or due; return what `select` named."""
        when = now()
        rests = self._pacer.rests(when) and not self._chat.unframed
        readers = [self._wakeup_fd, *self._front.inputs(), *([] if rests else self._readers)]
        printer = self._printer
        outputs = [printer.fd] if printer and printer.pending else []
        due = soonest(
            self._socket_due, self._tick_due, self._send_due, self._pacer.due,
            self._driver.log_due, self._front.deadline(when), self._clock.midnight,
        )  # fmt: skip
        timeout = None if due is None or due == inf else max(0.0, due - now())
        if self._works:
            timeout = 0.0
        writers = [*self._writers, *outputs]
        ready: set[object] = set()
        ready = ready.union(*select.select(readers, writers, self._exceptional, timeout))
        if rests and not self._pacer.rests(now()):  # the frame is due: read first, then show
            ready.update(self._readers)
        return ready

    def _take_signals(self) -> None:
        for number in self._wakeup.drain():
            if not self._front.signal(number):
                self._driver.ended = 128 + number
            self._pacer.hurry()

    def _read_socket(self, ready: set[object]) -> None:
        """Read once, so that keys get their turn between reads in a flood."""
        when = now()
        came = self._driver.step(ready, when)
        self._pacer.received(came, when, self._chat.stage == Stage.ROOM)
        self._planned_for = -1  # what was unsent may have been sent

    def _carry_out(self) -> None:
        driver, front, chat = self._driver, self._front, self._chat
        while chat.effects or chat.version != self._planned_for or chat.time.now >= self._send_due:
            self._take_effects()
            self._plan()
        driver.write_log()
        self._works = self._app.work()
        when = now()
        if driver.ended is not None or self._pacer.paints(when):
            front.show()
            self._pacer.painted(when)
        if front.gone is not None:
            driver.ended = front.gone

    def _take_effects(self) -> None:
        for effect in self._chat.take_effects():
            self._planned_for = -1
            if not self._front.perform(effect):
                self._driver.carry_out(effect)

    def _plan(self) -> None:
        """Send what is due, and find out what to wait for."""
        send_due, tick_due, socket_due = self._driver.send(), self._chat.deadline, None
        self._readers = self._writers = self._exceptional = []
        if connection := self._driver.connection:
            self._readers, self._writers = connection.readers(), connection.writers()
            self._exceptional = connection.exceptionals()
            socket_due = connection.deadline()
        self._sockets = {*self._readers, *self._writers, *self._exceptional}
        self._send_due = inf if send_due is None else send_due
        self._tick_due = inf if tick_due is None else tick_due
        self._socket_due = inf if socket_due is None else socket_due
        self._planned_for = self._chat.version


class Pacer:
    """Decides when to read and to paint while a room is busy: one read and one paint a frame.

    A message after a silence is shown at once. A room is busy from when messages came twice within
    a frame until a frame in which none came; meanwhile the socket is not read until the next frame
    is due. In a flood it is, or the flood would stall. (`Loop` also goes on reading where only
    pauses separate messages, as they would run together in the socket.) What is typed is shown at
    once, and changes none of this.

    `due` is when the next frame is due, None if it need not wait. Times are monotonic seconds.
    """

    def __init__(self, frame_s: float) -> None:
        self.frame_s = frame_s
        self.due: float | None = None
        self._is_busy = self._hurries = False
        self._painted_at = self._received_at = 0.0
        self._bytes = self._bytes_before = 0  # in this frame, and in the one before

    def received(self, size: int, now: float, in_room: bool) -> None:
        """Note how many bytes came in a turn."""
        goes_on = self.due is not None or now < self._received_at + self.frame_s
        self._is_busy = size > 0 and in_room and goes_on
        self.due = self._painted_at + self.frame_s if self._is_busy else None
        self._bytes += size
        if size:
            self._received_at = now

    def hurry(self) -> None:
        """Paint at the end of this turn, because somebody has typed."""
        self._hurries = True

    def rests(self, now: float) -> bool:
        """Tell whether to leave the socket alone until the next frame."""
        is_flood = self._bytes + self._bytes_before >= FLOOD_BYTES
        return self.due is not None and now < self.due and not is_flood

    def paints(self, now: float) -> bool:
        """Tell whether to paint at the end of this turn."""
        return self._hurries or self.due is None or now >= self.due

    def painted(self, now: float) -> None:
        """Note that a frame was painted; one painted in a hurry does not count."""
        hurried, self._hurries = self._hurries, False
        if not hurried and (self.due is None or now >= self.due):
            self.due = now + self.frame_s if self._is_busy and self._bytes else None
            self._painted_at = now
            self._bytes_before, self._bytes = self._bytes, 0


class Clock:
    """Gives local time stamps; makes a new one only when the second has changed.

    `midnight` is when the day of the last stamp ends (monotonic seconds). The time zone is the one
    in TZ if that is set, else the one in `zone_file`, which is read again when it has changed.
    """

    def __init__(self, zone_file: str = "/etc/localtime") -> None:
        self.midnight = inf
        self._second = -1
        self._stamp = NO_TIME
        self._zone_file = "" if "TZ" in os.environ or not hasattr(time, "tzset") else zone_file
        self._zone = self._zone_read()

    def stamp(self) -> Stamp:
        """Return the local time now."""
        second = int(time.time())
        if second != self._second:
            if second // 60 != self._second // 60:
                self._follow_zone()
            self._second = second
            local = time.localtime(second)
            zone = local.tm_gmtoff // 60
            iso = time.strftime("%Y-%m-%dT%H:%M:%S", local)
            iso += f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02}:{abs(zone) % 60:02}"
            day = f"{DAYS[local.tm_wday]} {local.tm_mday} {MONTHS[local.tm_mon - 1]}"
            tomorrow = (local.tm_year, local.tm_mon, local.tm_mday + 1, 0, 0, 0, 0, 0, -1)
            # Where summer time skips midnight, mktime() may return the past: then in a second.
            self.midnight = now() + max(1.0, time.mktime(tomorrow) - second)
            self._stamp = Stamp(f"{local.tm_hour:02}:{local.tm_min:02}", day, iso)
        return self._stamp

    def _zone_read(self) -> object:
        """Return what identifies the contents of the zone file; None if there is no file."""
        try:
            found = os.stat(self._zone_file)
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_mtime_ns

    def _follow_zone(self) -> None:
        """Make the C library read a changed zone file: it reads each name only once."""
        if not self._zone_file or (zone := self._zone_read()) in (None, self._zone):
            return
        self._zone = zone
        name = f":{self._zone_file}"
        os.environ["TZ"] = name if os.environ.get("TZ") != name else f":/.{self._zone_file}"
        time.tzset()
