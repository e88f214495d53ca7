"""How fast the program is, seen from the terminal, beside the least that the work costs.

    python3 -m tests.bench [--quick] [--runs N] [--svg FILE]

starts the program on a pseudo-terminal, plays the server and the person at the keyboard, and
reads time stamps, the process's CPU clock and /proc (so it needs Linux, and nothing but Python).
Each figure stands beside its floor: a program that does no more than the work itself, measured in
the same run, since machines change their speed. Compare within one run only.

The last table needs no floor. It counts what a turn of the loop costs in calls and bytecodes, and
is the same on every machine with the same version of Python. `tests/test_counts.py` sets limits.
"""
