"""More than anybody can read, for a minute: no line may be lost, and keys must be answered."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from tests.bench.measures import Figures, Size, p99, press
from tests.bench.rig import Rig
from tests.bench.subjects import LINES, tuichat

LINES_PER_S = 10_000


def load(size: Size, home: str) -> Figures:
    """Return how long keys take meanwhile, and how many lines the log lacks or has out of order."""
    log = Path(home, "load")
    with Rig(tuichat(*LINES, "--log", str(log)), home) as rig:
        rig.enter()
        rig.server.pace(LINES_PER_S)
        taken = []
        for number in range(max(1, int(size.load_s / 0.3))):
            rig.sleep(0.25 + number * 7 % 20 / 400)
            taken.append(press(rig, number))
        sent = rig.server.pace(0)
        rig.told()
        rig.rest()
    with log.open(encoding="utf-8") as lines:
        said = [line.split("> ", 1)[1][:7] for line in lines if "> " in line]
    lost = sum(found != f"{number:07d}" for number, found in zip(range(sent), said, strict=False))
    return {
        "lines sent": sent,
        "lines lost, doubled or out of order": lost + max(0, sent - len(said)),
        "key → echo, ms": median(taken),
        "key → echo: 99th percentile, ms": p99(taken),
    }
