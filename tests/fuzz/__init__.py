"""Coverage-guided fuzzing, by hand: `python -m tests.fuzz protocol`, `python -m tests.fuzz frame`.

It needs atheris (`pip install atheris`). The tests do not: they run the same harnesses on the
inputs that are kept in `tests.fuzz.test_cases`.
"""
