"""What `abscope cases describe` does between parsing and printing."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from abscope import tables
from abscope.cli import options as o
from abscope.cli.case_definitions_session import found
from abscope.cli.cases_session import opened
from abscope.cli.tabled import tabled
from abscope.errors import UsageError
from abscope.formats.line_list import Beside
from abscope.outbreak.case_definition import classify, with_status
from abscope.outbreak.description import Choices, describe
from abscope.outbreak.epicurve import UNITS, is_complete
from abscope.outbreak.exposure_panel import Exposure
from abscope.records import Description, LineList
from abscope.reports.case_page import render
from abscope.running.storage import write_whole

_STRATA = tuple(
    name
    for name, kind in tables.CASES.schema.items()
    if kind in (pl.String, pl.Float64) and name not in ("case_id", "patient_id", "status")
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for. adjust: kind=value."""

    definition: str | None
    organism: str
    unit: str
    by: str | None
    adjust: tuple[str, ...]
    seed: int

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise UsageError(f"--unit is {self.unit!r}", hint=f"one of {', '.join(UNITS)}")
        if self.by is not None and self.by not in _STRATA:
            raise UsageError(f"--by is {self.by!r}", hint=f"one of {', '.join(_STRATA)}")


def described(
    file: Path,
    beside: Beside,
    wanted: Wanted,
    *,
    day: datetime | None,
    html: Path | None,
    as_json: bool,
) -> str:
    """Describe the cases of a file or collection, in tables or as JSON."""
    linelist, defining = _defined(opened(file, beside, day), wanted)
    choices = Choices(wanted.unit, wanted.by, _exposures(wanted.adjust), defining)
    today = o.day_or_today(day)
    try:
        found_ = describe(linelist, choices, today=today, rng=np.random.default_rng(wanted.seed))
    except ValueError as error:
        raise UsageError(f"--adjust: {error}", hint="leave one of them out") from error
    if html is not None:
        write_whole(html, render(found_, title=file.name, today=today).encode())
    return _json(found_) if as_json else _words(found_)


def _defined(linelist: LineList, wanted: Wanted) -> tuple[LineList, frozenset[str]]:
    if wanted.definition is None:
        return linelist, frozenset()
    definition = found(wanted.definition, wanted.organism)
    cases = with_status(linelist, classify(linelist, definition))
    return replace(linelist, cases=cases), definition.exposures()


def _exposures(adjust: tuple[str, ...]) -> tuple[Exposure, ...]:
    pairs = []
    for text in adjust:
        kind, sign, value = text.partition("=")
        if not sign:
            raise UsageError(f"--adjust {text!r}", hint="write kind=value, as the tables print it")
        pairs.append((kind.strip(), value.strip()))
    return tuple(pairs)


def _json(one: Description) -> str:
    parts = {name: frame.to_dicts() for name, frame in _frames(one)}
    left = [{"name": x.name, "reason": x.reason, "hint": x.hint} for x in one.left_out]
    remarks = [{"where": p.where, "what": p.what, "remedy": p.hint} for p in one.remarks]
    whole = {"counts": dict(one.counts), **parts, "left_out": left, "remarks": remarks}
    return json.dumps(_finite(whole), indent=2, default=str, ensure_ascii=False)


def _finite(value: object) -> object:
    """JSON has no infinity: an unbounded end is written as text."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value


def _frames(one: Description) -> list[tuple[str, pl.DataFrame]]:
    names = ("curve", "events", "tests", "stratified", "matched", "adjusted", "samples")
    return [(name, getattr(one, name)) for name in names]


_TITLES = {
    "curve": "Cases by onset (* not yet complete)",
    "tests": "Exposures, one by one",
    "stratified": "Exposures, strata kept apart",
    "matched": "Exposures, within matched sets",
    "adjusted": "Exposures, together",
    "samples": "Samples of products and places (a negative culture is weak evidence)",
}


def _words(one: Description) -> str:
    lines = ["; ".join(f"{number} {status}" for status, number in one.counts.items())]
    for name, frame in _frames(one):
        if name in _TITLES and len(frame):
            rows = _curve_rows(frame) if name == "curve" else _short(frame.to_dicts())
            lines += ["", _TITLES[name], tabled(rows, as_json=False)]
    if one.left_out:
        reasons = dict.fromkeys(left.reason for left in one.left_out)
        lines.append("")
        for reason in reasons:
            names = [left.name for left in one.left_out if left.reason == reason]
            shown = ", ".join(names[:10]) + (" ..." if len(names) > 10 else "")
            lines.append(f"{reason}: {len(names)} ({shown})")
    lines += [f"{remark.what}; {remark.hint}" for remark in one.remarks]
    return "\n".join(lines)


def _curve_rows(frame: pl.DataFrame) -> list[dict[str, object]]:
    rows = frame.select("first", "last", "cases", "complete", "expected").to_dicts()
    for row in rows:
        done = row["complete"] is None or is_complete(row["complete"])
        row["bar"] = "#" * row["cases"] + ("" if done else " *")
    return _short(rows)


def _short(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {name: f"{v:.3g}" if isinstance(v, float) else v for name, v in row.items()} for row in rows
    ]
