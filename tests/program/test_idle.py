"""With nothing to do the program does nothing: it is not even woken."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stages import Chat, Stages, stages
from tests.support.terminal import Terminal
from tuichat.loop import DAYS, MONTHS, Clock

QUIET_S = 2.0
MIDNIGHT_S = 6


@pytest.fixture
def stage(chat: Chat, home: Path) -> Iterator[Stages]:
    """The program in any of its stages."""
    with stages(chat, home) as made:
        yield made


def wakeups(terminal: Terminal) -> int:
    """How often the program has waited for something so far: proc(5), status."""
    status = Path(f"/proc/{terminal.pid}/status").read_text()
    found = re.search(r"^voluntary_ctxt_switches:\s*(\d+)$", status, re.MULTILINE)
    assert found
    return int(found[1])


def settled(terminals: list[Terminal]) -> list[int]:
    """The counts, once they have stayed the same for a moment: then all frames are painted."""
    counts: list[int] = []
    for _ in range(100):
        before, counts = counts, [wakeups(terminal) for terminal in terminals]
        if before == counts:
            return counts
        threading.Event().wait(0.1)
    raise AssertionError(f"still woken all the time: {counts}")


def test_nothing_wakes_an_idle_program(stage: Stages) -> None:
    names = [name for name in stage.NAMES if name != "connecting"]  # that counts the seconds
    terminals = [stage.start(name) for name in names]
    before = settled(terminals)
    threading.Event().wait(QUIET_S)
    after = [wakeups(terminal) for terminal in terminals]
    assert dict(zip(names, after, strict=True)) == dict(zip(names, before, strict=True))


def test_the_date_changes_at_midnight_though_nothing_happens(chat: Chat, home: Path) -> None:
    """In a time zone whose midnight is some seconds away."""
    ahead = 86_400 - (int(time.time()) + MIDNIGHT_S) % 86_400
    zone = f"XXX-{ahead // 3600}:{ahead // 60 % 60:02}:{ahead % 60:02}"  # east of Greenwich
    today, tomorrow = (time.gmtime(time.time() + ahead + later) for later in (0, 2 * MIDNIGHT_S))
    terminal = chat(home=home, env={"TZ": zone})
    terminal.wait(f"{DAYS[today.tm_wday]} {today.tm_mday} {MONTHS[today.tm_mon - 1]}")
    terminal.wait(f"{DAYS[tomorrow.tm_wday]} {tomorrow.tm_mday} {MONTHS[tomorrow.tm_mon - 1]}", 20)


@pytest.mark.parametrize(
    ("zone", "at", "left"),
    [
        ("UTC", 0, 86_400), ("UTC", 86_399, 1), ("XXX-1:30", 0, 81_000),
        ("Europe/Berlin", 1_774_738_800, 82_800),  # 29 March 2026, 00:00: summer time begins
        ("Europe/Berlin", 1_792_879_200, 90_000),  # 25 October 2026, 00:00: it ends
        ("America/Santiago", 1_788_665_400, 1_800),  # 5 September 2026, 23:30, before no midnight
    ],
)  # fmt: skip
def test_midnight_is_that_of_the_time_zone(
    zone: str, at: int, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        monkeypatch.setattr(time, "time", lambda: at)
        clock = Clock()
        before = time.monotonic()
        clock.stamp()
        assert 0 <= clock.midnight - before - left < 1
    finally:
        monkeypatch.undo()
        time.tzset()
