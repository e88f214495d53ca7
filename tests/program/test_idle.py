"""With nothing to do the program does nothing: it is not even woken."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stages import Chat, Serve, Stages, enter, stages
from tests.support.terminal import Terminal
from tuichat.chat.transcript import DAYS, MONTHS
from tuichat.loop import Clock

QUIET_S = 2.0
MIDNIGHT_S = 6
LINES = 190_000  # a few less than are kept


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


def test_a_search_that_has_come_to_its_end_is_idle(chat: Chat, serve: Serve) -> None:
    """In a history so long that it takes many turns."""
    server = serve("lf")
    ann = enter(chat, server.address)
    lines = [f"bob> line {number:06}\n" for number in range(LINES)]
    server.send("".join(lines).encode())
    ann.wait(f"line {LINES - 1}", 60)
    ann.press("F3")
    ann.type("LINE")
    ann.wait(f" {LINES}/{LINES}\n")
    ann.type(" nowhere")
    ann.wait("not found")
    ann.press("C-u")
    ann.type("line 000000")
    ann.wait(" 1/1\n")
    ann.wait(" line 000001\n")
    [before] = settled([ann])
    threading.Event().wait(QUIET_S)
    assert wakeups(ann) == before


def test_the_date_changes_at_midnight_though_nothing_happens(chat: Chat, home: Path) -> None:
    """In a time zone whose midnight is some seconds away."""
    ahead = 86_400 - (int(time.time()) + MIDNIGHT_S) % 86_400
    zone = f"XXX-{ahead // 3600}:{ahead // 60 % 60:02}:{ahead % 60:02}"  # east of Greenwich
    today, tomorrow = (time.gmtime(time.time() + ahead + later) for later in (0, 2 * MIDNIGHT_S))
    terminal = chat(home=home, env={"TZ": zone})
    terminal.wait(f"{DAYS[today.tm_wday]} {today.tm_mday} {MONTHS[today.tm_mon - 1]}")
    terminal.wait(f"{DAYS[tomorrow.tm_wday]} {tomorrow.tm_mday} {MONTHS[tomorrow.tm_mon - 1]}", 20)


# As POSIX TZ strings, which need no zone file of the system.
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
SANTIAGO = "<-04>4<-03>,M9.1.6/24,M4.1.6/24"


@pytest.mark.parametrize(
    ("zone", "at", "left"),
    [
        ("UTC", 0, 86_400), ("UTC", 86_399, 1), ("XXX-1:30", 0, 81_000),
        (BERLIN, 1_774_738_800, 82_800),  # 29 March 2026, 00:00: summer time begins
        (BERLIN, 1_792_879_200, 90_000),  # 25 October 2026, 00:00: it ends
        (SANTIAGO, 1_788_665_400, 1_800),  # 5 September 2026, 23:30: summer time skips midnight
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


def zone_of(hours: int) -> bytes:
    """A time zone so many hours east of Greenwich, as a file (RFC 8536, version 1)."""
    counts = b"".join(n.to_bytes(4, "big") for n in (0, 0, 0, 0, 1, 4))
    offset = (hours * 3600).to_bytes(4, "big", signed=True)
    return b"TZif" + bytes(16) + counts + offset + bytes(2) + b"ZZZ\0"


def test_the_clock_follows_the_computer_to_another_time_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "localtime"
    file.write_bytes(zone_of(0))
    monkeypatch.delenv("TZ", raising=False)
    clock, second = Clock(str(file)), 1_800_000_000  # 08:00 UTC
    shown = []
    for minute, hours in enumerate((1, 1, 9, -5)):
        (tmp_path / "new").write_bytes(zone_of(hours))
        (tmp_path / "new").rename(file)
        monkeypatch.setattr("tuichat.loop.time.time", lambda now=second + 60 * minute: now)
        shown.append((clock.stamp().minute, clock.stamp().iso[-6:]))
    monkeypatch.undo()
    time.tzset()
    assert shown == [
        ("09:00", "+01:00"), ("09:01", "+01:00"), ("17:02", "+09:00"), ("03:03", "-05:00"),
    ]  # fmt: skip
