"""A run with nothing left that names a patient: what every export starts from, unless asked otherwise.

Gone: patient and case identifiers (cases are renumbered), birth dates, matched sets, days (months stay),
homes finer than a state, clinicians, donors, names of files, and answers in free words. Ages become ten-year
bands, 90 and older one of them (45 CFR 164.514(b)(2)(i)(C) pools them). Isolates keep their laboratory names:
`telling` says which of those give a case away.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from abscope.formats.usual_words import outcome, sex
from abscope.records import Published

PEOPLE = ("clinician", "donor", "other")  # kinds of exposure that name a person, or may
_DROPPED = ("patient_id", "date_birth", "match_set", "row")
_SHORTEST = 3  # letters of a case's name from which finding it in an isolate's is no accident


def without_identifiers(run: Published) -> Published:
    """The same run; cases are called case-001 and so on, in the order of their old names."""
    names = _new_names(run)
    kept = ~pl.col("kind").is_in(PEOPLE)
    return replace(
        run,
        cases=_cases(run.cases, names),
        clusters=_renamed(run.clusters, names),
        exposures=_renamed(run.exposures.filter(kept), names),
        hamronized=_unfiled(run),
        sources={cluster: _ranking(one) for cluster, one in run.sources.items()},
        identified=False,
    )


def _new_names(run: Published) -> dict[str, str]:
    """What each case is called in an export."""
    known = set(run.cases["case_id"]) | set(run.exposures["case_id"])
    width = max(3, len(str(len(known))))
    return {old: f"case-{number:0{width}}" for number, old in enumerate(sorted(known), 1)}


def telling(run: Published, *, files: bool = False) -> tuple[str, ...]:
    """Isolates whose laboratory name holds the name of their case or patient; files: or a file's name."""
    people = {one["case_id"]: one["patient_id"] for one in run.cases.to_dicts()}
    found = [
        isolate
        for isolate, case in run.case_of().items()
        for name in (case, people[case])
        if name and (len(name) >= _SHORTEST or name == isolate)
        for told in (isolate, *(run.files.get(isolate, ()) if files else ()))
        if name.casefold() in told.casefold()
    ]
    return tuple(sorted(set(found)))


def age_band(age: float | None) -> str | None:
    """Ten years, 90 and older together."""
    if age is None:
        return None
    low = int(age) // 10 * 10
    return "90+" if low >= 90 else f"{low}-{low + 9}"


def _cases(cases: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    days = [name for name in cases.columns if name.startswith("date_")]
    return (
        _renamed(cases, names)
        .with_columns(pl.col(days).str.slice(0, 7))
        .with_columns(
            pl.col("age").map_elements(age_band, return_dtype=pl.String),
            pl.col("sex").map_elements(sex, return_dtype=pl.String),
            pl.col("outcome").map_elements(outcome, return_dtype=pl.String),
            pl.col("residence_state").map_elements(_state, return_dtype=pl.String),
        )
        .with_columns(pl.lit(None, cases.schema[name]).alias(name) for name in _DROPPED)
        .sort("case_id")
    )


def _state(text: str) -> str | None:
    """A state as it was written; what holds a digit is a postal code or an address."""
    return None if any(letter.isdigit() for letter in text) else text


def _unfiled(run: Published) -> pl.DataFrame:
    """Resistance findings under the names of isolates, where those of their files stood."""
    if "input_file_name" not in run.hamronized.columns:
        return run.hamronized
    own = {file: isolate for isolate, many in run.files.items() for file in many}
    names = [own.get(file, "not told") for file in run.hamronized["input_file_name"]]
    return run.hamronized.with_columns(pl.Series("input_file_name", names, pl.String))


def _renamed(frame: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    return frame.with_columns(pl.col("case_id").replace(names))


def _ranking(ranking: Mapping[str, Any]) -> dict[str, Any]:
    """Sources that are no persons; the cases' own lines and the sentences name cases, and are left out."""
    sources = [one for one in ranking.get("sources", ()) if one["exposure"][0] not in PEOPLE]
    return {"sources": sources, "comparison": ranking.get("comparison")}
