"""The whole program without its screen and keyboard, on a real socket: for tests of sessions."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

from tuichat.chat import effects
from tuichat.chat.options import Options
from tuichat.chat.transcript import ERROR, INFO, OWN
from tuichat.driver import Driver
from tuichat.loop import Loop
from tuichat.net.wakeup import Wakeup
from tuichat.settings import Notes
from tuichat.ui.app import App


class _Nobody:
    """A front without a user: it only keeps the loop turning while a test waits."""

    frame_s = 0.0

    def __init__(self) -> None:
        self.gone: int | None = None
        self.until = 0.0
        self.bells = 0

    def inputs(self) -> list[int]:
        return []

    def deadline(self, now: float) -> float | None:
        return self.until

    def read(self, ready: set[object]) -> bool:
        return False

    def signal(self, number: int) -> bool:
        return True

    def perform(self, effect: effects.Effect) -> bool:
        self.bells += isinstance(effect, effects.Bell)
        return isinstance(effect, effects.Bell | effects.Redraw | effects.Suspend)

    def show(self) -> None:
        pass


class _Watched(Driver):
    """Notes when bytes were read (monotonic seconds)."""

    arrivals: list[float]

    def step(self, ready: set[object], now: float) -> int:
        came = super().step(ready, now)
        if came:
            self.arrivals.append(now)
        return came


class Headless:
    """A session with the server on a port of the loopback interface.

    Arguments other than the port are those of `Options`; `home` must be set in the environment.
    """

    def __init__(self, port: int, host: str = "127.0.0.1", **options: object) -> None:
        self.notes = Notes()
        if "memory" not in options:
            options["memory"] = self.notes.memory
        self.app = App(Options(host=host, port=port, **options))
        self.chat = self.app.chat
        self._wakeup = Wakeup()
        self.front = _Nobody()
        self.driver = _Watched(self.app.chat, self.notes, self._wakeup)
        self.driver.arrivals = []
        self._loop = Loop(self.app, self.front, self._wakeup, self.driver)
        self._loop.start()

    def __enter__(self) -> Headless:
        return self

    def __exit__(self, *error: object) -> None:
        self.driver.hang_up()
        self._wakeup.__exit__(None, None, None)

    def enter(self, line: str) -> None:
        """Type a line and press Enter."""
        self.chat.conversation.editor.set("")
        self.app.typed(line)
        self.app.key("enter")

    def pace(self, frame_s: float) -> None:
        """Set how long a frame lasts in a busy room, in seconds."""
        self._loop._pacer.frame_s = frame_s

    def longest_pause(self, first: int) -> float:
        """Return the longest time between two arrivals, from number `first` of them on."""
        arrivals = self.driver.arrivals[first:]
        return max((late - early for early, late in pairwise(arrivals)), default=0)

    @property
    def lines(self) -> list[str]:
        """The transcript; `» ` marks the program's own words, `<<nick>>` the user's."""
        transcript = self.chat.conversation.transcript
        return [self._line(n) for n in range(transcript.first, transcript.end)]

    def _line(self, number: int) -> str:
        transcript = self.chat.conversation.transcript
        kind, text = transcript.kind(number), transcript.text(number)
        if kind == OWN:
            return f"<<{transcript.own_nick(number)}>> {text}"
        return f"» {text}" if kind in (INFO, ERROR) else text

    @property
    def heard(self) -> list[str]:
        """What others said, and what the server said: everything from outside."""
        return [line for line in self.lines if not line.startswith(("»", "<<"))]

    @property
    def said(self) -> list[str]:
        """The user's own messages as shown."""
        return [line.split(">> ", 1)[1] for line in self.lines if line.startswith("<<")]

    def wait(self, condition: str | Callable[[], object], seconds: float = 10.0) -> None:
        """Turn the loop until the condition holds, or a line contains the text."""
        wanted = condition
        if isinstance(wanted, str):
            text = wanted

            def wanted() -> bool:
                return any(text in line for line in self.lines)

        end = time.monotonic() + seconds
        while not wanted():
            left = end - time.monotonic()
            lines = "\n".join(self.lines)
            assert left > 0, f"not within {seconds} s: {condition!r}; lines:\n{lines}"
            self.turn(min(left, 0.05))

    def turn(self, seconds: float) -> None:
        """Turn the loop once, waiting for at most this long."""
        self.front.until = time.monotonic() + seconds
        self._loop.turn()

    def rest(self, seconds: float) -> None:
        """Turn the loop for a while, in which something must not happen."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= end, seconds + 1)
