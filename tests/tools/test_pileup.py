"""From counts to letters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.records import Contig, Reference
from abscope.settings import CallRules
from abscope.tables import VARIANTS
from abscope.tools.pileup import Pileup, _trimmed, letters

RULES = CallRules(mincov=4, minfrac=0.75)


def slow_letter(covering, counted, agreeing, ref, snp):
    """The rules of records.Calls as one would read them aloud; snp: (letter, verdict) or None."""
    if covering == 0:
        return "-"
    if counted < RULES.mincov:
        return "N"
    if snp is not None:
        return {"PASS": snp[0], "mixed": "n"}.get(snp[1], "N")
    return ref if agreeing >= RULES.minfrac * counted else "n"


sites = st.tuples(
    st.integers(0, 9), st.integers(0, 9), st.integers(0, 9),
    st.none() | st.tuples(st.sampled_from("CGT"), st.sampled_from(["PASS", "mixed", "low_quality"])),
)  # fmt: skip


@given(st.lists(sites, min_size=1, max_size=30))
def test_letters_agree_with_the_rules_read_aloud(drawn):
    columns = [(c + a + more, c + a, a, snp) for c, a, more, snp in drawn]
    covering, counted, agreeing = (
        np.array([row[k] for row in columns], dtype=np.int32) for k in range(3)
    )
    rows = [
        (p, "A", snp[0], "snp", None, None, None, None, snp[1])
        for p, (*_, snp) in enumerate(columns)
        if snp
    ]
    sequence = np.full(len(columns), ord("A"), dtype=np.uint8)
    reference = Reference("r", (Contig("c", 0, len(columns)),), sequence)
    found = letters(Pileup(covering, counted, agreeing, VARIANTS.frame(rows)), reference, RULES)
    assert found.tobytes().decode() == "".join(
        slow_letter(c, n, a, "A", snp) for c, n, a, snp in columns
    )


@pytest.mark.parametrize(
    ("verdict", "letter"), [("PASS", "-"), ("mixed", "n"), ("low_quality", "N")]
)
def test_a_deletion_takes_its_letters_with_it(verdict, letter):
    reads = np.full(6, 9)
    reference = Reference("r", (Contig("c", 0, 6),), np.full(6, ord("A"), dtype=np.uint8))
    gone = VARIANTS.frame([(1, "AAA", "A", "deletion", None, None, None, None, verdict)])
    found = letters(Pileup(reads, reads, reads, gone), reference, RULES)
    assert found.tobytes().decode() == f"AA{letter}{letter}AA"


@pytest.mark.parametrize(
    ("pair", "shortest"),
    [
        (("AGGGGGG", "AGG"), ("AGGGG", "A")),
        (("AG", "AGTG"), ("A", "AGT")),
        (("A", "C"), ("A", "C")),
        (("CA", "CTA"), ("C", "CT")),
    ],
)
def test_alleles_are_as_short_and_as_far_left_as_they_can_be(pair, shortest):
    assert _trimmed(*pair) == shortest
