"""Findings to pages, figures and letters."""
