"""`python3 -m tuichat`, and the start of a single file made by zipapp."""

import sys

from . import refuse_old_python


def run() -> None:
    """Run the program and exit with its status, which zipapp's start would drop."""
    refuse_old_python("tuichat")
    from .cli import main  # here, as an old Python cannot read it

    sys.exit(main())


if __name__ == "__main__":
    run()
