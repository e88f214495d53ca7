"""Which server to connect to, and when to try again."""

from __future__ import annotations

from math import ceil

from ..text import clean
from ..wire import DEFAULT_PORT, Stage

PAUSES_S = (1, 2, 5, 10, 20, 30, 60)
STAY_S, BRIEF_S = 2.0, 10.0
"""Seconds in a room, or else connected, after which a connection counts as useful."""
MOST_FRUITLESS = 2


class AddressError(ValueError):
    """The text is not an address; the message is a sentence for the user."""


def parse_address(text: str) -> tuple[str, int]:
    """Read `HOST`, `HOST:PORT`, `[IPv6]`, `[IPv6]:PORT` or a bare IPv6 address.

    Raises AddressError with what is wrong and what to type instead.
    """
    text = text.strip()
    host, port = text, ""
    if "/" in text:
        raise AddressError(f"'{text}' is not a host name. Type HOST or HOST:PORT, without slashes.")
    if text.startswith("["):
        host, closed, port = text[1:].partition("]")
        if not closed or (port and not port.startswith(":")):
            raise AddressError(f"'{text}': write an IPv6 address as [::1] or [::1]:{DEFAULT_PORT}.")
        port = port[1:] if port else ""
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
        if not port:
            raise AddressError(f"'{text}': the port number is missing after the colon.")
    if not host or " " in host or clean(host) != host:
        raise AddressError(f"'{text}' is not a host name. Type HOST or HOST:PORT.")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise AddressError(f"'{port}' is not a port. Type a number from 1 to 65535.")
    return host, int(port) if port else DEFAULT_PORT


def show_address(host: str, port: int) -> str:
    """Return the address as it is typed."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Reconnect:
    """Where to connect to, and when: `host` is "" until the user names a server.

    `stage` is where the user is without a connection: `Stage.ASK`, `CONNECTING` or `LOST`; `since`
    is when that began. `retry_at` is when the next automatic try is due, None if there is none;
    `retrying` tells whether the user is to be brought back after a lost connection, `was_open`
    whether there ever was a connection; `failure` is why the last try failed; `fruitless` is how
    many connections in a row the server has ended before they were useful; `is_foreign` tells that
    the server speaks another protocol. Times are monotonic seconds.
    """

    def __init__(self) -> None:
        self.stage = Stage.ASK
        self.host = ""
        self.port = DEFAULT_PORT
        self.since = 0.0
        self.retry_at: float | None = None
        self.retrying = False
        self.failure = ""
        self.was_open = False
        self.fruitless = 0
        self.is_foreign = False
        self._last = ("", 0)  # the server that the user went to last
        self._tries = 0
        self._useful_at = 0.0

    @property
    def address(self) -> str:
        """The server's address as it is typed, "" if there is none yet."""
        return show_address(self.host, self.port) if self.host else ""

    def is_other(self, host: str, port: int) -> bool:
        """Tell whether that is another server than the last one, if there was one."""
        return self._last not in (("", 0), (host, port))

    def go_to(self, host: str, port: int) -> bool:
        """Note where to connect to; tell whether that is another server than before."""
        is_other = self.is_other(host, port)
        self.host, self.port, self.failure = host, port, ""
        self._last = host, port
        if is_other:
            self.retrying, self._tries, self.fruitless = False, 0, 0
        return is_other

    def ask(self) -> None:
        """Forget the server: the user is asked for one."""
        self.stage, self.host, self.retry_at = Stage.ASK, "", None

    def begin(self, now: float) -> None:
        """A try begins."""
        self.is_foreign = False
        self.stage, self.since, self.retry_at = Stage.CONNECTING, now, None

    def opened(self, now: float) -> None:
        """There is a connection."""
        self.failure, self.was_open, self._useful_at = "", True, now + BRIEF_S

    def entered(self, now: float) -> None:
        """The user is in a room."""
        self.retrying, self._tries, self._useful_at = False, 0, now + STAY_S

    def hung_up(self, now: float) -> bool:
        """The server closed the connection; tell whether it seems to do so every time."""
        self.fruitless = self.fruitless + 1 if now < self._useful_at else 0
        return self.fruitless >= MOST_FRUITLESS

    def settled(self) -> None:
        """The user asked for a connection: the next pauses begin short again."""
        self._tries = 0

    def lost(self, now: float, retry: bool) -> None:
        """The connection, or the try, has failed; `retry`: whether to try again."""
        self.stage, self.since, self.retry_at = Stage.LOST, now, None
        if retry:
            self.retry_at = now + PAUSES_S[min(self._tries, len(PAUSES_S) - 1)]
            self._tries += 1

    def next_second(self, now: float) -> float | None:
        """Return when the seconds that are shown change, None while none are shown."""
        if self.stage == Stage.CONNECTING or self.retry_at is not None:
            return now + 1 - (now - self.since) % 1
        return None

    def seconds_left(self, now: float) -> int:
        """Return whole seconds until the next try."""
        return max(0, ceil(self.retry_at - now)) if self.retry_at is not None else 0
