"""Tables without rows, for records that are given none.

Loading polars takes 25 MB and a third of a second: commands that need no table go without.
"""

from collections.abc import Callable
from pkgutil import resolve_name
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def empty(table: str) -> "Callable[[], pl.DataFrame]":
    """What makes a frame of a table without a row; the table as it is named within `tables`."""
    return lambda: resolve_name(f"abscope.tables.{table}").frame()
