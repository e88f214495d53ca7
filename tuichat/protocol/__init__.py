"""The protocol without any I/O: bytes in, events out; requests in, bytes out."""
