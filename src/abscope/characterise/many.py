"""All isolates typed, on any engine; then what can be said only of several.

Where a minor strain comes from, and which isolates without a listed clone form one of their own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from abscope.characterise.one import characterise, mask_of
from abscope.collection import profiles as shelf
from abscope.isolate.characterised import IsolateType
from abscope.isolate.mixture_sources import matches
from abscope.population.compare import compared
from abscope.population.novel_clones import with_novel_clones
from abscope.records import Calls, Comparison, LeftOut, Profile, Sample
from abscope.reports.types import Held
from abscope.running.engines import engine, settled
from abscope.running.events import Event, Listener, silent
from abscope.settings import Settings
from abscope.typing_kit import Kit


@dataclass(frozen=True, slots=True)
class Characterised:
    """Every isolate typed, by name, and those that could not be, with the reason."""

    isolates: tuple[IsolateType, ...]
    left_out: tuple[LeftOut, ...]


def _characterise_all(
    samples: Sequence[Sample],
    kit: Kit,
    *,
    folder: Path,
    settings: Settings,
    listen: Listener = silent,
) -> Characterised:
    """Type isolates each on its own; calls are kept in, and taken from, the collection at `folder`.

    One that cannot be typed is left out with the reason, and the others go on.
    """
    workers = min(settings.cpus, max(len(samples), 1))
    threads = max(settings.cpus // workers, 1)
    done, failed = [], []
    with engine(settings.engine, workers) as pool:
        jobs = {
            pool.submit(characterise, sample, kit, folder=folder, threads=threads): sample
            for sample in samples
        }
        for job in as_completed(jobs):
            name = jobs[job].name
            found = settled(job, name)
            if isinstance(found, LeftOut):
                failed.append(found)
                listen(Event("type", name, "failed", len(samples), found.reason))
            else:
                done.append(found)
                listen(Event("type", name, "done", len(samples)))
    return Characterised(
        tuple(sorted(done, key=lambda one: one.isolate_id)),
        tuple(sorted(failed, key=lambda one: one.name)),
    )


@dataclass(frozen=True, slots=True)
class Company:
    """What is known of the isolates beside their own data.

    folder: the collection. profiles: name -> profile of isolates of the collection that are not typed
    now, to hold minor strains against. comparisons: pairs, where they are compared already; else those
    without a clone are compared. patients: isolate -> patient.
    """

    folder: Path
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] | None = None
    patients: Mapping[str, str] | None = None


def together(
    isolates: Sequence[IsolateType], kit: Kit, company: Company
) -> tuple[IsolateType, ...]:
    """The same isolates, with sources of minor strains and novel clones."""
    named = [_with_sources(one, isolates, kit, company) for one in isolates]
    comparisons = company.comparisons
    if comparisons is None:
        comparisons = tuple(_among_cloneless(named, kit, company.folder))
    calls = with_novel_clones(
        {one.isolate_id: one.clone for one in named},
        comparisons,
        limits=kit.clone_limits,
        patients=company.patients,
    )
    return tuple(replace(one, clone=calls[one.isolate_id]) for one in named)


def typed(
    samples: Sequence[Sample],
    kit: Kit,
    company: Company,
    *,
    settings: Settings,
    listen: Listener = silent,
) -> Characterised:
    """Every isolate typed, and held together with the others."""
    found = _characterise_all(samples, kit, folder=company.folder, settings=settings, listen=listen)
    return replace(found, isolates=together(found.isolates, kit, company))


def against(kit: Kit, organism: str) -> Held:
    """What the published tables say isolates were held against."""
    source = kit.panel.source if kit.panel else kit.recipe.references[0]
    accession = source.accession or source.name
    return Held(organism, accession, kit.knowledge, kit.coverage, kit.unseen)


def _with_sources(
    one: IsolateType, isolates: Iterable[IsolateType], kit: Kit, company: Company
) -> IsolateType:
    if one.mixture is None or one.mixture.strain is None:
        return one
    own = _calls(one, kit, company.folder)
    others = {
        other.isolate_id: _calls(other, kit, company.folder)
        for other in isolates
        if other is not one and other.reference == one.reference
    }
    for name, profile in company.profiles.items():
        if profile.choice.reference == one.reference and profile.key != one.profile:
            others.setdefault(name, profile.called.calls)
    return replace(one, sources=matches(one.mixture.strain, own, others))


def _calls(one: IsolateType, kit: Kit, folder: Path) -> Calls:
    known = {reference.name: reference for reference in kit.recipe.references}
    profile = shelf.load(folder, one.profile, known)
    assert profile is not None
    return profile.called.calls


def _among_cloneless(
    isolates: Sequence[IsolateType], kit: Kit, folder: Path
) -> Iterator[Comparison]:
    """Isolates far from every listed clone, compared with one another."""
    for reference in kit.recipe.references:
        free = [
            one
            for one in isolates
            if one.reference == reference.name and one.clone.outcome == "none"
        ]
        if len(free) > 1:
            calls = {one.isolate_id: _calls(one, kit, folder) for one in free}
            yield compared(reference, calls, mask_of(reference, kit.beds))
