"""Counting reads while they pass."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abscope.records import Block
from abscope.tools.tally import ReadTally

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
    bases, strong, good, placed = tally.totals(placed=1).tolist()
    everything = first + (second or [])
    letters = "".join(read for read, _ in everything)
    qualities = "".join(quality for _, quality in everything)
    assert (tally.reads, bases, placed) == (len(everything), len(letters), 1)
    assert strong == sum(map(letters.count, "GC"))
    assert good == sum(quality >= "?" for quality in qualities)
