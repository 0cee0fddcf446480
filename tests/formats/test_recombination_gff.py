"""Blocks as GFF: what Gubbins writes is read, and what is written is read again."""

from pathlib import Path

import numpy as np
import pytest

from abscope.errors import FormatError
from abscope.formats import recombination_gff
from abscope.records import Distances, Recombination, RecombinationBlock

GUBBINS = (
    "##gff-version 3\n##sequence-region SEQUENCE 1 3043210\n"
    "SEQUENCE\tGUBBINS\tCDS\t684115\t688501\t0.000\t.\t0\t"
    'node="Node_9->Node_8";neg_log_likelihood="296.952907";taxa="  S2 S78 S26";snp_count="8";\n'
)


def test_gubbins_own_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.gff"
    path.write_text(GUBBINS)
    (found,) = recombination_gff.read(path)
    assert (found.branch, found.start, found.end) == ("Node_8", 684114, 688501)
    assert (found.snps, found.taxa) == (8, ("S2", "S78", "S26"))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    zero = Distances(("a", "b"), np.zeros((2, 2), np.int64), np.full((2, 2), 9, np.int64))
    block = RecombinationBlock("n1", 3, 9, 4, 0.25, 1e-9, ("a", "b"))
    found = Recombination("abscope, x", "REF", 9, (block,), zero, zero, "(a,b);", 1, True)
    path = tmp_path / "x.gff"
    path.write_text(recombination_gff.text(found))
    assert path.read_text().splitlines()[2].startswith("SEQUENCE\tabscope\tCDS\t4\t9\t")
    (again,) = recombination_gff.read(path)
    assert (again.start, again.end, again.taxa, again.snps) == (3, 9, ("a", "b"), 4)


def test_every_line_that_tells_no_block_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.gff"
    path.write_text(GUBBINS + "SEQUENCE\tx\nSEQUENCE\ty\n")
    with pytest.raises(FormatError, match=r"2 problems\n  line 4.*\n  line 5"):
        recombination_gff.read(path)
