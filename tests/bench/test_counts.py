"""What a turn of the loop may cost, in numbers that do not depend on the machine.

`python3 -m tests.bench` prints them all. Bytecodes are not limited here, because each version of
Python has its own.
"""

from __future__ import annotations

import pytest

from tests.bench.counts import counts
from tests.bench.measures import Figures

REPEATS = 5
# Three per cent above what Python 3.11 takes in a turn in which the clock is read: on a busy
# machine, where turns are further apart, that is most turns. Later versions take less, because
# their comprehensions are not calls.
CEILINGS = {
    "a letter": {"Python calls": 63, "C calls": 88, "modules entered": 20},
    "a message": {"Python calls": 150, "C calls": 178, "modules entered": 31},
    "a page up": {"Python calls": 505, "C calls": 970, "modules entered": 31},
}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Figures]:
    return counts(REPEATS, str(tmp_path_factory.mktemp("home")), ["calls"])


@pytest.mark.parametrize("turn", CEILINGS)
def test_a_turn_costs_no_more_than_allowed(counted: dict[str, Figures], turn: str) -> None:
    above = {row: counted[turn][row] for row, n in CEILINGS[turn].items() if counted[turn][row] > n}
    assert not above, (
        f"{turn} costs {above}, and CEILINGS allows {CEILINGS[turn]}: make it cheaper, or raise "
        "the ceiling and say in the commit what is worth it (and lower it when less will do)"
    )
