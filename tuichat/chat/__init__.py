"""A chat across connections: what was said, where the user is, and under which nick."""
