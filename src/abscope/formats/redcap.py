"""REDCap: a project's data dictionary, read and written; its exports, raw or labelled, as a line list.

Columns of the dictionary as REDCap's own download names them. A checkbox `symptom` of choices 1, 2 is
exported as `symptom___1` and `symptom___2`; repeating instruments as further rows of one record, with
`redcap_repeat_instrument` naming which.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats import headings, spreadsheet
from abscope.formats.spreadsheet import Row, Sheet

COLUMNS = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
    "Identifier?", "Branching Logic (Show field only if...)", "Required Field?", "Custom Alignment",
    "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?", "Field Annotation",
)  # fmt: skip
_REPEAT = "redcap_repeat_instrument"
_SYSTEM = re.compile(r"redcap_(repeat|event|data_access|survey)|.*_complete$")
_YES_NO = {"yesno": {"1": "yes", "0": "no"}, "truefalse": {"1": "yes", "0": "no"}}
_ANSWERS = frozenset({"yes", "no", "unknown"})


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the project: its name, form, type, label, and code -> label of its choices."""

    name: str
    form: str
    type: str
    label: str = ""
    choices: Mapping[str, str] | None = None
    validation: str = ""
    identifier: bool = False
    required: bool = False
    shown_if: str = ""
    note: str = ""


def is_export(sheet: Sheet) -> bool:
    """Whether a table is a REDCap export by its own columns."""
    words = {word.lower() for word in sheet.rows[0].cells}
    return _REPEAT in words or any("___" in word for word in words)


def read_dictionary(path: Path) -> dict[str, Question]:
    """Field name -> question. Raises FormatError where the file is no data dictionary."""
    head, *rows = spreadsheet.read(path).rows
    wanted = {column: (column,) for column in COLUMNS}
    at = {name: places[0] for name, places in headings.match(head.cells, wanted).items()}
    if not {COLUMNS[0], COLUMNS[1], COLUMNS[3]} <= set(at):
        raise FormatError(
            f"{path.name}: is no REDCap data dictionary: it lacks {COLUMNS[0]!r} or {COLUMNS[3]!r}",
            hint="in REDCap: Project Setup, Data Dictionary, Download",
        )
    return {q.name: q for row in rows if (q := _question(row, at)).name}


def _question(row: Row, at: Mapping[str, int]) -> Question:
    name, form, kind, label, choices = (row.cell(at.get(COLUMNS[k])) for k in (0, 1, 3, 4, 5))
    coded = _YES_NO.get(kind) or (_choices(choices) if kind in _CHOICES else None)
    label = re.sub(r"<[^>]+>", "", label)
    return Question(name.lower(), form, kind, label, coded, shown_if=row.cell(at.get(COLUMNS[11])))


_CHOICES = ("radio", "dropdown", "checkbox")


def _choices(text: str) -> dict[str, str]:
    """`1, Yes | 2, No` as code -> label."""
    parts = (part.partition(",") for part in text.split("|"))
    return {code.strip(): label.strip() for code, _, label in parts if code.strip()}


def write_dictionary(questions: Iterable[Question]) -> str:
    """The dictionary as REDCap takes it: CSV with its eighteen columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in questions:
        choices = " | ".join(f"{code}, {label}" for code, label in (one.choices or {}).items())
        row = dict.fromkeys(COLUMNS, "")
        row |= dict(
            zip(COLUMNS[:6], (one.name, one.form, "", one.type, one.label, choices), strict=True)
        )
        row[COLUMNS[6]], row[COLUMNS[7]] = one.note, one.validation
        row[COLUMNS[10]] = "y" if one.identifier else ""
        row[COLUMNS[11]] = one.shown_if
        row[COLUMNS[12]] = "y" if one.required else ""
        writer.writerow(row.values())
    return out.getvalue()


def decoded(sheet: Sheet, dictionary: Mapping[str, Question]) -> tuple[Sheet, tuple[Sheet, ...]]:
    """The export with labels for codes and one row per record; and its repeated specimens.

    A checkbox becomes one column per choice, answered yes or no. A cell that branching logic leaves
    empty stays empty. Rows of other repeating instruments are joined to their record's, values beside
    values.
    """
    head, *rows = sheet.rows
    words = [word.lower() for word in head.cells]
    labelled = [
        Row(r.number, tuple(_meant(w, r.cell(k), dictionary) for k, w in enumerate(words)))
        for r in rows
    ]
    repeat = words.index(_REPEAT) if _REPEAT in words else None
    kept = [k for k, word in enumerate(words) if not _SYSTEM.match(word)]
    names = [_heading(word, dictionary) for word in words]
    specimens = [r for r in labelled if "specimen" in r.cell(repeat).lower()]
    others = [r for r in labelled if r not in specimens]
    cases = _one_each(others) if repeat is not None else others
    theirs = _own_columns(words, specimens, cases)
    parts = [(cases, [k for k in kept if k not in theirs]), (specimens, kept)]
    made, repeated = (
        Sheet(sheet.name, (Row(head.number, tuple(names[k] for k in own)), *_cut(rows, own)))
        for rows, own in parts
    )
    return replace(made, problems=sheet.problems), (repeated,) if specimens else ()


def _own_columns(words: Sequence[str], specimens: Sequence[Row], cases: Sequence[Row]) -> set[int]:
    """Columns of the specimens' form: those no case fills and a specimen does or could."""
    if not specimens:
        return set()
    filled, others = (
        {k for r in rows for k, c in enumerate(r.cells) if c} for rows in (specimens, cases)
    )
    named = {k for k, word in enumerate(words) if word.startswith("specimen")}
    return (filled | named) - others


def _cut(rows: Iterable[Row], kept: Sequence[int]) -> Iterator[Row]:
    return (Row(row.number, tuple(row.cell(k) for k in kept)) for row in rows)


def _one_each(rows: Sequence[Row]) -> list[Row]:
    """Rows of one record, by its first column, joined."""
    records: dict[str, Row] = {}
    for row in rows:
        name = row.cell(0) or f"row {row.number}"
        first = records.get(name)
        records[name] = row if first is None else Row(first.number, tuple(_beside(first, row)))
    return list(records.values())


def _beside(one: Row, other: Row) -> Iterator[str]:
    for place in range(max(len(one.cells), len(other.cells))):
        cells = dict.fromkeys(cell for cell in (one.cell(place), other.cell(place)) if cell)
        yield "; ".join(cells)


def _meant(word: str, cell: str, dictionary: Mapping[str, Question]) -> str:
    """What a code stands for."""
    field, is_choice, _ = word.partition("___")
    question = dictionary.get(field)
    if is_choice:
        return {"1": "yes", "0": "no", "checked": "yes", "unchecked": "no"}.get(cell.lower(), cell)
    if question is None or not question.choices:
        return cell
    label = question.choices.get(cell, cell)
    return label.lower() if label.lower() in _ANSWERS else label


def _heading(word: str, dictionary: Mapping[str, Question]) -> str:
    """A checkbox column's choice in words: `symptom___2` -> `symptom fever`."""
    field, is_choice, code = word.partition("___")
    question = dictionary.get(field)
    if not is_choice or question is None or not question.choices:
        return word
    return f"{field} {question.choices.get(code, code)}"
