"""The small server, for practice, a LAN, and the tests; and the people of the demo."""
