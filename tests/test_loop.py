"""When the loop reads and paints, in milliseconds of pretended time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tuichat.loop import FLOOD_BYTES, Pacer

FRAME = 16
TIMES = st.sets(st.integers(FRAME, 400))


def played(arrivals: set[int], keys: set[int], size: int = 20) -> tuple[list[int], dict[int, int]]:
    """Take the turns of a loop in a room: messages of `size` bytes arrive, and keys are typed.

    Return when the socket was read, and when each message was shown.
    """
    pacer = Pacer(FRAME)
    reads: list[int] = []
    shown: dict[int, int] = {}
    unread: list[int] = []
    unshown: list[int] = []
    for now in range(FRAME, 500):
        if now in keys:  # it is answered before the socket is read
            pacer.hurry()
            shown |= dict.fromkeys(unshown, now)
            unshown = []
            pacer.painted(now)
        if now in arrivals:
            unread.append(now)
        is_due = pacer.due is not None and now >= pacer.due
        if is_due or (unread and not pacer.rests(now)):
            pacer.received(size * len(unread), now, in_room=True)
            reads.append(now)
            unshown += unread
            unread = []
        if pacer.paints(now):
            shown |= dict.fromkeys(unshown, now)
            unshown = []
            pacer.painted(now)
    assert pacer.due is None
    assert not unread + unshown
    return reads, shown


@given(TIMES, TIMES)
def test_a_message_waits_a_frame_at_most_and_not_at_all_after_a_silence(
    arrivals: set[int], keys: set[int]
) -> None:
    _, shown = played(arrivals, keys)
    for at in arrivals:
        assert 0 <= shown[at] - at <= FRAME
        if not arrivals & {*range(at - 2 * FRAME, at)}:
            assert shown[at] == at


@given(TIMES, TIMES)
def test_keys_do_not_change_how_often_the_socket_is_read(
    arrivals: set[int], keys: set[int]
) -> None:
    assert played(arrivals, keys)[0] == played(arrivals, set())[0]


def test_a_busy_room_is_read_once_a_frame_and_a_flood_whenever_it_can_be() -> None:
    arrivals = {*range(FRAME, 400)}
    reads, _ = played(arrivals, set())
    assert len(reads) <= 400 // FRAME + 3
    reads, _ = played(arrivals, set(), FLOOD_BYTES)
    assert arrivals <= {*reads}
