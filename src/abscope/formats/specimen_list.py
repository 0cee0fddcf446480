"""Specimens: patients', and those of products, reagents, devices, places and quality control."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from abscope import tables
from abscope.errors import TableError
from abscope.formats import exposure_answers, headings, spreadsheet, written_dates
from abscope.formats import line_list_values as values
from abscope.formats.line_list_headings import CASE_ID, ISOLATES
from abscope.formats.spreadsheet import Row, Sheet
from abscope.records import Problem

_NAMES = {
    "specimen_id": ("specimen_id", "specimen", "sample_id", "sample", "lab_id", "sampleIdentifier"),
    "kind": ("specimen_kind", "kind", "sample_kind", "category", "source_kind"),
    "case_id": (*CASE_ID[:-4], "record_id", "person.visualId", "person_id", "personId"),
    "material": (
        "specimen_material",
        "material",
        "specimen_type",
        "sample_type",
        "source",
        "isolation_source",
    ),
    "body_site": ("specimen_body_site", "body_site", "site"),
    "clinic": ("specimen_clinic", "clinic", "facility", "location"),
    "product": ("specimen_product", "product", "product_name"),
    "lot": ("specimen_lot", "lot", "lot_number", "batch"),
    "date": (
        "specimen_date_first",
        "date_collection",
        "collection_date",
        "date_sample_taken",
        "date",
        "date_first",
    ),
    "date_last": ("specimen_date_last", "date_last", "collection_end"),
    "method": ("specimen_method", "method", "test_type"),
    "result": ("specimen_result", "result", "culture_result", "culture"),
    "organism": ("specimen_organism", "organism", "species"),
    "isolate_id": ("specimen_isolate_id", *ISOLATES["isolate_ids"][:4]),
    "retained": ("specimen_retained", "retained", "isolate_retained"),
}
_KIND_WORDS = {
    "patient": ("patient", "human", "clinical", "case"),
    "product": (
        "specimen_product",
        "product",
        "vial",
        "drug",
        "medication",
        "cells",
        "tissue",
        "implant",
    ),
    "reagent": ("reagent", "diluent", "saline", "medium", "disinfectant"),
    "device": ("device", "instrument", "scope", "trocar", "heatercooler"),
    "environment": ("environment", "environmental", "water", "surface", "swab", "air", "ice"),
    "quality control": ("qualitycontrol", "qc", "blank", "control", "negativecontrol"),
}
_TEXTS = ("material", "body_site", "clinic", "product", "lot", "method", "organism", "isolate_id")


@dataclass(frozen=True, slots=True)
class Samples:
    """tables.SPECIMENS, and what is odd about them."""

    frame: pl.DataFrame
    problems: tuple[Problem, ...]


def sheets(path: Path | None) -> list[Sheet]:
    """The sheet of a specimens file, none where there is none."""
    return [] if path is None else [spreadsheet.read(path)]


def gathered(
    own: Sequence[Mapping[str, object]],
    lists: Iterable[Sheet],
    case_ids: Collection[str],
    *,
    today: date | None = None,
) -> Samples:
    """The specimens the line list itself holds and those listed beside it, each under its own name.

    A specimen listed twice stays twice, the second as NAME#ROW, and is reported. Raises TableError where
    a list has no heading that is known.
    """
    rows: list[dict[str, object]] = [dict(one) for one in own]
    problems: list[Problem] = []
    taken = {str(row["specimen_id"]) for row in rows}
    for sheet in lists:
        problems += sheet.problems
        for row, where, found, odd in _read(sheet, today):
            name = str(found["specimen_id"] or f"specimen-{row.number}")
            if name in taken:
                odd.append((f"specimen {name!r} is listed already; both were kept", "remove one"))
                name = f"{name}#{row.number}"
            taken.add(name)
            rows.append({**found, "specimen_id": name, "row": row.number})
            problems += [Problem(where, *remark) for remark in (*odd, *_ties(found, case_ids))]
    return Samples(tables.SPECIMENS.check(tables.SPECIMENS.frame(rows)), tuple(problems))


def _read(
    sheet: Sheet, today: date | None
) -> Iterator[tuple[Row, str, dict[str, object], list[values.Remark]]]:
    head, *rows = sheet.rows
    columns = {field: at[0] for field, at in headings.match(head.cells, _NAMES).items()}
    if not columns:
        raise TableError.collect(
            sheet.name,
            [f"no heading of a specimen list is known: {', '.join(head.cells)[:120]}"],
            hint="headings: specimen_id, kind, case_id, lot, clinic, date_collection, result",
        )
    for row in rows:
        cells = {field: row.cell(at) for field, at in columns.items()}
        known = {f: c if exposure_answers.is_known(c) else "" for f, c in cells.items()}
        odd: list[values.Remark] = []
        yield row, f"{sheet.name}, row {row.number}", _specimen(known, odd, today), odd


def _specimen(
    cells: Mapping[str, str], odd: list[values.Remark], today: date | None
) -> dict[str, object]:
    first, last = _days(cells, odd, today)
    result, doubt = values.result(_plain_code(cells.get("result", "")))
    odd += [doubt] if doubt else []
    kept = cells.get("retained", "")
    return {
        "specimen_id": cells.get("specimen_id") or None,
        "kind": _kind(cells, odd),
        "case_id": cells.get("case_id") or None,
        **{field: _plain_code(cells.get(field, "")) or None for field in _TEXTS},
        "date_first": first,
        "date_last": last,
        "result": result,
        "retained": exposure_answers.answer(kept) if kept else None,
    }


def _days(
    cells: Mapping[str, str], odd: list[values.Remark], today: date | None
) -> tuple[date | None, date | None]:
    texts = (cells.get("date", ""), cells.get("date_last", ""))
    written = [written_dates.read(text, today=today) if text else None for text in texts]
    odd += [(one.remark, one.remedy) for one in written if one and one.remark]
    first, last = (one.day if one else None for one in written)
    if written[0] is not None and written[0].between and last is None:
        return written[0].between
    if first and last and last < first:
        odd.append((f"date_last {last} is before {first}; it is not used", "check both dates"))
        last = None
    return first, last or first


def _kind(cells: Mapping[str, str], odd: list[values.Remark]) -> str:
    word = headings.plain(cells.get("kind", ""))
    for kind, words in _KIND_WORDS.items():
        if word in (headings.plain(kind), *words):
            return kind
    guessed = (
        "patient" if cells.get("case_id") else "product" if cells.get("lot") else "environment"
    )
    if word:
        what = f"kind {cells['kind']!r} is not known; it was taken as {guessed}"
        odd.append((what, f"kinds: {', '.join(tables.SAMPLE_KINDS)}"))
    return guessed


def _ties(found: Mapping[str, object], case_ids: Collection[str]) -> Iterator[values.Remark]:
    """What a specimen must be tied to, to tell anything."""
    case = found["case_id"]
    if case is not None and case not in case_ids:
        near = headings.resembling(str(case), case_ids)
        yield (
            f"case {case!r} is not in the line list; the specimen was kept",
            f"{near!r} is meant?" if near else "add the case to the line list",
        )
    if found["kind"] == "patient" and case is None:
        yield "a patient's specimen without a case", "write case_id"
    elif found["kind"] != "patient" and not any(found[f] for f in ("lot", "product", "clinic")):
        yield (
            "is tied to no lot, product or facility, so it tells of none",
            "write lot, product or clinic",
        )


def _plain_code(text: str) -> str:
    """Go.Data's codes as words: LNG_..._LAB_TEST_RESULT_POSITIVE -> positive."""
    if not text.startswith("LNG_REFERENCE_DATA_CATEGORY_"):
        return text
    for category in ("LAB_TEST_RESULT_", "TYPE_OF_SAMPLE_", "TYPE_OF_LAB_TEST_"):
        text = text.rsplit(category, 1)[-1]
    return text.replace("_", " ").lower()
