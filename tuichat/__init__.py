"""tuichat: a full-screen terminal chat client for a small room-chat protocol.

Bytes become events, events become state, state becomes a frame, a frame becomes cells; keys become
names, names become actions. Arrows are imports turned round: a module knows only what stands
before it. What is above the line is pure: no I/O, no clock, no terminal.

     server's bytes                                          keys and pastes
           │                                                       │
           ▼                                                       ▼
     framing  listing ─ what a message is                    keydecoder ─ codes to names
           │  sending ─ how ours end                               │
           ▼                                                       ▼
     protocol ─ lobby, naming, room                          keymap ─ names to actions
           │  handshake  who  outbox  sender                       │
           ▼ events                                                ▼
     answers  conversation ─ lines, questions ◄── actions ◄── app ◄── editor  commands  completion
           │  talk  hearing  transcript  reading  link  │             overlay: help search paste …
           ▼                                            ▼
     state ──► pane  inputline ──► view: frame       effects
    ─────────────────────────│──────────────────────────│─────────────────────────────────────────
                             ▼                          ▼
        fullscreen: screen  terminal  keys           deeds: connection  dial  log  settings
        plain: lines                                    │
                             └──────► loop ◄────────────┘   the only select, over the socket,
                                        ▲                   the keyboard and the wakeup
                                       cli ◄── server  demo

`server`, with `rooms` and `peer`, is the small server; of the client it shares only `wire`, what
the protocol is, and `text`, the sanitiser, so that a mistake in one shows in the other.
"""

__version__ = "0.1.0"
