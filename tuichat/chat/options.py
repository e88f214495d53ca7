"""What the command line, the settings and earlier sessions say, in one record."""

from __future__ import annotations

from ..record import Record
from .transcript import LIMIT_LINES


class Options(Record):
    """`framing` is None for automatic; `memory` maps an address to the ending learned there."""

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
