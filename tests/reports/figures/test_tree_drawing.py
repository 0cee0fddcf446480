"""Trees as coordinates: lengths in proportion, one row each, support shown for what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import investigations
from abscope.records import Tree
from abscope.reports.figures import tree
from abscope.reports.roster import roster

PEOPLE = roster(investigations.realistic())


def drawn(
    newick: str, support: str | None = "ultrafast bootstrap, 1000 replicates"
) -> tree.Drawing:
    return tree.drawing(Tree(newick, "maximum likelihood", "midpoint", support), PEOPLE)


@st.composite
def newicks(draw: st.DrawFn) -> tuple[str, dict[str, float]]:
    """A random tree, and how far each tip is from its root."""
    depth: dict[str, float] = {}

    def grow(above: float, level: int) -> str:
        length = draw(st.integers(0, 900))
        if level == 0 or draw(st.booleans()):
            name = f"t{len(depth)}"
            depth[name] = above + length
            return f"{name}:{length}"
        inside = ",".join(grow(above + length, level - 1) for _ in range(draw(st.integers(2, 3))))
        return f"({inside}){draw(st.integers(0, 100))}:{length}"

    return f"({grow(0, 4)},{grow(0, 4)});", depth


@given(newicks())
def test_tips_lie_in_proportion_to_their_distance_from_the_root(
    case: tuple[str, dict[str, float]],
) -> None:
    text, depth = case
    drawing = drawn(text)
    deepest = max(depth.values())
    for tip in drawing.tips:
        share = depth[tip.name] / deepest if deepest else 0.0
        assert tip.x == pytest.approx(tree.LEFT + share * (tree.RIGHT - tree.LEFT), abs=0.06)


@given(newicks())
def test_every_tip_has_a_row_of_its_own_inside_the_drawing(
    case: tuple[str, dict[str, float]],
) -> None:
    drawing = drawn(case[0])
    rows = [tip.y for tip in drawing.tips]
    assert {tip.name for tip in drawing.tips} == set(case[1])
    assert rows == sorted(set(rows))
    assert tree.TOP < min(rows) <= max(rows) < drawing.height - drawing.row


@given(newicks())
def test_the_scale_bar_has_the_length_it_says(case: tuple[str, dict[str, float]]) -> None:
    drawing = drawn(case[0])
    pixels, text = drawing.scale
    deepest = max(case[1].values())
    if deepest:
        size = float(text.split()[0].replace(",", ""))
        assert pixels == pytest.approx(size * (tree.RIGHT - tree.LEFT) / deepest, abs=0.06)
        assert pixels <= (tree.RIGHT - tree.LEFT) / 4 + 0.06
    else:
        assert pixels == 0


def test_branches_with_too_little_support_are_marked() -> None:
    drawing = drawn("((a:1,b:1)94:5,((c:1,d:1)95:5,e:2)40:3);")
    assert (drawing.weak, drawing.weak_below) == (2, 95.0)
    assert sum(branch.supported for branch in drawing.branches) == 1


def test_other_kinds_of_support_have_their_own_limit() -> None:
    assert drawn("((a:1,b:1)80:5,c:3);", "bootstrap, 100 replicates").weak == 0


def test_without_support_nothing_is_called_weak_or_supported() -> None:
    drawing = drawn("((a:1,b:1):5,c:3);", None)
    assert drawing.weak_below is None
    assert not any(branch.weak or branch.supported for branch in drawing.branches)


def test_identical_isolates_make_a_tree_without_length() -> None:
    drawing = drawn("(a:0,b:0,c:0);", None)
    assert len({tip.x for tip in drawing.tips}) == 1
    assert drawing.scale == (0.0, "no SNP between any of them")


def test_a_long_caterpillar_is_drawn_without_running_out_of_stack() -> None:
    text = "t0:1"
    for k in range(1, 3000):
        text = f"({text},t{k}:1):1"
    assert len(drawn(f"{text[:-2]};").tips) == 3000
