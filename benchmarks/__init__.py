"""How right and how fast the callers are, on simulated reads with known truth; see README.md."""
