"""What isolates are typed with: the organism's rules and limits, and every sequence at hand that they need.

Whatever is missing is named, with the command that installs it; the rest is done without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from abscope.collection import installed
from abscope.collection.references import find, named, remedy
from abscope.formats import fasta, mlst_scheme, sketch_lines
from abscope.formats import markers as marker_files
from abscope.formats.mics import Measured, read_mics
from abscope.isolate.identity import Expected
from abscope.isolate.mlst import Scheme
from abscope.isolate.panel import Panel, panel
from abscope.knowledge import coverage, typing_limits
from abscope.knowledge.coverage import panel_coverage
from abscope.knowledge.rows import Clone, Knowledge
from abscope.knowledge.typing_limits import CloneLimits
from abscope.organism import Organism, ReferenceEntry
from abscope.profiling import Recipe
from abscope.records import Contig, KnownGenome, Markers, PanelCoverage, Reference


@dataclass(frozen=True, slots=True)
class Extras:
    """What a user may bring to typing, beside the organism folder; each None where not given.

    scheme: folder of an MLST scheme. mics: table of MICs. markers, subspecies: marker SNPs of clones and
    of subspecies, on the reference that has the key genes. others: sketches of other species. plasmids:
    sequences of more plasmids. countries: where isolates may come from.
    """

    scheme: Path | None = None
    mics: Path | None = None
    markers: Path | None = None
    subspecies: Path | None = None
    others: Path | None = None
    plasmids: Path | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class CloneGenome:
    """A listed clone, and the genome that stands for it."""

    clone: Clone
    genome: Reference


@dataclass(frozen=True, slots=True, eq=False)
class Kit:
    """Everything an isolate is held against. lacking: why there is no panel, and the remedy.

    plasmids: those at hand; unseen: plasmids the organism lists that are not. coverage: how much of the
    known clones comes from each country asked for.
    """

    recipe: Recipe
    expected: Expected
    clone_limits: CloneLimits
    knowledge: Knowledge
    panel: Panel | None
    lacking: str
    clones: tuple[CloneGenome, ...] = ()
    others: tuple[KnownGenome, ...] = ()
    scheme: Scheme | None = None
    markers: Markers | None = None
    subspecies: Markers | None = None
    mics: tuple[Measured, ...] = ()
    beds: tuple[Path, ...] = ()
    plasmids: tuple[Reference, ...] = ()
    unseen: tuple[str, ...] = ()
    coverage: tuple[PanelCoverage, ...] = ()

    @property
    def probe(self) -> Reference | None:
        """What an isolate's reads are counted on: the panel, then the plasmids, in one index."""
        parts = [*([self.panel.genome] if self.panel else []), *self.plasmids]
        return _laid_end_to_end("key genes and plasmids", parts) if parts else None


def kit(species: Organism, recipe: Recipe, extras: Extras) -> Kit:
    """Gather what is at hand.

    Raises OrganismError where the folder or an installed sequence is damaged, FormatError where a file a
    user brings is not what it should be.
    """
    knowledge = species.knowledge()
    identity, clones = typing_limits.read(species.folder)
    known = {one.name: one for one in _known_references(species, recipe)}
    cut = next((p for one in known.values() if (p := panel(one, knowledge))), None)
    home = _home(recipe, cut)
    drugs = [one.drug for one in knowledge.drugs]
    return Kit(
        recipe=recipe,
        expected=Expected(species.name, identity, species.genome_length),
        clone_limits=clones,
        knowledge=knowledge,
        panel=cut,
        lacking="" if cut else _lacking(species, knowledge),
        clones=tuple(_clones(species, knowledge, known)),
        others=sketch_lines.read(extras.others) if extras.others else (),
        scheme=mlst_scheme.read_scheme(extras.scheme) if extras.scheme else None,
        markers=marker_files.read(extras.markers, home) if extras.markers else None,
        subspecies=marker_files.read(extras.subspecies, home) if extras.subspecies else None,
        mics=read_mics(extras.mics, drugs) if extras.mics else (),
        beds=(species.mask,) if species.mask else (),
        coverage=tuple(_coverage(species, extras.countries)),
        **_plasmids(species, extras),
    )


