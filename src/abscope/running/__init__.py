"""Engines, progress and provenance."""
