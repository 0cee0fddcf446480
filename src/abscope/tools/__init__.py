"""One outside program or engine per file."""
