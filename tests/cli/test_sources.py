"""abscope sources, questions, trace and followup, as a user would type them."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from abscope.cli import main

HEAD = "case_id,isolate_id,status,date_exposure,exposure_city,clinic,product,supplier,lot,procedure"
CASES = [
    "A,iA,confirmed,2022-10-11,Ensenada,one,P,S,L1,stem cells",
    "B,iB,confirmed,2022-04-19,San Felipe,two,P,S,L1,stem cells",
    "C,,probable,2022-10-18,Guadalajara,three,P,S,,stem cells",
]
OTHERS = [
    f"o{n},i{n},confirmed,2022-0{n % 9 + 1}-05,{('Ensenada', 'Lima', 'Denver')[n % 3]},k{n % 4},"
    f"{('Q', 'R')[n % 2]},T,M{n % 5},{('stem cells', 'surgery')[n % 2]}"
    for n in range(30)
]


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def typed(*words: object) -> Done:
    """The command line in this process: the same `main` that the shell calls."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    before, sys.argv = sys.argv, ["abscope", *map(str, words)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.argv = before
    return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "cases.csv"
    path.write_text("\n".join([HEAD, *CASES, *OTHERS]) + "\n")
    return path


def test_sources_says_in_sentences_what_the_cases_share(cases: Path) -> None:
    done = typed("sources", cases, "--linked", "A,B")
    assert done.returncode == 0, done.stderr
    first, *_ = done.stdout.splitlines()
    assert first.startswith("All 3 cases (A, B, C) had ")
    assert "no city or clinic is shared" in first
    assert "Most likely source: " in done.stdout
    assert "product P" in done.stdout


def test_sources_as_json_keeps_everybody(cases: Path) -> None:
    done = typed(
        "sources", cases, "--linked", "A,B", "--found-by", "procedure=stem cells", "--json"
    )
    found = json.loads(done.stdout)
    assert found["shown"] is True
    assert [one["case_id"] for one in found["cases"]] == ["A", "B", "C"]
    assert len(found["cases"]) + found["comparison"] + len(found["left_out"]) == 33
    guarded = [one for one in found["sources"] if one["guarded"]]
    assert [one["bayes_factor"] for one in guarded] == [1.0]
    total = sum(one["probability"] for one in found["sources"])
    assert total == pytest.approx(1)


def test_without_comparison_patients_no_probability_is_printed(cases: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.csv"
    alone.write_text("\n".join([HEAD, *CASES]) + "\n")
    done = typed("sources", alone, "--linked", "A,B")
    assert "no probability is shown" in done.stdout
    assert "must be rarer than" in done.stdout
    header = next(line for line in done.stdout.splitlines() if line.startswith("group "))
    assert "probability" not in header


def test_questions_are_tasks_with_the_sentence_to_ask(cases: Path) -> None:
    done = typed("questions", cases, "--linked", "A,B")
    assert done.stdout.splitlines()[0] == (
        "1. Ask three: which lot number of P did patient C receive on 2022-10-18?"
    )
    found = json.loads(typed("questions", cases, "--linked", "A,B", "--json").stdout)
    assert (found[0]["kind"], found[0]["ask"], found[0]["whom"]) == ("lot", "facility", "three")


def test_trace_goes_back_forward_and_beyond(cases: Path) -> None:
    words = ("--forward", "lot=L1", "--counted", "cultured=0.5", "--date", "2023-01-01")
    found = json.loads(typed("trace", cases, "--linked", "A,B", *words, "--json").stdout)
    lot = next(one for one in found["back"] if one["exposure"] == ["lot", "L1"])
    assert (lot["comparison"], lot["comparison_known"]) == (0, 30)
    certain = {one["case_id"]: one["certain"] for one in found["forward"]["recipients"]}
    assert certain == {"A": True, "B": True, "C": False}
    assert found["undetected"]["factors"] == [{"name": "cultured", "share": 0.5}]
    told = typed("trace", cases, "--linked", "A,B", *words).stdout
    assert "lot L1: of the exposures made so far" in told
    assert "(cultured 0.5)" in told


def test_followup_lists_what_is_due(cases: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("facility,date,channel,language,reply\none,2023-02-01,email,Spanish,\n")
    done = typed("followup", cases, "--contacts", log, "--date", "2023-06-01")
    assert "try telephone" in done.stdout
    assert "No isolate is named: ask the laboratory" in done.stdout
    found = json.loads(
        typed("followup", cases, "--contacts", log, "--date", "2023-06-01", "--json").stdout
    )
    assert {one["about"] for one in found["tasks"]} == {"one", "C"}
    assert found["facilities"][0]["state"] == "silent"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "nobody is said to be linked"),
        (("--linked", "ZZ"), "not in the line list: ZZ"),
        (("--linked", "A", "--found-by", "lot=X"), "nobody was asked about 'lot=X'"),
    ],
    ids=["nobody", "stranger", "unknown exposure"],
)
def test_what_cannot_be_understood_says_what_to_do(
    cases: Path, words: tuple[str, ...], says: str
) -> None:
    done = typed("sources", cases, *words)
    assert done.returncode == 2
    assert says in done.stderr
    assert "hint: " in done.stderr


def test_weights_can_come_from_a_table(cases: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights.csv"
    rows = [("A", 0.98), ("B", 0.98), ("C", 0.6), *((f"o{n}", 0) for n in range(30))]
    weights.write_text("case_id,weight\n" + "".join(f"{case},{w}\n" for case, w in rows))
    found = json.loads(typed("sources", cases, "--weights", weights, "--json").stdout)
    assert [one["prior"] for one in found["cases"]] == [0.98, 0.98, 0.6]
    weights.write_text("case_id,weight\nA,2\nQQ,1\n")
    done = typed("sources", cases, "--weights", weights)
    assert done.returncode == 1
    assert "2 problems" in done.stderr
