"""abscope export FORMAT: what a run found, in the files of other programs."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o
from abscope.cli.deidentified import deidentified

export = typer.Typer(
    name="export",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Write what a run found for other programs, without identifiers unless they are asked for.",
)

Source = Annotated[Path, typer.Argument(help="A run's output folder, or a collection.")]
Out = Annotated[
    Path,
    typer.Option("--out", "-o", help="Write here; a folder where the format is of several files."),
]
Identifiers = Annotated[
    bool,
    typer.Option(
        "--identifiers",
        help="With case and patient identifiers, days, age and sex, clinicians and donors.",
    ),
]
OneReference = Annotated[
    str | None,
    typer.Option("--reference", "-r", help="Which tree, where isolates have several references."),
]
Answers = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="column=value for what no run knows (biosample, sra, pha4ge); repeatable."
    ),
]

FORMATS = {
    "arborview": "ArborView: tree and table (folder).",
    "auspice": "Auspice v2 JSON, for auspice and nextstrain.org.",
    "biosample": "NCBI BioSample sheet, Pathogen.cl.1.0.",
    "fhir": "FHIR R5 bundle: cases, exposures, findings.",
    "foodchain": "FoodChain-Lab JSON: suppliers, care, cases.",
    "graphml": "GraphML of isolates, cases and exposures.",
    "grapetree": "GrapeTree: SNP profile, metadata, tree (folder).",
    "hamronization": "hAMRonization TSV of resistance findings.",
    "microbetrace": "MicrobeTrace: nodes.csv and links.csv (folder).",
    "microreact": "Microreact project, .microreact.",
    "multiqc": "MultiQC custom content. Name it ..._mqc.json.",
    "nextstrain": "Nextstrain metadata TSV.",
    "pha4ge": "PHA4GE contextual data, as DataHarmonizer opens it.",
    "reportree": "ReporTree: metadata and partitions (folder).",
    "ro-crate": "RO-Crate metadata: ro-crate-metadata.json.",
    "snp-table": "SNP table as vSNP's users know it, .xlsx.",
    "sra": "NCBI SRA sheet of the isolates with reads.",
}


def _command(name: str) -> Callable[..., None]:
    def command(
        source: Source,
        out: Out,
        identifiers: Identifiers = False,
        reference: OneReference = None,
        answers: Answers = None,
        day: o.Today = None,
    ) -> None:
        from abscope.cli.export_session import Asked, write_export

        asked = Asked(name, source, out, identifiers=identifiers, reference=reference)
        write_export(asked, answers or [], day)

    return command


for _name, _about in FORMATS.items():
    export.command(_name, help=_about)(_command(_name))
export.command("deidentified")(deidentified)
