"""What is heard in a room: who speaks, and what calls for attention."""

from __future__ import annotations

import re

from ..protocol.sender import SenderFormat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.events import Heard
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

    def take(self, heard: Heard, stamp: Stamp) -> bool:
        """Append lines in order; tell whether to ring.

        Only a block that may hold the nick is looked at line by line.
        """
        first, nick = self.transcript.end, self.nick.casefold()
        mentions = []
        if nick and nick in "\n".join(heard.texts).casefold():
            lines = enumerate(heard.texts)
            mentions = [at for at, text in lines if at not in heard.asides and self._named_in(text)]
        self.transcript.add_heard(heard.texts, heard.asides, mentions, stamp)
        self._reading.arrived(first, len(heard.texts), len(mentions))
        rings = self.bell == "all" or (self.bell == "mention" and mentions)
        return bool(rings) and self._reading.focused is not True

    def _named_in(self, text: str) -> bool:
        """Tell whether somebody else names the user in a line: the whole nick, in any case."""
        if self.nick.casefold() not in text.casefold():
            return False
        found = self.sender.speaker(text)
        words = text[found[1] :] if found else text
        whole = rf"(?<!\w){re.escape(self.nick)}(?!\w)"
        return re.search(whole, words, re.IGNORECASE) is not None
