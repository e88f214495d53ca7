"""`python3 -m tuichat.server`."""

import sys

if __name__ == "__main__":
    if not __package__:
        sys.stderr.write(
            "To start it, type in the folder that has README.md: python3 -m tuichat.server\n"
        )
        sys.exit(2)
    from .. import refuse_old_python

    refuse_old_python("tuichat-server")
    from .server import main  # here, as an old Python cannot read it

    sys.exit(main())
