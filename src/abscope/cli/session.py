"""Carry out a run for a person at a terminal: progress on stderr, the summary on stdout."""

import json
from datetime import datetime
from pathlib import Path

import typer

from abscope import organism
from abscope.cli import options as o
from abscope.cli.progress import progress
from abscope.errors import UsageError
from abscope.outbreak.linelist import nothing_in_common
from abscope.pipeline import Outcome, run
from abscope.profiling import profile, recipe_of
from abscope.records import Investigation, Problem, Sample
from abscope.reports.folder import isolate_files, isolates_table
from abscope.running.storage import write_whole
from abscope.settings import Inputs, Settings


def carry_out(
    inputs: Inputs, settings: Settings, *, day: datetime | None, quiet: bool, as_json: bool
) -> int:
    """Run, print what was found, and return the exit code: 1 where an isolate was left out."""
    today = o.day_or_today(day)
    with progress(quiet) as listen:
        outcome = run(inputs, settings, today=today, listen=listen)
    if as_json:
        typer.echo(json.dumps(summary(outcome, inputs.outdir), indent=2))
    else:
        typer.echo("\n".join(words(outcome)))
    apart = _no_isolate_in_common(outcome.investigation)
    if apart is not None:
        typer.echo(f"error: {apart.what}\nhint: {apart.hint}", err=True)
    return 1 if apart or outcome.investigation.left_out else 0


def _no_isolate_in_common(found: Investigation) -> Problem | None:
    if found.findings is None:
        return None
    return nothing_in_common(found.findings.linked, found.findings.linelist.cases)


def profile_one(
    sample: Sample,
    inputs: Inputs,
    settings: Settings,
    *,
    prefix: str,
    as_json: bool,
) -> None:
    """Profile one isolate, write its files, and print its row of tables.ISOLATES."""
    if not sample.files:
        raise UsageError("nothing to read", hint="give --R1 and --R2, --se, or --ctgs")
    recipe, _ = recipe_of(organism.read(inputs.organism), inputs, settings)
    made = profile(sample, recipe, threads=settings.cpus)
    reference = recipe.named(made.choice.reference)
    for ending, content in isolate_files(sample.name, made, reference):
        write_whole(inputs.outdir / f"{prefix}{ending}", content)
    [row] = isolates_table({sample.name: made}, {reference.name: reference}).to_dicts()
    if as_json:
        typer.echo(json.dumps({**row, "reason": made.choice.reason}, indent=2))
    else:
        typer.echo(
            "\n".join(f"{name}\t{value}" for name, value in row.items() if value is not None)
        )


def summary(outcome: Outcome, outdir: Path) -> dict[str, object]:
    """What was found, as JSON values."""
    found = outcome.investigation
    findings = found.findings
    return {
        "report": str(outcome.report),
        "outdir": str(outdir),
        "isolates": found.isolates["isolate_id"].to_list(),
        "left_out": [
            {"name": one.name, "reason": one.reason, "hint": one.hint} for one in found.left_out
        ],
        "clusters": [
            {"level": at.level, "name": group.name, "isolates": list(group.members)}
            for at in found.relatedness.clusters
            for group in at.groups
        ],
        "cases": findings.linelist.cases.height if findings else None,
        "cases_without_isolate": (
            findings.linked.cases_only["case_id"].to_list() if findings else None
        ),
        "compatible_cases": findings.compatible.to_dicts() if findings else None,
        "problems": [problem.what for problem in problems(found)],
    }


def words(outcome: Outcome) -> list[str]:
    """What was found, in lines a person reads."""
    found = outcome.investigation
    lines = [f"{found.isolates.height} isolates profiled, {len(found.left_out)} left out"]
    lines += [f"  left out: {one.name}: {one.reason}\n    {one.hint}" for one in found.left_out]
    for at in found.relatedness.clusters:
        lines.append(f"{len(at.groups)} clusters within {at.level} SNPs")
        lines += [f"  {group.name}: {', '.join(group.members)}" for group in at.groups]
    if found.findings is not None:
        without = found.findings.linked.cases_only["case_id"].to_list()
        lines.append(
            f"{found.findings.linelist.cases.height} cases, {len(without)} without an isolate"
        )
        lines += [
            f"  case {row['case_id']} has no isolate and shares with {row['cluster']}: {row['shares']}"
            for row in found.findings.compatible.to_dicts()
        ]
        count = len(problems(found))
        lines.append(f"{count} remarks on the line list: see the report" if count else "")
    return [line for line in (*lines, f"report: {outcome.report}") if line]


def problems(found: Investigation) -> tuple[Problem, ...]:
    """Everything remarked on the sample sheet, the line list and their join."""
    return (*found.problems, *(found.findings.problems if found.findings else ()))
