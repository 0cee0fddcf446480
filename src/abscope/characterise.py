"""One isolate's files -> IsolateType: what it is, its clone, its sequence type, its drugs.

Isolates are typed on any engine, each on its own; what was called before is not called again.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from abscope.collection import profiles as shelf
from abscope.formats import bed, fasta, fastq
from abscope.isolate import fast, mic, mlst
from abscope.isolate.characterised import IsolateType, data_quality
from abscope.isolate.composition import composition
from abscope.isolate.consensus import consensus
from abscope.isolate.evidence import Evidence, from_counts, long_stretches
from abscope.isolate.identity import identify, require
from abscope.isolate.panel_counts import count_contigs, count_reads
from abscope.isolate.resistance import verdicts
from abscope.knowledge.verdicts import DrugVerdict
from abscope.population import masks
from abscope.population.clone_evidence import ClonePanel, Typed
from abscope.population.clones import clone_of
from abscope.profiling import keep_profile, opened, seeds_of, sketch_of
from abscope.records import (
    Calls,
    CloneCall,
    Identity,
    KnownGenome,
    LeftOut,
    Mask,
    Profile,
    Reference,
    Sample,
)
from abscope.running.engines import engine, settled
from abscope.running.events import Event, Listener, silent
from abscope.settings import CallRules, Settings
from abscope.typing_kit import Kit


@dataclass(frozen=True, slots=True)
class Characterised:
    """Every isolate typed, by name, and those that could not be, with the reason."""

    isolates: tuple[IsolateType, ...]
    left_out: tuple[LeftOut, ...]


def characterise_all(
    samples: Sequence[Sample],
    kit: Kit,
    *,
    folder: Path,
    settings: Settings,
    listen: Listener = silent,
) -> Characterised:
    """Type isolates; calls are kept in, and taken from, the collection at `folder`.

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


def characterise(sample: Sample, kit: Kit, *, folder: Path, threads: int = 1) -> IsolateType:
    """Type one isolate, its calls made first where the collection does not hold them.

    Raises SampleError where it is of another species, FormatError where its files cannot be read.
    """
    identity = _identity(sample, kit)
    require(identity, kit.expected)
    known = {one.name: one for one in kit.recipe.references}
    kept = keep_profile(sample, kit.recipe, folder=folder, threads=threads)
    profile = shelf.load(folder, kept.key, known)
    assert profile is not None
    reference = known[profile.choice.reference]
    sequence_type = _sequence_type(sample, profile, reference, kit)
    seen = _evidence(sample, kit)
    drugs = _verdicts(seen, kit)
    return IsolateType(
        isolate_id=sample.name,
        kind=sample.kind,
        files=tuple(path.name for path in sample.files),
        reference=reference.name,
        identity=identity,
        clone=_clone(profile, identity, sequence_type, kit=kit, reference=reference),
        mlst=sequence_type,
        evidence=seen,
        drugs=drugs,
        quality=data_quality(profile, identity),
        phenotypes=tuple(_phenotypes(sample.name, drugs, kit)),
    )


def _identity(sample: Sample, kit: Kit) -> Identity:
    query, sequences = opened(sample)
    made_of = None
    if isinstance(sequences, list):
        made_of = composition(letters for _, letters in sequences)
    genomes = {one.name: one for one in kit.recipe.references}
    genomes = {one.genome.name: one.genome for one in kit.clones} | genomes
    own = (
        KnownGenome(one.name, kit.expected.species, sketch_of(one), one.subspecies)
        for one in genomes.values()
    )
    return identify(query, [*own, *kit.others], kit.expected, made_of=made_of)


def _evidence(sample: Sample, kit: Kit) -> Evidence:
    """What the key sites show: one pass over the reads, or over the contigs."""
    if kit.panel is None:
        return Evidence()
    stretches = long_stretches(kit.panel, kit.knowledge)
    seeds, rules = seeds_of(kit.panel.genome), kit.recipe.rules
    if sample.kind == "assembly":
        contigs = [letters for _, letters in fasta.read(sample.files[0])]
        seen = count_contigs(contigs, seeds, stretches=stretches)
    else:
        seen = count_reads(
            fastq.batches(*sample.files),
            seeds,
            stretches=stretches,
            mapqual=rules.mapqual,
            basequal=rules.basequal,
        )
    return from_counts(kit.panel, kit.knowledge, seen)


def _verdicts(seen: Evidence, kit: Kit) -> tuple[DrugVerdict, ...]:
    """Verdicts; without the key genes none is given, and each says what to install."""
    found = verdicts(seen, kit.knowledge)
    if kit.panel is not None:
        return found
    return tuple(replace(one, reason=kit.lacking) if one.mechanisms else one for one in found)


def _sequence_type(
    sample: Sample, profile: Profile, reference: Reference, kit: Kit
) -> mlst.TypeCall | None:
    if kit.scheme is None:
        return None
    if sample.kind == "assembly":
        return mlst.call(fasta.read(sample.files[0]), kit.scheme)
    called = profile.called
    own = consensus(called.calls, called.variants, reference.contigs)
    return mlst.call(list(own), kit.scheme)


def _clone(
    profile: Profile,
    identity: Identity,
    sequence_type: mlst.TypeCall | None,
    *,
    kit: Kit,
    reference: Reference,
) -> CloneCall:
    near = [one for one in kit.clones if one.clone.subspecies in (None, identity.subspecies)]
    genomes = {one.clone.clone: _placed(one.genome, reference, kit.recipe.rules) for one in near}
    markers = kit.markers if kit.markers and kit.markers.reference == reference.name else None
    by_name = {one.genome.name: one.clone.clone for one in kit.clones}
    ani = {by_name[c.name]: c.ani for c in identity.candidates if c.name in by_name and c.ani}
    st = sequence_type.st if sequence_type is not None else None
    typed = Typed(profile.called.calls, identity.subspecies, st, ani)
    panel = ClonePanel(kit.knowledge.clones, genomes, markers)
    return clone_of(typed, panel, _mask(reference, kit.beds), limits=kit.clone_limits)


@lru_cache(maxsize=64)
def _placed(genome: Reference, reference: Reference, rules: CallRules) -> Calls:
    """A clone's genome called against a reference; the reference itself needs no calling."""
    if genome.digest == reference.digest:
        return Calls(reference.name, reference.sequence)
    contigs = [genome.sequence[one.start : one.end] for one in genome.contigs]
    return fast.call_assembly(contigs, seeds_of(reference), rules=rules).calls


@lru_cache(maxsize=8)
def _mask(reference: Reference, beds: tuple[Path, ...]) -> Mask:
    return masks.reference_mask(
        reference, [one for path in beds for one in bed.read(path, reference)]
    )


def _phenotypes(name: str, drugs: Sequence[DrugVerdict], kit: Kit) -> Iterator[mic.Comparison]:
    verdict: Mapping[str, DrugVerdict] = {agent: one for one in drugs for agent in one.agents}
    for one in kit.mics:
        if one.isolate_id == name:
            read = mic.read(one.drug, one.mic, kit.knowledge.breakpoints, day=one.day)
            yield mic.compare(read, verdict[one.drug])
