"""Plasmids are seen by what of them is covered, and how deep."""

import numpy as np
import pytest

from abscope.isolate.panel_counts import count_contigs, count_reads
from abscope.isolate.plasmids import plasmid_state
from abscope.isolate.seeds import index
from abscope.records import Contig, Letters, Reference
from abscope.simulate.genomes import Genome, from_reference
from isolate import keygenes

NONE = np.empty((0, 2), dtype=np.int64)


def random(size: int, seed: int) -> Letters:
    return np.random.default_rng(seed).choice(np.frombuffer(b"ACGT", dtype=np.uint8), size)


PLASMID = Reference("p1", (Contig("p1", 0, 8_000),), random(8_000, 1))


def cell(copies: int, part: int = 8_000) -> Genome:
    """A chromosome of 60 kb with so many copies of the plasmid's first bases."""
    letters = np.concatenate([random(60_000, 2), *[PLASMID.sequence[:part]] * copies])
    return from_reference(Reference("cell", (Contig("c", 0, len(letters)),), letters))


@pytest.mark.parametrize(
    ("copies", "part", "verdict"),
    [(0, 8_000, "absent"), (1, 8_000, "present"), (3, 8_000, "present"), (1, 4_000, "partly")],
)
def test_reads_show_the_plasmid_and_its_copies(
    copies: int, part: int, verdict: str, tmp_path
) -> None:
    batches = keygenes.batches(tmp_path, [(cell(copies, part), 1.0)], depth=30, seed=3)
    seen = count_reads(batches, index(PLASMID), stretches=NONE)
    found = plasmid_state("p1", seen.counts, 30.0)
    assert found.verdict == verdict
    assert found.copies == pytest.approx(copies * part / 8_000, rel=0.25, abs=0.05)


def test_contigs_show_the_plasmid_but_not_its_copies() -> None:
    for copies, verdict in ((0, "absent"), (1, "present")):
        seen = count_contigs([cell(copies).letters], index(PLASMID), stretches=NONE)
        found = plasmid_state("p1", seen.counts, None)
        assert (found.verdict, found.copies) == (verdict, None)


def test_a_few_reads_of_a_plasmid_settle_nothing(tmp_path) -> None:
    tube = [(cell(0), 0.97), (cell(1), 0.03)]
    seen = count_reads(
        keygenes.batches(tmp_path, tube, depth=60, seed=5), index(PLASMID), stretches=NONE
    )
    assert plasmid_state("p1", seen.counts, 60.0).verdict == "cannot tell"
    assert plasmid_state("p1", seen.counts, 5.0).verdict == "cannot tell"
