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
    path.write_text("x\ta\tb\n\na\t0\t1\t2\nb\tthree\t0\na\t0\n")
    with pytest.raises(FormatError) as error:
        distance_table.read(path)
    for said in (
        "row 3 (a): 3 distances under 2 names",
        "row 4 (b): 'three' is no whole number",
        "row 5 (a): 1 distances under 2 names",
        "row a: 2 of this name",
    ):
        assert said in error.value.message


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


@pytest.mark.parametrize(
    "text",
    [
        "x,a,b,c\na,0,1.0,nan\nb,1.0,0.0,5.0\nc,NaN,5.0,0\n",
        '"","a","b","c"\n"a",0,1,NA\n"b",1,0,5\n"c",NA,5,0\n',
        "x\ta\tb\tc\na\t0\nb\t1\t0\nc\tNA\t5\t0\n",
    ],
    ids=["pandas", "R", "lower triangle"],
)
def test_tables_as_other_programs_write_them_are_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "distances"
    path.write_text(text)
    found = distance_table.read(path)
    assert (found["b", "a"], found["c", "b"], found["c", "a"]) == (1, 5, None)
