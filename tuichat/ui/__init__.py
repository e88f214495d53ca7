"""State to frame: what the screen shows, and what keys and commands do to it."""
