"""Tables of typed isolates, as a watch reads them."""

from pathlib import Path

import pytest

from abscope.errors import FormatError
from abscope.formats import type_tables


def test_clones_handling_and_resistance_are_read_and_what_is_not_told_stays_unknown(
    tmp_path: Path,
) -> None:
    (tmp_path / "types.tsv").write_text(
        "isolate_id\tclone\tsubspecies\trun\n"
        "a\tDCC1\tabscessus\tM1\nb\tnone\tmassiliense\t\nc\tcannot tell\t\tM2\n"
    )
    (tmp_path / "resistance.tsv").write_text(
        "isolate_id\tdrug\tagents\tmechanism\tmechanism_verdict\tfinding\n"
        "a\tmacrolides\tclarithromycin; azithromycin\trrl\tresistant\trrl_2058=G\n"
        "b\tamikacin\tamikacin\trrs\tsusceptible\trrs_1408=A\n"
        "c\tamikacin\tamikacin\trrs\tnot assessed\t\n"
    )
    found = type_tables.read(tmp_path)
    assert found.strata == {"a": "DCC1", "b": "not a clone (massiliense)", "c": None}
    assert found.handling == {"a": {("run", "M1")}, "b": frozenset(), "c": {("run", "M2")}}
    both = {("clarithromycin", "rrl_2058=G"), ("azithromycin", "rrl_2058=G")}
    assert found.markers == {"a": both, "b": frozenset()}


def test_a_folder_without_tables_says_nothing_of_anybody(tmp_path: Path) -> None:
    assert type_tables.read(tmp_path) == type_tables.IsolateFacts()


def test_a_table_with_tabs_and_one_with_commas_say_the_same(tmp_path: Path) -> None:
    rows = ["isolate_id,Subspecies,clone,run,plate", "a,abscessus,DCC1, M1 ,", "b,,none,,P1",
            "c,bolletii,None,M1,P1", "d,massiliense,NA,,", '"e 1",massiliense,cannot tell,M2,']  # fmt: skip
    for name, separator in (("tabs", "\t"), ("commas", ",")):
        (tmp_path / name).mkdir()
        text = "\n".join(row.replace(",", separator) for row in rows) + "\n"
        (tmp_path / name / "types.tsv").write_text(text)
    assert type_tables.read(tmp_path / "tabs") == type_tables.read(tmp_path / "commas")


def test_an_isolate_told_of_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "types.tsv").write_text("isolate_id\tclone\tsubspecies\na\tDCC1\tx\na\tDCC2\tx\n")
    with pytest.raises(FormatError, match="a: is there twice"):
        type_tables.read(tmp_path)
