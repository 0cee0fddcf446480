"""Genes that are lost are found from reads and contigs, and those that are not are left alone."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from abscope.formats import fastq
from abscope.formats.fastq_writer import write_pair
from abscope.isolate.fast import call_assembly, call_reads
from abscope.isolate.genes import GeneState, gene_states
from abscope.isolate.seeds import SeedIndex, index
from abscope.isolate.traits import traits
from abscope.knowledge.rows import Knowledge, Locus, Trait
from abscope.records import Called, Contig, Letters, Reference
from abscope.settings import CallRules
from abscope.simulate.genomes import from_reference
from abscope.simulate.library import Sequencing, Source
from abscope.simulate.reads import paired_reads

LENGTH, CODONS = 40_000, 300
SIZE = 3 * CODONS + 6
PLACES = {"fwd": (10_000, "+"), "rev": (25_000, "-")}
SENSE = [a + b + c for a in "ACGT" for b in "ACGT" for c in "ACGT"]
SENSE = [codon for codon in SENSE if codon not in ("TAA", "TAG", "TGA")]
Edit = Callable[[str], str]


def turned(text: str) -> str:
    return text[::-1].translate(str.maketrans("ACGT", "TGCA"))


@cache
def gene(name: str) -> str:
    rng = np.random.default_rng(sorted(PLACES).index(name))
    return "GTG" + "".join(SENSE[k] for k in rng.integers(0, len(SENSE), CODONS)) + "TGA"


@cache
def background() -> str:
    return "".join(np.random.default_rng(9).choice(list("ACGT"), LENGTH))


def letters(edits: dict[str, Edit]) -> Letters:
    """The genome with its genes edited, each read on its own strand."""
    text = background()
    for name, (start, strand) in sorted(PLACES.items(), reverse=True):
        own = edits.get(name, str)(gene(name))
        placed = own if strand == "+" else turned(own)
        text = text[:start] + placed + text[start + SIZE :]
    return np.frombuffer(text.encode(), dtype=np.uint8)


def reference() -> Reference:
    return Reference("ref", (Contig("c1", 0, LENGTH),), letters({}))


@cache
def seeds() -> SeedIndex:
    return index(reference())


def knowledge() -> Knowledge:
    loci = [
        Locus("ref", name, None, "c1", start, start + SIZE, strand, "a protein", "made up")
        for name, (start, strand) in PLACES.items()
    ]
    loci.append(Locus("ref", "rna", None, "c1", 2_000, 2_500, "+", "no protein", "made up"))
    rough = tuple(Trait("rough", name, "made up") for name in PLACES)
    return Knowledge(loci=tuple(loci), traits=rough)


def read(edits: dict[str, Edit], *, depth: float = 40, seed: int = 1) -> Called:
    genome = letters(edits)
    isolate = Reference("isolate", (Contig("c", 0, len(genome)),), genome)
    sources = [Source(from_reference(isolate), 1.0)]
    rng = np.random.default_rng(seed)
    with TemporaryDirectory() as folder:
        files = (Path(folder) / "1.fastq.gz", Path(folder) / "2.fastq.gz")
        write_pair(*files, paired_reads(sources, Sequencing(depth=depth), rng=rng))
        return call_reads(fastq.batches(*files), seeds(), rules=CallRules())


def states(called: Called, *, reads: bool = True) -> dict[str, GeneState]:
    found = gene_states(called.calls, called.variants, reference(), knowledge(), reads=reads)
    return {one.locus: one for one in found}


def put(at: int, new: str, lost: int = 0) -> Edit:
    """`new` in the place of `lost` bases, at a base of the gene (1-based)."""
    return lambda own: own[: at - 1] + new + own[at - 1 + lost :]


def unlike(name: str, at: int) -> str:
    return "C" if gene(name)[at - 1] != "C" else "G"


DAMAGES: dict[str, tuple[Callable[[str], Edit], str, int]] = {
    "a stop codon": (lambda _: put(301, "TAA", 3), "premature stop", 301),
    "a base too many": (lambda n: put(400, unlike(n, 400) + unlike(n, 399)), "frameshift", 400),
    "two bases gone": (lambda _: put(250, "", 2), "frameshift", 250),
    "no start": (lambda _: put(1, "CCC", 3), "start lost", 1),
    "half of it gone": (lambda _: put(200, "", 450), "deletion", 200),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", PLACES)
def test_a_lost_gene_is_found_with_the_change_and_its_place(name: str, damage: str) -> None:
    edit, change, at = DAMAGES[damage]
    found = states(read({name: edit(name)}))
    assert (found[name].verdict, found[name].change) == ("disrupted", change)
    assert found[name].at is not None
    assert abs(found[name].at - at) <= 12  # a gap in a repeat lies where its caller puts it
    [other] = [one for one in found.values() if one.locus != name]
    assert (other.verdict, other.product) == ("intact", CODONS + 1)


HARMLESS: dict[str, Callable[[str], Edit]] = {
    "nothing": lambda _: str,
    "a codon changed": lambda _: put(301, "GCC", 3),
    "three bases gone": lambda _: put(301, "", 3),
    "another stop codon": lambda _: put(SIZE - 2, "TAA", 3),
    "another start codon": lambda _: put(1, "ATG", 3),
}


@pytest.mark.parametrize("change", HARMLESS)
def test_a_gene_that_still_makes_its_product_is_intact(change: str) -> None:
    found = states(read({name: HARMLESS[change](name) for name in PLACES}))
    assert {one.verdict for one in found.values()} == {"intact"}


def test_a_stretch_in_no_contig_is_told_apart_from_one_without_reads() -> None:
    lost = letters({"fwd": put(200, "", 450)})
    called = call_assembly([lost], seeds(), rules=CallRules())
    found = states(called, reads=False)["fwd"]
    assert (found.verdict, found.change) == ("cannot tell", None)
    assert "in no contig" in found.reason
    assert states(called, reads=False)["rev"].verdict == "intact"


def test_contigs_show_frameshifts_and_stops() -> None:
    broken = letters({"fwd": put(250, "", 2), "rev": put(301, "TAA", 3)})
    found = states(call_assembly([broken], seeds(), rules=CallRules()), reads=False)
    assert [found[name].change for name in PLACES] == ["frameshift", "premature stop"]


def test_an_insertion_sequence_is_never_taken_for_an_intact_gene() -> None:
    inserted = "".join(np.random.default_rng(4).choice(list("ACGT"), 1300))
    found = states(read({"fwd": put(400, inserted)}))
    assert found["fwd"].verdict != "intact"
    assert found["rev"].verdict == "intact"


def test_too_few_reads_are_no_verdict() -> None:
    found = states(read({}, depth=4))
    assert {one.verdict for one in found.values()} == {"cannot tell"}


def test_loci_that_are_no_protein_genes_are_left_out() -> None:
    assert set(states(read({}))) == set(PLACES)


def test_a_trait_is_expected_because_of_the_gene_that_is_lost() -> None:
    lost = states(read({"rev": put(301, "TAA", 3)}))
    [call] = traits(list(lost.values()), knowledge())
    assert (call.trait, call.verdict, call.genes) == ("rough", "expected", ("rev",))
    [call] = traits(list(states(read({})).values()), knowledge())
    assert call.verdict == "not seen"
    [call] = traits(list(states(read({}, depth=4)).values()), knowledge())
    assert call.verdict == "cannot tell"
    [call] = traits([], knowledge())
    assert call.verdict == "not assessed"


def test_calls_on_another_reference_are_refused() -> None:
    called = read({})
    other = Reference("other", (Contig("c1", 0, LENGTH),), letters({}))
    with pytest.raises(ValueError, match="genes lie on other"):
        gene_states(called.calls, called.variants, other, knowledge(), reads=True)
