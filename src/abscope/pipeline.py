"""The one path, in reading order: profile, compare, investigate, type, weigh, publish.

profile      sequence files          -> Profile         one isolate, on any engine, cached by content
type         sequence files, profile -> IsolateType     species, clone, resistance, mixture; any engine
compare      profiles                -> Relatedness     distances, masks, clusters, tree
investigate  relatedness + line list -> Findings        who shares what
weighed      findings, types         -> Findings        links, sources, questions
publish      findings                -> report, tables, trees, manifest

`run` walks it once, on a collection that lives in the output folder.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

import polars as pl

from abscope import organism as organisms
from abscope.characterise.many import Company, against, typed
from abscope.collection import lock
from abscope.collection.store import Collection, open_collection
from abscope.errors import DataError
from abscope.formats import bed, followup_list, line_list, sample_sheet
from abscope.outbreak.findings import investigate as outbreak_findings
from abscope.outbreak.followup import tasks
from abscope.population import masks
from abscope.population.clusters import clusters
from abscope.population.compare import compared
from abscope.profiling import Recipe, keep_profile, recipe_of
from abscope.records import (
    Calls,
    Findings,
    Investigation,
    LeftOut,
    LineList,
    Mask,
    Profile,
    Reference,
    Relatedness,
    Sample,
    Tree,
)
from abscope.records.situations import Situation
from abscope.reports import types as type_tables
from abscope.reports.folder import File, contents, isolates_table
from abscope.running.engines import engine, settled
from abscope.running.events import Event, Listener, State, silent
from abscope.running.manifest import manifest
from abscope.running.storage import sweep_drafts, write_together, write_whole
from abscope.settings import Inputs, Settings
from abscope.tables.followup import CONTACTS, MONITORING
from abscope.tools import iqtree
from abscope.typing_kit import Extras, kit
from abscope.weighing import weighed


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a run leaves behind: the report's path, and all that it shows."""

    report: Path
    investigation: Investigation


def run(inputs: Inputs, settings: Settings, *, today: date, listen: Listener = silent) -> Outcome:
    """Make a collection, add isolates, compare them, read the line list, investigate, publish.

    An isolate whose data will not do is left out with the reason, and the others go on. Raises
    AbscopeError for what stops everybody: no usable sheet, no reference, no place to write.
    """
    species = organisms.read(inputs.organism)
    settings = replace(settings, levels=settings.levels or species.levels)
    sheet = sample_sheet.read(inputs.sheet)
    cases = _line_list(inputs, today)
    recipe, unused = recipe_of(species, inputs, settings)
    with open_collection(inputs.outdir / "collection") as collection:
        lock.check_or_write(collection.folder, recipe.references)
        failed = profile(sheet.samples, recipe, collection, settings=settings, listen=listen)
        profiles = collection.profiles((sample.name for sample in sheet.samples), recipe.references)
    left_out = (*unused, *sheet.left_out, *failed)
    if not profiles:
        reasons = [f"{one.name}: {one.reason}" for one in left_out]
        raise DataError.collect("not one isolate could be profiled", reasons, hint=_SEE_REASONS)
    beds = tuple(path for path in (species.mask, inputs.mask) if path is not None)
    relatedness = compare(profiles, recipe.references, settings=settings, beds=beds, listen=listen)
    found = investigate(cases, relatedness, level=settings.levels[-1]) if cases else None
    kept = [sample for sample in sheet.samples if sample.name in profiles]
    held = kit(species, recipe, Extras(countries=_countries(cases)))
    company = Company(
        inputs.outdir / "collection", profiles, relatedness.comparisons, _patients(found)
    )
    types = typed(kept, held, company, settings=settings, listen=listen)
    typing = (types.isolates, types.left_out, against(held, species.name))
    if found is not None:
        found = weighed(
            found,
            relatedness,
            types.isolates,
            species.knowledge(),
            found_by=inputs.found_by,
            seed=settings.seed,
        )
    situation, found = _situation(inputs, found, today)
    investigation = Investigation(
        title=settings.title,
        isolates=isolates_table(profiles, {r.name: r for r in recipe.references}),
        relatedness=relatedness,
        findings=found,
        left_out=left_out,
        manifest=manifest(
            inputs, settings, organism=species, references=recipe.references, samples=sheet.samples
        ),
        problems=sheet.problems,
        types=type_tables.tables(*typing),
    )
    files = chain(
        type_tables.contents(*typing),
        contents(
            investigation,
            profiles,
            recipe.references,
            situation=situation,
            language=settings.language,
        ),
    )
    report = publish(files, outdir=inputs.outdir)
    return Outcome(report, investigation)


_SEE_REASONS = "mend the files named above; the same command then goes on"


def _line_list(inputs: Inputs, today: date) -> LineList | None:
    if inputs.linelist is None:
        return None
    beside = line_list.Beside(inputs.exposures, inputs.specimens, inputs.mapping)
    return line_list.read(inputs.linelist, today=today, beside=beside)


