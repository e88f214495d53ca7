"""What a longer history costs, and what the start spends its time on."""

from __future__ import annotations

import re
import shlex
from statistics import median

from tests.bench.measures import Figures, Size, page_up, resizes
from tests.bench.rig import Rig
from tests.bench.server import chat
from tests.bench.subjects import LINES, tuichat

F3, ESCAPE, CTRL_END = "\x1bOR", "\x1b", "\x1b[1;5F"
# -X importtime: microseconds by itself, microseconds with all it imports, name.
IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s+(tuichat\S*)")


def growth(size: Size, home: str) -> dict[int, Figures]:
    """Return what each operation costs, by the number of lines kept."""
    steps: dict[int, Figures] = {}
    with Rig(tuichat(*LINES, "--scrollback", str(max(size.growth))), home) as rig:
        kept = 0
        rig.enter()
        for lines in size.growth:
            block = chat(kept, lines - kept)
            flood = rig.told(block)
            rig.rest()
            figures = {"flood, µs a line": flood * 1e3 / (lines - kept)}
            steps[lines] = figures | _operations(rig, size.repeats)
            kept = lines
    return steps


def _operations(rig: Rig, repeats: int) -> Figures:
    """Measure with the history as it is, and go back to its end."""
    figures = {
        "message → screen, ms": median(_message(rig) for _ in range(repeats)),
        "page up, ms": median(page_up(rig) for _ in range(repeats)),
    }
    rig.drawn(lambda: rig.type(CTRL_END))
    figures["search: first letter, ms"] = median(_search(rig) for _ in range(repeats))
    figures["resize, ms"] = median(resizes(rig, repeats))
    return figures


def _message(rig: Rig) -> float:
    rig.rest()
    return rig.told()


def _search(rig: Rig) -> float:
    """Open the search, and look for what is in every line of chat, until the first answer."""
    rig.drawn(lambda: rig.type(F3))
    taken = rig.answered(lambda: rig.type("0"))
    rig.rest()
    rig.drawn(lambda: rig.type(ESCAPE))
    return taken


def imports(size: Size, home: str) -> dict[str, tuple[float, float]]:
    """Return how long each module of the package takes to import at a start, in ms.

    The first figure is the module's own, the second includes all that it is the first to import.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    client = tuichat(*LINES, python=("-X", "importtime"))
    log = f"{home}/importtime"
    words = ("/bin/sh", "-c", f'exec "$@" 2>{shlex.quote(log)}', "sh", *client.argv)
    for _ in range(size.starts):
        with Rig(client._replace(argv=words), home) as rig:
            rig.started(client.ready)
        with open(log, encoding="utf-8") as lines:
            for own, whole, name in IMPORT.findall(lines.read()):
                found.setdefault(name, []).append((int(own), int(whole)))
    return {
        name: (median(own for own, _ in times) / 1e3, median(whole for _, whole in times) / 1e3)
        for name, times in found.items()
    }
