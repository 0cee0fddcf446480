"""Where reads are placed."""

import numpy as np
import pytest

from abscope.isolate.mapping import map_block
from abscope.isolate.placements import (
    AMBIGUOUS,
    FIRST,
    MAPQ,
    PLACED,
    SEGMENTS,
    STATE,
    STRAND,
    UNPLACED,
)
from isolate.small_reads import block_of, indexed, random_bases, turned

UNIQUE = random_bases(20_000, 1)


def placed(reads, *contigs) -> np.ndarray:
    block = block_of(reads)
    return map_block(block.buffer, block.records, indexed(*(contigs or (UNIQUE,))).genome)[0]


def mutated(read: bytes, places: list[int]) -> bytes:
    swap = bytes.maketrans(b"ACGT", b"CATG")
    letters = bytearray(read)
    for place in places:
        letters[place : place + 1] = read[place : place + 1].translate(swap)
    return bytes(letters)


@pytest.mark.parametrize("length", [35, 50, 75, 101, 150, 251, 600, 1000])
def test_reads_of_any_usual_length_are_placed_from_either_strand(length):
    starts = np.linspace(0, len(UNIQUE) - length, 50).astype(int)
    reads = [UNIQUE[s : s + length].tobytes() for s in starts]
    for strand, given in enumerate((reads, [turned(read) for read in reads])):
        rows = placed(given)
        assert (rows[:, STATE] == PLACED).all()
        assert (rows[:, STRAND] == strand).all()
        assert (rows[:, MAPQ] == 60).all()
        assert rows[:, FIRST].tolist() == starts.tolist()
        assert rows[:, FIRST + 2].tolist() == [length] * 50


def test_lower_case_and_unknown_letters_do_not_matter():
    read = UNIQUE[500:650].tobytes()
    rows = placed([read.lower(), read[:70] + b"NNN" + read[73:], b"N" * 150])
    assert rows[:, STATE].tolist() == [PLACED, PLACED, UNPLACED]
    assert rows[:2, FIRST].tolist() == [500, 500]


def test_only_the_part_that_fits_is_aligned():
    strange = random_bases(100, 5).tobytes()
    row = placed([UNIQUE[500:600].tobytes() + strange[:50]])[0]
    assert row[FIRST] == 500
    assert row[FIRST + 1] == 0
    assert 100 <= row[FIRST + 2] <= 104


def test_reads_of_something_else_lie_nowhere():
    rows = placed([random_bases(150, seed).tobytes() for seed in range(100, 150)])
    assert (rows[:, STATE] == UNPLACED).all()


def test_snps_crowded_at_an_end_do_not_cut_the_read():
    row = placed([mutated(UNIQUE[500:650].tobytes(), [128, 131, 136, 140])])[0]
    assert row[FIRST : FIRST + 3].tolist() == [500, 0, 150]


def with_copy(differences: list[int]) -> np.ndarray:
    letters = UNIQUE.copy()
    letters[9000:9400] = np.frombuffer(mutated(UNIQUE[3000:3400].tobytes(), differences), np.uint8)
    return letters


@pytest.mark.parametrize(
    ("differences", "quality"), [([], 0), ([75], 15), ([20, 75], 30), ([20, 50, 80, 110], 60)]
)
def test_a_copy_elsewhere_lowers_the_quality_by_how_like_it_is(differences, quality):
    letters = with_copy([100 + d for d in differences])
    row = placed([letters[3100:3250].tobytes()], letters)[0]
    if differences:
        assert row[MAPQ] == quality
        assert row[FIRST] == 3100
    else:
        assert row[STATE] == AMBIGUOUS


def test_a_read_that_leaves_the_repeat_far_enough_is_placed():
    letters = with_copy([])
    rows = placed([letters[s : s + 150].tobytes() for s in (2870, 2920, 2990)], letters)
    assert rows[:2, MAPQ].tolist() == [60, 60]
    assert rows[2, MAPQ] < 60


def test_a_gap_in_the_middle_gives_two_segments():
    read = UNIQUE[500:560].tobytes() + UNIQUE[572:640].tobytes()
    row = placed([read])[0]
    assert row[SEGMENTS] == 2
    assert row[[FIRST, FIRST + 3]].tolist() == [500, 512]


def test_reads_shorter_than_a_seed_are_left_out():
    assert placed([b"", b"ACGT", UNIQUE[:18].tobytes()])[:, STATE].tolist() == [UNPLACED] * 3


def test_no_alignment_crosses_from_one_contig_to_the_next():
    first, second = UNIQUE[:5000], UNIQUE[8000:12000]
    joint = first[-75:].tobytes() + second[:75].tobytes()
    row = placed([first[-150:].tobytes(), joint], first, second)
    assert row[0, FIRST] == 4850
    assert row[0, FIRST + 2] == 150
