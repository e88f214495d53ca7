"""The option parser of both command lines. The client loads it only when it is needed."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from io import TextIOWrapper

from . import complain
from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` whose errors, which may quote anything, are cleaned.

    It prints no traceback, even if a standard stream is closed or broken.
    """

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit with status 2."""
        complain(f"{self.format_usage()}{self.prog}: error: {clean(message)}")
        sys.exit(2)

    def _print_message(self, message: str, file: object = None) -> None:
        """Write the help or the version; if that fails, say so and exit with status 1."""
        try:
            if not sys.stdout:
                raise OSError(errno.EBADF, os.strerror(errno.EBADF))
            if isinstance(sys.stdout, TextIOWrapper):
                sys.stdout.reconfigure(errors="backslashreplace")
            print(message, end="", flush=True)
        except BrokenPipeError:  # the reader has seen enough
            sys.stdout = None
        except OSError as error:
            sys.stdout = None  # as above
            complain(f"{self.prog}: cannot write the output: {error.strerror}.")
            sys.exit(1)
