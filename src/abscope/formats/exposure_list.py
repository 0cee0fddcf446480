"""An exposures file: one row per case, kind and value, with the answer."""

from collections.abc import Collection, Iterator
from pathlib import Path

from abscope.errors import TableError
from abscope.formats import exposure_answers, headings, spreadsheet
from abscope.formats.exposure_answers import Answer, Said
from abscope.formats.line_list_headings import CASE_ID, KINDS
from abscope.records import Problem

_NAMES = {
    "case_id": CASE_ID,
    "kind": ("kind", "exposure_kind", "exposure_type", "type", "category"),
    "value": ("value", "exposure", "name", "which"),
    "answer": ("answer", "exposed", "response"),
}
_KIND_OF = {headings.plain(word): kind for kind, words in KINDS.items() for word in (kind, *words)}


def read(path: Path, case_ids: Collection[str]) -> tuple[list[Said], list[Problem]]:
    """What the file says of the cases of a line list, and what is odd about it.

    Without an `answer` column every row is a `yes`, and a case is taken to have named all it was exposed
    to; with one, only the answers given count. Raises TableError where a column is missing.
    """
    sheet = spreadsheet.read(path)
    head, *rows = sheet.rows
    columns = {field: at[0] for field, at in headings.match(head.cells, _NAMES).items()}
    if missing := [field for field in ("case_id", "kind", "value") if field not in columns]:
        raise TableError.collect(
            sheet.name,
            [f"there is no column {field!r}" for field in missing],
            hint="columns: case_id, kind, value, answer",
        )
    said, problems = [], list(sheet.problems)
    for row in rows:
        cells = {field: row.cell(at) for field, at in columns.items()}
        faults = [
            Problem(f"{sheet.name}, row {row.number}", what, hint)
            for what, hint in _faults(cells, case_ids)
        ]
        problems += faults
        if cells["case_id"] in case_ids:
            said.append(_said(cells))
    return said, problems


def _faults(cells: dict[str, str], case_ids: Collection[str]) -> Iterator[tuple[str, str]]:
    if cells["case_id"] not in case_ids:
        near = headings.resembling(cells["case_id"], case_ids)
        yield (
            f"case_id {cells['case_id']!r} is not in the line list; this answer is not used",
            f"{near!r} is meant?" if near else "add the case to the line list",
        )
    if headings.plain(cells["kind"]) not in _KIND_OF:
        yield (
            f"kind {cells['kind']!r} is not known; it was kept as 'other'",
            f"kinds: {', '.join(KINDS)}",
        )
    if "answer" in cells and exposure_answers.answer(cells["answer"]) is None:
        yield f"answer {cells['answer']!r} is not known", "answers: yes, no, unknown"


def _said(cells: dict[str, str]) -> Said:
    known = _KIND_OF.get(headings.plain(cells["kind"]))
    value = cells["value"] if exposure_answers.is_known(cells["value"]) else None
    given: Answer | None = (
        exposure_answers.answer(cells["answer"])
        if "answer" in cells
        else "yes"
        if value
        else "unknown"
    )
    if known is None and value is not None:
        value = f"{cells['kind']}: {value}"
    if value is None and given == "yes":
        value = exposure_answers.YES
    complete = "answer" not in cells
    return Said(cells["case_id"], known or "other", value, given or "unknown", complete)
