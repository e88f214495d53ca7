"""Sockets and signals: connecting, sending, receiving, being woken."""
