"""abscope place, as a person calls it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from abscope.cli import app
from abscope.formats import fasta
from abscope.population import newick
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
