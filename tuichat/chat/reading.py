"""Where the reader is: scrolled or at the end, there or away, and what has come meanwhile."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..ui.pane import Position


class Reading:
    """`at` is the position of the last row in view, None at the end, following what comes.

    `focused` is what the terminal says about itself: None as long as it has said nothing.
    `unread` is the first line that came while the reader was away, and keeps its rule until the
    reader goes on; `new` and `mentions` count what is not read yet. Lines before
    `cleared` are shown only when scrolled to.
    """

    def __init__(self) -> None:
        self.at: Position | None = None
        self.focused: bool | None = None
        self.unread: int | None = None
        self.new = 0
        self.mentions = 0
        self.cleared = 0
        self._seen = False

    @property
    def away(self) -> bool:
        """Tell whether what comes is not seen as it comes."""
        return self.at is not None or self.focused is False

    def arrived(self, first: int, count: int, mentions: int) -> None:
        """Note `count` lines from number `first` on, `mentions` of them naming the user."""
        if not self.away:
            return
        if self.unread is None or self._seen:
            self.unread, self._seen = first, False
            self.new = self.mentions = 0
        self.new += count
        self.mentions += mentions

    def scroll(self, at: Position | None) -> None:
        """Show another part of the transcript."""
        self.at = at
        self._look()

    def focus(self, focused: bool) -> None:
        """Note that the terminal gained or lost the focus."""
        self.focused = focused
        self._look()

    def go_on(self) -> None:
        """The reader does something else: a rule that was seen has served."""
        if self._seen:
            self.unread = None
            self.new = self.mentions = 0

    @property
    def waiting(self) -> int:
        """How many lines are not read yet."""
        return 0 if self._seen else self.new

    def _look(self) -> None:
        if not self.away and self.unread is not None:
            self._seen = True
