"""What a turn of the loop costs, in numbers that do not depend on the machine."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

from tests.bench.counted import PASSES
from tests.bench.measures import PAGE_UP, Figures
from tests.bench.rig import Rig
from tests.bench.server import chat
from tests.bench.subjects import LINES, tuichat

KEPT = 1000  # lines; near the first one a page up costs more, as it must stop there


def counts(repeats: int, home: str, passes: Iterable[str] = PASSES) -> dict[str, Figures]:
    """Return what the start, a letter, a message and a page up cost at rest in the room.

    Once a second a turn costs a little more, because the clock is read, so these are medians.
    Arguments: how often each is done, at most 30 times; the home directory; which of `PASSES` to
    count: the program runs once for each.
    """
    found: dict[str, Figures] = {}
    for which in passes:
        for name, figures in _count(which, repeats, home).items():
            found.setdefault(name, {}).update(figures)
    return found


def _count(which: str, repeats: int, home: str) -> dict[str, Figures]:
    turns = Path(home, "turns")
    # -S: without what is installed here
    client = tuichat(*LINES, python=("-S",), module=("tests.bench.counted", which, str(turns)))
    with Rig(client, home) as rig:
        rig.enter()
        found = {"the start": _read(turns)[0]}
        rig.told(chat(0, KEPT))
        rig.rest()
        stimuli: dict[str, Callable[[], object]] = {
            "a letter": lambda: rig.type("e"),
            "a message": rig.told,
            "a page up": lambda: rig.type(PAGE_UP),
        }
        for name, stimulus in stimuli.items():
            taken = [_cost(rig, turns, stimulus) for _ in range(repeats)]
            found[name] = {row: median(each[row] for each in taken) for row in taken[0]}
    return found


def _cost(rig: Rig, turns: Path, stimulus: Callable[[], object]) -> Figures:
    """Return the sums over all turns that a stimulus leads to, usually one."""
    before = len(_read(turns))
    rig.drawn(stimulus)
    rig.wait(lambda: len(_read(turns)) > before, "the end of the turn")
    new = _read(turns)[before:]
    return {row: sum(turn[row] for turn in new) for row in new[0]}


def _read(turns: Path) -> list[Figures]:
    return [literal_eval(line) for line in turns.read_text(encoding="utf-8").splitlines()]
