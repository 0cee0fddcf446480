"""abscope sources: which exposure infected the cases."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o

Linked = Annotated[
    str | None,
    typer.Option("--linked", help="Cases whose isolates are linked, by comma: A,B."),
]
Weights = Annotated[
    Path | None,
    typer.Option("--weights", help="Instead: table of case_id and the chance that it is linked."),
]
FoundBy = Annotated[
    list[str] | None,
    typer.Option(
        "--found-by",
        help="Exposure by which cases were found or defined, kind=value: no evidence. May be repeated.",
    ),
]


def sources(
    file: o.LineListFile,
    linked: Linked = None,
    weights: Weights = None,
    exposures: o.MoreExposures = None,
    found_by: FoundBy = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the permutation test.")] = 1,
    limit: Annotated[int, typer.Option(min=1, help="Candidates to print.")] = 15,
    date: o.Today = None,
    as_json: o.AsJson = False,
) -> None:
    """Rank every clinic, product, lot and the rest as the source of the linked cases' infection.

    Cases with an isolate that are not linked are compared with; with fewer than five of them no
    probability is shown. Who does not answer is not taken to be unexposed.
    """
    from abscope.cli import sources_session as s
    from abscope.cli.cases_session import opened
    from abscope.formats.line_list import Beside
    from abscope.outbreak.sources import rank_sources

    linelist = opened(file, Beside(exposures), date)
    s.say_remarks(linelist)
    ranking = rank_sources(
        linelist,
        s.weights_of(linelist, linked, weights),
        found_by=s.exposures_of(found_by, linelist),
        rng=s.generator(seed),
    )
    typer.echo(s.ranking_text(ranking, limit=limit, as_json=as_json))
