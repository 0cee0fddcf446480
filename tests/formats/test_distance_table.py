"""Distance tables as other tools write and read them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from abscope.errors import FormatError
from abscope.formats import distance_table
from abscope.population.pairs import resolved
from genealogies import alignments, comparison_of

ROWS = {"a": "AAAAAAAA", "b": "AAAAAACC", "c": "GAANNNNN"}


def test_a_square_table_has_names_on_both_sides() -> None:
    text = distance_table.matrix(comparison_of(ROWS).masked)
    assert text == "abscope\ta\tb\tc\na\t0\t2\t1\nb\t2\t0\t1\nc\t1\t1\t0\n"


def test_a_distance_that_cannot_be_told_is_no_number() -> None:
    found = comparison_of(ROWS)
    text = distance_table.matrix(found.masked, resolved(found))
    assert text == "abscope\ta\tb\tc\na\t0\t2\tNA\nb\t2\t0\tNA\nc\tNA\tNA\t0\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(alignments())
def test_a_square_table_survives_being_written_and_read(
    tmp_path: Path, rows: dict[str, str]
) -> None:
    found = comparison_of(rows)
    usable = resolved(found)
    path = tmp_path / "distances.tsv"
    path.write_text(distance_table.matrix(found.masked, usable), encoding="utf-8")
    told = usable | np.eye(len(rows), dtype=np.bool_)
    assert distance_table.read(path) == {
        (one, other): int(found.masked.snps[i, j]) if told[i, j] else None
        for i, one in enumerate(rows)
        for j, other in enumerate(rows)
    }


def test_a_table_between_commas_with_windows_line_ends_is_read(tmp_path: Path) -> None:
    path = tmp_path / "distances.csv"
    path.write_bytes(b"snp-dists 0.8.2,a,b\r\na,0,3\r\nb,3,0\r\n")
    assert distance_table.read(path)["a", "b"] == 3


def test_every_broken_line_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "distances.tsv"
    path.write_text("x\ta\tb\na\t0\nb\tthree\t0\n")
    with pytest.raises(FormatError, match=r"(?s)line 2 \(a\).*line 3 \(b\): .*three"):
        distance_table.read(path)


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "distances.tsv"
    path.write_text("\n")
    with pytest.raises(FormatError, match="empty"):
        distance_table.read(path)


def test_a_published_table_is_read(shared_data: Path) -> None:
    path = shared_data / "benchmark_lambda" / "expected" / "snp_distance_matrix.tsv"
    found = distance_table.read(path)
    assert found["sample1", "sample2"] == found["sample2", "sample1"] == 90
    assert len(found) == 16
