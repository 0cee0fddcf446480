"""What a viewer is shown of a collection's cases: those whose isolates are all theirs.

A line list says nothing of jurisdictions, so a case follows its isolates; one without an isolate, or with
one of another jurisdiction, is for those who see all. Only who may see cases is shown any.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from abscope.collection import case_imports
from abscope.collection.access import Viewer, own_isolates
from abscope.records import LineList


def own_cases(
    connection: sa.Connection, viewer: Viewer, folder: Path, *, today: date
) -> LineList | None:
    """The viewer's cases and their exposures; None where no line list stands. Raises AccessError."""
    viewer.must("see cases")
    standing = tuple(one.folder for one in case_imports.imports(folder) if not one.undone)
    found = _read(folder, standing, today)
    if found is None or viewer.sees_all:
        return found
    mine = list(connection.execute(own_isolates(viewer)).scalars())
    theirs = pl.col("isolate_ids")
    known = theirs.is_not_null() & (theirs.list.len() > 0)
    cases = found.cases.filter(known & (theirs.list.set_difference(mine).list.len() == 0))
    names = cases["case_id"].to_list()
    return LineList(cases, _named_by(names, found.exposures))


def _named_by(names: list[str], exposures: pl.DataFrame) -> pl.DataFrame:
    """What these cases said of values that one of them names: others' clinics are not told."""
    own = exposures.filter(pl.col("case_id").is_in(names))
    said = own.filter(pl.col("answer") == "yes").select("kind", "value").unique()
    return own.join(said, on=["kind", "value"], how="semi", maintain_order="left")


@lru_cache(maxsize=2)
def _read(folder: Path, standing: tuple[Path, ...], today: date) -> LineList | None:
    """Imports never change, so what stands of them is read once a day."""
    return case_imports.current(folder, today=today) if standing else None
