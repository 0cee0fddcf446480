"""Sphinx configuration: Markdown pages, no theme to download, warnings are errors (make docs).

The pages of the commands, the API and the data dictionary are written from the program before each build.
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
html_theme_options = {
    "page_width": "1100px",
    "sidebar_width": "240px",
    "font_family": "system-ui, sans-serif",
    "head_font_family": "system-ui, sans-serif",
    "font_size": "16px",
    "code_font_size": "14px",
}
html_static_path = ["pages.css"]
html_css_files = ["pages.css"]
exclude_patterns = ["_build", "validation/*.py"]
myst_heading_anchors = 3
