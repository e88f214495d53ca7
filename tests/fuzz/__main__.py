"""Fuzz one harness: `python -m tests.fuzz NAME [libFuzzer's arguments]`, e.g. `-runs=1000000`."""

from __future__ import annotations

import sys
from importlib import import_module

import atheris

if __name__ == "__main__":
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["tuichat"]):
        run = import_module(f"tests.fuzz.{name}").run
    atheris.Setup(sys.argv, run)
    atheris.Fuzz()
