"""What letters and documents share: read the run, write each file whole, print where it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from abscope.formats import followup_list
from abscope.reports import letter as letters
from abscope.reports import paper as papers
from abscope.reports.documents import pictures as figures
from abscope.reports.documents.blocks import Document
from abscope.reports.documents.call import call
from abscope.reports.documents.event import Event, event
from abscope.reports.documents.language import language
from abscope.reports.documents.notice import notice
from abscope.reports.documents.referral import referral
from abscope.reports.documents.run import Row, Run, read
from abscope.reports.documents.written import written
from abscope.running.storage import write_whole


@dataclass(frozen=True, slots=True)
class Paper:
    """In which language and formats, and where to."""

    language: str
    formats: tuple[str, ...]
    outdir: Path


def draft_paper(code: str, formats: Sequence[str] | None, outdir: Path) -> Paper:
    """Drafts are Markdown and Word unless asked otherwise."""
    return Paper(code, tuple(formats or ("md", "docx")), outdir)


def write_letters(folder: Path, wanted: Sequence[str], paper: Paper) -> None:
    """One letter an isolate."""
    run, w = read(folder), language(paper.language)
    for one in letters.isolates(run, wanted):
        made = letters.letter(run, one, w)
        _write(written(made, paper.formats, f"letter.{one['isolate_id']}"), paper)


def write_report(folder: Path, cluster: str | None, paper: Paper) -> None:
    """The report, and each figure with its data."""
    run, w = read(folder), language(paper.language)
    told = event(run, cluster)
    drawn = figures.pictures(run, told, w)
    made = papers.report(run, told, w, drawn)
    _write(written(made, paper.formats, "report", drawn), paper)
    _write(figures.files(drawn), paper)


def write_draft(
    kind: str, folder: Path, cluster: str | None, *, paper: Paper, contacts: Path | None = None
) -> None:
    """A call, a notice or a referral."""
    run = read(folder)
    made = _draft(kind, run, event(run, cluster), paper=paper, log=_log(contacts))
    _write(written(made, paper.formats, kind), paper)


def _draft(
    kind: str, run: Run, told: Event, *, paper: Paper, log: Sequence[Row] | None
) -> Document:
    w = language(paper.language)
    if kind == "referral":
        return referral(run, told, w, log)
    return {"call": call, "notice": notice}[kind](run, told, w)


def _log(path: Path | None) -> tuple[Row, ...] | None:
    """The contact log's rows, oldest first; what cannot be used is said on stderr."""
    if path is None:
        return None
    frame, problems = followup_list.contacts(path)
    for one in problems:
        typer.echo(f"{one.where}: {one.what}", err=True)
    rows = frame.sort("date", "facility").iter_rows(named=True)
    return tuple({k: None if v is None else str(v) for k, v in row.items()} for row in rows)


def _write(files: Iterable[tuple[str, bytes]], paper: Paper) -> None:
    for name, content in files:
        write_whole(paper.outdir / name, content)
        typer.echo(str(paper.outdir / name))
