"""Judge links for a person at a terminal: a row a pair on stdout, what is missing on stderr."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations
from math import isnan
from pathlib import Path

import numpy as np
import polars as pl
import typer

from abscope import organism as organisms
from abscope.cli.tabled import tabled
from abscope.errors import DataError, UsageError
from abscope.formats import line_list, spreadsheet
from abscope.formats.background_table import read_backgrounds
from abscope.formats.headings import match
from abscope.formats.pair_snps import read_pair_snps
from abscope.formats.sampled_isolates import read_isolates
from abscope.outbreak.link_settings import PRIORS, SOURCES, UNKNOWN_RATE, LinkSettings
from abscope.outbreak.link_table import link_table, star_table
from abscope.outbreak.links import links
from abscope.outbreak.sampled import Handling, sampled_isolates
from abscope.outbreak.star_groups import with_stars
from abscope.population.pair_snps import PairSnps
from abscope.population.published_background import published_backgrounds, stems
from abscope.records import Background, LineList, Links
from abscope.running.storage import write_whole
from abscope.tables import PAIRS
from abscope.tables.written import tsv

_HANDLING: Mapping[str, Sequence[str]] = {
    "isolate_id": ("isolate_id", "isolate", "sample", "sample_id"),
    **{name: (name,) for name in ("run", "plate", "batch", "extraction", "reagent")},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What links are to be judged by."""

    pairs: Path
    linelist: Path | None
    isolates: Path | None
    background: Path | None
    setting: str
    source: str
    sites: int | None
    organism: str


def judge(
    asked: Asked, *, within: int, table: Path | None, groups: Path | None, as_json: bool
) -> None:
    """Read, judge, write and print. Raises UsageError for a setting or source nobody knows."""
    found = judged(asked)
    rows = link_table(found)
    if table:
        write_whole(table, tsv(rows))
    if groups:
        write_whole(groups, tsv(star_table(found)))
    near = rows.filter(pl.col("snps").is_null() | (pl.col("snps") <= within))
    _say(asked, found, len(rows) - len(near), within)
    if as_json:
        typer.echo(json.dumps(near.to_dicts(), indent=2, ensure_ascii=False))
    else:
        typer.echo(tabled([_shown(row) for row in near.iter_rows(named=True)], as_json=False))


def judged(asked: Asked) -> Links:
    """The links of what was asked for."""
    settings = _settings(asked)
    pairs = _pairs(asked)
    names = sorted({*pairs["isolate_1"], *pairs["isolate_2"]})
    strata, handling = _told_of(asked)
    sampled = sampled_isolates(names, _cases(asked), strata, handling)
    found = links(pairs, sampled, _backgrounds(asked), settings)
    return with_stars(found, pairs, sampled, settings, rng=np.random.default_rng(1))


def _backgrounds(asked: Asked) -> dict[str, Background]:
    """By stratum: those given, and published ones for the strata they leave out.

    Where a clone's own is given, its branches have that one.
    """
    knowledge = organisms.read(asked.organism).knowledge()
    own = read_backgrounds(asked.background) if asked.background else {}
    ours = {branch for branch, stem in stems(knowledge).items() if stem in own}
    known = published_backgrounds(knowledge)
    return {one.stratum: one for one in known if one.stratum not in ours} | own


def _settings(asked: Asked) -> LinkSettings:
    for name, value, known in (
        ("setting", asked.setting, PRIORS),
        ("source", asked.source, SOURCES),
    ):
        if value not in known:
            raise UsageError(f"no {name} called {value!r}", hint=f"one of {', '.join(known)}")
    knowledge = organisms.read(asked.organism).knowledge()
    return LinkSettings(
        prior=PRIORS[asked.setting],
        source=SOURCES[asked.source],
        clock=knowledge.clock or UNKNOWN_RATE,
        stems=stems(knowledge),
    )


def _pairs(asked: Asked) -> pl.DataFrame:
    """tables.PAIRS of a folder's pairs.tsv, or of another pipeline's distances."""
    if asked.pairs.is_dir():
        file = asked.pairs / "pairs.tsv"
        if not file.is_file():
            raise DataError(f"{asked.pairs}: holds no pairs.tsv", hint="abscope run writes one")
        try:
            return PAIRS.check(pl.read_csv(file, separator="\t", schema=PAIRS.schema))
        except (OSError, pl.exceptions.PolarsError) as error:
            raise DataError(
                f"{file}: cannot be read ({error})", hint="abscope run again"
            ) from error
    sites = asked.sites or organisms.read(asked.organism).genome_length[0]
    return PAIRS.frame(list(_listed(read_pair_snps(asked.pairs), sites)))


def _listed(found: PairSnps, sites: int) -> Iterator[tuple[object, ...]]:
    """Rows of tables.PAIRS; what cannot be told is unresolved."""
    for i, j in combinations(range(len(found.ids)), 2):
        first, second = sorted((found.ids[i], found.ids[j]))
        value = float(found.snps[i, j])
        if isnan(value):
            yield first, second, "as given", None, None, None, None, "unresolved"
        else:
            snps = round(value)
            yield first, second, "as given", snps, sites, snps, sites, "compared"


def _cases(asked: Asked) -> LineList | None:
    kept = asked.pairs / "cases.tsv"
    file = asked.linelist or (kept if asked.pairs.is_dir() and kept.is_file() else None)
    if file is None:
        return None
    found = line_list.read(file, today=date.today())
    for problem in found.problems if asked.linelist else ():
        typer.echo(f"{problem.where}: {problem.what}; {problem.hint}", err=True)
    return found


def _told_of(asked: Asked) -> tuple[Mapping[str, str | None], Mapping[str, Handling]]:
    """Strata and handling of isolates, by the table given, else by the folder's types.tsv."""
    kept = asked.pairs / "types.tsv"
    file = asked.isolates or (kept if asked.pairs.is_dir() and kept.is_file() else None)
    if file is None:
        return {}, {}
    strata = {one.isolate_id: one.stratum for one in read_isolates(file).isolates}
    return strata, dict(_handling(file))


def _handling(file: Path) -> Iterator[tuple[str, Handling]]:
    heading, *rows = spreadsheet.read(file).rows
    columns = {name: at[0] for name, at in match(heading.cells, _HANDLING).items()}
    name = columns.pop("isolate_id")
    for row in rows:
        cells = ((kind, row.cell(at)) for kind, at in columns.items())
        yield row.cell(name), frozenset((kind, value) for kind, value in cells if value)


def _shown(row: Mapping[str, object]) -> dict[str, object]:
    chance = row["linked"]
    return {
        "isolate_1": row["isolate_1"],
        "isolate_2": row["isolate_2"],
        "snps": row["snps"],
        "verdict": row["same_patient"] or row["verdict"],
        "linked": None if chance is None else f"{chance:.3f}",
        "within": row["within"],
        "reason": row["reason"],
    }


def _say(asked: Asked, found: Links, hidden: int, within: int) -> None:
    """On stderr: groups of three or more, what was not printed, and what would have helped."""
    lines = [one.reason for one in found.stars]
    if found.far or hidden:
        lines.append(
            f"{found.far + hidden} pairs are more than {within} SNPs apart or not comparable"
        )
    if asked.background is None:
        lines.append("no background given: clones are held against published ones (--background)")
    changes = chain.from_iterable(link.would_change for link in found.links)
    missing = sorted({change for change in changes if change.startswith("the clone of")})
    if missing:
        lines.append(f"the clone of {len(missing)} isolates is not known (--isolates)")
    for line in (*lines, *(f"{left.name}: {left.reason}" for left in found.left_out)):
        typer.echo(line, err=True)
