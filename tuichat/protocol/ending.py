"""How a server wants our messages to end: nothing, LF or CRLF. Found out once, in the lobby.

A server that reads lines never answers a command without an end; one that takes what arrives as
a message must never get a stray newline. So the first `/list` goes out bare:

==================================================  ==============================================
evidence                                            conclusion
==================================================  ==============================================
an answer, even after two seconds                   bare
silence for 2.5 s and four times the connect time   the LF after it (CRLF, if the server's own
                                                    lines end so); an answer then: LF (CRLF)
a `1` with no room after it, to the LF              perhaps a server of bare messages that
                                                    refuses the LF: start again, once
silence again                                       the CRLF after that; an answer then: CRLF,
                                                    and the list is asked for once more
silence still                                       not known: the user is told
the server hangs up on the bare `/list`             perhaps it waited for an end: begin with LF
                                                    on the next connection
it hangs up on an ending that was tried             it takes an end for a command: bare, and nothing
                                                    else, on the next connection
it hangs up on an ending that was remembered        the memory may be wrong: as if there were none
a `1` that nobody asked for, after the LF was       it was the answer to the LF: bare
found out
remembered from the last time, and an answer        as remembered
remembered LF or CRLF, but no answer, or a `1`      the memory is wrong (`1` is how a server of
with no room after it                               bare messages refuses): start again, bare
`--framing`                                         as the user says
==================================================  ==============================================

Outside the lobby nothing is ever probed: there a lone newline wedges the course's server or logs
the user out.
"""

from __future__ import annotations

from .framing import BARE, CRLF, ENDINGS, LF, encode

PATIENCE_S = 2.5
CONNECT_TIMES = 4

# How far finding out has come …
FIRST, REMEMBERED, AGAIN = "first", "remembered", "again"  # nothing is tried yet
TRIED_LF, TRIED_LF_AGAIN, TRIED_CRLF = "tried LF", "tried LF again", "tried CRLF"
FOUND, CERTAIN = "found", "certain"  # it is known: by an end that was tried; without one
# … what the server does …
SILENCE, ANSWER, REFUSAL, UNASKED = "silence", "answer", "refusal", "unasked refusal"
# … and what it is sent next.
NOTHING, END, COMMAND = "nothing", "end", "command"
KEPT = ""

# (phase, evidence): (phase afterwards, ending, what to send). What is not here changes nothing.
PHASES = {
    (FIRST, SILENCE): (TRIED_LF, LF, END),
    (FIRST, ANSWER): (CERTAIN, BARE, NOTHING),
    (FIRST, REFUSAL): (CERTAIN, BARE, NOTHING),
    (TRIED_LF, SILENCE): (TRIED_CRLF, CRLF, END),
    (TRIED_LF, ANSWER): (FOUND, LF, NOTHING),
    (TRIED_LF, REFUSAL): (AGAIN, BARE, COMMAND),
    (TRIED_LF, UNASKED): (FIRST, BARE, NOTHING),
    (AGAIN, SILENCE): (TRIED_LF_AGAIN, LF, END),
    (AGAIN, ANSWER): (CERTAIN, BARE, NOTHING),
    (AGAIN, REFUSAL): (CERTAIN, BARE, NOTHING),
    (TRIED_LF_AGAIN, SILENCE): (TRIED_CRLF, CRLF, END),
    (TRIED_LF_AGAIN, ANSWER): (FOUND, LF, NOTHING),
    (TRIED_LF_AGAIN, REFUSAL): (FOUND, LF, NOTHING),
    (TRIED_LF_AGAIN, UNASKED): (AGAIN, BARE, NOTHING),
    (TRIED_CRLF, ANSWER): (FOUND, CRLF, NOTHING),
    (TRIED_CRLF, REFUSAL): (FOUND, CRLF, COMMAND),
    (TRIED_CRLF, UNASKED): (AGAIN, BARE, NOTHING),
    (REMEMBERED, SILENCE): (AGAIN, BARE, COMMAND),
    (REMEMBERED, ANSWER): (CERTAIN, KEPT, NOTHING),
    (REMEMBERED, REFUSAL): (AGAIN, BARE, COMMAND),
    (FOUND, UNASKED): (CERTAIN, BARE, NOTHING),
}


class Ending:
    """What is known about how our messages must end.

    `fixed` is the user's word, `remembered` what an earlier session learned (each a key of
    `framing.ENDINGS`, or None), `connect_s` how long connecting took. `name` is the ending in
    force, `patience_s` how long an answer may take before silence means something.
    """

    def __init__(self, fixed: str | None, remembered: str | None, connect_s: float) -> None:
        self.name = fixed or remembered or BARE
        self.patience_s = PATIENCE_S + CONNECT_TIMES * connect_s
        self._phase = CERTAIN if fixed else FIRST if self.name == BARE else REMEMBERED

    @property
    def known(self) -> bool:
        """Tell whether the ending in force is certain."""
        return self._phase in (FOUND, CERTAIN)

    @property
    def bare(self) -> bool:
        """Tell whether messages end in nothing."""
        return self.name == BARE

    def wrap(self, text: str) -> bytes:
        """Return the message on the wire."""
        return encode(text) + ENDINGS[self.name]

    def silent(self, command: str, sends_crlf: bool) -> bytes:
        """Return what to send after silence on `command`; b"" when nothing is left to try.

        A server that `sends_crlf` itself is spared the LF.
        """
        sends = self._step(SILENCE, command)
        return self._step(SILENCE, command) if sends_crlf and self.name == LF else sends

    def answered(self, command: str, is_refusal: bool) -> bytes:
        """Conclude from an answer; return what to send if `command` has to be asked again."""
        return self._step(REFUSAL if is_refusal else ANSWER, command)

    def refused_unasked(self) -> bool:
        """Conclude from a `1` that answers nothing; False: it is no evidence."""
        before = self._phase
        self._step(UNASKED, "")
        return self._phase != before

    def after_hanging_up(self) -> tuple[str | None, str | None]:
        """Return `fixed` and `remembered` for the next connection to a server that hung up.

        That is, before anything was known of it.
        """
        if self._phase in (TRIED_LF, TRIED_LF_AGAIN, TRIED_CRLF):
            return BARE, None
        return None, None if self._phase == REMEMBERED else LF

    def _step(self, evidence: str, command: str) -> bytes:
        unchanged = self._phase, KEPT, NOTHING
        self._phase, ending, what = PHASES.get((self._phase, evidence), unchanged)
        self.name = ending or self.name
        return {NOTHING: b"", END: ENDINGS[self.name], COMMAND: self.wrap(command)}[what]
