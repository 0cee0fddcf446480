"""The sequences an organism's references need: which it names, and which can be used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from abscope.collection import installed
from abscope.errors import DataError, OrganismError, ReferenceMissingError, UsageError
from abscope.formats import fasta
from abscope.knowledge import folder as knowledge
from abscope.organism import BUILT_IN, DEFAULT, Organism, ReferenceEntry
from abscope.records import LeftOut, Reference


@dataclass(frozen=True, slots=True)
class Named:
    """A reference the organism folder names; `clone` or `plasmid` where it stands for one."""

    entry: ReferenceEntry
    clone: str | None = None
    plasmid: str | None = None

    def answers_to(self, name: str) -> bool:
        """Whether a user who writes `name` means this one."""
        known = (self.entry.name, self.entry.accession, self.clone)
        return plain(name) in {plain(one) for one in known if one}


def named(organism: Organism) -> tuple[Named, ...]:
    """Every reference the folder names: those isolates are called against, of clones, of plasmids."""
    clones = list(_clones(organism))
    of_strain = {plain(one.entry.name): one.clone for one in clones}
    own = [Named(entry, of_strain.get(plain(entry.name))) for entry in organism.references]
    known = {plain(one.entry.name) for one in own}
    others = [one for one in clones if plain(one.entry.name) not in known]
    return (*own, *others, *_plasmids(organism))


def _clones(organism: Organism) -> Iterator[Named]:
    """Genomes of clones: by accession, or in the organism's folder under the strain's name."""
    tables, _ = knowledge.load(organism.folder)
    for row in tables.clones:
        name = (row.strain or row.accession or "").replace(" ", "_")
        file = organism.folder / "references" / f"{name}.fna.gz"
        own = file if name and file.is_file() else None
        if row.accession or own:
            yield Named(ReferenceEntry(name, row.subspecies, row.accession, own), row.clone)


def _plasmids(organism: Organism) -> Iterator[Named]:
    tables, _ = knowledge.load(organism.folder)
    for row in tables.plasmids:
        entry = ReferenceEntry(row.plasmid, None, row.accession, length=row.length)
        yield Named(entry, plasmid=row.plasmid)


def plain(name: str) -> str:
    """Names alike for a person: ATCC 19977, ATCC_19977 and atcc19977."""
    return "".join(letter for letter in name.casefold() if letter.isalnum() or letter == ".")


def chosen(organism: Organism, names: Sequence[str], *, everything: bool) -> tuple[Named, ...]:
    """The references a user names, or all. Raises UsageError listing names that mean none."""
    known = named(organism)
    if everything:
        return known
    if not names:
        raise UsageError("no reference named", hint="give names or accessions, or --all")
    unknown = [name for name in names if not any(one.answers_to(name) for one in known)]
    if unknown:
        raise UsageError(
            f"{organism.name} names no reference {', '.join(unknown)}",
            hint=f"it names {', '.join(one.entry.name for one in known)}",
        )
    return tuple(one for one in known if any(one.answers_to(name) for name in names))


def find(entry: ReferenceEntry) -> Path | None:
    """Where the sequence of a reference lies: in the organism's folder, else where it was installed."""
    return entry.file or installed.find(entry.accession)


def usable_references(
    organism: Organism, files: Sequence[Path] = ()
) -> tuple[tuple[Reference, ...], tuple[LeftOut, ...]]:
    """The references to work with, and those left out, with the reason and the remedy.

    FASTA `files`, where any are given, stand in for the organism's own. Otherwise a sequence is looked
    for in the organism's folder, then among the installed ones. Raises ReferenceMissingError where none
    is at hand, OrganismError listing those that are damaged or not what they should be.
    """
    if files:
        return _given(files), ()
    places = [(entry, find(entry)) for entry in organism.references]
    missing = [entry for entry, path in places if path is None]
    if len(missing) == len(places):
        wanted = ", ".join(f"{entry.name} ({entry.accession})" for entry in missing)
        raise ReferenceMissingError(
            f"{organism.name}: isolates are called against a reference, and none is installed: {wanted}",
            hint=f"{remedy(organism, '--all')}; or give a FASTA file with --reference",
        )
    found = _read(organism, [(entry, path) for entry, path in places if path is not None])
    return found, tuple(_left_out(organism, entry) for entry in missing)


def _given(paths: Sequence[Path]) -> tuple[Reference, ...]:
    found = tuple(fasta.read_reference(path) for path in paths)
    names = [reference.name for reference in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise OrganismError(
            f"two reference files are called {', '.join(twice)}", hint="rename one of the files"
        )
    return found


def _read(
    organism: Organism, places: Sequence[tuple[ReferenceEntry, Path]]
) -> tuple[Reference, ...]:
    found, problems, bad = [], [], []
    for entry, path in places:
        wrong = [problem] if (problem := installed.damage(path)) else []
        try:
            reference = installed.open_sequence(entry, path)
            wrong += installed.mismatches(entry, reference)
            found.append(reference)
        except DataError as error:
            wrong.append(error.message)
        problems += [f"{entry.name}: {path}: {one}" for one in wrong]
        bad += [entry.name] if wrong else []
    if problems:
        hint = f"install again: {remedy(organism, ' '.join(bad))}"
        raise OrganismError.collect(organism.name, problems, hint=hint)
    return tuple(found)


def _left_out(organism: Organism, entry: ReferenceEntry) -> LeftOut:
    return LeftOut(
        entry.name,
        f"reference not used: the sequence {entry.accession} is not installed; isolates nearest to it "
        f"({entry.subspecies or entry.name}) are called against a more distant one",
        remedy(organism, entry.name),
    )


def remedy(organism: Organism, what: str) -> str:
    """The command that installs the references named in `what`."""
    mine = "" if organism.folder == BUILT_IN / DEFAULT else f" --organism {organism.folder}"
    return f"abscope reference get {what}{mine} (without network: abscope reference add FILE{mine})"
