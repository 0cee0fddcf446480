"""abscope tree and date, as a person calls them."""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.dated_trees import Scenario, with_clock, without_clock
from typer.testing import CliRunner

from abscope.cli import app, date_session
from abscope.formats import fasta
from abscope.population import newick, nexus
from abscope.records import Dating, Estimate, TemporalSignal
from genealogies import genealogy


@pytest.fixture(scope="module")
def alignment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tree") / "core.full.aln"
    world = genealogy(8, length=20_000, snps=40, seed=1)
    fasta.write(path, [(name, one.bases) for name, one in world.calls.items()])
    return path


def run(*words: object, code: int = 0) -> tuple[str, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.stdout, done.stderr


def test_a_tree_is_printed_and_how_it_was_made_is_said(alignment: Path) -> None:
    out, err = run("tree", alignment, "-q")
    assert sorted(newick.parse(out).leaves) == [f"iso{k:03d}" for k in range(8)]
    assert err.startswith("maximum likelihood, HKY+F, IQ-TREE")
    assert "rooted: midpoint; support: ultrafast bootstrap, 1000 replicates" in err


def test_model_outgroup_and_form_are_as_asked(alignment: Path, tmp_path: Path) -> None:
    target = tmp_path / "tree.nex"
    out, _ = run(
        "tree", alignment, "-q", "-m", "JC", "-B", 0, "--outgroup", "iso003", "-o", target, "--json"
    )  # fmt: skip
    said = json.loads(out)
    assert (said["rooting"], said["support"]) == ("outgroup iso003", None)
    assert said["method"].startswith("maximum likelihood, JC,")
    written = nexus.parse(target.read_text())
    assert newick.text(written) == said["newick"]


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("distance", "neighbour joining of SNP distances; rooted: midpoint; support: none"),
        (
            "parsimony",
            "parsimony, from a neighbour-joining tree; rooted: midpoint; support: bootstrap, 100",
        ),
    ],
)
def test_trees_by_distance_and_parsimony_need_no_search(
    alignment: Path, method: str, said: str
) -> None:
    _, err = run("tree", alignment, "-q", "--method", method)
    assert said in err


def test_an_unknown_method_is_a_usage_error(alignment: Path) -> None:
    run("tree", alignment, "--method", "guess", code=2)


def dated(folder: Path, *, clock: bool) -> tuple[Path, Path]:
    scenario = Scenario("clone", isolates=20, whole_years=True)
    made = with_clock(scenario, 2) if clock else without_clock(scenario, 2)
    tree, dates = folder / "tree.nwk", folder / "dates.tsv"
    tree.write_text(newick.text(made.tree))
    rows = [f"{name}\t{int(span[0])}" for name, span in made.dates.items()]
    dates.write_text("\n".join(["isolate_id\tyear", *rows, "nobody\tunknown"]))
    return tree, dates


def test_a_dated_tree_comes_with_intervals_and_the_published_rate(tmp_path: Path) -> None:
    tree, dates = dated(tmp_path, clock=True)
    out, err = run(
        "date", tree, "--dates", dates, "-q", "--shuffles", 99, "-o", tmp_path / "out",
        "--clone", "DCC4", "--json",
    )  # fmt: skip
    said = json.loads(out)
    assert said["rate"]["low"] < 1.5 < said["rate"]["high"]
    assert said["published"]["clone"] == "DCC4"
    assert said["published"]["rate"] == pytest.approx(3.83e-7 * 5_067_172)
    assert said["published"]["agrees"] is True
    assert "left out: nobody: no date in 'unknown'" in err
    shown = newick.parse((tmp_path / "out" / "dated.nwk").read_text())
    assert len(shown.leaves) == 20
    table = (tmp_path / "out" / "dated_nodes.tsv").read_text().splitlines()
    assert table[0] == "year\tlow\thigh\tisolates\tmembers"
    assert len(table) == 1 + len(said["nodes"])


def test_a_rate_apart_from_the_published_one_is_shown_and_not_believed(tmp_path: Path) -> None:
    tree, dates = dated(tmp_path, clock=True)
    words = ("date", tree, "--dates", dates, "-q", "--shuffles", 99, "--sites", 500_000)
    out, err = run(*words, "-o", tmp_path / "out", code=1)
    assert "not dated: the rate is apart from the published one" in err
    assert "rate, substitutions per genome and year" in out
    assert "common ancestor" not in out
    assert not (tmp_path / "out" / "dated.nwk").exists()
    out, _ = run(*words, "--any-rate")
    assert "common ancestor" in out


def test_without_a_clock_signal_the_command_refuses_with_the_evidence(tmp_path: Path) -> None:
    tree, dates = dated(tmp_path, clock=False)
    out, err = run("date", tree, "--dates", dates, "-q", "--shuffles", 99, code=1)
    assert "no clock signal: shuffled dates explain the distances as well" in err
    assert "share of shufflings as good (p)" in out
    assert "common ancestor" not in out


