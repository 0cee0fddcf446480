"""A line list and its isolates without what identifies a person: Safe Harbor, or a limited data set.

Pure: frames in, frames out. Names become codes that are the same in every table, rows lie in the order of the
codes, and whoever is like too few others in the result is named, so that somebody can decide.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from abscope.formats.usual_words import outcome, sex
from abscope.records import LineList
from abscope.reports import deidentified_rules as rules
from abscope.reports.deidentified_rules import CODED, Preset
from abscope.reports.small_cells import LEAST, suppressed
from abscope.tables import EXPOSURE_KINDS

NOT_KNOWN = "not known"
_COUNTED = ("status", "sex", "age", "residence_country", "residence_state", "outcome")
_FREE = ("body_site", "material", "method", "organism", "procedure", "product", "route", "reagent",
         "diluent", "symptom", "treatment", "value", "residence_country", "country")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """How it is done. secret: bytes behind the codes. least: people a group has, to be none of them.

    withhold: leave out who is like fewer than `least`.
    """

    preset: Preset
    secret: bytes
    least: int = LEAST
    withhold: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Deidentified:
    """What may leave the house.

    tables: by name. counts: of cases by one trait at a time (trait, value, cases), small cells hidden.
    alike: by case (case_id, alike), how many have the same sex, age group, state, time and procedure.
    texts: what stays as somebody wrote it (table, column, text), to be looked through. withheld: how
    many cases were left out for being like too few.
    """

    tables: Mapping[str, pl.DataFrame]
    counts: pl.DataFrame
    alike: pl.DataFrame
    texts: pl.DataFrame
    withheld: int = 0
    notes: Sequence[str] = field(default=())

    @property
    def unique(self) -> int:
        """Cases that are like nobody else."""
        return self.alike.filter(pl.col("alike") == 1).height


def deidentified(
    line_list: LineList, terms: Terms, *, isolates: pl.DataFrame | None = None
) -> Deidentified:
    """The line list by the preset; isolates: tables.ISOLATES, or other tables with isolate_id."""
    frames = {
        "cases": line_list.cases,
        "exposures": line_list.exposures,
        "episodes": line_list.episodes,
        "specimens": line_list.specimens,
        "symptoms": line_list.symptoms,
        "treatments": line_list.treatments,
    }
    if isolates is not None:
        frames["isolates"] = isolates.drop("warnings", strict=False)
    made = {name: _sorted(_table(frame, terms)) for name, frame in frames.items()}
    alike = _alike(made["cases"], made["exposures"], terms.preset)
    lost: list[str] = []
    if terms.withhold:
        lost = alike.filter(pl.col("alike") < terms.least)["case_id"].to_list()
        made = {name: _without(frame, lost, made["cases"]) for name, frame in made.items()}
        alike = alike.filter(~pl.col("case_id").is_in(lost))
    notes = tuple(_notes(line_list.cases, made["cases"]))
    counts = _counts(made["cases"], terms.least)
    return Deidentified(made, counts, alike, _texts(made), len(lost), notes)


def _table(frame: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """One table, every column by its rule."""
    frame = frame.drop("row", strict=False)
    kinds = [name for name in frame.columns if name in CODED[terms.preset]]
    coded = {"case_id": "case", "patient_id": "patient", "specimen_id": "specimen",
             "isolate_id": "isolate", "match_set": "set"} | {name: name for name in kinds}  # fmt: skip
    frame = _each(frame, {name: _coder(terms, kind) for name, kind in coded.items()})
    if "isolate_ids" in frame.columns:
        own = [
            None
            if ids is None
            else sorted(str(rules.code(terms.secret, "isolate", i)) for i in ids)
            for ids in frame["isolate_ids"]
        ]
        frame = frame.with_columns(pl.Series("isolate_ids", own, pl.List(pl.String)))
    if {"kind", "value"} <= set(frame.columns):
        frame = frame.with_columns(_values(frame, terms))
    if "age" in frame.columns:
        frame = frame.with_columns(pl.col("age").map_elements(rules.age, pl.String))
    frame = _each(frame, {"sex": sex, "outcome": outcome})
    return _by_year(frame) if terms.preset == "safe-harbor" else frame


def _coder(terms: Terms, kind: str) -> Callable[[str], str | None]:
    return lambda value: rules.code(terms.secret, kind, value)


def _each(frame: pl.DataFrame, how: Mapping[str, Callable[[str], str | None]]) -> pl.DataFrame:
    """Columns that are there, each value by its function."""
    changed = [
        pl.Series(name, [None if v is None else change(v) for v in frame[name]], pl.String)
        for name, change in how.items()
        if name in frame.columns
    ]
    return frame.with_columns(changed)


def _values(frame: pl.DataFrame, terms: Terms) -> pl.Series:
    coded = CODED[terms.preset]
    cells = [
        rules.code(terms.secret, kind, value) if kind in coded else value
        for kind, value in frame.select("kind", "value").iter_rows()
    ]
    return pl.Series("value", cells, pl.String)


def _by_year(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates as years, birth not at all; places as Safe Harbor allows."""
    frame = _each(frame.drop("date_birth", strict=False), {"residence_state": rules.state})
    days = [name for name, kind in frame.schema.items() if kind == pl.Date]
    return frame.with_columns(pl.col(days).dt.year()).rename(
        {name: name.replace("date_", "year_") for name in days}
    )


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    """The order of a file may tell who is who; the order of codes does not."""
    first = [name for name in ("case_id", "specimen_id", "isolate_id") if name in frame.columns]
    rest = [n for n, kind in frame.schema.items() if n not in first and kind != pl.List(pl.String)]
    return frame.sort([*first, *rest], nulls_last=True)


