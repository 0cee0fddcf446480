"""Figures as data: what to draw, decided here; how it looks, in the templates and assets."""
