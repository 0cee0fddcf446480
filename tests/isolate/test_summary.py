"""Depth and reads in figures."""

import numpy as np
import pytest

from abscope.isolate.summary import depth_of, read_stats


def test_depth_is_summed_up_whole_and_by_window():
    depths = np.array([0, 10, 20, 30, 40], dtype=np.int32)
    depth = depth_of(depths, mincov=10, window=2)
    assert (depth.mean, depth.median, depth.breadth) == (20, 20, 0.8)
    assert depth.windows.tolist() == [5, 25, 40]
    assert depth.windows.dtype == np.float32


def test_shares_are_of_bases_of_reads_and_of_pairs():
    inserts = np.zeros(500, dtype=np.int64)
    inserts[[300, 310, 400]] = [2, 2, 3]
    stats = read_stats(np.array([1000, 640, 900, 8]), 10, copies=(1, 5), inserts=inserts)
    assert (stats.reads, stats.bases, stats.mean_length) == (10, 1000, 100)
    assert (stats.gc, stats.q30, stats.mapped, stats.duplicates) == (0.64, 0.9, 0.8, 0.2)
    assert stats.insert_median == 310


@pytest.mark.filterwarnings("error")
def test_no_reads_have_no_shares():
    stats = read_stats(
        np.zeros(4, dtype=np.int64), 0, copies=(0, 0), inserts=np.zeros(9, dtype=np.int64)
    )
    assert (stats.reads, stats.mean_length, stats.mapped, stats.q30) == (0, 0, None, None)
    assert (stats.duplicates, stats.insert_median) == (None, None)
