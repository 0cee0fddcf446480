"""Networks of cases and exposures: everybody's own answers, and lines as wide as they are likely."""

import investigations
from abscope.reports.figures.network import drawing
from abscope.reports.networks import UNKNOWN, Edge, Network, Node, networks
from abscope.reports.roster import roster

FOUND = investigations.realistic()
NETWORKS = networks(FOUND.findings, roster(FOUND))


def test_a_line_joins_only_what_all_its_cases_have() -> None:
    said = FOUND.findings.linelist.exposures.filter(answer="yes")
    yes = set(said.select("case_id", "kind", "value").iter_rows())
    assert len(NETWORKS) == 2
    for network in NETWORKS:
        for edge in network.edges:
            for node in (network.nodes[edge.one], network.nodes[edge.other]):
                if node.kind != "case" and node.name != UNKNOWN:
                    assert {(case, node.kind, node.name) for case in edge.cases} <= yes


def test_the_likelier_an_end_is_the_source_the_wider_the_line() -> None:
    for network in NETWORKS:
        lines = [line for line in drawing(network).lines if not line.edge.unknown]
        lines.sort(key=lambda line: line.edge.weight)
        assert [line.width for line in lines] == sorted(line.width for line in lines)


def test_no_two_nodes_overlap() -> None:
    for network in NETWORKS:
        places = [(p.x, p.y) for p in drawing(network).places]
        assert len(set(places)) == len(places) == len(network.nodes)


def test_what_a_case_does_not_know_is_a_node_of_its_own() -> None:
    (node,) = (n for n in NETWORKS[1].nodes if n.name == UNKNOWN)
    assert (node.kind, node.cases, node.probability) == ("clinic", ("C",), None)


def test_no_line_passes_behind_a_box() -> None:
    layers = ("Case", "Clinic", "Product", "Lot")
    nodes = [
        *(Node(0, f"case {k}", "case", None, (f"case {k}",)) for k in range(6)),
        *(Node(1, f"clinic {k}", "clinic", 0.1, ()) for k in range(5)),
        Node(2, "product", "product", 0.5, ()),
        *(Node(3, f"lot {k}", "lot", 0.2, ()) for k in range(3)),
    ]
    joined = [
        (0, 6),
        (1, 7),
        (2, 11),
        (3, 11),
        (4, 12),
        (5, 13),
        (6, 11),
        (7, 11),
        (8, 14),
        (11, 13),
    ]
    edges = tuple(Edge(one, other, ("case 0",), 0.5, unknown=False) for one, other in joined)
    drawn = drawing(
        Network("c1", layers, tuple(nodes), edges, shown=True, comparison=9, more_cases=0)
    )
    assert sum(line.path.count("H") for line in drawn.lines) == 7
    boxes = [(p.x, p.y - drawn.tall / 2, p.y + drawn.tall / 2) for p in drawn.places]
    for line in drawn.lines:
        y = [float(stop.split()[-1]) for stop in line.path.split("H")[:-1]]
        x = [float(stop.split("C")[0]) - drawn.box for stop in line.path.split("H")[1:]]
        for passed, height in zip(x, y, strict=True):
            column = [(top, bottom) for left, top, bottom in boxes if abs(left - passed) < 1]
            assert column
            assert not any(top - 3 < height < bottom + 3 for top, bottom in column)