def _alike(cases: pl.DataFrame, exposures: pl.DataFrame, preset: Preset) -> pl.DataFrame:
    """How many cases share sex, ten years of age, residence, time (year, or month) and procedure."""
    said = exposures.filter(
        pl.col("answer") == "yes", pl.col("kind").is_in(["procedure", "country"])
    )
    what = said.group_by("case_id").agg(
        pl.concat_str("kind", "value", separator="=", ignore_nulls=True)
        .sort()
        .str.join(";")
        .alias("what")
    )
    times = [n for n in cases.columns if n.startswith(("year_", "date_")) and n != "date_birth"]
    when = pl.coalesce(times).cast(pl.String).str.slice(0, 4 if preset == "safe-harbor" else 7)
    band = (
        pl.when(pl.col("age").str.ends_with("+"))
        .then(pl.lit("9"))
        .otherwise(
            pl.col("age")
            .str.strip_chars()
            .cast(pl.Int64, strict=False)
            .floordiv(10)
            .cast(pl.String)
        )
    )
    traits = cases.join(what, on="case_id", how="left", maintain_order="left").select(
        "case_id", "sex", band.alias("band"), "residence_country", "residence_state",
        when.alias("when"), "what",
    )  # fmt: skip
    by = [name for name in traits.columns if name != "case_id"]
    return traits.select("case_id", pl.len().over(by).cast(pl.Int64).alias("alike"))


def _without(frame: pl.DataFrame, lost: Sequence[str], cases: pl.DataFrame) -> pl.DataFrame:
    """A table without the rows of cases, and without their isolates."""
    if "case_id" in frame.columns:
        return frame.filter(~pl.col("case_id").is_in(lost).fill_null(value=False))
    theirs = cases.filter(pl.col("case_id").is_in(lost))["isolate_ids"].explode()
    return frame.filter(~pl.col("isolate_id").is_in(theirs.drop_nulls().to_list()))


def _counts(cases: pl.DataFrame, least: int) -> pl.DataFrame:
    rows: list[tuple[str, str, str]] = []
    traits = [*_COUNTED, *(name for name in cases.columns if name.startswith("year_"))]
    for trait in traits:
        values = cases[trait].cast(pl.String).fill_null(NOT_KNOWN).to_list()
        found = {value: values.count(value) for value in sorted(set(values))}
        rows += [(trait, value, text) for value, text in suppressed(found, least=least).items()]
    total = suppressed({"all": cases.height}, least=least)["all"]
    rows.append(("all", "all", total))
    schema = dict.fromkeys(("trait", "value", "cases"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _texts(made: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every text that stays as it was written."""
    rows = [
        (table, name, text)
        for table, frame in made.items()
        for name in frame.columns
        if (name in _FREE or name in EXPOSURE_KINDS) and frame.schema[name] == pl.String
        for text in frame[name].drop_nulls().unique().sort()
        if not rules.is_code(text)
    ]
    schema = dict.fromkeys(("table", "column", "text"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _notes(before: pl.DataFrame, after: pl.DataFrame) -> Iterator[str]:
    """What a person should know was taken away."""
    states = before["residence_state"].count() - after["residence_state"].count()
    if before.height == after.height and states:
        yield f"residence_state: {states} are no state of the United States, and are left empty"
    for name in ("sex", "outcome"):
        if other := after.filter(pl.col(name) == "other").height:
            yield f"{name}: {other} in words of their own, now 'other'"
