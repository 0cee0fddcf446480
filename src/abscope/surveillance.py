"""A collection that lives for years: founded once, then isolates come, go and come back.

found     references, masks, rules          -> a charter; they never change again
add       sequence files                    -> profiles, near pairs, clusters, ledger
remove, restore   an isolate's name         -> the same, undone and done again

The same steps as a run's (pipeline.py), one isolate at a time: what an arrival costs does not grow with
the work done before it, and no pair that is known is counted again.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from abscope import organism as organisms
from abscope.collection import arrivals, charter, joining, profiles, watch
from abscope.collection.arrivals import Admitted, Arrival
from abscope.collection.charter import Charter
from abscope.collection.database import reading
from abscope.collection.history import Stamp
from abscope.collection.references import usable_references
from abscope.collection.schema import isolates, memberships
from abscope.collection.shelves import Shelf
from abscope.collection.store import Collection, open_collection
from abscope.collection.watch import Tower
from abscope.errors import AbscopeError, DataError
from abscope.formats import bed
from abscope.organism import Organism
from abscope.population import masks
from abscope.population.packing import hide, pack
from abscope.profiling import Kept, Recipe, keep_profile
from abscope.records import Alert, Entry, Interval, LeftOut, Reference, Sample
from abscope.running.engines import engine, settled
from abscope.running.events import Event, Listener, State, silent
from abscope.running.provenance import key_of
from abscope.settings import Inputs, Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """An open collection, and what it was founded with. knowing: as of a watch; None, its own folder."""

    collection: Collection
    charter: Charter
    threads: int = 1
    knowing: Path | None = None
    _shelves: dict[str, Shelf] = field(default_factory=dict, repr=False, compare=False)

    def shelf(self, reference: Reference) -> Shelf:
        """Where the genotypes of a reference lie; the same for as long as the collection is open."""
        if reference.digest not in self._shelves:
            self._shelves[reference.digest] = Shelf(
                self.collection.folder / "genotypes" / reference.digest[:16],
                reference.digest,
                len(reference.sequence),
                self.charter.least(reference.name),
                self.threads,
                self.collection.mirror,
            )
        return self._shelves[reference.digest]


@dataclass(frozen=True, slots=True)
class Noticed:
    """Alerts that isolates gave rise to, kept until a watch sends them; or why nobody could look."""

    alerts: tuple[Alert, ...] = ()
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a sheet of isolates, in its order; those that could not be added, with the reason.

    noticed: what came of it.
    """

    admitted: tuple[Admitted, ...]
    left_out: tuple[LeftOut, ...]
    noticed: Noticed


def found(
    inputs: Inputs,
    settings: Settings,
    *,
    database: str | None = None,
    genotypes: str | None = None,
) -> Charter:
    """Found a collection in `inputs.outdir`: references and masks are copied into it.

    database, genotypes: URLs, None for the folder. Raises UsageError where there is one,
    ReferenceMissingError where no reference is at hand.
    """
    species = organisms.read(inputs.organism)
    references, _ = usable_references(species, inputs.references)
    made = Charter(
        folder=inputs.outdir,
        organism=inputs.organism,
        limits=(species.min_ani, species.genome_length),
        references=references,
        masks=tuple(
            masks.reference_mask(one, list(_stretches(species, inputs, one))) for one in references
        ),
        levels=tuple(sorted(settings.levels or species.levels)),
        min_comparable=settings.min_comparable,
        rules=settings.rules,
        caller=settings.caller,
        database=database,
        genotypes=genotypes and genotypes.rstrip("/"),
    )
    joining.found(made)
    with open_desk(inputs.outdir):
        return made


def _stretches(species: Organism, inputs: Inputs, reference: Reference) -> Iterator[Interval]:
    for path in (species.mask, inputs.mask):
        if path is not None:
            yield from bed.read(path, reference)


@contextmanager
def open_desk(folder: Path, *, threads: int = 1, knowing: Path | None = None) -> Iterator[Desk]:
    """Open the collection in `folder`. Raises UsageError where none was founded."""
    known = charter.read(folder)
    joining.agree(known)
    with open_collection(folder, database=known.url, genotypes=known.genotypes) as collection:
        yield Desk(collection, known, threads, knowing)


