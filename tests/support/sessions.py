"""Whole sessions without a terminal, many at the same time: what each user did and saw.

A script is a generator that types, and yields what it waits for: a text on the screen, or a
condition. Sessions mostly wait, so that all dialects together take as long as the slowest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from tests.support.dialects import Dialect, DialectServer
from tests.support.headless import Headless
from tests.support.loopback import served_first

Wanted = str | Callable[[], object]
Script = Callable[["Session"], Generator[Wanted, None, None]]

TURN_S = 0.002
LIMIT_S = 60.0
STANDSTILL_S = 0.1
"""A program that did not turn for so long has not seen the pauses that tell messages apart."""
TRIES = 5


KNOBS = {"refused_rooms": frozenset({"bad"}), "taken_nicks": frozenset({"taken"})}


class Session:
    """A server of some dialect with bob in `general`, and the program connected to it.

    Arguments: the dialect; the script; `knobs` of the server; `remembered`, the ending that an
    earlier session is said to have learned; the program's options.
    """

    def __init__(
        self,
        dialect: str | Dialect,
        script: Script,
        knobs: Mapping[str, object] = KNOBS,
        remembered: str = "",
        **options: object,
    ) -> None:
        self._exit = ExitStack()
        self.server = self._exit.enter_context(DialectServer(dialect, **knobs))
        if remembered:
            options["memory"] = {self.server.address: remembered}
        self.user = self._exit.enter_context(Headless(self.server.port, **options))
        self._script = script(self)
        self._wanted: Wanted = lambda: True
        self._mistake = ""
        self._turned_at: float | None = None
        self.stood_still = False
        self.over = False

    def turn(self, seconds: float) -> None:
        """Let the program turn once, and go on with the script if what it waits for is there."""
        now = time.monotonic()
        if self._turned_at is not None and now - self._turned_at > STANDSTILL_S:
            self.stood_still = True
        self._turned_at = now
        self.user.turn(seconds)
        while not self.over and self._there():
            try:
                self._wanted = next(self._script)
            except StopIteration:
                self.over = True
            except AssertionError as mistake:
                self._mistake, self._wanted = f"{mistake} ", lambda: False

    @property
    def failed(self) -> bool:
        """Whether an assertion of the script did not hold."""
        return bool(self._mistake)

    def _there(self) -> bool:
        if callable(self._wanted):
            return bool(self._wanted())
        return any(self._wanted in line for line in self.user.lines)

    def shows(self, text: str) -> bool:
        """Tell whether a line on the screen contains the text."""
        return any(text in line for line in self.user.lines)

    @property
    def connections(self) -> list[list[bytes]]:
        """What the server read on each connection, each time it read."""
        return [[data for _, data in received.chunks] for received in self.server.received]

    @property
    def chunks(self) -> list[bytes]:
        """What the server read on the last connection, each time it read."""
        return self.connections[-1]

    @property
    def plight(self) -> str:
        """What the session waits for in vain, and what is on the screen."""
        wanted = repr(self._wanted) if isinstance(self._wanted, str) else "a condition"
        frame = self._script.gi_frame
        where = f"line {frame.f_lineno}" if frame else "the end"
        lines = "\n  ".join(self.user.lines)
        return f"{self._mistake}waits for {wanted} at {where}; the screen:\n  {lines}"

    def close(self) -> None:
        """End the program and the server."""
        self._exit.close()


def play(sessions: list[Session], seconds: float = LIMIT_S) -> None:
    """Play all scripts to their ends; what does not end in time is left as it is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        going = [session for session in sessions if not (session.over or session.failed)]
        if not going:
            return
        for number, session in enumerate(going):
            session.turn(0 if number else TURN_S)


@contextmanager
def played(make: Mapping[str, Callable[[], Session]]) -> Iterator[dict[str, Session]]:
    """Make sessions, play them together, and close them afterwards.

    Those that stood still, as this machine was busy with something else, are played once more.
    """
    with ExitStack() as running:
        sessions: dict[str, Session] = {}
        for _ in range(TRIES):
            again = {n: s for n, s in make.items() if n not in sessions or sessions[n].stood_still}
            for name, session in again.items():
                sessions[name] = session()
                running.callback(sessions[name].close)
            with served_first():
                play([sessions[name] for name in again])
        yield sessions
