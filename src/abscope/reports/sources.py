"""Sources of each cluster, as likely as the answers make them, and the questions worth asking next."""

from dataclasses import dataclass

from abscope.records import Findings
from abscope.records.sources import NOT_RECORDED, Question, Source, SourceRanking
from abscope.reports.roster import Pick, Roster

SOURCES_MOST, QUESTIONS_MOST = 12, 8


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One candidate as people read it: its group's number where cases tell several apart from nothing."""

    name: str
    kind: str
    source: Source
    group: int
    shared_group: bool


@dataclass(frozen=True, slots=True)
class SourceView:
    """One cluster's sources and questions."""

    cluster: Pick | None
    name: str
    ranking: SourceRanking
    rows: tuple[SourceRow, ...]
    more: int
    questions: tuple[Question, ...]


def views(findings: Findings | None, roster: Roster) -> tuple[SourceView, ...]:
    """One for every cluster with a case, largest first as the clusters are named."""
    if findings is None:
        return ()
    groups = {group.name: group for group in roster.clusters.groups}
    return tuple(
        SourceView(
            cluster=roster.cluster(groups[name]) if name in groups else None,
            name=name,
            ranking=ranking,
            rows=tuple(_row(one, ranking) for one in _worth(ranking)[:SOURCES_MOST]),
            more=max(0, len(_worth(ranking)) - SOURCES_MOST),
            questions=findings.questions.get(name, ())[:QUESTIONS_MOST],
        )
        for name, ranking in findings.sources.items()
    )


def _worth(ranking: SourceRanking) -> list[Source]:
    """Candidates that a linked case has, and `not recorded`."""
    return [one for one in ranking.sources if one.cases_exposed > 0 or one.exposure == NOT_RECORDED]


def _row(one: Source, ranking: SourceRanking) -> SourceRow:
    kind, value = one.exposure
    members = ranking.groups[one.group].members if one.group < len(ranking.groups) else ()
    return SourceRow(value, kind.replace("_", " "), one, one.group + 1, len(members) > 1)
