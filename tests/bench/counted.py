"""The client, with each turn of its loop counted.

    python3 -m tests.bench.counted (calls|bytecodes) FILE [ARGUMENT]...

runs tuichat with its arguments. A turn is all that happens between the return of one `select` and
the call of the next; the first is all before the first call: up to the first frame on the screen,
and what is loaded after it. For each turn a line with the figures, as a dict, is appended to FILE.
What is done here is not counted, and nothing is imported that the client does not need.
"""

from __future__ import annotations

import os
import runpy
import select
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

PACKAGE = "tuichat"
# What installs the hook, and the figures' names by the events that it brings.
PASSES = {
    "calls": (sys.setprofile, {"call": "Python calls", "c_call": "C calls"}),
    "bytecodes": (sys.settrace, {"opcode": "bytecodes"}),
}


def main(which: str, file: str, *arguments: str) -> None:
    """Run the client, and count."""
    install, names = PASSES[which]
    events = dict.fromkeys(names, 0)
    entered: set[str] = set()
    imported: set[str] = set()
    out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC)
    wait = select.select

    def count(frame: FrameType, event: str, _: object) -> Any:
        source = frame.f_code.co_filename
        if source == __file__:
            return None
        if event in events:
            events[event] += 1
        if event == "call":
            entered.add(source)
            frame.f_trace_opcodes = True
        return count

    def turn(*waited_for: Any) -> Any:
        """Write down the turn that ends here, wait for the client, begin the next turn."""
        own = sys.modules[PACKAGE].__path__[0] + os.sep
        new = [name.partition(".")[0] for name in sys.modules if name not in imported]
        figures = {names[event]: number for event, number in events.items()}
        figures["modules entered"] = sum(source.startswith(own) for source in entered)
        figures["modules imported"] = sum(name != "tests" for name in new)
        figures["of them tuichat's"] = new.count(PACKAGE)
        os.write(out, f"{figures}\n".encode())
        events.update(dict.fromkeys(names, 0))
        entered.clear()
        imported.update(sys.modules)
        return wait(*waited_for)

    sys.argv[1:] = arguments
    select.select = turn
    sys._getframe().f_trace_opcodes = True  # Python 3.12 sends no such events otherwise
    install(count)
    runpy.run_module(PACKAGE, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
