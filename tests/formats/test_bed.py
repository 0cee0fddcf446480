"""Masks as BED, on the contigs of a reference."""

from pathlib import Path

import numpy as np
import pytest

from abscope.errors import FormatError
from abscope.formats import bed
from abscope.records import Interval, Mask, Reference
from genealogies import reference_of


@pytest.fixture
def reference() -> Reference:
    return reference_of(np.full(300, ord("A"), np.uint8), cuts=[200])


def written(folder: Path, text: str) -> Path:
    path = folder / "phages.bed"
    path.write_text(text, encoding="utf-8")
    return path


def test_intervals_lie_on_the_contigs_laid_end_to_end(tmp_path: Path, reference: Reference) -> None:
    path = written(tmp_path, "# a comment\ntrack name=x\ncontig1\t0\t10\tPPE\n\ncontig2\t5\t9\n")
    assert bed.read(path, reference) == (Interval(0, 10, "PPE"), Interval(205, 209, "phages"))


def test_a_mask_survives_being_written_and_read(tmp_path: Path, reference: Reference) -> None:
    intervals = (Interval(3, 50, "repeat"), Interval(40, 60, "PPE"), Interval(200, 300, "plasmid"))
    path = written(tmp_path, bed.text(Mask("REF", 300, intervals), reference))
    assert bed.read(path, reference) == intervals


def test_an_interval_over_two_contigs_is_cut(reference: Reference) -> None:
    mask = Mask("REF", 300, (Interval(190, 210, "repeat"),))
    assert bed.text(mask, reference) == "contig1\t190\t200\trepeat\ncontig2\t0\t10\trepeat\n"


def test_lines_about_other_genomes_are_passed_over(tmp_path: Path, reference: Reference) -> None:
    assert bed.read(written(tmp_path, "elsewhere\t0\t10\n"), reference) == ()


def test_every_broken_line_is_listed(tmp_path: Path, reference: Reference) -> None:
    path = written(tmp_path, "contig1\t5\ncontig1\tfive\t9\ncontig1\t190\t201\ncontig1\t9\t9\n")
    with pytest.raises(FormatError, match=r"(?s)4 problems.*line 1.*line 2.*line 3.*line 4"):
        bed.read(path, reference)


def test_a_file_that_is_not_there_is_named(tmp_path: Path, reference: Reference) -> None:
    with pytest.raises(FormatError, match=r"nowhere\.bed"):
        bed.read(tmp_path / "nowhere.bed", reference)
