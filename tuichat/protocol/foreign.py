"""Servers that speak another protocol, recognised by the first bytes they send.

A wrong port may lead to a web, mail or SSH server. The table has how each of them begins; any other
is noticed only because it does not answer as a server of this protocol does.
"""

from __future__ import annotations

import re

# What the server speaks: how it begins (RFC 9112, 4253, 8446, 5321, 959, 2812, 1939, 9051, 854).
PROTOCOLS = (
    ("HTTP, as the web does", rb"HTTP/\d|<!DOCTYPE|<html"),
    ("SSH", rb"SSH-\d"),
    ("TLS, an encrypted protocol", rb"[\x14-\x17]\x03[\x00-\x04]"),
    ("the language of mail servers", rb"220[ -][^\r\n]*SMTP|\+OK|\* (?:OK|PREAUTH|BYE) "),
    ("the language of file servers", rb"220[ -][^\r\n]*FTP"),
    ("IRC", rb":\S+ (?:NOTICE|\d{3}) |NOTICE (?:AUTH|\*) |ERROR :|PING :"),
    ("Telnet", rb"\xff[\xfb\xfd]"),
    # It begins with a letter: a list of rooms of one letter each, ended by NUL, does not.
    ("text in UTF-16", rb"\xff\xfe|\xfe\xff|[A-Z]\0(?:[ -~]\0){7}|\0[A-Z](?:\0[ -~]){7}"),
)
OPENING_BYTES = 256
"""How many of the server's first bytes are examined."""


def protocol_of(opening: bytes) -> str:
    """Return the protocol of a server whose output starts like this, "" if it may be ours."""
    opening = opening.lstrip(b"\r\n")
    for name, pattern in PROTOCOLS:
        if re.match(pattern, opening, re.IGNORECASE):
            return name
    return ""
