"""What documents read of the folder that `abscope run` or `abscope type` wrote."""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from abscope.errors import FormatError

Row = Mapping[str, str | None]
_TABLES = (
    "types", "resistance", "isolates", "pairs", "clusters", "links", "cases", "exposures",
    "cases_without_isolate", "isolates_without_case", "left_out", "problems",
)  # fmt: skip
_HINT = "give the folder that abscope run or abscope type wrote (--outdir)"
_QUOTED = re.compile(r"^'(?=[=@+\-\t＝＠＋－])")


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A run's tables as rows of text (None: unknown), and its JSON files as they are."""

    tables: Mapping[str, tuple[Row, ...]]
    typed: Mapping[str, Any]
    sources: Mapping[str, Any]
    questions: Mapping[str, Any]
    manifest: Mapping[str, Any]

    def rows(self, table: str, **equal: str) -> tuple[Row, ...]:
        """Rows of a table whose columns hold these values, all of them without any."""
        found = self.tables.get(table, ())
        return tuple(r for r in found if all(r.get(k) == value for k, value in equal.items()))

    @property
    def organism(self) -> str:
        """The organism the isolates were held against."""
        return str(self.manifest.get("organism") or self.typed.get("organism") or "")

    @property
    def versions(self) -> Mapping[str, str]:
        """Programs and their versions; abscope's own alone where nothing else is recorded."""
        own = {"abscope": str(self.typed.get("abscope", ""))} if self.typed else {}
        return {**own, **self.manifest.get("versions", {})}


def read(folder: Path) -> Run:
    """Raises FormatError where the folder holds no typed isolates, or a file of it cannot be read."""
    if not (folder / "types.tsv").is_file():
        raise FormatError(f"{folder}: holds no types.tsv, so no isolate was typed", hint=_HINT)
    return Run(
        tables={name: _table(folder / f"{name}.tsv") for name in _TABLES},
        typed=_json(folder / "types.json"),
        sources=_json(folder / "sources.json"),
        questions=_json(folder / "questions.json"),
        manifest=_json(folder / "manifest.json"),
    )


def _table(path: Path) -> tuple[Row, ...]:
    """Rows by heading; a table that was not written has none."""
    if not path.is_file():
        return ()
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return tuple(
                {name: _cell(value) for name, value in row.items() if name is not None}
                for row in csv.DictReader(lines, delimiter="\t")
            )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"{path.name}: cannot be read ({error})", hint=_HINT) from error


def _cell(value: str | None) -> str | None:
    """A cell as it was before it was made safe for spreadsheets."""
    return _QUOTED.sub("", value) or None if value else None


def _json(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise FormatError(f"{path.name}: cannot be read ({error})", hint=_HINT) from error
    if not isinstance(found, dict):
        raise FormatError(f"{path.name}: is not what a run writes", hint=_HINT)
    return found


def number(text: str | None) -> float | None:
    """A cell as a number, None where it holds none."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


def day(text: str | None) -> date | None:
    """A cell as a date, None where it holds none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
