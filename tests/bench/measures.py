"""What is measured. Each measure of a run returns figures by the name of their row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from statistics import median
from typing import NamedTuple

from tests.bench.process import cpu_ms, resident_bytes, wakeups
from tests.bench.rig import COLS, ROWS, Rig
from tests.bench.server import chat
from tests.bench.subjects import ECHO, HOST_ALONE, IMPORTS, LEAST, NC, NOTHING, Subject, tuichat

PAGE_UP, BACKSPACE = "\x1b[5~", "\x7f"
KEYS = "~^_&%"  # in no chat and in no control sequence
LINES_PER_S = 2000


class Size(NamedTuple):
    """How much of everything: of what is quick the samples, of what takes longer the repeats."""

    runs: int
    lines: int
    starts: int
    samples: int
    repeats: int
    idle_s: float
    load_s: float
    growth: tuple[int, ...]


FULL = Size(5, 100_000, 10, 200, 20, 30, 60, (1_000, 10_000, 100_000, 1_000_000))
QUICK = Size(1, 2_000, 1, 3, 2, 1, 1, (1_000, 2_000))
Figures = dict[str, float]


def once(size: Size, home: str) -> Iterator[tuple[Subject, Figures]]:
    """Measure everything once, each program right after the other at the same work."""
    for subject in (HOST_ALONE, tuichat(), IMPORTS, NOTHING, LEAST):
        starts = [_start(subject, home) for _ in range(size.starts)]
        yield subject, {name: median(start[name] for start in starts) for name in starts[0]}
    work: list[tuple[Callable[[Rig, Size], Figures], list[Subject]]] = [
        (_flood, [LEAST, *NC]), (_keys, [ECHO]), (_keys_under_load, [LEAST]),
        (_messages, [LEAST, *NC]), (_history, [LEAST]),
    ]  # fmt: skip
    for measure, floors in work:
        for subject in (tuichat(), *floors):
            with Rig(subject, home) as rig:
                yield subject, measure(rig.enter(), size)
    yield from _idle([tuichat(), LEAST], size, home)


def _start(subject: Subject, home: str) -> Figures:
    figures = {}
    with Rig(subject, home) as rig:
        if subject.first:
            figures["start → first screen, ms"] = rig.started(subject.first)
        if subject.ready:
            figures["start → in the room, ms"] = rig.started(subject.ready)
        if not figures:
            figures["start → first screen, ms"] = rig.ended()
    return figures


def _flood(rig: Rig, size: Size) -> Figures:
    block, before = chat(0, size.lines), cpu_ms(rig.pid)
    taken = rig.told(block)
    rig.rest()
    name = f"flood of {size.lines:,} lines"
    return {
        f"{name} → the last on screen, ms": taken,
        f"{name}: CPU, ms": cpu_ms(rig.pid) - before,
    }


def _latencies(rig: Rig, size: Size, name: str, sample: Callable[[int], float]) -> Figures:
    """Take samples at times that follow no beat; return median and 99th percentile."""
    taken = []
    for number in range(size.samples):
        rig.sleep(0.025 + number * 7 % 20 / 500)
        taken.append(sample(number))
    p99 = sorted(taken)[len(taken) * 99 // 100]
    return {f"{name}, ms": median(taken), f"{name}: 99th percentile, ms": p99}


def _keys(rig: Rig, size: Size, name: str = "key → echo at rest") -> Figures:
    rig.type(" ")  # for the first Backspace
    return _latencies(rig, size, name, partial(keys, rig))


def keys(rig: Rig, number: int) -> float:
    """Return how long a key takes to its echo; the key before it is deleted first."""
    rig.type(BACKSPACE)
    rig.sleep(0.02)
    key = KEYS[number % len(KEYS)]
    return rig.shown(key, lambda: rig.type(key))


def _keys_under_load(rig: Rig, size: Size) -> Figures:
    rig.server.pace(LINES_PER_S)
    rig.sleep(0.5)
    before, since = cpu_ms(rig.pid), time.perf_counter()
    figures = _keys(rig, size, f"key → echo under {LINES_PER_S:,} lines/s")
    passed_ms = (time.perf_counter() - since) * 1e3
    share = 100 * (cpu_ms(rig.pid) - before) / passed_ms
    return figures | {f"CPU under {LINES_PER_S:,} lines/s, %": share}


def _messages(rig: Rig, size: Size) -> Figures:
    return _latencies(rig, size, "message → screen", lambda _: rig.told())


def _history(rig: Rig, size: Size) -> Figures:
    """Memory a line as the slope between two lengths of the history; work on the longer one."""
    fifth = size.lines // 5
    resident = []
    for start, stop in ((0, fifth), (fifth, size.lines)):
        rig.told(chat(start, stop - start))
        rig.rest()
        resident.append(resident_bytes(rig.pid))
    figures = {"memory per kept line, bytes": (resident[1] - resident[0]) / (size.lines - fifth)}
    before = cpu_ms(rig.pid)
    resized = median(resizes(rig, size.repeats))
    figures[f"resize with {size.lines:,} lines → last byte, ms"] = resized
    figures["resize: CPU each, ms"] = (cpu_ms(rig.pid) - before) / size.repeats
    figures["page up → last byte, ms"] = median(page_up(rig) for _ in range(size.repeats))
    return figures


def resizes(rig: Rig, count: int) -> list[float]:
    """Return how long each new size of the window takes, in ms; an even count restores it."""
    sizes = [(COLS // 2, ROWS - 6), (COLS, ROWS)]
    return [rig.drawn(partial(rig.resize, *sizes[n % 2])) for n in range(count)]


def page_up(rig: Rig) -> float:
    """Return how long a page back takes, in ms."""
    return rig.drawn(lambda: rig.type(PAGE_UP))


def _idle(subjects: list[Subject], size: Size, home: str) -> Iterator[tuple[Subject, Figures]]:
    """Watch them all at the same time, and do nothing meanwhile."""
    with ExitStack() as running:
        rigs = [running.enter_context(Rig(subject, home)).enter() for subject in subjects]
        rigs[0].sleep(1)
        before = [(wakeups(rig.pid), cpu_ms(rig.pid)) for rig in rigs]
        time.sleep(size.idle_s)
        for rig, (woken, cpu) in zip(rigs, before, strict=True):
            name = f"idle for {size.idle_s:g} s"
            figures: Figures = {f"{name}: wake-ups": wakeups(rig.pid) - woken}
            yield rig.subject, figures | {f"{name}: CPU, ms": cpu_ms(rig.pid) - cpu}
