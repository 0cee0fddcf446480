"""abscope document: a report, a call for cases, a notice to patients, a referral to the regulator."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o
from abscope.cli.letter import LanguageOption, RunFolder

document = typer.Typer(
    name="document",
    no_args_is_help=True,
    help="Write a report, a call for cases, a notice to patients, or a referral to the regulator.",
)
Formats = Annotated[
    list[str] | None, typer.Option("--format", help="pdf, docx, html or md; may be repeated.")
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", help="Which cluster. Default: the first with ranked sources."),
]
_FOLDER = Path("documents")


@document.command()
def report(
    run: RunFolder,
    cluster: Cluster = None,
    language: LanguageOption = "en",
    formats: Formats = None,
    outdir: o.Outdir = _FOLDER,
) -> None:
    """Report of an investigation (PDF and Word). With its figures as SVG, PNG and CSV."""
    from abscope.cli import document_session as s

    s.write_report(run, cluster, s.Paper(language, tuple(formats or ("pdf", "docx")), outdir))


def _draft(kind: str, about: str) -> None:
    """A command that writes a draft which names no patient."""

    @document.command(kind, help=about)
    def write(
        run: RunFolder,
        cluster: Cluster = None,
        language: LanguageOption = "en",
        formats: Formats = None,
        outdir: o.Outdir = _FOLDER,
    ) -> None:
        from abscope.cli import document_session as s

        s.write_draft(kind, run, cluster, paper=s.draft_paper(language, formats, outdir))


_draft(
    "call",
    "Call for cases to departments and clinicians (Markdown, Word). Names no patient.",
)
_draft(
    "notice",
    "Notice to exposed patients in plain words (Markdown and Word). Names no patient.",
)


@document.command()
def referral(
    run: RunFolder,
    cluster: Cluster = None,
    contacts: Annotated[
        Path | None, typer.Option("--contacts", help="Contact log, as for abscope followup.")
    ] = None,
    language: LanguageOption = "en",
    formats: Formats = None,
    outdir: o.Outdir = _FOLDER,
) -> None:
    """Referral to the regulator (Markdown, Word). Products, facilities, evidence, contact log."""
    from abscope.cli import document_session as s

    paper = s.draft_paper(language, formats, outdir)
    s.write_draft("referral", run, cluster, paper=paper, contacts=contacts)
