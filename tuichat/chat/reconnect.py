"""Which server, and when to try again: the state of the connection as the user sees it."""

from __future__ import annotations

from ..text import clean
from ..wire import DEFAULT_PORT

NONE, CONNECTING, OPEN, LOST = "none", "connecting", "open", "lost"

PAUSES_S = (1, 2, 5, 10, 20, 30, 60)


class AddressError(ValueError):
    """The text is no address; the message is a sentence for the user."""


def parse_address(text: str) -> tuple[str, int]:
    """Read `HOST`, `HOST:PORT`, `[IPv6]`, `[IPv6]:PORT` or a bare IPv6 address.

    Raises AddressError with what is wrong and what to type instead.
    """
    text = text.strip()
    host, port = text, ""
    if "/" in text:
        raise AddressError(f"'{text}' is no host name: leave out everything with a slash.")
    if text.startswith("["):
        host, closed, port = text[1:].partition("]")
        if not closed or (port and not port.startswith(":")):
            raise AddressError(f"'{text}': write an IPv6 address as [::1] or [::1]:{DEFAULT_PORT}.")
        port = port[1:] if port else ""
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
        if not port:
            raise AddressError(f"'{text}': a port number is missing after the colon.")
    if not host or " " in host or clean(host) != host:
        raise AddressError(f"'{text}' is no host name. Type HOST or HOST:PORT.")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise AddressError(f"'{port}' is no port. A port is a number from 1 to 65535.")
    return host, int(port) if port else DEFAULT_PORT


def show_address(host: str, port: int) -> str:
    """Return the address as it is typed."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Link:
    """The connection to `host`, `port`: its state, since when, and the next try if lost."""

    def __init__(self) -> None:
        self.state = NONE
        self.host = ""
        self.port = DEFAULT_PORT
        self.since = 0.0
        self.retry_at: float | None = None
        self._tries = 0

    @property
    def address(self) -> str:
        """The server's address as it is typed, "" if there is none yet."""
        return show_address(self.host, self.port) if self.host else ""

    def reset(self) -> None:
        """Nothing is known of where to go."""
        self.state, self.host, self.retry_at = NONE, "", None

    def connect(self, now: float) -> None:
        """A try begins."""
        self.state, self.since, self.retry_at = CONNECTING, now, None

    def opened(self, now: float) -> None:
        """The server answered."""
        self.state, self.since = OPEN, now

    def settled(self) -> None:
        """The user is where they wanted to be: the next pauses begin short again."""
        self._tries = 0

    def lost(self, now: float, retry: bool) -> None:
        """The connection, or the try, has failed; `retry` says whether to try again by itself."""
        self.state, self.since, self.retry_at = LOST, now, None
        if retry:
            self.retry_at = now + PAUSES_S[min(self._tries, len(PAUSES_S) - 1)]
            self._tries += 1

    def hold(self) -> None:
        """Do not try again by itself."""
        self.retry_at = None

    def seconds_left(self, now: float) -> int:
        """Return whole seconds until the next try."""
        return max(0, -int(-(self.retry_at - now) // 1)) if self.retry_at is not None else 0
