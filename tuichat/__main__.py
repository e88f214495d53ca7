"""The entry point of `tuichat`, of `python3 -m tuichat`, and of the file that zipapp makes."""

import gc
import sys

from . import refuse_old_python


def run() -> None:
    """Run the program and exit with its status, which zipapp's own entry point would ignore."""
    refuse_old_python("tuichat")
    gc.disable()  # until the first screen is shown: nothing loaded so far is garbage
    from .cli import main  # here, as an old Python cannot read it

    sys.exit(main())


if __name__ == "__main__":
    run()
