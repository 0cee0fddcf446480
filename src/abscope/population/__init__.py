"""Which isolates are alike, more than chance would make them? Many genomes."""
