"""Keys and typed lines to what is meant by them: names of actions, commands, edited text."""
