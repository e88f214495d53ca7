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


class Sending:
    """What is known about the ending of our messages.

    `fixed` is the user's word, `remembered` what an earlier session learned, `connect_s` how long
    connecting took. `ending` is in force, `known` says that it is certain.
    """

    def __init__(self, fixed: str | None, remembered: str | None, connect_s: float) -> None:
        self.ending = fixed or remembered or BARE
        self.known = fixed is not None
        self.patience_s = PATIENCE_S + CONNECT_TIMES * connect_s
        self._doubtful = fixed is None and self.ending != BARE
        self._again = False
        self._tried = False

    @property
    def bare(self) -> bool:
        """Tell whether messages end in nothing."""
        return self.ending == BARE

    def wrap(self, text: str) -> bytes:
        """Return the message on the wire."""
        return encode(text) + ENDINGS[self.ending]

    def probe(self, command: str, reader_ending: str | None) -> bytes | None:
        """Return what to send after silence on `command`, or None when nothing is left to try."""
        if self.known or self.ending == CRLF and not self._doubtful:
            return None
        if self._doubtful and self.ending != BARE:
            return self._start_again(command)
        self._tried = True
        if self.ending == BARE and reader_ending != CRLF:
            self.ending = LF
        else:
            self.ending = CRLF
        return ENDINGS[self.ending]

    def answered(self, command: str, is_refusal: bool) -> bytes | None:
        """Conclude from an answer; return what to send if it has to be asked for again."""
        if self.known or not is_refusal:
            self.known, self._doubtful = True, False
            return None
        if self._doubtful or (self.ending == LF and not self._again):
            return self._start_again(command)
        self.known = True
        return self.wrap(command) if self.ending == CRLF else None

    def refused_unasked(self) -> bool:
        """Conclude from a `1` that answers nothing; False: it is no evidence."""
        if not self._tried:
            return False
        self.ending, self._tried = BARE, False
        return True

    def after_hanging_up(self) -> tuple[str | None, str | None]:
        """Return `fixed` and `remembered` for the next connection to a server that hung up.

        That is, before anything was known of it.
        """
        if self._tried:
            return BARE, None
        return None, None if self._doubtful else LF

    def _start_again(self, command: str) -> bytes:
        self.ending, self._doubtful, self._again, self._tried = BARE, False, True, False
        return encode(command)
