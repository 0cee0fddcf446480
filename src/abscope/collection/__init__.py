"""The store: what is known so far, and nothing of it ever lost."""
