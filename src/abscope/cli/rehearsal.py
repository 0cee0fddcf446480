"""A rehearsal: the main job on a simulated world whose answers are known."""

from datetime import date, timedelta
from pathlib import Path

import typer

from abscope.cli.progress import progress
from abscope.errors import UsageError
from abscope.formats import simulation_folder
from abscope.pipeline import run
from abscope.settings import Inputs, Settings
from abscope.simulate.build import build
from abscope.simulate.scenarios import SCENARIOS
from abscope.simulate.verdicts import Verdict, verdicts
from abscope.simulate.world import World


def rehearse(scenario: str, outdir: Path, *, seed: int, cpus: int, quiet: bool) -> int:
    """Simulate, run, print truth and findings; 1 where they differ, 0 where all was found."""
    if scenario not in SCENARIOS:
        raise UsageError(f"no scenario called {scenario!r}", hint=f"one of {', '.join(SCENARIOS)}")
    if not quiet:
        typer.echo(f"simulating: {SCENARIOS[scenario].summary}", err=True)
    world = build(SCENARIOS[scenario], seed=seed)
    folder = outdir / "simulated"
    simulation_folder.write(world, folder, cpus=cpus)
    inputs = Inputs(
        sheet=folder / "samples.csv",
        outdir=outdir / "results",
        linelist=folder / "linelist.csv",
        organism=str(folder / "organism"),
    )
    settings = Settings(cpus=cpus, title="Demonstration on a simulated outbreak")
    with progress(quiet) as listen:
        outcome = run(inputs, settings, today=_day_after(world), listen=listen)
    judged = verdicts(world, outcome.investigation)
    typer.echo("\n".join(_table(judged)))
    typer.echo(f"report: {outcome.report}")
    return 0 if all(verdict.right for verdict in judged) else 1


def _day_after(world: World) -> date:
    """A month after the last thing that happened, so that the demo is the same on any day."""
    columns = ("date_exposure", "date_onset", "date_collection", "date_treatment")
    last = max(day for name in columns for day in world.cases[name].drop_nulls())
    return date.fromisoformat(last) + timedelta(days=30)


def _table(judged: tuple[Verdict, ...]) -> list[str]:
    lines = ["", "What is true, and what was found:"]
    for verdict in judged:
        lines += [
            f"  {'as it is' if verdict.right else 'NOT FOUND':9}  {verdict.question}",
            f"             true:  {verdict.true}",
            f"             found: {verdict.found}",
        ]
    return lines
