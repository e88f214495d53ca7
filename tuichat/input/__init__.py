"""What keys and typed lines mean: names of actions, commands, edited text."""
