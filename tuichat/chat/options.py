"""What a chat gets: its options, and the time."""

from __future__ import annotations

from ..record import Record
from .transcript import LIMIT_LINES, NO_TIME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .transcript import Stamp


class Options(Record):
    """What a chat is started with, from the command line, the settings and earlier sessions.

    `framing` is None for automatic; `memory` maps an address to the ending learned there; `past`
    has what was said last, and when, by the place as `messages.PLACE` names it.
    """

    host: str = ""
    port: int = 0
    room: str = ""
    nick: str = ""
    framing: str | None = None
    bell: str = "mention"
    plain: bool = False
    scrollback: int = LIMIT_LINES
    last_server: str = ""
    default_nick: str = ""
    memory: dict[str, str] = {}
    past: dict[str, list[tuple[str, Stamp]]] = {}


class Time:
    """The time of this turn of the loop: `now` in monotonic seconds, `stamp` its local form."""

    def __init__(self, now: float = 0.0, stamp: Stamp = NO_TIME) -> None:
        self.now = now
        self.stamp = stamp
