"""A tree as the page's script lays it out: parents, lengths, support, and who the tips are."""

from abscope.population.newick import parse
from abscope.records import Tree
from abscope.reports.figures.chart import short
from abscope.reports.figures.tree import CASE_MOST, NAME_MOST, support_needed
from abscope.reports.roster import Roster


def tree_data(tree: Tree, roster: Roster) -> dict[str, object]:
    """JSON values by node, the root first and parents before children; tips have a name and tokens.

    support: None where untested. tips: [node, name, name cut to fit, its cases, tokens it selects].
    """
    phylogeny = parse(tree.newick)
    tips = []
    for name, node in sorted(phylogeny.leaves.items(), key=lambda pair: pair[1]):
        known = name in roster.isolates
        cases = short(", ".join(roster.cases_of.get(name, ())), CASE_MOST)
        tokens = roster.isolate(name).tokens if known else ""
        tips.append([node, name, short(name, NAME_MOST), cases, tokens])
    inner = {node for node in phylogeny.parents if node >= 0}
    return {
        "parents": list(phylogeny.parents),
        "lengths": [round(max(length, 0.0), 4) for length in phylogeny.lengths],
        "support": [s if k in inner else None for k, s in enumerate(phylogeny.support)],
        "tips": tips,
        "weakBelow": support_needed(tree),
    }
