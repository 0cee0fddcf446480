"""The collection and its investigation in a browser, and the same as JSON for programs."""