def _laid_end_to_end(name: str, parts: Sequence[Reference]) -> Reference:
    """Several references as one; contigs are told apart by the reference they come from."""
    contigs, at = [], 0
    for part in parts:
        contigs += [
            Contig(f"{part.name}: {c.name}", at + c.start, at + c.end) for c in part.contigs
        ]
        at += len(part.sequence)
    return Reference(name, tuple(contigs), np.concatenate([part.sequence for part in parts]))


def _coverage(species: Organism, countries: Sequence[str]) -> Iterator[PanelCoverage]:
    rows = coverage.read(species.folder) if countries else ()
    for country in countries:
        found = panel_coverage(rows, country)
        if found is not None:
            yield found


def _plasmids(species: Organism, extras: Extras) -> dict[str, tuple[Any, ...]]:
    """Plasmids at hand, and the names of those that are not."""
    found, unseen = [], []
    for one in named(species):
        if one.plasmid is None:
            continue
        path = find(one.entry)
        if path is None:
            unseen.append(f"{one.plasmid} ({one.entry.accession})")
        else:
            found.append(replace(installed.open_sequence(one.entry, path), name=one.plasmid))
    for name, letters in fasta.read(extras.plasmids) if extras.plasmids else ():
        found.append(Reference(name, (Contig(name, 0, len(letters)),), letters))
    return {"plasmids": tuple(found), "unseen": tuple(unseen)}


def _known_references(species: Organism, recipe: Recipe) -> Iterator[Reference]:
    """The organism's own references that were given as files, else those that are installed."""
    for entry in species.references:
        given = (_as_entry(one, entry) for one in recipe.references)
        found = next((one for one in given if one is not None), None)
        if found is None:
            path = find(entry)
            found = None if path is None else installed.open_sequence(entry, path)
        if found is not None and not installed.mismatches(entry, found):
            yield found


def _home(recipe: Recipe, cut: Panel | None) -> Reference:
    """The reference that positions of marker SNPs mean, under the name isolates are called against."""
    if cut is None:
        return recipe.references[0]
    same = (one for one in recipe.references if one.digest == cut.source.digest)
    return next(same, cut.source)


def _as_entry(reference: Reference, entry: ReferenceEntry) -> Reference | None:
    """A reference under the organism's name for it, None where it is another sequence."""
    if reference.name == entry.name and not installed.mismatches(entry, reference):
        return reference
    kept = [c for c in reference.contigs if c.name in entry.contigs]
    if entry.sha256 is None or {c.name for c in kept} != set(entry.contigs) or not kept:
        return None
    ends = np.cumsum([c.end - c.start for c in kept]).tolist()
    contigs = tuple(
        Contig(c.name, end - (c.end - c.start), end) for c, end in zip(kept, ends, strict=True)
    )
    letters = np.concatenate([reference.sequence[c.start : c.end] for c in kept])
    made = Reference(entry.name, contigs, letters, entry.subspecies, entry.accession)
    return None if installed.mismatches(entry, made) else made


def _lacking(species: Organism, knowledge: Knowledge) -> str:
    wanted = {site.locus for site in knowledge.sites}
    names = {one.reference for one in knowledge.loci if one.locus in wanted}
    entries = [one for one in species.references if one.name in names]
    if not entries:
        return "the organism folder places no key genes"
    first = entries[0]
    command = remedy(species, first.name)
    return f"{first.accession or first.name} is not installed; run: {command}"


def _clones(
    species: Organism, knowledge: Knowledge, known: dict[str, Reference]
) -> Iterator[CloneGenome]:
    rows = {one.clone: one for one in knowledge.clones}
    for one in named(species):
        row = rows.get(one.clone or "")
        if row is None:
            continue
        path = find(one.entry)
        genome = known.get(one.entry.name)
        if genome is None and path is not None:
            genome = installed.open_sequence(one.entry, path)
        if genome is not None:
            yield CloneGenome(row, replace(genome, subspecies=row.subspecies))
