"""What is heard in a room: which lines are notices, who speaks, and what calls for attention."""

from __future__ import annotations

import re
from itertools import groupby

from ..protocol.sender import SenderFormat, aside, may_hold_notice
from . import transcript as tr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reading import Reading
    from .transcript import Stamp, Transcript


class Hearing:
    """Appends to the transcript what is heard, and knows who says it.

    It outlives a connection: `sender` is how the present server names the sender. `nick` is the
    user's, `bell` one of "off", "mention", "all".
    """

    def __init__(self, transcript: Transcript, reading: Reading, bell: str) -> None:
        self.sender = SenderFormat()
        self.nick = ""
        self.bell = bell
        self.transcript = transcript
        self._reading = reading

    def take(self, texts: list[str], stamp: Stamp) -> bool:
        """Append lines in order; tell whether to ring.

        Only a block that may hold a notice or the nick is looked at line by line.
        """
        first = self.transcript.end
        block = "\n".join(texts)
        if may_hold_notice(block):
            for is_aside, run in groupby(texts, aside):
                self.transcript.add(tr.NOTICE if is_aside else tr.HEARD, [*run], stamp)
        else:
            self.transcript.add(tr.HEARD, texts, stamp)
        mentions = 0
        if self.nick and self.nick.casefold() in block.casefold():
            mentions = sum(map(self.mentions, texts))
        self._reading.arrived(first, len(texts), mentions)
        rings = self.bell == "all" or (self.bell == "mention" and mentions)
        return bool(rings) and self._reading.focused is not True

    def mentions(self, text: str) -> bool:
        """Tell whether somebody else names the user in a line: the whole nick, in any case."""
        if not self.nick or self.nick.casefold() not in text.casefold() or aside(text):
            return False
        found = self.sender.speaker(text)
        words = text[found[1] :] if found else text
        whole = rf"(?<!\w){re.escape(self.nick)}(?!\w)"
        return re.search(whole, words, re.IGNORECASE) is not None
