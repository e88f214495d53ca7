"""`python3 -m tuichat.server`."""

import sys

if __name__ == "__main__":
    if not __package__:
        sys.exit("To start it, type in the folder that has README.md: python3 -m tuichat.server")
    from .. import refuse_old_python

    refuse_old_python("tuichat-server")
    from .server import main  # here, as an old Python cannot read it

    sys.exit(main())
