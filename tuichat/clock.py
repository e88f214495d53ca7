"""The time, in the two forms that the rest of the program takes as arguments."""

from __future__ import annotations

import time

from .chat.transcript import Stamp

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

now = time.monotonic


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
