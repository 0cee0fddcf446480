"""The first step of the path: one isolate's files -> Profile.

Choose the nearest reference, call every position by the caller asked for, measure quality and depth.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from abscope.collection import profiles as shelf
from abscope.collection.references import usable_references
from abscope.formats import fasta, fastq
from abscope.isolate import fast
from abscope.isolate.assembly import contig_stats
from abscope.isolate.identity import choose
from abscope.isolate.quality import warnings_of
from abscope.isolate.seeds import SeedIndex, index
from abscope.organism import Organism
from abscope.records import Block, Called, LeftOut, Letters, Profile, Reference, Sample, Sketch
from abscope.running.provenance import file_digest, key_of
from abscope.settings import Caller, CallRules, Inputs, Settings
from abscope.tools import bcftools, sketches

# Raised when a change to a caller changes what it calls, so that older profiles are made again.
CALLERS: Mapping[Caller, str] = {"fast": "fast/2", "bcftools": "bcftools/1"}

Batches = Iterator[tuple[Block, Block | None]]
Contigs = list[tuple[str, Letters]]


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """How isolates are profiled: against which references, by which caller and rules.

    min_ani: identity below which an isolate is another species. genome_length: usual limits, bases.
    """

    references: tuple[Reference, ...]
    min_ani: float
    genome_length: tuple[int, int]
    rules: CallRules
    caller: Caller = "fast"

    def named(self, name: str) -> Reference:
        """The reference called `name`."""
        return next(reference for reference in self.references if reference.name == name)

    def key(self, sample: Sample, digests: Sequence[str]) -> str:
        """What names the profile of these files made this way; the isolate's name is no part of it."""
        return key_of(
            {
                "kind": sample.kind,
                "files": list(digests),
                "references": {r.name: r.digest for r in self.references},
                "limits": [self.min_ani, *self.genome_length],
                "rules": self.rules.as_dict(),
                "caller": CALLERS[self.caller],
            }
        )


def recipe_of(
    species: Organism, inputs: Inputs, settings: Settings
) -> tuple[Recipe, tuple[LeftOut, ...]]:
    """How isolates of `species` are profiled, and the references that are not at hand."""
    references, missing = usable_references(species, inputs.references)
    limits = (species.min_ani, species.genome_length)
    return Recipe(references, *limits, settings.rules, settings.caller), missing


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a profile was put: its key and reference, and whether it was there already.

    content: digest of the files it came from, whatever was made of them.
    """

    key: str
    reference: str
    content: str
    reused: bool


def keep_profile(sample: Sample, recipe: Recipe, *, folder: Path, threads: int = 1) -> Kept:
    """Profile one isolate into the collection at `folder`, unless the same was done before."""
    digests = [file_digest(path) for path in sample.files]
    key, content = recipe.key(sample, digests), key_of({"files": digests})
    known = shelf.load(folder, key, {r.name: r for r in recipe.references})
    if known is not None:
        return Kept(key, known.choice.reference, content, reused=True)
    made = profile(sample, recipe, threads=threads, key=key)
    shelf.save(folder, made, recipe.named(made.choice.reference))
    return Kept(key, made.choice.reference, content, reused=False)


def profile(sample: Sample, recipe: Recipe, *, threads: int = 1, key: str = "") -> Profile:
    """Read one isolate: choose its reference, call every position, measure quality and depth.

    Raises FormatError or SampleError where this isolate's data will not do, ToolError where a
    program is missing or fails.
    """
    query, sequences = opened(sample)
    known = {reference.name: sketch_of(reference) for reference in recipe.references}
    identities = sketches.identities(query, known)
    choice = choose(identities, recipe.references, min_ani=recipe.min_ani)
    called = _call(
        sample, sequences, recipe, reference=recipe.named(choice.reference), threads=threads
    )
    if isinstance(sequences, list):
        letters = [contig for _, contig in sequences]
        called = replace(called, reads=contig_stats(letters, mapped=called.reads.mapped))
    warnings = warnings_of(called, kind=sample.kind, genome_length=recipe.genome_length)
    return Profile(key, sample.kind, CALLERS[recipe.caller], choice, called, warnings)


def opened(sample: Sample) -> tuple[Sketch, Batches | Contigs]:
    """The isolate's k-mers, and all its reads or contigs."""
    if sample.kind == "assembly":
        contigs = fasta.read(sample.files[0])
        return sketches.sketch(letters for _, letters in contigs), contigs
    batches = fastq.batches(*sample.files)
    first = list(islice(batches, sketches.SAMPLED_BLOCKS))
    return sketches.sketch_reads(first), chain(first, batches)


def _call(
    sample: Sample,
    sequences: Batches | Contigs,
    recipe: Recipe,
    *,
    reference: Reference,
    threads: int,
) -> Called:
    if recipe.caller == "bcftools":
        call = bcftools.call_assembly if sample.kind == "assembly" else bcftools.call_reads
        with TemporaryDirectory(prefix="abscope-") as folder:
            return call(sample, reference, rules=recipe.rules, threads=threads, folder=Path(folder))
    seeds = seeds_of(reference)
    if isinstance(sequences, list):
        contigs = [letters for _, letters in sequences]
        return fast.call_assembly(contigs, seeds, rules=recipe.rules, threads=threads)
    return fast.call_reads(sequences, seeds, rules=recipe.rules, threads=threads)


@lru_cache(maxsize=8)
def sketch_of(reference: Reference) -> Sketch:
    """A reference's k-mers, made once."""
    return sketches.sketch_genome([reference.sequence])


@lru_cache(maxsize=8)
def seeds_of(reference: Reference) -> SeedIndex:
    """A reference's index, made once."""
    return index(reference)
