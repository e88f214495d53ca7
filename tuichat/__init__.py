"""tuichat: a full-screen terminal chat client for a small room-chat protocol.

Bytes become events, events become state, state becomes a frame, a frame becomes cells; keys become
names, names become actions. The folders are the wings; a wing knows only what stands before it.

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

`server` is the small server, and the demo. Of the client it shares only `wire`, what the protocol
is, `text`, the sanitiser, and `usage`, the parser of options, so that a mistake in one shows in the
other.
"""

import sys

__version__ = "0.1.0"
OLDEST_PYTHON = (3, 11)


def complain(text: str) -> None:
    """Write a line to standard error; if that is not possible there is no other place for it."""
    try:
        if sys.stderr:  # it is None if the program was started without
            print(text, file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = None  # or Python would try again at the end, and change the exit status


def refuse_old_python(program: str) -> None:
    """Exit with a sentence and status 2 if this Python cannot read the rest of the package.

    Whatever is imported before this is called is written so that Python 3.6 can read it.
    """
    if sys.version_info < OLDEST_PYTHON:
        needed = ".".join(map(str, OLDEST_PYTHON))
        here = ".".join(map(str, sys.version_info[:2]))
        complain(f"{program} needs Python {needed} or later; this is Python {here}.")
        sys.exit(2)
