"""abscope profile: one isolate's reads or assembly to calls, as snippy's users know it."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def profile(
    outdir: o.Outdir,
    reads1: o.Reads1 = None,
    reads2: o.Reads2 = None,
    assembly: o.Assembly = None,
    sample: o.IsolateName = "isolate",
    prefix: Annotated[
        str, typer.Option("--prefix", "-p", help="What the output files are called.")
    ] = "snps",
    organism: o.OrganismOption = "mycobacterium_abscessus",
    reference: o.References = None,
    caller: o.CallerOption = "fast",
    mapqual: o.MapQual = 60,
    basequal: o.BaseQual = 13,
    mincov: o.MinCov = 10,
    minfrac: o.MinFrac = 0.9,
    minqual: o.MinQual = 100.0,
    cpus: o.Cpus = 0,
    as_json: o.AsJson = False,
) -> None:
    """Call one isolate: PREFIX.vcf, PREFIX.aligned.fa.gz, PREFIX.consensus.fa.gz.

    Prints quality, depth and the reference chosen, as a table or as JSON.
    """
    from abscope.cli.session import profile_one
    from abscope.records import Sample
    from abscope.settings import CallRules, Inputs, Settings

    files = (reads1, reads2, assembly)
    inputs = Inputs(Path(), outdir, organism=organism, references=tuple(reference or ()))
    settings = Settings(
        rules=CallRules(mapqual, basequal, mincov, minfrac, minqual),
        caller=caller,  # type: ignore[arg-type]
        cpus=cpus or o.available_cpus(),
    )
    sample_given = Sample(sample, *files)
    profile_one(sample_given, inputs, settings, prefix=prefix, as_json=as_json)
