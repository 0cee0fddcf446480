"""Contact logs and test lists as people keep them."""

from datetime import date
from pathlib import Path

import pytest

from abscope.errors import TableError
from abscope.formats import followup_list


def test_a_contact_log_is_read_and_an_empty_reply_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "Clinic,Day,Channel,Language,Answer\n"
        "one,2023-03-01,Email,Spanish,\n"
        "one,2023-04-01,fax,Spanish,no reply\n"
        "two,2023-04-02,telephone,English,answered\n"
    )
    frame, problems = followup_list.contacts(path)
    assert frame["reply"].to_list() == ["none", "none", "answered"]
    assert frame["channel"].to_list() == ["email", "other", "telephone"]
    assert not problems


def test_a_row_that_cannot_be_used_is_named_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = (
        "one,soon,none",
        ",2023-04-01,none",
        "three,2023-04-01,maybe",
        "four,2023-05-01,partial",
    )
    path.write_text("\n".join(("facility,date,reply", *rows)))
    frame, problems = followup_list.contacts(path)
    assert frame["facility"].to_list() == ["four"]
    assert [problem.where for problem in problems] == [f"log.csv, row {row}" for row in (2, 3, 4)]
    assert "'soon' cannot be read" in problems[0].what


def test_tests_done_are_read(tmp_path: Path) -> None:
    path = tmp_path / "tests.tsv"
    path.write_text("patient\ttest\tdate\nA\taudiogram\t2023-03-01\n")
    frame, _ = followup_list.monitoring(path)
    assert frame.rows() == [("A", "audiogram", date(2023, 3, 1))]


def test_a_missing_column_is_an_error_with_the_columns_there_should_be(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("facility,reply\none,none\n")
    with pytest.raises(TableError, match="no column 'date'"):
        followup_list.contacts(path)
