"""Genomes of other pipelines, as letters and as bits, without those one does not want to see."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from abscope.errors import FormatError, UsageError
from abscope.formats import called_genomes, core_alignment
from abscope.population import bitplanes

ROWS = {"Reference": "ACGTACGTAC", "a": "ACGTACGTAA", "b": "TCGTACGTAA", "c": "TCNTACGTGA"}


@pytest.fixture
def alignment(tmp_path: Path) -> Path:
    path = tmp_path / "core.full.aln"
    path.write_text("".join(f">{name}\n{row}\n" for name, row in ROWS.items()))
    return path


def test_snippys_reference_is_an_isolate_that_is_told_of_and_can_be_left_out(
    alignment: Path,
) -> None:
    for read in (called_genomes.read, called_genomes.letters):
        assert "Reference" in read([alignment]).remarks[0]
        assert read([alignment], leave_out=["Reference"]).remarks == ()
    assert called_genomes.read([alignment]).planes.ids == tuple(ROWS)


@pytest.mark.parametrize("gone", [["Reference"], ["b"], ["a", "c"]], ids=" ".join)
def test_leaving_isolates_out_changes_no_other_pair(alignment: Path, gone: list[str]) -> None:
    whole = core_alignment.packed(alignment)
    found = called_genomes.read([alignment], leave_out=gone).planes
    rows = [whole.ids.index(name) for name in found.ids]
    assert set(found.ids) == set(ROWS) - set(gone)
    for few, many in zip(
        bitplanes.count(found.words, isolates=len(found.ids)),
        bitplanes.count(whole.words, isolates=len(whole.ids)),
        strict=True,
    ):
        assert (few == many[np.ix_(rows, rows)]).all()


def test_who_is_left_out_must_be_there_and_two_must_stay(alignment: Path) -> None:
    with pytest.raises(UsageError, match="nobody to leave out is called d"):
        called_genomes.read([alignment], leave_out=["d"])
    with pytest.raises(UsageError, match="fewer than two"):
        called_genomes.letters([alignment], leave_out=["a", "b", "c"])


def test_a_mask_hides_the_same_sites_of_letters_and_of_bits(alignment: Path) -> None:
    bed = alignment.with_name("mask.bed")
    bed.write_text("whatever\t1\t3\trepeat\n")
    letters = called_genomes.masked(called_genomes.letters([alignment]), bed)
    bits = called_genomes.without(called_genomes.read([alignment]), bed)
    assert letters.mask.intervals == bits.mask.intervals
    assert letters.remarks == bits.remarks
    assert "2 of 10 sites masked" in bits.remarks


def test_a_mask_beyond_the_columns_says_which_positions_are_meant(alignment: Path) -> None:
    bed = alignment.with_name("mask.bed")
    bed.write_text("chr\t5\t1000\n")
    with pytest.raises(FormatError, match="5-1000 lies outside") as error:
        called_genomes.masked(called_genomes.letters([alignment]), bed)
    assert "constant columns included" in error.value.hint


@pytest.mark.parametrize("read", [called_genomes.read, called_genomes.letters])
def test_an_alignment_may_come_through_a_pipe(
    alignment: Path, read: Callable[[list[Path]], object]
) -> None:
    pipe = alignment.with_name("pipe")
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(pipe.write_bytes, alignment.read_bytes())
        read([pipe])
        writing.result(timeout=10)
