"""Networks of cases and exposures: everybody's own answers, and lines as wide as they are likely."""

import investigations
from abscope.reports.figures.network import drawing
from abscope.reports.networks import UNKNOWN, networks
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
