"""Whose isolates are, read from tables as people keep them."""

from pathlib import Path

import pytest

from abscope.errors import FormatError
from abscope.formats.sampled_isolates import WHOLE, read_isolates
from abscope.records import SampledIsolate


def table(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_headings_and_unknowns_are_read_as_people_write_them(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "a.csv",
        "Sample,Patient ID,DCC,Subspecies,Country,Sample_date\n"
        "s1,p1,DCC1,,UK,2012-05-03\n"
        "s2,?,none,massiliense,NP,Not present\n"
        "s3,p3,cannot tell,abscessus,Italy,2012\n",
    )
    assert read_isolates(path).isolates == (
        SampledIsolate("s1", "p1", "DCC1", "UK", "2012-05-03"),
        SampledIsolate("s2", None, "not a clone (massiliense)", None, None),
        SampledIsolate("s3", "p3", None, "Italy", "2012"),
    )


def test_of_two_tables_each_tells_what_it_knows_and_the_first_decides(tmp_path: Path) -> None:
    types = table(tmp_path, "types.tsv", "isolate_id\tclone\tcountry\ns1\tDCC1\t\ns2\tDCC3\tUK\n")
    cases = table(
        tmp_path, "cases.csv", "isolate,case_id,country\ns2,c2,Spain\ns1,c1,Cuba\ns3,c3,\n"
    )
    assert read_isolates(types, cases).isolates == (
        SampledIsolate("s1", "c1", "DCC1", "Cuba"),
        SampledIsolate("s2", "c2", "DCC3", "UK"),
        SampledIsolate("s3", "c3", None),
    )


def test_what_is_supposed_and_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = table(tmp_path, "a.csv", "isolate,year\ns1,spring\ns2,2011\n")
    found = read_isolates(path)
    assert [(one.patient, one.stratum) for one in found.isolates] == [("s1", WHOLE), ("s2", WHOLE)]
    said = " / ".join(problem.what for problem in found.problems)
    assert "'spring'" in said
    assert "another patient's" in said
    assert "one stratum" in said


def test_cases_of_a_line_list_without_an_isolate_are_passed_over(tmp_path: Path) -> None:
    path = table(tmp_path, "a.csv", "case_id,isolate_id\nA,s1\nB,\nC,\nD,s2\n")
    assert [(one.isolate_id, one.patient) for one in read_isolates(path).isolates] == [
        ("s1", "A"),
        ("s2", "D"),
    ]


def test_every_row_without_a_name_and_every_repeated_one_is_named_at_once(tmp_path: Path) -> None:
    path = table(tmp_path, "a.csv", "isolate,patient\ns1,p\n,q\ns1,r\n")
    with pytest.raises(FormatError, match=r"row 3: no isolate(.|\n)*s1: is there twice"):
        read_isolates(path)
    with pytest.raises(FormatError, match="no column isolate_id"):
        read_isolates(table(tmp_path, "b.csv", "patient,clone\np,DCC1\n"))
