"""Search, command palette, what changed."""
