"""Options several commands share, described once, under the names their users know."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer


def available_cpus() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def day_or_today(given: datetime | None) -> date:
    """The day --date gives, else the machine's."""
    return given.date() if given else date.today()


def engine_at(engine: str, scheduler: str | None) -> str:
    """The engine as settings name it."""
    return f"dask={scheduler}" if scheduler else engine


def kinds_and_values(words: list[str] | None) -> tuple[tuple[str, str], ...]:
    """Exposures written as kind=value. Raises typer.BadParameter for anything else."""
    found = [tuple(part.strip() for part in word.split("=", 1)) for word in words or ()]
    for word, parts in zip(words or (), found, strict=True):
        if len(parts) != 2 or not all(parts):
            raise typer.BadParameter(f"{word!r}: write kind=value, such as product=donor cells")
    return tuple((one[0], one[1]) for one in found)


LineListFile = Annotated[Path, typer.Argument(help="Line list, or a collection folder.")]
CollectionFolder = Annotated[Path, typer.Argument(help="The collection's folder.")]
Outdir = Annotated[
    Path, typer.Option("--outdir", "-o", help="Folder for everything that is written.")
]
Cpus = Annotated[
    int,
    typer.Option(
        "--cpus", "-c", "--threads", "-t", min=0, show_default="all",
        help="Processors to use; results are the same for any number.",
    ),
]  # fmt: skip
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine", help="processes, serial, or dask: workers of your own, here or on a cluster."
    ),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler", help="Address of a Dask scheduler, such as tcp://host:8786; implies dask."
    ),
]
OrganismOption = Annotated[
    str, typer.Option("--organism", help="Built-in organism, or path of an organism folder.")
]
References = Annotated[
    list[Path] | None,
    typer.Option(
        "--reference",
        "--ref",
        "-r",
        help="Reference FASTA; may be repeated, the nearest is chosen for each isolate. "
        "Default: the organism's.",
    ),
]
Genomes = Annotated[
    list[Path],
    typer.Argument(help="An alignment (FASTA), a VCF of many isolates, or snippy's folders."),
]
LeaveOut = Annotated[
    list[str] | None,
    typer.Option("--leave-out", help="Isolate not to look at, such as Reference; repeatable."),
]
GenomesMask = Annotated[
    Path | None, typer.Option("--mask", help="BED file of stretches not to compare.")
]
MaskBed = Annotated[
    Path | None,
    typer.Option("--mask", help="BED file of stretches not to compare, beside repeats."),
]
MinComparable = Annotated[
    float,
    typer.Option(
        "--min-comparable",
        help="Share of sites two isolates must have in common for their distance to be told.",
    ),
]
CallerOption = Annotated[
    str, typer.Option("--caller", help="fast (built in), or bcftools (minimap2 + bcftools).")
]
MapQual = Annotated[int, typer.Option("--mapqual", help="Smallest mapping quality of a read.")]
BaseQual = Annotated[int, typer.Option("--basequal", help="Smallest base quality.")]
MinCov = Annotated[int, typer.Option("--mincov", help="Reads needed to call a position.")]
MinFrac = Annotated[float, typer.Option("--minfrac", help="Share of reads that must agree.")]
MinQual = Annotated[float, typer.Option("--minqual", help="Smallest variant quality (phred).")]
Reads1 = Annotated[
    Path | None, typer.Option("--R1", "--pe1", "--left", "-1", "--se", help="Reads, FASTQ.")
]
Reads2 = Annotated[
    Path | None, typer.Option("--R2", "--pe2", "--right", "-2", help="Their mates, FASTQ.")
]
Assembly = Annotated[
    Path | None, typer.Option("--ctgs", "--assembly", help="Instead of reads: contigs, FASTA.")
]
IsolateName = Annotated[
    str, typer.Option("--sample", "--sample-name", "-n", help="Name of the isolate.")
]
MoreExposures = Annotated[
    Path | None, typer.Option("--exposures", help="More exposures: case_id, kind, value, answer.")
]
Today = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Take this as today's date."),
]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")]
