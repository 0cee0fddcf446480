"""One isolate's files -> IsolateType: what it is, its clone, its sequence type, its drugs.

By its own data alone; `many` holds isolates together. What was called before is not called again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abscope.collection import profiles as shelf
from abscope.formats import bed, fasta, fastq
from abscope.isolate import fast, mic, mlst
from abscope.isolate.characterised import IsolateType, data_quality
from abscope.isolate.composition import composition
from abscope.isolate.consensus import consensus
from abscope.isolate.evidence import Evidence, from_counts, long_stretches
from abscope.isolate.genes import gene_states
from abscope.isolate.identity import identify, require
from abscope.isolate.mixture import mixture
from abscope.isolate.panel_counts import PanelCounts, count_contigs, count_reads
from abscope.isolate.plasmids import PlasmidState, plasmid_state
from abscope.isolate.resistance import verdicts
from abscope.isolate.subspecies import by_markers, disagreement
from abscope.isolate.traits import traits
from abscope.knowledge.rows import Knowledge
from abscope.knowledge.verdicts import DrugVerdict
from abscope.population import masks
from abscope.population.clone_evidence import ClonePanel, Typed
from abscope.population.clones import clone_of, in_mixture
from abscope.profiling import keep_profile, opened, seeds_of, sketch_of
from abscope.records import (
    Calls,
    CloneCall,
    Identity,
    KnownGenome,
    MarkerCheck,
    Mask,
    Profile,
    Reference,
    Sample,
)
from abscope.settings import CallRules
from abscope.typing_kit import Kit


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
    seen, plasmids = _counted(sample, profile, kit)
    drugs = _verdicts(seen, kit)
    minor = profile.called.minor
    mixed = mixture(minor) if minor is not None else None
    clone = _clone(profile, identity, sequence_type, kit=kit, reference=reference)
    markers, remarks = _markers(profile, identity, kit)
    genes = gene_states(
        profile.called.calls,
        profile.called.variants,
        reference,
        _placed_on(reference, kit),
        reads=sample.kind != "assembly",
    )
    return IsolateType(
        isolate_id=sample.name,
        kind=sample.kind,
        profile=kept.key,
        files=tuple(path.name for path in sample.files),
        reference=reference.name,
        identity=identity,
        clone=in_mixture(clone, mixed),
        mlst=sequence_type,
        evidence=seen,
        drugs=drugs,
        quality=data_quality(profile, identity, mixed, remarks),
        phenotypes=tuple(_phenotypes(sample.name, drugs, kit)),
        mixture=mixed,
        markers=markers,
        genes=genes,
        traits=tuple(traits(genes, kit.knowledge)),
        plasmids=plasmids,
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


def _counted(
    sample: Sample, profile: Profile, kit: Kit
) -> tuple[Evidence, tuple[PlasmidState, ...]]:
    """What the key sites show, and each plasmid: one pass over the reads, or over the contigs."""
    probe = kit.probe
    if probe is None:
        return Evidence(), ()
    stretches = np.empty((0, 2), dtype=np.int64)
    if kit.panel is not None:
        stretches = long_stretches(kit.panel, kit.knowledge)
    seen = _reads_or_contigs(sample, probe, stretches, kit.recipe.rules)
    genes = 0 if kit.panel is None else len(kit.panel.genome.sequence)
    depth = None if sample.kind == "assembly" else profile.called.depth.mean
    plasmids, at = [], genes
    for one in kit.plasmids:
        end = at + len(one.sequence)
        plasmids.append(plasmid_state(one.name, seen.counts[at:end], depth))
        at = end
    if kit.panel is None:
        return Evidence(), tuple(plasmids)
    on_panel = replace(seen, counts=seen.counts[:genes])
    return from_counts(kit.panel, kit.knowledge, on_panel), tuple(plasmids)


def _reads_or_contigs(
    sample: Sample, probe: Reference, stretches: NDArray[np.int64], rules: CallRules
) -> PanelCounts:
    seeds = seeds_of(probe)
    if sample.kind == "assembly":
        contigs = [letters for _, letters in fasta.read(sample.files[0])]
        return count_contigs(contigs, seeds, stretches=stretches)
    return count_reads(
        fastq.batches(*sample.files),
        seeds,
        stretches=stretches,
        mapqual=rules.mapqual,
        basequal=rules.basequal,
    )


def _placed_on(reference: Reference, kit: Kit) -> Knowledge:
    """The organism's rules, its loci placed on its reference under whatever name that was given."""
    source = None if kit.panel is None else kit.panel.source
    if source is None or source.name == reference.name:
        return kit.knowledge
    given = {c.name: reference.sequence[c.start : c.end] for c in reference.contigs}
    own = ((c.name, source.sequence[c.start : c.end]) for c in source.contigs)
    if not all(name in given and np.array_equal(given[name], part) for name, part in own):
        return kit.knowledge
    loci = (
        replace(one, reference=reference.name) if one.reference == source.name else one
        for one in kit.knowledge.loci
    )
    return replace(kit.knowledge, loci=tuple(loci))


def _markers(
    profile: Profile, identity: Identity, kit: Kit
) -> tuple[MarkerCheck | None, tuple[str, ...]]:
    """What marker SNPs of subspecies say, and a remark where identity says otherwise."""
    calls = profile.called.calls
    if kit.subspecies is None or kit.subspecies.reference != calls.reference:
        return None, ()
    check = by_markers(calls, kit.subspecies)
    remark = disagreement(identity.subspecies, check)
    return check, () if remark is None else (remark,)


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
    return clone_of(typed, panel, mask_of(reference, kit.beds), limits=kit.clone_limits)


@lru_cache(maxsize=64)
def _placed(genome: Reference, reference: Reference, rules: CallRules) -> Calls:
    """A clone's genome called against a reference; the reference itself needs no calling."""
    if genome.digest == reference.digest:
        return Calls(reference.name, reference.sequence)
    contigs = [genome.sequence[one.start : one.end] for one in genome.contigs]
    return fast.call_assembly(contigs, seeds_of(reference), rules=rules).calls


@lru_cache(maxsize=8)
def mask_of(reference: Reference, beds: tuple[Path, ...]) -> Mask:
    """Where isolates are not compared, found once for each reference."""
    return masks.reference_mask(
        reference, [one for path in beds for one in bed.read(path, reference)]
    )


def _phenotypes(name: str, drugs: Sequence[DrugVerdict], kit: Kit) -> Iterator[mic.MicComparison]:
    verdict: Mapping[str, DrugVerdict] = {agent: one for one in drugs for agent in one.agents}
    for one in kit.mics:
        if one.isolate_id == name:
            read = mic.read(one.drug, one.mic, kit.knowledge.breakpoints, day=one.day)
            yield mic.compare(read, verdict[one.drug])
