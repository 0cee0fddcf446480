"""abscope validate: how right abscope is on this machine, as a pack to file."""

from pathlib import Path
from typing import Annotated

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
    sign_key: Annotated[
        Path | None,
        typer.Option("--sign-key", help="Ed25519 private key, PEM; needs cryptography."),
    ] = None,
    quiet: o.Quiet = False,
) -> None:
    """Measure sensitivity, specificity, limits of detection, quality gates and reproducibility.

    On simulated isolates whose every letter is known. The exit code is 1 where a quality gate is
    silent or a repetition differs.
    """
    from abscope.running.storage import write_whole
    from abscope.validation.pack import SIZES, measured
    from abscope.validation.page import files

    size = SIZES["full" if full else "quick"]
    say = (lambda _: None) if quiet else (lambda what: typer.echo(what, err=True))
    pack = measured(size, reference=reference, say=say)
    command = "abscope validate" + (" --full" if full else "")
    for name, content in files(pack, command, sign_key):
        write_whole(outdir / name, content)
    typer.echo(f"validation: {outdir / 'validation.html'}")
    raise typer.Exit(0 if pack.sound else 1)
