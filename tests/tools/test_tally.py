"""Counting reads while they pass, and depth along a genome."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.records import Block
from abscope.tools.tally import ReadTally, depth_of

reads = st.lists(
    st.text("ACGTN", min_size=1, max_size=9).flatmap(
        lambda s: st.tuples(st.just(s), st.text("!5?I", min_size=len(s), max_size=len(s)))
    ),
    min_size=1,
    max_size=8,
)


def block_of(found):
    text, records = "", []
    for letters, qualities in found:
        start = len(text) + len("@r\n")
        records.append((len(text) + 1, start, len(letters), start + len(letters) + 3))
        text += f"@r\n{letters}\n+\n{qualities}\n"
    return Block(np.frombuffer(text.encode(), dtype=np.uint8), np.array(records, dtype=np.int64))


@given(reads, st.none() | reads)
def test_reads_are_counted_as_by_hand(first, second):
    tally = ReadTally()
    batch = (block_of(first), None if second is None else block_of(second))
    assert list(tally.watch([batch])) == [batch]
    stats = tally.stats(placed=1, insert_median=None, duplicates=None)
    everything = first + (second or [])
    letters = "".join(read for read, _ in everything)
    qualities = "".join(quality for _, quality in everything)
    known = sum(map(letters.count, "ACGT"))
    assert (stats.reads, stats.bases) == (len(everything), len(letters))
    assert stats.mean_length == len(letters) / len(everything)
    assert stats.gc == (sum(map(letters.count, "GC")) / known if known else 0)
    assert stats.q30 == pytest.approx(sum(q >= "?" for q in qualities) / len(letters))
    assert stats.mapped == 1 / len(everything)


def test_depth_is_described_by_window_and_as_a_whole():
    covering = np.concatenate([np.full(1000, 10), np.full(500, 4)])
    found = depth_of(covering, 10)
    assert (found.mean, found.median, found.window) == (8, 10, 1000)
    assert found.breadth == pytest.approx(2 / 3)
    assert found.windows.tolist() == [10, 4]
