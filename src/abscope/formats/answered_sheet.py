"""A submission sheet: columns that a run can fill, and columns that only its laboratory can."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from abscope.errors import UsageError
from abscope.formats.isolate_facts import Facts, frame
from abscope.tables import written

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: what it is called, whether it must be filled, and how from what is known.

    heading: as the sheet writes it; the same as `name` where it is empty. missing: stands where nothing is
    known; empty for columns that take no such term.
    """

    name: str
    fill: Callable[[Facts], object] | None = None
    required: bool = False
    missing: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as text, and the required columns in which some row holds nothing."""

    content: bytes
    unfilled: tuple[str, ...]


def sheet(fields: Sequence[Field], rows: Sequence[Facts], answers: Answers) -> Sheet:
    """Fill a sheet. answers: by column, over what the run knows.

    Raises UsageError where an answer is for no column of it.
    """
    known = [one.name for one in fields]
    if odd := [name for name in answers if name not in known]:
        raise UsageError(
            f"no column called {', '.join(odd)}", hint=f"the columns are: {', '.join(known)}"
        )
    filled = [{one.name: _cell(one, row, answers) for one in fields} for row in rows]
    table = frame(filled) if filled else pl.DataFrame(schema=dict.fromkeys(known, pl.String))
    empty = tuple(
        one.name for one in fields if one.required and not all(row[one.name] for row in filled)
    )
    named = table.rename({one.name: one.heading or one.name for one in fields})
    return Sheet(written.tsv(named), empty)


def _cell(field: Field, row: Facts, answers: Answers) -> str:
    if field.name in answers:
        return answers[field.name]
    value = field.fill(row) if field.fill else None
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if value is not None else field.missing


def of(name: str) -> Callable[[Facts], object]:
    """The fact of that name."""
    return lambda fact: fact.get(name)


def always(text: str) -> Callable[[Facts], object]:
    """The same in every row."""
    return lambda _: text


def of_cases(text: str) -> Callable[[Facts], object]:
    """The same in every row whose isolate is of a patient on the line list."""
    return lambda fact: text if fact.get("case_id") else None