def add(
    desk: Desk,
    samples: Sequence[Sample],
    *,
    settings: Settings,
    stamp: Stamp,
    jurisdiction: str = "",
    listen: Listener = silent,
) -> Added:
    """Profile isolates on any engine, and admit them in the order of `samples`.

    Each is committed as soon as it and those before it are done; an isolate whose data will not do is
    left out with the reason, and the others go on. Then the rules of the watch are held against them.
    """
    recipe = _recipe(desk)
    workers = min(settings.cpus, max(len(samples), 1))
    threads = max(settings.cpus // workers, 1)
    admitted, left_out = [], []
    with engine(settings.engine, workers) as pool:
        jobs = _submitted(pool, samples, recipe, folder=desk.collection.folder, threads=threads)
        for sample, job in zip(samples, jobs, strict=True):
            kept = settled(job, sample.name)
            outcome = _admitted(desk, sample, kept, stamp, jurisdiction)
            if isinstance(outcome, LeftOut):
                desk.collection.fail(outcome, jurisdiction=jurisdiction)
                left_out.append(outcome)
                listen(Event("profile", sample.name, "failed", len(samples), outcome.reason))
            else:
                admitted.append(outcome)
                state: State = "reused" if outcome.known_as else "done"
                listen(Event("profile", sample.name, state, len(samples)))
    return Added(tuple(admitted), tuple(left_out), notice(desk, stamp=stamp))


def add_run(
    desk: Desk,
    run: Path,
    samples: Iterable[tuple[Sample, Sequence[str]]],
    *,
    stamp: Stamp,
    jurisdiction: str = "",
) -> Added:
    """Admit isolates of a run's output folder as it called them: no reads are read.

    samples: with the digests of their files (run_folder.samples). One that was called against other
    references or by other rules, or not at all, is left out.
    """
    recipe, outcomes = _recipe(desk), list[Admitted | LeftOut]()
    for sample, digests in samples:
        kept = _taken(desk, run, recipe, sample, digests)
        outcomes.append(_admitted(desk, sample, kept, stamp, jurisdiction))
    return Added(
        tuple(one for one in outcomes if isinstance(one, Admitted)),
        tuple(one for one in outcomes if isinstance(one, LeftOut)),
        notice(desk, stamp=stamp),
    )


def _taken(
    desk: Desk, run: Path, recipe: Recipe, sample: Sample, digests: Sequence[str]
) -> Kept | LeftOut:
    """Copy a profile from a run, where this collection would have made the same."""
    key, named = recipe.key(sample, digests), {one.name: one for one in recipe.references}
    profile = profiles.load(run / "collection", key, named)
    if profile is None:
        what = f"{run} has no profile of it by this collection's references and rules"
        return LeftOut(sample.name, what, "give its sheet to abscope add: it is read anew then")
    reference = profile.choice.reference
    profiles.save(desk.collection.folder, profile, named[reference])
    return Kept(key, reference, key_of({"files": list(digests)}), reused=True)


def _recipe(desk: Desk) -> Recipe:
    return Recipe(desk.charter.references, *desk.charter.limits, desk.charter.rules, "fast")


def notice(desk: Desk, *, stamp: Stamp) -> Noticed:
    """Keep the alerts on what came; a fault in rules or tables takes back nothing, and is told."""
    tower = Tower(desk.collection, desk.charter, desk.knowing or desk.collection.folder)
    try:
        return Noticed(watch.notice(tower, day=date.fromisoformat(stamp.at[:10]), stamp=stamp))
    except AbscopeError as error:
        return Noticed(failure=f"{error.message}\n  {error.hint}")


def _submitted(
    pool: Executor, samples: Sequence[Sample], recipe: Recipe, *, folder: Path, threads: int
) -> list[Future[Kept]]:
    return [
        pool.submit(keep_profile, sample, recipe, folder=folder, threads=threads)
        for sample in samples
    ]


def _admitted(
    desk: Desk, sample: Sample, kept: Kept | LeftOut, stamp: Stamp, jurisdiction: str
) -> Admitted | LeftOut:
    if isinstance(kept, LeftOut):
        return kept
    reference = next(one for one in desk.charter.references if one.name == kept.reference)
    try:
        return arrivals.admit(
            desk.collection,
            _arrival(desk, sample, kept, jurisdiction),
            shelf=desk.shelf(reference),
            levels=desk.charter.levels,
            stamp=stamp,
        )
    except DataError as error:
        return LeftOut(sample.name, error.message, error.hint)


def _arrival(desk: Desk, sample: Sample, kept: Kept, jurisdiction: str) -> Arrival:
    sequences = {one.name: one for one in desk.charter.references}
    profile = profiles.load(desk.collection.folder, kept.key, sequences)
    assert profile is not None  # it was saved, or found whole, a moment ago
    length = len(sequences[kept.reference].sequence)
    planes = pack([profile.called.calls], isolates=1, length=length)[:1]
    hide(planes, desk.charter.mask(kept.reference).hidden())
    return Arrival(sample.name, kept.key, kept.content, kept.reference, planes[0], jurisdiction)


def remove(desk: Desk, isolate_id: str, *, reason: str, stamp: Stamp) -> tuple[Entry, ...]:
    """Take an isolate out; what changed among clusters. Raises DataError where it is not there."""
    return arrivals.remove(
        desk.collection, isolate_id, reason=reason, levels=desk.charter.levels, stamp=stamp
    )


def restore(desk: Desk, isolate_id: str, *, stamp: Stamp) -> Admitted:
    """Bring an isolate back. Raises DataError where it was not removed."""
    return arrivals.restore(desk.collection, isolate_id, levels=desk.charter.levels, stamp=stamp)


def status(desk: Desk) -> dict[str, object]:
    """How many isolates there are, removed and failed, by reference; and clusters by level."""
    present = sa.and_(isolates.c.genotype.is_not(None), isolates.c.removed.is_(None))
    by_reference = (
        sa.select(isolates.c.reference, sa.func.count())
        .where(present)
        .group_by(isolates.c.reference)
    )
    clusters = (
        sa.select(memberships.c.level, sa.func.count(sa.distinct(memberships.c.cluster)))
        .group_by(memberships.c.level)
        .order_by(memberships.c.level)
    )
    with reading(desk.collection.engine) as connection:
        counted = {row[0]: row[1] for row in connection.execute(by_reference)}
        return {
            "isolates": sum(counted.values()),
            "by_reference": dict(sorted(counted.items())),
            "removed": _count(connection, isolates.c.removed.is_not(None)),
            "failed": _count(connection, isolates.c.failure.is_not(None)),
            "clusters": {row[0]: row[1] for row in connection.execute(clusters)},
        }


def _count(connection: sa.Connection, where: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(isolates).where(where)
    return int(connection.execute(query).scalar_one())
