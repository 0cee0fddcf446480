"""The line list's data dictionary, made from the vocabulary: Markdown to read, REDCap to collect."""

from collections.abc import Iterator

import polars as pl

from abscope import tables
from abscope.formats.redcap import Question
from abscope.tables import Column, Table

_TYPES = {pl.String: "text", pl.Float64: "number", pl.Int64: "whole number", pl.Date: "date"}
_ANSWERED = {"1": "yes", "0": "no", "9": "unknown"}
_IDENTIFIERS = frozenset({"patient_id", "date_birth"})
_ASKED = (
    "Leave blank if it was not asked; 'unknown' is for a question asked and not answered. "
    "Silence is never counted as a no."
)


def markdown() -> str:
    """Every table of a line list, column by column."""
    lines = [
        "# Data dictionary",
        "",
        "Made by `abscope cases dictionary` from the vocabulary the program itself checks.",
        "",
        "An empty cell is not known. `yes`, `no` and `unknown` are answers; a question that was not asked",
        "is left empty, or `not asked`. Dates are best written as 2022-10-14.",
        "",
    ]
    for table in tables.CASE_TABLES:
        lines += [*_section(table), ""]
    lines += ["## What contains what", ""]
    lines += [f"- {' > '.join(ladder)}" for ladder in tables.LADDERS]
    return "\n".join(lines) + "\n"


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    if table.key:
        yield f"One row for each {' and '.join(table.key)}."
        yield ""
    yield "| column | type | needed | meaning | values |"
    yield "|---|---|---|---|---|"
    for column in table.columns:
        needed = "yes" if column.required else ""
        yield f"| {column.name} | {_type(column)} | {needed} | {column.meaning} | {_rule(column)} |"


def _type(column: Column) -> str:
    if isinstance(column.type, pl.List):
        return "several, separated by ;"
    return next((word for kind, word in _TYPES.items() if column.type == kind), str(column.type))


def _rule(column: Column) -> str:
    if column.one_of:
        return ", ".join(column.one_of)
    if column.between:
        low, high = column.between
        return f"{low:g} to {high:g}"
    return ""


def questions() -> Iterator[Question]:
    """The REDCap project: forms `case`, `exposure`, and `specimen` (set it to repeat)."""
    for column in tables.CASES.columns:
        if column.name not in ("row", "isolate_ids"):
            yield _question(column, column.name, "case")
    yield Question(
        "isolate_id", "case", "text", "isolates sequenced", note="several: separate by ;"
    )
    for name in ("symptoms", "treatment"):
        yield Question(name, "case", "text", name, note="several: separate by ;")
    for column in tables.EPISODES.columns:
        if column.name in tables.EXPOSURE_KINDS:
            yield from _exposure(column)
    for column in tables.SPECIMENS.columns:
        if column.name not in ("row", "case_id"):
            name = f"specimen_{column.name.removeprefix('specimen_')}"
            yield _question(column, name, "specimen")


def _exposure(column: Column) -> Iterator[Question]:
    """Two questions: was there one, and which."""
    asked, kind = f"{column.name}_asked", f"exposure_{column.name}"
    label = f"Any {column.name.replace('_', ' ')}? ({column.meaning})"
    yield Question(asked, "exposure", "radio", label, _ANSWERED, note=_ASKED)
    yield Question(
        kind,
        "exposure",
        "text",
        column.meaning,
        shown_if=f"[{asked}] = '1'",
        note="several: separate by ;",
    )


def _question(column: Column, name: str, form: str) -> Question:
    choices = {str(n): word for n, word in enumerate(column.one_of, 1)} or None
    is_date = column.type == pl.Date
    number = column.type in (pl.Float64, pl.Int64)
    return Question(
        name,
        form,
        "radio" if choices else "text",
        column.meaning,
        choices,
        validation="date_ymd" if is_date else "number" if number else "",
        identifier=name in _IDENTIFIERS,
        required=column.required and form == "case",
    )
