"""`python3 -m tuichat.server`."""

import sys

from .. import refuse_old_python

if __name__ == "__main__":
    refuse_old_python("tuichat-server")
    from .server import main  # here, as an old Python cannot read it

    sys.exit(main())
