"""abscope simulate: a world whose truth is known, as files."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def simulate(
    scenario: Annotated[
        str | None, typer.Argument(help="Name of a scenario; leave out to list them.")
    ] = None,
    outdir: o.Outdir = Path("simulated"),
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same files.")] = 1,
    reference: Annotated[
        Path | None,
        typer.Option("--reference", "--ref", "-r", help="Start from this genome (FASTA)."),
    ] = None,
    depth: Annotated[
        float | None, typer.Option(min=0.1, help="Mean depth of reads; default: the scenario's.")
    ] = None,
    cpus: o.Cpus = 0,
) -> None:
    """Simulate genomes, reads, an outbreak and its line list, and write the truth beside them."""
    from abscope.formats import simulation_folder
    from abscope.formats.fasta import read_reference
    from abscope.simulate.build import build
    from abscope.simulate.scenarios import SCENARIOS, find

    if scenario is None:
        for name, known in SCENARIOS.items():
            typer.echo(f"{name}\t{known.summary}")
        return
    ancestor = read_reference(reference) if reference else None
    world = build(find(scenario), seed, reference=ancestor)
    simulation_folder.write(world, outdir, depth=depth, cpus=cpus or o.available_cpus())
    typer.echo(f"wrote {outdir}", err=True)
