"""Sphinx configuration: Markdown pages, no theme to download, warnings are errors (make docs)."""

from abscope import __version__

project = "abscope"
author = "The abscope developers"
release = version = __version__
extensions = ["myst_parser"]
html_theme = "alabaster"
exclude_patterns = ["_build", "validation/*.py"]
myst_heading_anchors = 3
