"""The entry point of `tuichat`, of `python3 -m tuichat`, and of the file that zipapp makes."""

import gc
import sys


def run() -> None:
    """Run the program and exit with its status, which zipapp's own entry point would ignore."""
    from . import refuse_old_python  # here, as there is no package if this file itself is run

    refuse_old_python("tuichat")
    gc.disable()  # until the first screen is shown: nothing loaded so far is garbage
    from .cli import main  # here, as an old Python cannot read it

    sys.exit(main())


if __name__ == "__main__":
    if not __package__:
        sys.stderr.write("To start it, type in the folder that has README.md: python3 -m tuichat\n")
        sys.exit(2)
    run()
