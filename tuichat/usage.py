"""The parser of both command lines: its errors may quote anything, so they are cleaned."""

from __future__ import annotations

import argparse

from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` whose errors are as harmless as everything else that is printed."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit with status 2."""
        super().error(clean(message))
