"""Sphinx configuration: Markdown pages, no theme to download, warnings are errors (make docs).

The pages of the commands and the data dictionary are written from the program before each build.
"""

import sys
from pathlib import Path

from abscope import __version__

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import generated  # noqa: E402

generated.write(HERE)

project = "abscope"
author = "The abscope developers"
release = version = __version__
extensions = ["myst_parser"]
html_theme = "alabaster"
exclude_patterns = ["_build", "validation/*.py"]
myst_heading_anchors = 3
