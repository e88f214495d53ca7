"""The only `select`: over the socket, the keyboard and the wake-up.

A turn waits, lets the keys have their say, then the socket, then the clock, then carries out what
the app wants, and shows the result. The clock comes last: after a stop (Ctrl-Z, a laptop asleep)
an answer may lie in the socket whose time has run out since. While a room is busy, the socket is
left alone until the next frame is due, so that it costs one read and one paint a frame; but not in
a flood, which would stand still meanwhile, nor on a server whose messages are told apart by pauses,
as in the socket they would run together. With nothing to do there is no time-out, and nothing wakes
the program.
"""

from __future__ import annotations

import select

from .clock import Clock, now
from .net.connection import READ_LIMIT
from .record import soonest
from .wire import Stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from .chat.effects import Effect
    from .driver import Deeds
    from .net.wakeup import Wakeup
    from .ui.app import App

    class Front(Protocol):
        """What the user sees and types at: the full screen, or lines."""

        frame_s: float
        gone: int | None

        def inputs(self) -> list[int]:
            """Return the descriptors to select for reading."""

        def deadline(self, when: float) -> float | None:
            """Return when `read` must be called though nothing is typed."""

        def read(self, ready: set[object]) -> bool:
            """Give the app what was typed; tell whether anything was."""

        def signal(self, number: int) -> bool:
            """Act on a signal; False: it ends the program."""

        def perform(self, effect: Effect) -> bool:
            """Carry out an effect that is the front's; False: it is not."""

        def show(self) -> None:
            """Show the state."""


READ_S = 0.002
FLOOD_BYTES = 65536  # in two frames


class Loop:
    """Runs the app behind a front until it ends."""

    def __init__(self, app: App, front: Front, wakeup: Wakeup, deeds: Deeds) -> None:
        self._app = app
        self._front = front
        self._wakeup = wakeup
        self._deeds = deeds
        self._clock = Clock()
        self._shown = 0.0
        self._dirty = True
        self._heard = 0.0
        self._came = 0
        self._in_frame = self._in_last_frame = 0

    def run(self) -> int:
        """Return the exit status."""
        self.start()
        while self._deeds.ended is None:
            self.turn()
        return self._deeds.ended

    def start(self) -> None:
        """Show the first screen and begin to connect."""
        self._app.turn(now(), self._clock.stamp())
        self._app.start()
        self._carry_out()

    def turn(self) -> None:
        """Wait for something, and do it."""
        ready = self._wait()
        self._app.turn(now(), self._clock.stamp())
        self._take_signals(ready)
        self._take_input(ready)
        self._take_socket(ready)
        self._app.tick()
        self._carry_out()

    def _wait(self) -> set[object]:
        """Wait until something is ready or due; return what `select` named."""
        connection = self._deeds.connection
        when = now()
        frame_due = self._shown + self._front.frame_s
        flood = self._in_frame + self._in_last_frame >= FLOOD_BYTES
        resting = self._came and when < frame_due and not (flood or self._app.pauses_tell)
        readers: list[Any] = [self._wakeup, *self._front.inputs()]
        writers: list[Any] = []
        exceptional: list[Any] = []
        due = [self._app.deadline, self._front.deadline(when)]
        if connection:
            readers += [] if resting else connection.readers()
            writers += connection.writers()
            exceptional += connection.exceptionals()
            due += [connection.deadline(), self._app.send_due if connection.idle else None]
        if self._came:
            due.append(frame_due)
        first = soonest(*due)
        timeout = None if first is None else max(0.0, first - now())
        named = select.select(readers, writers, exceptional, timeout)
        ready = {thing for things in named for thing in things}
        if resting and connection and not ready:  # the frame is due: read first, then show
            ready = {*connection.readers()}
        return ready

    def _take_signals(self, ready: set[object]) -> None:
        if self._wakeup not in ready:
            return
        for number in self._wakeup.drain():
            if not self._front.signal(number):
                self._deeds.ended = 128 + number
            self._dirty, self._shown = True, 0.0

    def _take_input(self, ready: set[object]) -> None:
        """Let the front read; what was typed is shown at once."""
        if self._front.read(ready):
            self._dirty, self._shown = True, 0.0

    def _take_socket(self, ready: set[object]) -> None:
        """Read for a while; then the keys have their turn again.

        A word after a silence is shown at once. `_came` is how much came if the room is busy,
        having spoken twice within a frame: what little may follow can wait for the next one.
        """
        when = now()
        until = when + READ_S
        connection = self._deeds.connection
        came = total = self._deeds.step(ready, when)
        while came >= READ_LIMIT and connection and now() < until:
            came = self._deeds.step({*connection.readers()}, now())
            total += came
        busy = when < self._heard + self._front.frame_s and self._app.chat.stage == Stage.ROOM
        self._came = total if busy else 0
        self._in_frame += total
        self._heard = when if total else self._heard
        self._dirty = True

    def _carry_out(self) -> None:
        self._deeds.send()
        for effect in self._app.take_effects():
            if not self._front.perform(effect):
                self._deeds.carry_out(effect)
        self._deeds.write_log()
        self._show(at_once=self._deeds.ended is not None)
        if self._front.gone is not None:
            self._deeds.ended = self._front.gone

    def _show(self, at_once: bool) -> None:
        """Show what may have changed; while a room is busy, once a frame."""
        when = now()
        frame_due = self._shown + self._front.frame_s
        if self._dirty and (at_once or not self._came or when >= frame_due):
            self._front.show()
            self._shown, self._dirty = when, False
            self._in_last_frame, self._in_frame = self._in_frame, 0
