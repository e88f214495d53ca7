"""Bytes of a terminal, in any pieces and with any pauses: keys, text and pastes.

Each byte of the data chooses something that a terminal may send, and where it is split. What is not
a key gives nothing, however it is split; a paste gives its text; nothing raises, and at the end
keys still work.
"""

from __future__ import annotations

from tests.terminal.test_keydecoder import NOTHING, TABLE, brief
from tuichat.terminal.keydecoder import Key, KeyDecoder

MOST_BYTES = 64
PAUSE, PASTE = 255, 254
# A pause may follow any of them; one more byte may change what these are.
SEQUENCES = [each for each in TABLE if each not in (b"\r", b"\n", b"\x1b[7$", b"\x1b[201~")]
SILENT = [each for each in NOTHING if each != b"\x1b[201~" and len(each) < 200]


def run(data: bytes) -> None:
    """Send what the data choose, twice: whole sequences split anywhere; and cut off anywhere."""
    data = data[:MOST_BYTES]
    _check_whole(data)
    _check_cut_off(data)


def _check_whole(data: bytes) -> None:
    """Anything, each split in two or not, with pauses between."""
    keys, sent, expected = KeyDecoder(), [], ""
    for byte in data:
        if byte == PAUSE:
            sent.append(brief(_given_up(keys)))
            continue
        if byte == PASTE:
            piece, meaning = b"\x1b[200~a\r\x1b[A\x1b[201~", "[a\n\x1b[A]"
        else:
            piece = SEQUENCES[byte % len(SEQUENCES)]
            meaning = TABLE[piece]
        expected += meaning
        cut = byte * 7 % (len(piece) + 1)
        sent.append(brief(keys.feed(piece[:cut]) if cut else []))
        sent.append(brief(keys.feed(piece[cut:]) if cut < len(piece) else []))
    assert "".join(sent) + brief(_given_up(keys)) == expected


def _check_cut_off(data: bytes) -> None:
    """Sequences that mean nothing, each cut off or whole, and a long silence after each."""
    keys = KeyDecoder(mouse=False)
    for byte in data:
        piece = SILENT[byte % len(SILENT)]
        events = keys.feed(piece[: 2 + byte * 5 % len(piece)]) + _given_up(keys)
        assert all(isinstance(event, Key) for event in events), (piece, events)
    for byte in data:
        keys.feed(bytes([byte, *data[:3]]))
    _given_up(keys)
    assert (keys.feed(b"\r") + _given_up(keys))[-1:] == [Key("enter")]


def _given_up(keys: KeyDecoder) -> list:
    events = []
    while keys.patience is not None:
        events += keys.give_up()
    return events
