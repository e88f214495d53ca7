"""Coverage-guided fuzzing, run by hand: `python -m tests.fuzz NAME`, NAME being a module here.

It needs atheris (`pip install atheris`). The tests do not: they run the same harnesses on the
inputs that are kept in `tests.fuzz.test_cases`.
"""
