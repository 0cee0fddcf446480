"""Imports of line lists into a collection: every file kept whole, under its date, and each can be undone.

    COLLECTION/cases/0001_2026-11-22/        the files as given, and receipt.json
    COLLECTION/cases/0002_2026-11-25.undone/ taken back; nothing is deleted

What a collection knows of its cases is what the imports not undone say together, the latest last.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from abscope.errors import DataError, UsageError
from abscope.formats import line_list
from abscope.formats.line_list import Beside
from abscope.records import LineList
from abscope.running.storage import make_folder, storing, write_whole
from abscope.tables import written

_NAME = re.compile(r"(\d{4,})_(\d{4}-\d{2}-\d{2})(\.undone)?")
_UNDONE = ".undone"


@dataclass(frozen=True, slots=True)
class Import:
    """One import: its number, day, and the files it kept."""

    number: int
    day: date
    folder: Path
    undone: bool
    cases: Path
    beside: Beside


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import changed, by case_id. untouched: cases of earlier imports it does not name."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    untouched: tuple[str, ...]


def imports(collection: Path) -> list[Import]:
    """Every import, undone ones too, oldest first."""
    return sorted(_found(collection), key=lambda one: one.number)


def current(collection: Path, *, today: date | None = None) -> LineList | None:
    """What all imports that stand say together; None where there is none."""
    standing = [(one.cases, one.beside) for one in imports(collection) if not one.undone]
    return line_list.read_several(standing, today=today) if standing else None


def keep(
    collection: Path, cases: Path, beside: Beside, *, today: date
) -> tuple[Import, LineList, Changes]:
    """Take files in, whole or not at all, and say what changed.

    Raises FormatError or TableError where they cannot be read (nothing is kept then), StorageError.
    """
    before = current(collection, today=today)
    named = set(line_list.read(cases, beside=beside, today=today).cases["case_id"])
    known = imports(collection)
    number = known[-1].number + 1 if known else 1
    folder = make_folder(collection / "cases")
    name = f"{number:04}_{today.isoformat()}"
    draft = folder / f".{name}.part"
    with storing(folder):
        shutil.rmtree(draft, ignore_errors=True)
    kept = {"cases": _copied(cases, draft)}
    for field in fields(beside):
        given = getattr(beside, field.name)
        if given is not None:
            kept[field.name] = _copied(given, draft, field.name)
    receipt = {"day": today.isoformat(), "files": kept, "source": str(cases.name)}
    write_whole(draft / "receipt.json", json.dumps(receipt, indent=1).encode())
    with storing(folder):
        draft.replace(folder / name)
    after = current(collection, today=today)
    if after is None:
        raise DataError(f"{folder / name}: is gone", hint="import it again")
    return imports(collection)[-1], after, _changes(before, after, named)


def keep_run(collection: Path, run: Path, *, today: date) -> tuple[str, ...]:
    """Take in the cases of a run's output folder that are not known yet; which. None, where there are none.

    What is known of a case stays: a run's tables lack the line list's symptoms, treatments and specimens.
    Raises as `keep`.
    """
    standing = current(collection, today=today)
    known = set(standing.cases["case_id"]) if standing else set()
    cases = _unknown(run / "cases.tsv", known)
    if cases.is_empty():
        return ()
    with TemporaryDirectory() as folder:
        there, beside = Path(folder) / f"{run.name}_cases.tsv", Path(folder) / "exposures.tsv"
        there.write_bytes(written.tsv(cases.drop("row", strict=False)))
        beside.write_bytes(written.tsv(_unknown(run / "exposures.tsv", known)))
        keep(collection, there, Beside(exposures=beside), today=today)
    return tuple(cases["case_id"].to_list())


def _unknown(path: Path, known: set[str]) -> pl.DataFrame:
    """Rows of a run's table whose case is not one of those known."""
    if not path.is_file():
        return pl.DataFrame(schema={"case_id": pl.String})
    try:
        rows = pl.read_csv(path, separator="\t", infer_schema=False)
        return rows.filter(~pl.col("case_id").is_in(list(known)))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{path}: cannot be read ({error})", hint="is it a run's?") from error


def undo(collection: Path) -> Import:
    """Take the last import back; its files stay, marked. Raises UsageError where there is none."""
    standing = [one for one in imports(collection) if not one.undone]
    if not standing:
        raise UsageError(
            f"{collection}: no import to undo", hint="abscope cases imports lists them"
        )
    last = standing[-1]
    with storing(last.folder):
        last.folder.replace(last.folder.with_name(last.folder.name + _UNDONE))
    return last


def _found(collection: Path) -> Iterator[Import]:
    folder = collection / "cases"
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match is None or not (path / "receipt.json").is_file():
            continue
        kept = json.loads((path / "receipt.json").read_text("utf-8"))["files"]
        files = {role: path / one["name"] for role, one in kept.items()}
        cases = files.pop("cases")
        day = date.fromisoformat(match[2])
        yield Import(int(match[1]), day, path, bool(match[3]), cases, Beside(**files))


def _copied(path: Path, folder: Path, role: str = "cases") -> dict[str, str]:
    """Copy a file, and say what it is called and its checksum."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})", hint="check it") from error
    name = path.name if role == "cases" else f"{role}_{path.name}"
    write_whole(folder / name, content)
    return {"name": name, "given": path.name, "sha256": hashlib.sha256(content).hexdigest()}


def _changes(before: LineList | None, after: LineList, named: set[str]) -> Changes:
    old, new = (_by_case(one) if one else {} for one in (before, after))
    ours = [case for case in new if case in named]
    return Changes(
        new=tuple(case for case in ours if case not in old),
        changed=tuple(case for case in ours if case in old and old[case] != new[case]),
        same=tuple(case for case in ours if case in old and old[case] == new[case]),
        untouched=tuple(case for case in new if case not in named),
    )


def _by_case(found: LineList) -> dict[str, object]:
    """All that a case says itself: without its row, and without answers that others' values imply."""
    said = found.exposures.filter(pl.col("answer") == "yes").sort("kind", "value")
    own = {case: rows for (case,), rows in said.group_by("case_id", maintain_order=True)}
    frames = (found.symptoms, found.treatments)
    return {
        row["case_id"]: (
            {name: value for name, value in row.items() if name != "row"},
            own[row["case_id"]].rows() if row["case_id"] in own else [],
            [frame.filter(pl.col("case_id") == row["case_id"]).rows() for frame in frames],
        )
        for row in found.cases.iter_rows(named=True)
    }
