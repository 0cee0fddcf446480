"""abscope place, as a person calls it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from abscope.cli import app
from abscope.formats import fasta
from abscope.population import newick
from abscope.population.phylogeny import pruned, scaled
from genealogies import genealogy, split


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    world = genealogy(10, length=20_000, snps=60, seed=3)
    known = [(n, one.bases) for n, one in world.calls.items() if n not in {"iso002", "iso006"}]
    fasta.write(tmp_path / "known.aln", known)
    fasta.write(tmp_path / "all.aln", [(n, one.bases) for n, one in world.calls.items()])
    tree = tmp_path / "known.nwk"
    done = CliRunner().invoke(
        app, ["tree", str(tmp_path / "known.aln"), "-q", "--method", "distance", "-o", str(tree)]
    )
    assert done.exit_code == 0, done.output
    return tree, tmp_path / "all.aln"


def test_new_isolates_are_placed_and_the_old_tree_stays(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    tree, alignment = files
    out = tmp_path / "grown.nwk"
    done = CliRunner().invoke(app, ["place", str(tree), str(alignment), "-o", str(out), "--json"])
    assert done.exit_code == 0, done.output
    assert [row["isolate"] for row in json.loads(done.stdout)] == ["iso002", "iso006"]
    grown, old = newick.parse(out.read_text()), newick.parse(tree.read_text())
    everybody = frozenset(grown.leaves)
    assert len(everybody) == 10
    kept = {split(clade & set(old.leaves), old.leaves) for clade in grown.clades}
    assert {split(clade, old.leaves) for clade in old.clades} <= kept


def test_one_isolate_of_choice_is_placed_the_same_whoever_else_is_new(
    files: tuple[Path, Path],
) -> None:
    both = CliRunner().invoke(app, ["place", *map(str, files)])
    one = CliRunner().invoke(app, ["place", *map(str, files), "--query", "iso006"])
    assert one.stdout.splitlines()[1].split() == both.stdout.splitlines()[2].split()


def test_nobody_to_place_is_said(files: tuple[Path, Path]) -> None:
    done = CliRunner().invoke(app, ["place", *map(str, files), "--query", "somebody"])
    assert "nobody to place: somebody" in str(done.exception)


def test_a_tree_per_site_is_refused_until_it_is_called_so_and_stays_per_site(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    tree, alignment = files
    whole, out = newick.parse(tree.read_text()), tmp_path / "grown.nwk"
    tree.write_text(newick.text(scaled(whole, 1 / 20_000), decimals=12))
    done = CliRunner().invoke(app, ["place", str(tree), str(alignment)])
    assert "less than one substitution" in str(done.exception)
    words = ["place", str(tree), str(alignment), "--per-site", "-o", str(out)]
    assert CliRunner().invoke(app, words).exit_code == 0
    grown = newick.parse(out.read_text())
    kept = pruned(grown, whole.leaves)
    assert sum(kept.lengths) * 20_000 == pytest.approx(sum(whole.lengths), rel=0.01)
    assert 0 < grown.lengths[grown.leaves["iso002"]] < 0.01


def test_an_isolate_without_a_base_has_no_place(files: tuple[Path, Path], tmp_path: Path) -> None:
    tree, alignment = files
    with alignment.open("a") as file:
        file.write(">nothing\n" + "N" * 20_000 + "\n")
    out = tmp_path / "grown.nwk"
    done = CliRunner().invoke(app, ["place", str(tree), str(alignment), "-q", "-o", str(out)])
    assert "not placed, no base at a variable site: nothing" in done.stderr
    assert "nothing" not in done.stdout
    assert "nothing" not in newick.parse(out.read_text()).leaves


def test_an_isolate_like_all_others_has_a_place_though_no_site_varies(tmp_path: Path) -> None:
    tree, alignment = tmp_path / "tree.nwk", tmp_path / "all.aln"
    tree.write_text("(a:0,b:0);")
    alignment.write_text(">a\nACGT\n>b\nACGT\n>c\nACGT\n>nothing\nNNNN\n")
    done = CliRunner().invoke(app, ["place", str(tree), str(alignment), "-q"])
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["isolate", "c"]
    assert "not placed, no base at a variable site: nothing" in done.stderr
