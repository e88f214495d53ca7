"""What both command lines share: the parser of options, and standard streams that may fail."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from io import TextIOWrapper

from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def complain(text: str) -> None:
    """Write a line to standard error; if that is not possible there is no other place for it."""
    try:
        if sys.stderr:  # it is None if the program was started without
            print(text, file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = None  # or Python would try again at the end, and change the exit status


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` whose errors, which may quote anything, are cleaned.

    Whatever the state of the standard streams, it prints no traceback.
    """

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit with status 2."""
        complain(f"{self.format_usage()}{self.prog}: error: {clean(message)}")
        sys.exit(2)

    def _print_message(self, message: str, file: object = None) -> None:
        """Write the help or the version; exit with status 1, and say so, if that fails."""
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
            complain(f"{self.prog}: the output cannot be written: {error.strerror}.")
            sys.exit(1)
