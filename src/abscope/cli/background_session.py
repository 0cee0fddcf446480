"""Survey backgrounds for a person at a terminal: a row a stratum on stdout, who was left out on stderr."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import typer

from abscope import organism as organisms
from abscope.cli.tabled import tabled
from abscope.errors import DataError
from abscope.formats import spreadsheet
from abscope.formats.called_genomes import REFERENCE
from abscope.formats.pair_snps import read_pair_snps
from abscope.formats.sampled_isolates import WHOLE, SampledIsolates, read_isolates, unnamed
from abscope.population.background import backgrounds
from abscope.population.pair_snps import PairSnps, joined
from abscope.population.published_background import published_backgrounds
from abscope.population.unlinked import Links
from abscope.records import BackgroundSurvey, LeftOut, SampledIsolate
from abscope.reports.backgrounds import as_json as json_of
from abscope.reports.backgrounds import (
    published_rows,
    published_table,
    share_table,
    stratum_rows,
)
from abscope.reports.figures.background import Panel, drawn
from abscope.running.storage import write_whole
from abscope.tables.written import tsv


@dataclass(frozen=True, slots=True)
class Asked:
    """What a background is to be made of."""

    distances: tuple[Path, ...]
    isolates: tuple[Path, ...]
    links: Path | None
    limit: int
    seed: int


def survey_files(
    asked: Asked, *, country: str | None, table: Path | None, figure: Path | None, as_json: bool
) -> None:
    """Read, survey, write and print. Raises DataError where no isolate could be used."""
    found = _survey(asked)
    if not found.backgrounds:
        reasons = Counter(one.reason for one in found.left_out)
        lines = [f"{number} isolates: {reason}" for reason, number in reasons.items()]
        raise DataError.collect("no isolate can be used", lines, hint="docs/background.md")
    if table:
        write_whole(table, tsv(share_table(found)))
    if figure:
        write_whole(figure, drawn([Panel(one) for one in found.backgrounds]).encode())
    _say(found.left_out)
    if as_json:
        typer.echo(json.dumps(json_of(found, country=country), indent=2, ensure_ascii=False))
    else:
        typer.echo(tabled(stratum_rows(found, country=country), as_json=False))


def show_published(
    organism: str, *, table: Path | None, figure: Path | None, limit: int, as_json: bool
) -> None:
    """Print the backgrounds an organism folder brings. Raises DataError where it brings none."""
    knowledge = organisms.read(organism).knowledge()
    found = published_backgrounds(knowledge, limit=limit)
    if not found:
        raise DataError(
            f"{organism}: knows no background",
            hint="give distances of your own, or backgrounds.tsv",
        )
    if table:
        write_whole(table, tsv(published_table(found)))
    if figure:
        write_whole(figure, drawn([Panel(one) for one in found]).encode())
    typer.echo(tabled(published_rows(found, knowledge.backgrounds), as_json=as_json))


def _survey(asked: Asked) -> BackgroundSurvey:
    links = _links(asked.links) if asked.links else ()
    read = [read_pair_snps(path) for path in asked.distances]
    given = _isolates(asked, read)
    for problem in given.problems:
        typer.echo(f"{problem.where}: {problem.what}; {problem.hint}", err=True)
    isolates = list(given.isolates)
    listed = frozenset(one.isolate_id for one in isolates)
    isolates += [SampledIsolate(i, None, None) for p in read for i in p.ids if i not in listed]
    if len(read) > 1:
        isolates = _clone_by_file(isolates, asked.distances, read)
    _say_strangers(links, isolates)
    rng = np.random.default_rng(asked.seed)
    return backgrounds(joined(read), isolates, rng=rng, links=links, limit=asked.limit)


def _isolates(asked: Asked, read: Sequence[PairSnps]) -> SampledIsolates:
    if asked.isolates:
        return read_isolates(*asked.isolates)
    return unnamed([name for snps in read for name in snps.ids if name != REFERENCE])


def _clone_by_file(
    isolates: Sequence[SampledIsolate], paths: Sequence[Path], read: Sequence[PairSnps]
) -> list[SampledIsolate]:
    """Where clones are not told, each file is one."""
    names = {
        i: path.name.split(".")[0] for path, snps in zip(paths, read, strict=True) for i in snps.ids
    }
    return [
        replace(one, stratum=names.get(one.isolate_id)) if one.stratum == WHOLE else one
        for one in isolates
    ]


def _links(path: Path) -> list[tuple[str, str]]:
    rows = spreadsheet.read(path).rows
    if short := [str(row.number) for row in rows if not (row.cell(0) and row.cell(1))]:
        raise DataError(f"{path.name}: rows {', '.join(short)} hold fewer than two patients",
                        hint="two patients a row, linked with each other")  # fmt: skip
    return [(row.cell(0), row.cell(1)) for row in rows]


def _say_strangers(links: Links, isolates: Sequence[SampledIsolate]) -> None:
    """Name linked patients of whom there is no isolate: a name spelt otherwise links nobody."""
    known = {one.patient for one in isolates}
    if strange := sorted({name for pair in links for name in pair} - known):
        some = ", ".join(strange[:5]) + (" ..." if len(strange) > 5 else "")
        typer.echo(f"--links: no isolate of {len(strange)} patients: {some}", err=True)


def _say(left_out: Sequence[LeftOut]) -> None:
    for reason, number in Counter(one.reason for one in left_out).most_common():
        typer.echo(f"left out: {number} isolates, {reason}", err=True)
