"""tuichat: a full-screen terminal chat client for a small room-chat protocol.

Bytes from the server become events, and events change the state. Keys become names, and names
become actions, which change it too. The state becomes a frame, and the frame becomes cells. A
package imports only from packages before it; the last line of the diagram gives their order.

     server's bytes                                        keys and pastes
           │                                                     │
           ▼                                                     ▼
     protocol ─ session: framing, handshake, who, …        input ─ keymap, commands, editor
           │                                                     │
           │ events                                              │ names
           ▼                                                     ▼
     chat ─ conversation, entrance, reconnect  ◄────────  ui ─ app, actions, help, …
           │                                                     │
           │ effects                                             │ view: pane, picker, …
           │                                                     ▼ frame
    ───────│─────────────────────────────────────────────────────│───────── pure above this line
           ▼                                                     ▼
     driver ─ net, settings, the log                       terminal ─ curses, or lines
           └───────────────────►  loop  ◄────────────────────────┘
                                   ▲        the only select, over the socket, the keyboard and
                                  cli       the wake-up

     text, wire, record ◄─ protocol, input ◄─ chat ◄─ ui ◄─ terminal       net beside them

`server` is the small server and the demo. It shares with the client only `wire` (the protocol's
constants), `text` (the sanitiser) and `usage` (the option parser), so that a mistake in one shows
in the other.
"""

import sys

__version__ = "0.1.0"
OLDEST_PYTHON = (3, 11)


def complain(text: str) -> None:
    """Write a line to standard error; ignore a failure, as there is nowhere else to report it."""
    try:
        if sys.stderr:  # None if the program was started without it
            print(text, file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = None  # or Python would flush it again at exit, and change the status


def refuse_old_python(program: str) -> None:
    """Exit with a message and status 2 if this Python is too old for the rest of the package.

    Modules imported before this call use only syntax that Python 3.6 can read.
    """
    if sys.version_info < OLDEST_PYTHON:
        needed = ".".join(map(str, OLDEST_PYTHON))
        here = ".".join(map(str, sys.version_info[:2]))
        complain(f"{program} needs Python {needed} or later; this is Python {here}.")
        sys.exit(2)
