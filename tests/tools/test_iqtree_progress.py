"""A search says how far it is."""

from pathlib import Path

from abscope.tools.iqtree_progress import how_far, said

LOG = """\
Generating 1000 samples for ultrafast bootstrap (seed: 1)...
Iteration 20 / LogL: -1170.093 / Time: 0h:0m:0s
Iteration 30 / LogL: -1170.089 / Time: 0h:0m:9s (0h:1m:5s left)
UPDATE BEST LOG-LIKELIHOOD: -1170.089
"""


def test_the_last_iteration_is_told_with_the_time_that_is_left() -> None:
    assert said(LOG) == "iteration 30, 1 min 5 s left"
    assert said(LOG.replace("1m:5s", "0m:5s")) == "iteration 30, 5 s left"
    assert said(LOG.replace("0h:1m", "2h:1m")) == "iteration 30, 121 min 5 s left"


def test_before_there_is_a_guess_of_time_the_iteration_alone_is_told() -> None:
    assert said("\n".join(LOG.splitlines()[:2])) == "iteration 20"
    assert said("Generating 98 parsimony trees...") == "first trees"


def test_the_log_is_found_where_the_job_runs(tmp_path: Path) -> None:
    assert how_far(tmp_path) == ""
    (tmp_path / "piqtree_build_tree_1").mkdir()
    (tmp_path / "piqtree_build_tree_1" / "build_tree_1.log").write_text(LOG)
    assert how_far(tmp_path) == "iteration 30, 1 min 5 s left"
