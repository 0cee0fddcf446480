"""Templates: copies, lengths, and adapter beyond them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abscope.isolate.mapping import map_block
from abscope.isolate.pairs import Copies, pair_up
from isolate.small_reads import block_of, indexed, random_bases, turned

LETTERS = random_bases(5000, 1)
SEEDS = indexed(LETTERS)


def paired(templates, *, length: int = 100):
    """pair_up of mates read from the ends of templates; adapter follows a short one."""
    adapter = random_bases(200, 99).tobytes()
    ends = (
        [(t + adapter)[:length] for t in templates],
        [(turned(t) + adapter)[:length] for t in templates],
    )
    blocks = [block_of(reads) for reads in ends]
    rows = [map_block(block.buffer, block.records, SEEDS.genome)[0] for block in blocks]
    sizes = [np.minimum(block.records[:, 2], 1024) for block in blocks]
    return pair_up(*rows, *sizes)


def template(start: int, end: int, *, reverse: bool = False) -> bytes:
    letters = LETTERS[start:end].tobytes()
    return turned(letters) if reverse else letters


def test_templates_from_either_strand_have_one_key_and_others_another():
    whole = [
        template(100, 400),
        template(100, 400, reverse=True),
        template(101, 400),
        template(100, 399),
    ]
    keys, _, _, inserts = paired(whole)
    assert keys[0] == keys[1]
    assert len(set(keys.tolist())) == 3
    assert {int(k): int(inserts[k]) for k in np.flatnonzero(inserts)} == {299: 2, 300: 2}


def test_a_mate_that_lies_nowhere_makes_no_template():
    keys, _, _, inserts = paired([random_bases(300, 7).tobytes()])
    assert keys.tolist() == [0]
    assert not inserts.any()


@given(st.integers(45, 140), st.booleans())
def test_what_a_read_holds_beyond_its_template_does_not_count(size, reverse):
    _, spans1, spans2, _ = paired([template(1000, 1000 + size, reverse=reverse)])
    kept = min(size, 100)
    for spans, turned_read in ((spans1, reverse), (spans2, not reverse)):
        expected = [100 - kept, 100] if turned_read else [0, kept]
        assert spans[0].tolist() == expected


@given(st.lists(st.lists(st.integers(0, 30), max_size=40), max_size=10))
def test_a_copy_is_a_template_met_before_in_the_order_of_the_file(blocks):
    copies, met = Copies(), set()
    for block in blocks:
        flags = copies.mark(np.array(block, dtype=np.uint64))
        for key, flag in zip(block, flags.tolist(), strict=True):
            assert flag == (key in met and key != 0)
            met.add(key)


def test_templates_stay_known_when_there_are_many():
    keys = np.arange(1, 200_001, dtype=np.uint64)
    copies = Copies()
    assert not any(copies.mark(part).any() for part in np.array_split(keys, 20))
    assert all(copies.mark(part).all() for part in np.array_split(keys, 20))
    assert (copies.templates, copies.copies) == (200_000, 200_000)