def _situation(
    inputs: Inputs, found: Findings | None, today: date
) -> tuple[Situation, Findings | None]:
    """The day, the contact log, the tests done and the backgrounds; and `found` with what is due.

    What is odd in the log or the tests is among the problems of `found`.
    """
    contacts, odd = (
        followup_list.contacts(inputs.contacts) if inputs.contacts else (CONTACTS.frame(), [])
    )
    tests, strange = (
        followup_list.monitoring(inputs.monitoring)
        if inputs.monitoring
        else (MONITORING.frame(), [])
    )
    if found is None:
        return Situation(today, contacts=contacts, monitoring=tests), None
    due = tasks(found.linelist, contacts, tests, today=today)
    found = replace(found, tasks=due, problems=(*found.problems, *odd, *strange))
    held = found.backgrounds
    return Situation(today, contacts=contacts, monitoring=tests, backgrounds=held), found


def profile(
    samples: Sequence[Sample],
    recipe: Recipe,
    collection: Collection,
    *,
    settings: Settings,
    listen: Listener = silent,
) -> tuple[LeftOut, ...]:
    """Add isolates to the collection, those known already untouched; return those that failed.

    Every isolate is committed as soon as it is done, so a run that is stopped goes on from there.
    """
    workers = min(settings.cpus, max(len(samples), 1))
    threads = max(settings.cpus // workers, 1)
    failed = []
    with engine(settings.engine, workers) as pool:
        jobs = {
            pool.submit(
                keep_profile, sample, recipe, folder=collection.folder, threads=threads
            ): sample
            for sample in samples
        }
        for job in as_completed(jobs):
            name = jobs[job].name
            kept = settled(job, name)
            if isinstance(kept, LeftOut):
                collection.fail(kept)
                failed.append(kept)
                listen(Event("profile", name, "failed", len(samples), kept.reason))
            else:
                collection.add(name, kept.key, reference=kept.reference)
                state: State = "reused" if kept.reused else "done"
                listen(Event("profile", name, state, len(samples)))
    return tuple(sorted(failed, key=lambda one: one.name))


def compare(
    profiles: Mapping[str, Profile],
    references: Sequence[Reference],
    *,
    settings: Settings,
    beds: Sequence[Path] = (),
    listen: Listener = silent,
) -> Relatedness:
    """Compare isolates with one another, reference by reference.

    A pair's distance depends on nobody else: isolates can be added or removed without moving it.
    """
    comparisons = []
    for reference in references:
        calls = {
            name: one.called.calls
            for name, one in sorted(profiles.items())
            if one.choice.reference == reference.name
        }
        if calls:
            listen(Event("compare", reference.name, "started", len(references)))
            extra = [interval for path in beds for interval in bed.read(path, reference)]
            mask = masks.reference_mask(reference, extra)
            pairs = compared(reference, calls, mask, threads=settings.cpus)
            tree = _tree(calls, mask, settings) if settings.tree else None
            comparisons.append(replace(pairs, tree=tree))
            listen(Event("compare", reference.name, "done", len(references)))
    groups = clusters(comparisons, settings.levels, min_comparable=settings.min_comparable)
    return Relatedness(tuple(comparisons), groups, min_comparable=settings.min_comparable)


def _tree(calls: Mapping[str, Calls], mask: Mask, settings: Settings) -> Tree | None:
    return iqtree.tree(calls, mask, bootstrap=settings.bootstrap, seed=settings.seed)


def investigate(linelist: LineList, relatedness: Relatedness, *, level: int) -> Findings:
    """Join the line list with the isolates, nobody lost, and ask what a cluster's cases share."""
    isolates = [name for comparison in relatedness.comparisons for name in comparison.ids]
    return outbreak_findings(linelist, isolates, relatedness, level)


def _countries(cases: LineList | None) -> tuple[str, ...]:
    """Countries that a case was in, as far as the line list says."""
    if cases is None:
        return ()
    said = cases.exposures.filter(pl.col("kind") == "country", pl.col("answer") == "yes")
    return tuple(sorted(said["value"].drop_nulls().unique()))


def _patients(found: Findings | None) -> dict[str, str]:
    """Isolate -> case."""
    rows = found.linked.matched.select("isolate_id", "case_id").rows() if found else ()
    return dict(rows)


def publish(files: Iterable[File], *, outdir: Path) -> Path:
    """Write everything a reader may want to `outdir`: all of it, or nothing and what was there stays.

    Files of an earlier run that this one does not make are removed. Raises StorageError where the
    folder cannot be written.
    """
    sweep_drafts(outdir)
    written = write_together(outdir, files, last="report.html", gone=_listed(outdir))
    write_whole(outdir / _LIST, json.dumps(written, indent=1).encode())
    return outdir / "report.html"


_LIST = "collection/published.json"


def _listed(outdir: Path) -> set[str]:
    try:
        return set(json.loads((outdir / _LIST).read_text("utf-8")))
    except (OSError, ValueError):
        return set()
