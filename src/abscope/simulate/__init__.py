"""Truth to test and teach with: genomes, reads, outbreaks and line lists whose answers are known."""
