"""A file of cases, whatever program wrote it, as one sheet of cases and sheets of specimens."""

import json
from dataclasses import dataclass
from pathlib import Path

from abscope.errors import FormatError
from abscope.formats import fhir, godata, redcap, spreadsheet
from abscope.formats.spreadsheet import Sheet
from abscope.records import Problem


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Cases as rows under headings, and specimens the same file tells of."""

    sheet: Sheet
    specimens: tuple[Sheet, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(path: Path, *, dictionary: Path | None = None) -> CaseFile:
    """A table (CSV, TSV, .xlsx), a REDCap export, a FHIR bundle or a Go.Data export.

    dictionary: the REDCap project's. Raises FormatError where the file is none of these.
    """
    raw = spreadsheet.contents(path)
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _json(path.name, raw)
    sheet = spreadsheet.read(path)
    if dictionary is not None or redcap.is_export(sheet):
        known = redcap.read_dictionary(dictionary) if dictionary else {}
        sheet, specimens = redcap.decoded(sheet, known)
        return CaseFile(sheet, specimens, sheet.problems)
    if godata.is_export(sheet):
        sheet = godata.plain_codes(sheet)
    return CaseFile(sheet, (), sheet.problems)


def _json(name: str, raw: bytes) -> CaseFile:
    text = raw.decode("utf-8-sig", "replace")
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise FormatError(f"{name}: is nested too deeply", hint="export again") from error
    except ValueError as error:
        data = _lines(name, text, error)
    if fhir.is_fhir(data):
        sheet, specimens = fhir.sheets(name, data)
        return CaseFile(sheet, (specimens,) if specimens.rows else (), sheet.problems)
    if godata.is_json(data):
        sheet = godata.sheet(name, data)
        return CaseFile(sheet, (), sheet.problems)
    raise FormatError(
        f"{name}: JSON, but neither a FHIR bundle nor a Go.Data export",
        hint="a bundle has resourceType Bundle; Go.Data's cases have visualId and classification",
    )


def _lines(name: str, text: str, error: ValueError) -> object:
    """FHIR's bulk export: one resource a line."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        raise FormatError(f"{name}: is not valid JSON ({error})", hint="export again") from error
