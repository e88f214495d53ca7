"""What other protocols begin with, and what must never be taken for one of them."""

from __future__ import annotations

import pytest

from tuichat.protocol.foreign import protocol_of

OTHERS: dict[bytes, str] = {
    b"HTTP/1.1 400 Bad Request\r\n": "HTTP",
    b"<!DOCTYPE html><html>": "HTTP",
    b"<html><body>": "HTTP",
    b"SSH-2.0-OpenSSH_9.2\r\n": "SSH",
    b"\x15\x03\x01\x00\x02\x02\x16": "TLS",
    b"220 mail.example ESMTP Postfix\r\n": "mail",
    b"+OK Dovecot ready.\r\n": "mail",
    b"* OK [CAPABILITY IMAP4rev1] ready\r\n": "mail",
    b"220 (vsFTPd 3.0.3)\r\n": "file",
    b":irc.example NOTICE * :*** Looking up\r\n": "IRC",
    b"NOTICE AUTH :*** Looking up\r\n": "IRC",
    b"ERROR :Closing Link\r\n": "IRC",
    b"\xff\xfd\x18\xff\xfd\x20": "Telnet",
    "Welcome to the chat\n".encode("utf-16-le"): "UTF-16",
    "Welcome to the chat\n".encode("utf-16-be"): "UTF-16",
    "Welcome".encode("utf-16"): "UTF-16",
}
OURS = [
    b"", b"0", b"1\n", b"2\0", b"3\r\ngeneral\r\nrandom\r\nRoom42\r\n", b"220",
    b"220\nroom1\nroom2\n",
    b"220 general random lounge", b"Welcome to the chat server!\r\n", b"* bob has entered\n",
    b"9\0a\0b\0c\0d\0e\0f\0g\0h\0i\0", b"bob> hi\n", b"<bob> hi\n", b"Error: unknown command\n",
    b"You have joined a new room.", "2\ncaf\u00e9\n".encode(), b"2\ncaf\xe9\nna\xefve\n",
]  # fmt: skip


@pytest.mark.parametrize(("opening", "protocol"), OTHERS.items())
def test_another_protocol(opening: bytes, protocol: str) -> None:
    assert protocol in protocol_of(opening)


@pytest.mark.parametrize("opening", OURS)
def test_what_may_be_ours(opening: bytes) -> None:
    assert protocol_of(opening) == ""
