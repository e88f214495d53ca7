"""`python3 -m tuichat`, and the start of a single file made by zipapp."""

import sys

from .cli import main


def run() -> None:
    """Run the program and exit with its status, which zipapp's start would drop."""
    sys.exit(main())


if __name__ == "__main__":
    run()
