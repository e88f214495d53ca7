"""The start: of `tuichat`, of `python3 -m tuichat`, and of a single file made by zipapp."""

import gc
import sys

from . import refuse_old_python


def run() -> None:
    """Run the program and exit with its status, which zipapp's start would drop."""
    refuse_old_python("tuichat")
    gc.disable()  # until the first screen stands: nothing that is loaded is garbage
    from .cli import main  # here, as an old Python cannot read it

    sys.exit(main())


if __name__ == "__main__":
    run()
