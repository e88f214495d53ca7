"""The terminal: a full screen through curses, or lines in and lines out."""
