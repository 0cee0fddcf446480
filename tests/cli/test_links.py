"""abscope links, from another pipeline's distances and from a folder of abscope's own."""

import json
from pathlib import Path

import pytest

from abscope.tables import PAIRS
from linked import NO_CLONE
from worlds import abscope

PAIR_LIST = "isolate_1\tisolate_2\tsnps\niA\tiB\t2\niA\tiD\t2400\niB\tiD\t2402\n"
LINE_LIST = """case_id,isolate_id,date_exposure,date_collection,clinic
A,iA,2022-10-14,2022-11-20,one
B,iB,2022-04-10,2023-03-20,two
C,,2022-10-02,,three
D,iD,2022-05-01,2022-08-01,four
"""
ISOLATES = """isolate_id,clone,subspecies,run
iA,none,massiliense,R1
iB,none,massiliense,R7
iD,none,massiliense,
"""


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """Distances, line list, isolates and a background of 400 patients, as files."""
    (tmp_path / "distances.tsv").write_text(PAIR_LIST)
    (tmp_path / "line_list.csv").write_text(LINE_LIST)
    (tmp_path / "isolates.csv").write_text(ISOLATES)
    rows = [f"{NO_CLONE}\t{snps}\t400\t79800\t0" for snps in range(101)]
    head = "stratum\tsnps\tpatients\tpairs\tshare"
    (tmp_path / "background.tsv").write_text("\n".join([head, *rows]) + "\n")
    return tmp_path


def given(folder: Path) -> tuple[str, ...]:
    files = {"-l": "line_list.csv", "-i": "isolates.csv", "-b": "background.tsv"}
    return tuple(word for option, name in files.items() for word in (option, str(folder / name)))


def test_the_founding_pair_is_linked_and_the_reason_is_printed(asked: Path) -> None:
    done = abscope("links", str(asked / "distances.tsv"), *given(asked))
    assert done.returncode == 0, done.stderr
    assert "Linked by a common source, most likely: 2 SNPs apart" in done.stdout
    assert "0 of 400 unlinked patients" in done.stdout
    assert "2 pairs are more than 50 SNPs apart" in done.stderr


def test_json_holds_the_numbers_behind_the_verdict(asked: Path) -> None:
    done = abscope("links", str(asked / "distances.tsv"), *given(asked), "--json")
    (link,) = json.loads(done.stdout)
    assert link["verdict"] == "linked"
    shares = [link[name] for name in ("common_source", "person_to_person", "laboratory", "chance")]
    assert sum(shares) == pytest.approx(1)
    assert link["linked_low"] <= link["linked"] <= link["linked_high"]
    assert link["within"] == "5, 10, 20, 25"
    assert link["chance_upper"] == pytest.approx(3 / 400, rel=0.01)


def test_a_folder_of_ours_is_read_by_its_pairs(asked: Path) -> None:
    rows = [("iA", "iB", "JCM_15300", 2, 4_600_000, 2, 4_600_000, "compared")]
    rows += [("iA", "iD", None, None, None, None, None, "different reference")]
    PAIRS.frame(rows).write_csv(asked / "pairs.tsv", separator="\t")
    done = abscope("links", str(asked), *given(asked), "--table", str(asked / "links.tsv"))
    assert done.returncode == 0, done.stderr
    head, row = (asked / "links.tsv").read_text().splitlines()
    assert head.startswith("isolate_1\tisolate_2\tsnps\tcomparable\tverdict\tlinked")
    assert row.startswith("iA\tiB\t2\t4600000\tlinked")


def test_without_a_background_published_ones_are_used_and_it_says_so(asked: Path) -> None:
    done = abscope("links", str(asked / "distances.tsv"))
    assert done.returncode == 0, done.stderr
    assert "cannot tell" in done.stdout
    assert "no background given" in done.stderr
    assert "the clone of 2 isolates is not known" in done.stderr


def test_a_setting_nobody_knows_is_a_usage_error(asked: Path) -> None:
    done = abscope("links", str(asked / "distances.tsv"), "--setting", "guess")
    assert done.returncode == 2
    assert "investigation" in done.stderr


def test_a_clone_without_a_background_of_ours_is_held_against_published_patients(
    asked: Path,
) -> None:
    (asked / "isolates.csv").write_text("isolate_id,clone\niA,DCC1\niB,DCC1\niD,DCC1\n")
    given_isolates = ("-i", str(asked / "isolates.csv"))
    done = abscope("links", str(asked / "distances.tsv"), *given_isolates, "--json")
    (link,) = json.loads(done.stdout)
    assert link["stratum"] == "DCC1"
    assert link["patients"] > 50


@pytest.mark.parametrize(
    "clones", [("DCC3a", "DCC3a"), ("DCC3a", "DCC3b"), ("DCC3b", "DCC3")], ids=" and ".join
)
def test_branches_of_dcc3_are_held_against_the_published_patients_of_dcc3(
    asked: Path, clones: tuple[str, str]
) -> None:
    rows = "".join(f"{name},{clone}\n" for name, clone in zip(("iA", "iB"), clones, strict=True))
    (asked / "isolates.csv").write_text("isolate_id,clone\n" + rows)
    done = abscope(
        "links", str(asked / "distances.tsv"), "-i", str(asked / "isolates.csv"), "--json"
    )
    (link,) = json.loads(done.stdout)
    assert link["stratum"].startswith("DCC3")
    assert link["patients"] == 41
    assert "different clones" not in link["reason"]


def test_a_background_given_for_dcc3_is_that_of_its_branches_too(asked: Path) -> None:
    (asked / "isolates.csv").write_text("isolate_id,clone\niA,DCC3a\niB,DCC3a\n")
    given_files = given(asked)
    text = (asked / "background.tsv").read_text().replace(NO_CLONE, "DCC3")
    (asked / "background.tsv").write_text(text)
    done = abscope("links", str(asked / "distances.tsv"), *given_files, "--json")
    (link,) = json.loads(done.stdout)
    assert (link["stratum"], link["patients"]) == ("DCC3", 400)
