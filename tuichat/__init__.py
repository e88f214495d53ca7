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
     chat ─ transcript, reconnect, messages  ◄──────────  ui ─ app, actions, overlays
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

__version__ = "0.1.0"
