"""abscope questions: which missing answer would tell most about the source."""

from typing import Annotated

import typer

from abscope.cli import options as o
from abscope.cli.sources import FoundBy, Linked, Weights


def questions(
    file: o.LineListFile,
    linked: Linked = None,
    weights: Weights = None,
    exposures: o.MoreExposures = None,
    found_by: FoundBy = None,
    limit: Annotated[int, typer.Option(min=1, help="Questions to print.")] = 10,
    date: o.Today = None,
    as_json: o.AsJson = False,
) -> None:
    """Say whom to ask what next: the answers expected to tell most about the source, by effort.

    Of a patient, a facility or a laboratory, with the sentence to ask, and what each answer would mean.
    """
    from abscope.cli import sources_session as s
    from abscope.cli.cases_session import opened
    from abscope.formats.line_list import Beside
    from abscope.outbreak.questions import rank_questions

    linelist = opened(file, Beside(exposures), date)
    s.say_remarks(linelist)
    ranked = rank_questions(
        linelist,
        s.weights_of(linelist, linked, weights),
        found_by=s.exposures_of(found_by, linelist),
        limit=limit,
    )
    typer.echo(s.questions_text(ranked, as_json=as_json))
