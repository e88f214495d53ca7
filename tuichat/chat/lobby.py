"""The rooms of a server, as far as it has listed them."""

from __future__ import annotations

from ..protocol.framing import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Lobby:
    """`names` in the server's order: a new list whenever it grows.

    `announced` is how many there are to be, 0 before that is known; `listing` tells whether
    more are awaited, `complete` whether all of them came, `unclear` whether the answer ended with
    another number of names: then they may not be names.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.announced = 0
        self.listing = False
        self.complete = self.unclear = False
        self._spelled: dict[str, bytes] = {}

    def asked(self) -> None:
        """The rooms are asked for: those listed before stay until the new ones come."""
        self.listing = True

    def clear(self) -> None:
        """Forget which rooms there are, though not how they are spelled."""
        self.names, self.announced = [], 0
        self.listing = self.complete = self.unclear = False

    def forget(self) -> None:
        """Forget how they are spelled, too: the next server is another one."""
        self.clear()
        self._spelled = {}

    def grow(self, rooms: Mapping[str, bytes], announced: int) -> None:
        """Note the rooms that have come so far: their names, and how the server spells them."""
        self.names, self.announced = list(rooms), announced
        self.complete = self.unclear = False
        self._spelled.update(rooms)

    def end(self, rooms: Mapping[str, bytes], announced: int, complete: bool) -> None:
        """Note that these are all that come."""
        self.grow(rooms, announced)
        self.listing, self.complete, self.unclear = False, complete, not complete

    def stop(self) -> None:
        """Await no more."""
        self.listing = False

    def spelling(self, room: str) -> bytes:
        """Return a room's name in the bytes of the server, or in UTF-8 if it has not told it."""
        return self._spelled.get(room) or encode(room)

    def is_new(self, room: str) -> bool:
        """Tell whether it is certain that a room does not exist yet."""
        return self.complete and room not in self.names

    def nearest(self, room: str) -> str:
        """Return the room whose name is most like this one, "" if none is."""
        from difflib import get_close_matches  # here, as few people mistype

        small = {name.casefold(): name for name in reversed(self.names[:MOST_COMPARED])}
        found = get_close_matches(room.casefold(), small, 1)
        parts = [name for key, name in small.items() if room.casefold() in key]
        return small[found[0]] if found else parts[-1] if parts else ""


MOST_COMPARED = 1000
"""At most this many names are searched for a similar one, which takes 10 ms."""
