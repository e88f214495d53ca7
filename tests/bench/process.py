"""What the kernel says about a running process (Linux)."""

from __future__ import annotations

import re
import time
from pathlib import Path

CPUCLOCK_SCHED = 2


def cpu_ms(pid: int) -> float:
    """Return the CPU time of a process so far, in ms, to the nanosecond.

    The clock's number is what clock_getcpuclockid(3) gives for the process.
    """
    return time.clock_gettime((~pid << 3) | CPUCLOCK_SCHED) * 1e3


def resident_bytes(pid: int) -> int:
    """Return the memory in use: VmRSS, proc(5)."""
    return _number(Path(f"/proc/{pid}/status"), "VmRSS") * 1024


def peak_bytes(pid: int) -> int:
    """Return the most memory that was ever in use: VmHWM."""
    return _number(Path(f"/proc/{pid}/status"), "VmHWM") * 1024


def wakeups(pid: int) -> int:
    """Return how often the process's threads have waited for something so far."""
    tasks = Path(f"/proc/{pid}/task").glob("*/status")
    return sum(_number(task, "voluntary_ctxt_switches") for task in tasks)


def _number(status: Path, name: str) -> int:
    found = re.search(rf"^{name}:\s*(\d+)", status.read_text(), re.MULTILINE)
    assert found
    return int(found[1])
