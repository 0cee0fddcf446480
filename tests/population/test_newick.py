"""Trees as text, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abscope.errors import FormatError
from abscope.population.newick import parse, text
from abscope.population.phylogeny import Phylogeny


@st.composite
def phylogenies(draw: st.DrawFn) -> Phylogeny:
    """Trees of up to thirty nodes, with polytomies, odd names, and support on inner branches."""
    size = draw(st.integers(2, 30))
    parents = [-1, *(draw(st.integers(0, node - 1)) for node in range(1, size))]
    names = draw(
        st.lists(st.text(min_size=1, max_size=8), min_size=size, max_size=size, unique=True)
    )
    leaf = [node not in parents for node in range(size)]
    lengths = [0.0, *(draw(st.integers(0, 10_000)) / 1_000 for _ in range(size - 1))]
    support = [
        None if not node or leaf[node] else draw(st.none() | st.integers(0, 100).map(float))
        for node in range(size)
    ]
    return Phylogeny(
        tuple(parents),
        tuple(name if is_leaf else None for name, is_leaf in zip(names, leaf, strict=True)),
        tuple(lengths),
        tuple(support),
    )


@given(phylogenies())
def test_a_tree_survives_being_written_and_read(tree: Phylogeny) -> None:
    found = parse(text(tree))
    assert text(found) == text(tree)
    assert sorted(found.leaves) == sorted(tree.leaves)
    assert above(found) == above(tree)


def above(tree: Phylogeny) -> list[tuple[list[str], float, float | None]]:
    columns = zip(tree.clades, tree.lengths, tree.support, strict=True)
    return sorted(((sorted(c), round(n, 3), s) for c, n, s in columns), key=repr)


@given(phylogenies(), st.randoms())
def test_one_tree_has_one_text_whatever_the_order_of_its_nodes(tree: Phylogeny, random) -> None:  # type: ignore[no-untyped-def]
    order, todo = [0], list(tree.children[0])
    while todo:
        node = todo.pop(random.randrange(len(todo)))
        order.append(node)
        todo += tree.children[node]
    place = {node: k for k, node in enumerate(order)} | {-1: -1}
    shuffled = Phylogeny(
        tuple(place[tree.parents[node]] for node in order),
        tuple(tree.names[node] for node in order),
        tuple(tree.lengths[node] for node in order),
        tuple(tree.support[node] for node in order),
    )
    assert text(shuffled) == text(tree)


def test_support_and_lengths_are_read() -> None:
    tree = parse("((A:1,B:2.5e0)95:0.5,'C d':3)root;")
    assert tree.clades[1] == {"A", "B"}
    assert (tree.support[1], tree.lengths[1]) == (95.0, 0.5)
    assert tree.names[0] == "root"
    assert tree.lengths[tree.leaves["B"]] == 2.5
    assert "C d" in tree.leaves


def test_comments_line_breaks_and_numbers_as_names_are_read() -> None:
    assert sorted(parse("(1:1,\n 2[&rate=1]:2 ,\t'it''s':3 );\n").leaves) == ["1", "2", "it's"]


def test_a_tree_of_one_isolate_is_a_name() -> None:
    assert text(parse("A;")) == "A;"


def test_a_long_chain_is_no_deeper_than_memory() -> None:
    chain = Phylogeny(
        (-1, *(k - k % 2 for k in range(4_000))),
        (None, *(None if k % 2 else f"i{k}" for k in range(3_999)), "last"),
        (0.0, *(1.0,) * 4_000),
        (None,) * 4_001,
    )
    assert len(parse(text(chain)).parents) == 4_001


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ("(A:1,B:2)", "without ';'"),
        ("", "without ';'"),
        ("((A,B);", "1 '\\(' are never closed"),
        ("(A,B));", "character 6: '\\)'"),
        ("A,B;", "character 2: ','"),
        ("(A:one,B);", "character 4: 'one' is not a branch length"),
        ("(A[x,B);", "character 3 cannot be read"),
    ],
)
def test_a_broken_tree_is_refused_with_the_place(broken: str, what: str) -> None:
    with pytest.raises(FormatError, match=what) as error:
        parse(broken)
    assert error.value.hint


@pytest.mark.parametrize(
    "broken", ["(iso 1:1,iso 2:2);", "(a:1 2,b:2);", "(a,b)(c,d);", "('a'b,c);"]
)
def test_a_name_with_a_blank_and_no_quotation_marks_is_refused_not_cut(broken: str) -> None:
    with pytest.raises(FormatError, match=r"character \d+: .* after "):
        parse(broken)


def test_names_in_double_quotation_marks_are_read() -> None:
    assert sorted(parse('("iso 1":1,"O\'Neil":2);').leaves) == ["O'Neil", "iso 1"]


def test_support_as_a_share_keeps_its_digits() -> None:
    assert text(parse("((a:1,b:1)0.987:1,c:1);")) == "((a:1.000,b:1.000)0.987:1.000,c:1.000);"
