"""Text that a spreadsheet shows and does not run.

A spreadsheet runs a cell that starts with = + - @ as a formula, a tab, carriage return or line feed before
it notwithstanding (OWASP, CSV injection). Such a text gets an apostrophe in front, which a spreadsheet takes
for "this is text"; numbers and a lone sign stay as they are.
"""

import re

_FORMULA = re.compile(r"^(?:[=@\t\r\n＝＠]|[+\-＋－](?![0-9]*[.,]?[0-9]*(?:[eE][+\-]?[0-9]+)?%?$))")


def safe_cell(text: str) -> str:
    """A text that a spreadsheet shows and does not run."""
    return f"'{text}" if _FORMULA.match(text) else text
