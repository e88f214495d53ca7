"""What is measured of every program, in rounds: each does the same, one after the other.

All of them are in the room for as long as a round lasts. So a figure is paired with those taken of
the others within the same minute, when the machine was as fast or as slow.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from statistics import median
from typing import NamedTuple

from tests.bench.process import cpu_ms, resident_bytes, wakeups
from tests.bench.rig import COLS, ROWS, Rig, Stuck
from tests.bench.server import chat
from tests.bench.subjects import HOST_ALONE, IMPORTS, Subject

PAGE_UP, BACKSPACE = "\x1b[5~", "\x7f"
KEYS = "~^_&%"  # these are in no line of chat and in no control sequence
LINES_PER_S = 2000


class Size(NamedTuple):
    """How much of everything: the rounds, and in each of them how many samples."""

    rounds: int
    lines: int
    starts: int
    samples: int
    busy_samples: int
    repeats: int
    idle_s: float
    load_s: float
    growth: tuple[int, ...]


FULL = Size(5, 100_000, 5, 60, 200, 20, 30, 60, (1_000, 10_000, 100_000, 1_000_000))
QUICK = Size(1, 10_000, 1, 3, 3, 2, 0.5, 0.5, (1_000, 2_000))
Figures = dict[str, float]
# By the key of a `Row` and the name of a program: a list of samples for each round.
Samples = dict[str, dict[str, list[list[float]]]]
Step = Callable[[Rig, Size], dict[str, list[float]]]


def p99(samples: Sequence[float]) -> float:
    """Return the 99th percentile."""
    return sorted(samples)[len(samples) * 99 // 100]


class Row(NamedTuple):
    """A line of the tables: its label, the key of its samples, and the figure made of them."""

    says: str
    key: str
    tells: Callable[[Sequence[float]], float] = median


FIGURES = (
    Row("start → first screen, ms", "first"),
    Row("start → in the room, known server, ms", "room"),
    Row("key at rest, ms", "key"),
    Row("message at rest, ms", "message"),
    Row("key under {rate:,} lines/s, ms", "busy key"),
    Row("key under {rate:,} lines/s, 99th percentile, ms", "busy key", p99),
    Row("CPU under {rate:,} lines/s, %", "busy"),
    Row("flood of {size.lines:,} lines, s", "flood"),
    Row("worst key in a flood of {size.lines:,} lines, ms", "flooded key", max),
    Row("memory per line, bytes", "memory"),
    Row("resize, ms", "resize"),
    Row("page up, ms", "page up"),
    Row("wake-ups in {size.idle_s:g} s at rest", "wake-ups"),
)


def named_rows(size: Size) -> list[Row]:
    """Return the rows, with the numbers filled into their labels."""
    return [row._replace(says=row.says.format(size=size, rate=LINES_PER_S)) for row in FIGURES]


def warm(
    ours: Sequence[Subject], peers: Sequence[Subject], home: str
) -> tuple[dict[Subject, int], list[str]]:
    """Start each once, so that it can compile, write and learn what it keeps.

    Returns the port at which each knows its server now, and the names of the peers that never got
    into the room. Raises `Stuck` if one of ours does not.
    """
    ports: dict[Subject, int] = {}
    failed: list[str] = []
    for subject in [*ours, *peers]:
        try:
            with Rig(subject, home) as rig:
                ports[subject] = rig.enter().server.port
        except (Stuck, OSError) as problem:
            if subject in ours:
                raise
            print(problem, file=sys.stderr)
            failed.append(subject.name)
    return ports, failed


def measure(ports: dict[Subject, int], size: Size, home: str) -> Samples:
    """Take the samples of all rounds. Arguments: the programs and their servers' ports."""
    samples: Samples = {}
    for turn in range(size.rounds):
        first = turn % len(ports)  # nobody is always the first
        order = [*ports][first:] + [*ports][:first]
        print(f"round {turn + 1} of {size.rounds}", file=sys.stderr)
        for subject, taken in _round(order, ports, size, home):
            for key, values in taken.items():
                samples.setdefault(key, {}).setdefault(subject.name, []).append(values)
    return samples


