"""One outside format per file."""
