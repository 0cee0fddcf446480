"""Published profiles, and public genomes whose species is known."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from abscope.formats import fasta, sketch_lines
from abscope.formats.mlst_scheme import read_scheme
from abscope.isolate import mlst
from abscope.isolate.identity import Expected, identify
from abscope.isolate.mlst import Scheme
from abscope.knowledge.typing_limits import IdentityLimits
from abscope.records import KnownGenome, Letters
from abscope.validation.claim import Claim
from abscope.validation.exact import Share

SCHEME = Path("mabs_mlst") / "pubmlst"
OWN = Path("ntm_sketches") / "mabscessus_fracminhash.jsonl.gz"
OTHER = Path("ntm_sketches") / "other_species_fracminhash.jsonl.gz"
ATCC = Path("mabs_reference") / "GCA_000069185.1_ATCC19977.fna.gz"
EXPECTED = Expected("Mycobacterium abscessus", IdentityLimits(), (4_500_000, 5_700_000))
TYPES = {
    "GCF_000069185.1": "abscessus",
    "GCF_000270665.1": "massiliense",
    "GCF_900140075.1": "bolletii",
}
"""Two type strains; bolletii's is not among the sketches: the genome nearest to those so labelled."""
_BASES = np.frombuffer(b"ACGT", dtype=np.uint8)
_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[list(b"ACGT")] = list(b"TGCA")


def sequence_types(data: Path) -> Iterator[Claim]:
    """Every published profile from a genome built to carry it; one base changed; the type strain."""
    scheme = read_scheme(data / SCHEME)
    right, novel = 0, 0
    for profile in scheme.profiles:
        rng = np.random.default_rng(int(profile.st))
        parts = carried(scheme, profile.alleles)
        right += mlst.call(genome(parts, rng), scheme).st == profile.st
        at = int(rng.integers(len(parts)))
        parts[at] = _COMPLEMENT[parts[at]]
        novel += mlst.call(genome(parts, rng), scheme).st is None
    tried = len(scheme.profiles)
    yield Claim("MLST", SCHEME.name, "published profiles given their ST", Share(right, tried))
    yield Claim(
        "MLST", SCHEME.name, "given none with an allele that is no known one", Share(novel, tried)
    )
    if (data / ATCC).is_file():
        found = mlst.call(fasta.read(data / ATCC), scheme)
        yield Claim("MLST", ATCC.name, "ATCC 19977 is ST 5", Share(int(found.st == "5"), 1))


def genome(parts: Sequence[Letters], rng: np.random.Generator) -> list[tuple[str, Letters]]:
    """Random letters with the parts in random order and on random strands, in one contig."""
    whole = [rng.choice(_BASES, 20_000)]
    for at in rng.permutation(len(parts)):
        part = parts[at] if rng.random() < 0.5 else _COMPLEMENT[parts[at][::-1]]
        whole += [part, rng.choice(_BASES, 20_000)]
    return [("genome", np.concatenate(whole))]


def carried(scheme: Scheme, alleles: Sequence[str]) -> list[Letters]:
    """The letters of a profile's alleles."""
    return [dict(known)[name] for known, name in zip(scheme.alleles, alleles, strict=True)]


def species(data: Path) -> Iterator[Claim]:
    """Public genomes of the species, and of others, held against three that stand for the subspecies."""
    ours = sketch_lines.read(data / OWN)
    known = [replace(one, subspecies=TYPES[one.name]) for one in ours if one.name in TYPES]
    called = sum(_is_ours(one, known) for one in ours)
    yield Claim("species", OWN.name, "*M. abscessus* called so", Share(called, len(ours)))
    others = sketch_lines.read(data / OTHER)
    spared = sum(not _is_ours(one, known) for one in others)
    remark = "without their own species among the known"
    yield Claim("species", OTHER.name, "others not called so", Share(spared, len(others)), remark)


def _is_ours(one: KnownGenome, known: Sequence[KnownGenome]) -> bool:
    return bool(identify(one.sketch, known, EXPECTED).expected)