def _round(
    order: list[Subject], ports: dict[Subject, int], size: Size, home: str
) -> Iterator[tuple[Subject, dict[str, list[float]]]]:
    starts: dict[Subject, dict[str, list[float]]] = {}
    for _ in range(size.starts):
        for subject in [*order, HOST_ALONE, IMPORTS]:
            for key, taken in _start(subject, ports.get(subject, 0), home).items():
                starts.setdefault(subject, {}).setdefault(key, []).append(taken)
    yield from starts.items()
    with ExitStack() as running:
        rigs = [running.enter_context(Rig(s, home, ports[s])).enter() for s in order]
        for step in (_keys, _messages, _busy_keys, _flood, _flooded_keys, _resizes, _page_ups):
            for rig in rigs:
                yield rig.subject, step(rig, size)
                for other in rigs:
                    other.sleep(0.001)  # answer what its client asked meanwhile
        yield from _idle(rigs, size)


def _start(subject: Subject, port: int, home: str) -> Figures:
    with Rig(subject, home, port) as rig:
        figures = {"first": rig.started(subject.first)} if subject.first else {}
        if subject.ready:
            figures["room"] = rig.started(subject.ready)
        return figures


def _latencies(rig: Rig, count: int, sample: Callable[[int], float]) -> list[float]:
    """Take samples at irregular times."""
    taken = []
    for number in range(count):
        rig.sleep(0.01 + number * 7 % 20 / 500)
        taken.append(sample(number))
    return taken


def press(rig: Rig, number: int) -> float:
    """Return how long a key takes to its echo; the key before it is deleted first."""
    rig.type(BACKSPACE)
    rig.sleep(0.01)
    key = KEYS[number % len(KEYS)]
    return rig.shown(key, lambda: rig.type(key))


def _keys(rig: Rig, size: Size) -> dict[str, list[float]]:
    rig.type(" ")  # for the first Backspace
    return {"key": _latencies(rig, size.samples, partial(press, rig))}


def _messages(rig: Rig, size: Size) -> dict[str, list[float]]:
    return {"message": _latencies(rig, size.samples, lambda _: rig.told())}


def _busy_keys(rig: Rig, size: Size) -> dict[str, list[float]]:
    rig.server.pace(LINES_PER_S)
    rig.sleep(0.5)
    before, since = cpu_ms(rig.pid), time.perf_counter()
    taken = _latencies(rig, size.busy_samples, partial(press, rig))
    share = (cpu_ms(rig.pid) - before) / (time.perf_counter() - since) / 10
    rig.server.pace(0)
    rig.told()
    rig.rest()
    return {"busy key": taken, "busy": [share]}


def _flood(rig: Rig, size: Size) -> dict[str, list[float]]:
    before = resident_bytes(rig.pid)
    taken = {"flood": [rig.told(chat(0, size.lines)) / 1e3]}
    rig.rest()
    if rig.subject.keeps:
        taken["memory"] = [(resident_bytes(rig.pid) - before) / size.lines]
    return taken


def _flooded_keys(rig: Rig, size: Size) -> dict[str, list[float]]:
    """Press keys for as long as a flood lasts."""
    taken: list[float] = []
    rig.flood(chat(0, size.lines))
    while rig.flooded:
        taken.append(press(rig, len(taken)))
    rig.rest()
    return {"flooded key": taken}


def _resizes(rig: Rig, size: Size) -> dict[str, list[float]]:
    return {"resize": resizes(rig, size.repeats)}


def resizes(rig: Rig, count: int) -> list[float]:
    """Return how long each new size of the window takes, in ms; an even count restores it."""
    sizes = [(COLS // 2, ROWS - 6), (COLS, ROWS)]
    return [rig.drawn(partial(rig.resize, *sizes[n % 2])) for n in range(count)]


def _page_ups(rig: Rig, size: Size) -> dict[str, list[float]]:
    return {"page up": [page_up(rig) for _ in range(size.repeats)]}


def page_up(rig: Rig) -> float:
    """Return how long a page back takes, in ms."""
    return rig.drawn(lambda: rig.type(PAGE_UP))


def _idle(rigs: Sequence[Rig], size: Size) -> Iterator[tuple[Subject, dict[str, list[float]]]]:
    """Count the wake-ups of all of them at the same time, while nothing happens."""
    before = [wakeups(rig.pid) for rig in rigs]
    time.sleep(size.idle_s)
    for rig, woken in zip(rigs, before, strict=True):
        yield rig.subject, {"wake-ups": [float(wakeups(rig.pid) - woken)]}
