"""Trees by IQ-TREE: the simulated one is found, and the same bytes come back every time."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from abscope.errors import ToolError, UsageError
from abscope.population.newick import parse
from abscope.population.phylogeny import Phylogeny
from abscope.records import Calls, Mask, Tree
from abscope.tools import iqtree
from genealogies import Genealogy, Split, calls_of, genealogy, split


def splits(tree: Tree) -> dict[Split, float | None]:
    phylogeny: Phylogeny = parse(tree.newick)
    everybody = phylogeny.clades[0]
    return {
        split(clade, everybody): support
        for clade, support in zip(phylogeny.clades, phylogeny.support, strict=True)
        if 1 < len(clade) < len(everybody) - 1
    }


def tree_of(world: Genealogy, **choices: object) -> Tree:
    found = iqtree.tree(world.calls, world.mask, **choices)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.fixture(scope="module")
def world() -> Genealogy:
    return genealogy(12, length=100_000, snps=60, seed=1)


@pytest.fixture(scope="module")
def once(world: Genealogy) -> Tree:
    return tree_of(world)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_simulated_tree_is_recovered(seed: int) -> None:
    true = genealogy(15, length=150_000, snps=60, seed=seed)
    found = splits(tree_of(true))
    assert len(true.splits) > 8
    assert not set(found) - true.splits
    # A split that one substitution made may be hidden by another at the same site.
    assert not {one for one in true.splits - set(found) if true.substitutions[one] > 1}


@pytest.mark.parametrize("seed", [1, 2])
def test_branches_are_as_long_as_the_substitutions_on_them(seed: int) -> None:
    true = genealogy(12, length=150_000, snps=60, seed=seed)
    phylogeny = parse(tree_of(true).newick)
    everybody = phylogeny.clades[0]
    for node, clade in enumerate(phylogeny.clades):
        one = split(clade, everybody)
        if one in true.substitutions and phylogeny.parents[node] > 0:
            assert phylogeny.lengths[node] == pytest.approx(
                true.substitutions[one], abs=1.1, rel=0.05
            )


@pytest.mark.parametrize("seed", [4, 5])
def test_a_split_with_full_support_is_true_though_sites_are_missing(seed: int) -> None:
    true = genealogy(12, length=100_000, snps=60, seed=seed)
    rng = np.random.default_rng(seed)
    for one in true.calls.values():
        one.bases[rng.random(len(one.bases)) < 0.1] = ord("N")
    found = splits(tree_of(true))
    sure = {one for one, support in found.items() if support is not None and support >= 95}
    assert sure
    assert sure <= true.splits


def test_the_same_isolates_give_the_same_bytes(world: Genealogy, once: Tree) -> None:
    turned = Genealogy(dict(reversed(world.calls.items())), world.splits, world.substitutions)
    assert tree_of(turned) == once


def test_threads_asked_for_by_others_change_nothing(
    world: Genealogy, once: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    assert tree_of(world) == once


def test_the_method_is_said(once: Tree) -> None:
    assert once.method.startswith("maximum likelihood, HKY+F, IQ-TREE ")
    assert once.support == "ultrafast bootstrap, 1000 replicates"
    assert (once.rooting, once.notes) == ("midpoint", ())


def test_an_outgroup_roots_the_tree(world: Genealogy) -> None:
    found = tree_of(world, outgroup="iso007", bootstrap=0)
    phylogeny = parse(found.newick)
    assert {"iso007"} in [phylogeny.clades[child] for child in phylogeny.children[0]]
    assert (found.rooting, found.support) == ("outgroup iso007", None)


def test_a_terrible_sample_is_left_out_and_moves_nobody(world: Genealogy, once: Tree) -> None:
    rng = np.random.default_rng(1)
    terrible = world.calls["iso003"].bases.copy()
    terrible[rng.random(len(terrible)) < 0.9] = ord("N")
    spoilt = world.calls | {"terrible": Calls("REF", terrible)}
    found = iqtree.tree(spoilt, world.mask)
    assert found is not None
    assert found.newick == once.newick
    assert found.notes == ("not placed, half of the sites or fewer are called: terrible",)


def test_nobody_and_one_isolate_make_no_tree() -> None:
    assert iqtree.tree({}, Mask("REF", 4)) is None
    assert iqtree.tree(calls_of({"a": "ACGT"}), Mask("REF", 4)) is None
    assert iqtree.tree(calls_of({"a": "ACGT", "b": "NNNN"}), Mask("REF", 4)) is None


def test_two_isolates_make_two_leaves() -> None:
    found = iqtree.tree(calls_of({"b": "ACGT", "a": "ACCC"}), Mask("REF", 4))
    assert found is not None
    assert found.newick == "(a:1.000,b:1.000);"


def test_three_sequences_have_a_tree_without_support() -> None:
    true = genealogy(3, length=50_000, snps=30, seed=2)
    found = tree_of(true)
    assert sorted(parse(found.newick).leaves) == ["iso000", "iso001", "iso002"]
    assert found.support is None


@pytest.mark.parametrize("isolates", [3, 40])
def test_isolates_without_a_difference_make_a_star(isolates: int) -> None:
    rows = {f"i{k:02d}": "ACGT" * 50 for k in range(isolates)}
    found = iqtree.tree(calls_of(rows), Mask("REF", 200))
    assert found is not None
    assert found.newick == f"({','.join(f'{name}:0.000' for name in sorted(rows))});"


def test_one_variable_site_among_many_identical_isolates_is_a_few_branches() -> None:
    rows = {f"i{k:02d}": "ACGT" * 500 for k in range(10)}
    rows["i03"] = rows["i07"] = "T" + rows["i00"][1:]
    rows["i05"] = "G" + rows["i00"][1:]
    found = iqtree.tree(calls_of(rows), Mask("REF", 2_000))
    assert found is not None
    assert {frozenset({"i03", "i07"})} == {one for one in splits(found) if "i05" not in one}


def test_names_that_newick_must_quote_are_kept() -> None:
    true = genealogy(5, length=20_000, snps=30, seed=3)
    odd = ["it's", "a b", "x(1)", "p:q", "é;[2]"]
    calls = dict(zip(odd, true.calls.values(), strict=True))
    found = iqtree.tree(calls, true.mask)
    assert found is not None
    assert sorted(parse(found.newick).leaves) == sorted(odd)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_large_set_is_built_by_parsimony_and_says_so(seed: int) -> None:
    true = genealogy(170, length=200_000, snps=3_000, seed=seed)
    found = tree_of(true, bootstrap=0)
    assert found.method == "parsimony, from a neighbour-joining tree"
    assert found.support is None
    assert sorted(parse(found.newick).leaves) == sorted(true.calls)
    assert len(true.splits & set(splits(found))) > 0.95 * len(true.splits)


def test_too_few_replicates_are_refused(world: Genealogy) -> None:
    with pytest.raises(UsageError, match="100 bootstrap replicates are too few"):
        iqtree.tree(world.calls, world.mask, bootstrap=100)


def test_without_piqtree_the_error_says_what_to_do(
    world: Genealogy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "piqtree.py").write_text("raise ImportError('no wheel for this machine')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ToolError, match="no wheel for this machine") as error:
        tree_of(world)
    assert "--no-tree" in error.value.hint
    assert error.value.exit_code == 3


def test_a_tree_builder_that_dies_is_an_error_with_its_last_words(
    world: Genealogy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "piqtree.py").write_text(
        "import os, sys\nsys.stderr.write('out of memory\\n')\nsys.stderr.flush()\nos.abort()"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ToolError, match="status -6: out of memory"):
        tree_of(world)


def test_nothing_is_printed_and_piqtree_is_not_loaded_here() -> None:
    program = (
        "import sys\n"
        "from abscope.tools import iqtree\n"
        "from genealogies import genealogy\n"
        "world = genealogy(5, length=20_000, snps=30, seed=3)\n"
        "assert iqtree.tree(world.calls, world.mask)\n"
        "assert not {'piqtree', '_piqtree', 'cogent3'} & set(sys.modules)\n"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": paths}, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
