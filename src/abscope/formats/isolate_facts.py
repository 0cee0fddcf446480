"""What is known of every isolate in one flat row: the columns that tables of most consumers are made of."""

from collections.abc import Mapping, Sequence

import polars as pl

from abscope.records import Published

Facts = dict[str, str | float | None]

_TYPES = (
    "species", "subspecies", "clone", "st", "macrolides", "amikacin", "fluoroquinolones", "quality",
    "depth", "breadth",
)  # fmt: skip
_CASES = (
    "case_id", "patient_id", "status", "sex", "age", "residence_country", "residence_state",
    "date_exposure", "date_onset", "date_collection", "outcome",
)  # fmt: skip


def facts(run: Published) -> tuple[Facts, ...]:
    """One row an isolate, by name: identity, resistance, cluster at each level, and of its case who and when.

    What is not known is null. `age` is a number of years, or a band where patients cannot be told.
    """
    types = {row["isolate_id"]: row for row in run.types.to_dicts()}
    cases = {row["case_id"]: row for row in run.cases.to_dicts()}
    case_of, clusters = run.case_of(), _clusters(run)
    rows = []
    for row in run.isolates.sort("isolate_id").to_dicts():
        name = row["isolate_id"]
        typed, case = types.get(name, {}), cases.get(case_of.get(name, ""), {})
        fact: Facts = {"isolate_id": name, "organism": run.organism, "reference": row["reference"]}
        fact |= {key: typed.get(key) for key in _TYPES}
        fact["subspecies"] = typed.get("subspecies") or row["subspecies"]
        fact |= {column: found.get(name) for column, found in clusters.items()}
        rows.append(fact | {key: case.get(key) for key in _CASES})
    return tuple(rows)


def cases_without_isolate(run: Published) -> tuple[Facts, ...]:
    """One row a case that no isolate stands for, under the columns of a case."""
    sequenced = set(run.case_of().values())
    rows = run.cases.sort("case_id").to_dicts()
    return tuple({k: row[k] for k in _CASES} for row in rows if row["case_id"] not in sequenced)


def cluster_columns(run: Published) -> tuple[str, ...]:
    """Names of the columns that hold clusters, tightest first."""
    return tuple(_clusters(run))


def close_pairs(run: Published) -> pl.DataFrame:
    """isolate_1, isolate_2 and snps of pairs within the widest cluster level, by name."""
    widest = run.clusters["level"].max() or 0
    near = (pl.col("verdict") == "compared") & (pl.col("snps") <= widest)
    pair = ["isolate_1", "isolate_2"]
    return run.pairs.filter(near).sort(pair).select(*pair, "snps")


def known_columns(rows: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """Columns in which any row says something."""
    names = dict.fromkeys(name for row in rows for name in row)
    return tuple(name for name in names if any(row.get(name) is not None for row in rows))


def frame(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Rows as a frame, in the order of their columns."""
    return pl.DataFrame(rows, infer_schema_length=None)


def _clusters(run: Published) -> dict[str, dict[str, str | None]]:
    """Names of clusters by column and isolate."""
    found: dict[str, dict[str, str | None]] = {}
    for level, cluster, isolate in (
        run.clusters.sort("level").select("level", "cluster", "isolate_id").iter_rows()
    ):
        found.setdefault(f"cluster_{level}", {})[isolate] = cluster
    return found
