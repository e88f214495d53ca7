"""What is known of a conversation, across connections: what was said, where one is, who one is."""