def test_lengths_per_site_are_noticed_and_scaled(tmp_path: Path) -> None:
    tree, dates = dated(tmp_path, clock=True)
    whole = newick.parse(tree.read_text())
    scaled = newick.text(
        type(whole)(
            whole.parents, whole.names, tuple(np.array(whole.lengths) / 5e6), whole.support
        ),
        decimals=12,
    )
    tree.write_text(scaled)
    done = CliRunner().invoke(app, ["date", str(tree), "--dates", str(dates), "-q"])
    assert "less than one substitution" in str(done.exception)
    out, _ = run(
        "date", tree, "--dates", dates, "-q", "--per-site", "--sites", 5_000_000,
        "--shuffles", 99, "--any-rate", "--json",
    )  # fmt: skip
    assert json.loads(out)["sites"] == 5_000_000
    assert json.loads(out)["rate"]["low"] < 1.5 < json.loads(out)["rate"]["high"]


def vcf(path: Path) -> Path:
    """Six isolates at ten sites: three and three, and the third apart from its neighbours."""
    head = "#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT a b c d e f"
    rows = [f"chr {10 * k} . A G . . . GT {genotypes}" for k, genotypes in enumerate(
        ["0 0 0 1 1 1"] * 6 + ["0 0 1 0 0 0"] * 2 + ["0 0 0 0 1 1"] * 2, 1
    )]  # fmt: skip
    lines = ["##fileformat=VCFv4.2", *("\t".join(line.split()) for line in (head, *rows))]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_tree_is_made_of_a_vcf_of_many_isolates(tmp_path: Path) -> None:
    out, err = run("tree", vcf(tmp_path / "core.vcf"), "-B", 0)
    assert {"abc", "def", "ef"} <= {"".join(sorted(c)) for c in newick.parse(out).clades}
    assert "says nothing of sites it does not list" in err
    assert "an alignment of variable sites" in err


def test_who_has_no_genome_cannot_be_the_outgroup(tmp_path: Path) -> None:
    path = vcf(tmp_path / "core.vcf")
    done = CliRunner().invoke(app, ["tree", str(path), "-q", "--outgroup", "nobody"])
    assert "no isolate nobody for an outgroup" in str(done.exception)
    done = CliRunner().invoke(app, ["tree", str(path), "-q", "--outgroup", "a", "--leave-out", "a"])
    assert "no isolate a for an outgroup" in str(done.exception)
    run("tree", path, "-B", -5, code=2)


def test_dates_of_nobody_in_the_tree_are_no_dates(tmp_path: Path) -> None:
    path, dates = vcf(tmp_path / "core.vcf"), tmp_path / "dates.tsv"
    dates.write_text("isolate_id\tdate\nx\t2010\ny\t2012\n")
    done = CliRunner().invoke(app, ["tree", str(path), "-q", "--dates", str(dates)])
    assert "none of its 2 dated isolates is in the tree" in str(done.exception)


def test_where_too_few_are_dated_no_figure_pretends_to_be_a_test(tmp_path: Path) -> None:
    path, dates = vcf(tmp_path / "core.vcf"), tmp_path / "dates.tsv"
    dates.write_text("isolate_id\tdate\na\t2010\nb\t2012\nc\t2104\nx\t2012\n")
    out, err = run("date", path, "--dates", dates, "-q", "--json", code=1)
    said = json.loads(out)
    assert [said["signal"][name] for name in ("correlation", "p", "slope")] == [None] * 3
    assert said["sites"] == 5_067_172
    assert "1 dated isolates are not in the tree: x" in err
    assert "left out: c: in the future, 2104.0" in err
    assert "2 dated isolates; 5 are the least" in err
    out, _ = run("date", path, "--dates", dates, "-q", code=1)
    assert "share of shufflings as good (p)                   -  " in out


def test_dates_too_few_to_root_a_tree_are_told(tmp_path: Path) -> None:
    path, dates = vcf(tmp_path / "core.vcf"), tmp_path / "dates.tsv"
    dates.write_text("isolate_id\tdate\na\t2010\nb\t2012\n")
    _, err = run("tree", path, "-q", "--method", "distance", "--dates", dates)
    assert "rooted: midpoint" in err
    assert "note: dates do not root it" in err


@pytest.mark.parametrize(("draws", "code"), [(5, 1), (300, 0)])
def test_a_walk_that_has_not_settled_gives_no_rate(
    draws: int, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    signal = TemporalSignal(20, 15.0, 1.0, 1990.0, 0.8, 0.01, 99, 20)
    rate = Estimate(1.0, 0.01, 2.0)
    found = date_session.settled(Dating(signal, rate, rate, rate, draws=draws))
    assert (found.rate is None, found.root is None) == (code == 1, code == 1)
    assert date_session.say(found) == code
    said = "not dated: 5 independent draws in the whole walk" if code else ""
    assert capsys.readouterr().err.startswith(said)
