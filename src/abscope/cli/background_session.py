"""Survey backgrounds for a person at a terminal: a row a stratum on stdout, who was left out on stderr."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import typer

from abscope import organism as organisms
from abscope.cli.tabled import tabled
from abscope.errors import DataError
from abscope.formats import spreadsheet
from abscope.formats.pair_snps import read_pair_snps
from abscope.formats.sampled_isolates import WHOLE, SampledIsolates, read_isolates, unnamed
from abscope.population.background import backgrounds
from abscope.population.pair_snps import PairSnps
from abscope.population.published_background import published_backgrounds
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a background is to be made of."""

    distances: tuple[Path, ...]
    isolates: Path | None
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
        write_whole(table, share_table(found).write_csv(separator="\t").encode())
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
        write_whole(table, published_table(found).write_csv(separator="\t").encode())
    if figure:
        write_whole(figure, drawn([Panel(one) for one in found]).encode())
    typer.echo(tabled(published_rows(found, knowledge.backgrounds), as_json=as_json))


def _survey(asked: Asked) -> BackgroundSurvey:
    links = _links(asked.links) if asked.links else ()
    read = [read_pair_snps(path) for path in asked.distances]
    given = _isolates(asked, read)
    for problem in given.problems:
        typer.echo(f"{problem.where}: {problem.what}; {problem.hint}", err=True)
    parts = [
        backgrounds(
            snps,
            _of_file(given.isolates, snps, path, several=len(read) > 1),
            rng=np.random.default_rng(asked.seed),
            links=links,
            limit=asked.limit,
        )
        for path, snps in zip(asked.distances, read, strict=True)
    ]
    strata = Counter(one.stratum for part in parts for one in part.backgrounds)
    if twice := [name for name, files in strata.items() if files > 1]:
        raise DataError(
            f"in more than one file: {', '.join(twice)}", hint="put a clone's pairs in one file"
        )
    known = frozenset(chain.from_iterable(snps.ids for snps in read))
    unread = (one for one in given.isolates if one.isolate_id not in known)
    absent = [LeftOut(one.isolate_id, "has no distances") for one in unread]
    return BackgroundSurvey(
        tuple(one for part in parts for one in part.backgrounds),
        tuple(one for part in parts for one in part.panels),
        (*(one for part in parts for one in part.left_out), *absent),
    )


def _isolates(asked: Asked, read: Sequence[PairSnps]) -> SampledIsolates:
    if asked.isolates is not None:
        return read_isolates(asked.isolates)
    return unnamed([name for snps in read for name in snps.ids])


def _of_file(
    isolates: Sequence[SampledIsolate], snps: PairSnps, path: Path, *, several: bool
) -> list[SampledIsolate]:
    """The file's isolates; where clones are not told and files are several, each file is one."""
    held = frozenset(snps.ids)
    listed = frozenset(one.isolate_id for one in isolates)
    mine = [one for one in isolates if one.isolate_id in held]
    mine += [SampledIsolate(name, None, None) for name in snps.ids if name not in listed]
    name = path.name.split(".")[0]
    return [replace(one, stratum=name) if several and one.stratum == WHOLE else one for one in mine]


def _links(path: Path) -> list[tuple[str, str]]:
    rows = [row.cells for row in spreadsheet.read(path).rows]
    if short := [str(number) for number, cells in enumerate(rows, 1) if len(cells) < 2]:
        raise DataError(f"{path.name}: rows {', '.join(short)} hold fewer than two patients")
    return [(cells[0], cells[1]) for cells in rows]


def _say(left_out: Sequence[LeftOut]) -> None:
    for reason, number in Counter(one.reason for one in left_out).most_common():
        typer.echo(f"left out: {number} isolates, {reason}", err=True)
