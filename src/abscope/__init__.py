"""Genomic surveillance and outbreak investigation for *Mycobacterium abscessus*."""

__version__ = "0.1.0"
