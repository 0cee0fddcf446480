"""The genomes and the line list put together."""

from collections.abc import Collection, Iterator

from abscope.outbreak.compatible import compatible_cases
from abscope.outbreak.exposures import shared_exposures
from abscope.outbreak.linelist import link, nothing_in_common
from abscope.records import Clusters, Findings, LineList, Problem, Relatedness


def investigate(
    linelist: LineList, isolate_ids: Collection[str], relatedness: Relatedness, level: int
) -> Findings:
    """What the cases of every cluster at `level` SNPs share, and who else may belong to them.

    isolate_ids: every isolate that was profiled. Isolates that relatedness left out are neither in a
    cluster nor outside it. Raises ValueError where there are no clusters at `level`.
    """
    clusters = _at(relatedness, level)
    linked = link(linelist.cases, isolate_ids)
    uncompared = {left.name for left in relatedness.left_out}
    apart = nothing_in_common(linked, linelist.cases)
    problems = (*linelist.problems, *linked.problems, *_without_answers(linelist))
    return Findings(
        linelist=linelist,
        linked=linked,
        level=level,
        shared=shared_exposures(linked, linelist, clusters, uncompared=uncompared),
        compatible=compatible_cases(linked, linelist, clusters, uncompared=uncompared),
        problems=(apart, *problems) if apart else problems,
    )


def _at(relatedness: Relatedness, level: int) -> Clusters:
    for clusters in relatedness.clusters:
        if clusters.level == level:
            return clusters
    known = ", ".join(str(clusters.level) for clusters in relatedness.clusters)
    raise ValueError(f"no clusters at {level} SNPs, only at: {known or 'none'}")


def _without_answers(linelist: LineList) -> Iterator[Problem]:
    if not len(linelist.exposures):
        yield Problem(
            "line list",
            "holds no exposures, so what cases share cannot be said",
            "add columns such as clinic, procedure, product or lot",
        )
