"""abscope validate: how right abscope is on this machine, as a pack to file."""

import shlex
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from abscope.cli import options as o


def validate(
    outdir: Annotated[Path, typer.Option("--outdir", "-o", help="Folder for the pack.")] = Path(
        "validation"
    ),
    full: Annotated[
        bool, typer.Option("--full", help="Whole genomes, ten of each kind: hours.")
    ] = False,
    reference: Annotated[
        Path | None,
        typer.Option("--reference", "--ref", "-r", help="Start from this genome (FASTA)."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of public data, to hold against what is published."),
    ] = None,
    platform: Annotated[
        str, typer.Option("--platform", help="How your reads are: 2x100, 2x150 or 2x250.")
    ] = "2x150",
    isolates: Annotated[
        int | None, typer.Option("--isolates", help="Isolates of every kind, instead of 4 or 10.")
    ] = None,
    sign_key: Annotated[
        Path | None,
        typer.Option("--sign-key", help="Ed25519 private key, PEM; needs cryptography."),
    ] = None,
    cpus: o.Cpus = 0,
    quiet: o.Quiet = False,
) -> None:
    """Measure sensitivity, specificity, limits of detection, quality gates and reproducibility.

    On simulated isolates whose every letter is known, and on public data where they are given. Stop it
    and give the same command again: what is measured is kept. The exit code is 1 where a quality gate
    is silent or speaks for nothing, or a repetition differs.
    """
    from abscope.running.storage import write_whole
    from abscope.validation.filed import files
    from abscope.validation.measuring import measured
    from abscope.validation.plan import Plan

    size: Literal["quick", "full"] = "full" if full else "quick"
    cpus = cpus or o.available_cpus()
    plan = Plan(size, outdir / "measured", reference, data, platform, isolates, cpus)
    say = (lambda _: None) if quiet else (lambda what: typer.echo(what, err=True))
    pack = measured(plan, say=say)
    command = shlex.join(["abscope", *sys.argv[1:]])
    for name, content in files(pack, command, sign_key):
        write_whole(outdir / name, content)
    typer.echo(f"validation: {outdir / 'validation.html'}")
    raise typer.Exit(0 if pack.sound else 1)
