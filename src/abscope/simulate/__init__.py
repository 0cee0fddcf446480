"""Truth to test and teach with: genomes, reads, outbreaks, line lists whose answers are known."""
