"""Stretches of contig on a reference, read letter by letter."""

import numpy as np
import pytest

from abscope.records import Contig, Reference
from abscope.tools import contigs
from abscope.tools.contigs import Placed

REFERENCE = Reference(
    "toy", (Contig("c", 0, 20),), np.frombuffer(b"ACGTACGTACGTGGCCTTAA", dtype=np.uint8)
)


def placed(start, letters, steps, *, forward=True, trusted=True):
    return Placed(start, np.frombuffer(letters, dtype=np.uint8), steps, forward, trusted)


def letters_of(*stretches):
    return contigs.read(stretches, REFERENCE).letters.tobytes().decode()


def test_letters_lie_where_the_alignment_puts_them():
    stretch = placed(2, b"GTTCGTGGCC", ((2, "M"), (2, "D"), (4, "M"), (1, "I"), (3, "M")))
    found = contigs.read([stretch], REFERENCE)
    #                           ACGTACGTACGTGGCCTTAA
    assert found.letters.tobytes() == b"--GT--TCGTGCC-------"
    assert found.variants.select("position", "ref", "alt", "kind").rows()[0] == (
        3, "TAC", "T", "deletion",
    )  # fmt: skip


def test_an_insertion_stands_with_the_base_before_it():
    stretch = placed(0, b"ACGTTTACGT", ((4, "M"), (2, "I"), (4, "M")))
    found = contigs.read([stretch], REFERENCE)
    assert found.letters.tobytes() == b"ACGTACGT" + b"-" * 12
    assert found.variants.select("position", "ref", "alt", "kind", "filter").rows() == [
        (3, "T", "TTT", "insertion", "PASS")
    ]


@pytest.mark.parametrize("second_trusted", [True, False])
def test_where_two_stretches_lie_nothing_is_called(second_trusted):
    first = placed(0, b"ACGTACGT", ((8, "M"),))
    second = placed(4, b"ACGTACGT", ((8, "M"),), trusted=second_trusted)
    end = "ACGT" if second_trusted else "NNNN"
    assert letters_of(first, second) == "ACGTNNNN" + end + "-" * 8


def test_a_change_where_two_stretches_lie_is_not_reported():
    first = placed(0, b"ACGAAC", ((6, "M"),))
    second = placed(2, b"GTTACG", ((2, "M"), (1, "I"), (3, "M")))
    assert contigs.read([first, second], REFERENCE).variants.is_empty()


def test_an_unknown_letter_is_low_and_a_changed_one_a_snp_on_its_strand():
    stretch = placed(0, b"ACNTTC", ((6, "M"),), forward=False)
    found = contigs.read([stretch], REFERENCE)
    assert found.letters.tobytes() == b"ACNTTC" + b"-" * 14
    assert found.variants.rows() == [(4, "A", "T", "snp", None, 1, 0, 1, "PASS")]


def test_only_trusted_stretches_count_as_placed():
    stretches = [placed(0, b"ACGT", ((4, "M"),)), placed(9, b"CG", ((2, "M"),), trusted=False)]
    assert contigs.placed_fraction(stretches, 8) == 0.5
