"""abscope demo: simulate an outbreak, investigate it, and set what was found beside what is true."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def demo(
    outdir: Annotated[Path, typer.Option("--outdir", "-o", help="Folder for everything.")] = Path(
        "demo"
    ),
    scenario: Annotated[
        str, typer.Option(help="What to simulate; `abscope simulate` lists them.")
    ] = "colorado_arizona",
    seed: Annotated[int, typer.Option(help="Another number, another world.")] = 1,
    cpus: o.Cpus = 0,
    quiet: o.Quiet = False,
) -> None:
    """Simulate an outbreak, investigate it, and print what was found against what is true.

    Three patients were infected by injections at different clinics, months apart; two isolates were
    sequenced. Around them: comparison patients, circulating clones, sporadic strains.
    """
    from abscope.cli.rehearsal import rehearse

    raise typer.Exit(
        rehearse(scenario, outdir, seed=seed, cpus=cpus or o.available_cpus(), quiet=quiet)
    )
