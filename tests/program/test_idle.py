"""With nothing to do the program does nothing: it is not even woken."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stages import Chat, Stages, stages
from tests.support.terminal import Terminal

QUIET_S = 2.0


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
