"""The worklist: what raised an alert, what is overdue, and which answers are worth getting next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from abscope.outbreak.followup import tasks
from abscope.records import Findings
from abscope.records.situations import Situation
from abscope.records.sources import Question
from abscope.reports.roster import Pick, Roster

QUESTIONS_MOST = 8
CONCERNS = {
    "facility": "ask a facility",
    "isolate": "keep an isolate",
    "culture": "culture",
    "monitoring": "monitoring",
    "update": "ask about a patient",
    "resistance": "resistance",
    "strain": "strain",
}


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do. sort: alert, overdue, to do or question. rank: how grave, or how much it tells."""

    sort: str
    about: str
    pick: Pick | None
    due: date | None
    late: int | None
    sentence: str
    rank: str


def jobs(findings: Findings | None, situation: Situation, roster: Roster) -> tuple[Job, ...]:
    """Alerts first, then what is overdue longest, then the questions that tell most for their effort."""
    asked = tuple(_questions(findings))
    wanted = {case for _, one in asked if one.kind == "isolate" for case in one.case_ids}
    return (
        *_alerts(situation),
        *_tasks(findings, situation, roster, wanted),
        *(_question(cluster, one, roster) for cluster, one in asked),
    )


def _alerts(situation: Situation) -> Iterator[Job]:
    grave = {"high": 0, "medium": 1, "low": 2}
    for one in sorted(situation.alerts, key=lambda a: (grave[a.severity], a.day, a.key)):
        yield Job("alert", one.subject, None, one.day, None, one.reason, one.severity)


def _tasks(
    findings: Findings | None, situation: Situation, roster: Roster, wanted: set[str]
) -> Iterator[Job]:
    """What is due. An isolate without a date that a question asks for (wanted) is left to the question."""
    if findings is None or situation.today is None:
        return
    due = tasks(findings.linelist, situation.contacts, situation.monitoring, today=situation.today)
    for one in due:
        if one.concern == "isolate" and one.due is None and one.about in wanted:
            continue
        late = (situation.today - one.due).days if one.due else None
        pick = roster.case(one.about) if one.about in roster.cases else None
        yield Job(_sort(late), one.about, pick, one.due, late, one.sentence, CONCERNS[one.concern])


def _sort(late: int | None) -> str:
    return "overdue" if late is not None and late > 0 else "to do"


def _questions(findings: Findings | None) -> Iterator[tuple[str, Question]]:
    """With its cluster, each question worth asking once."""
    if findings is None:
        return
    found = [
        (cluster, one)
        for cluster, many in findings.questions.items()
        for one in many[:QUESTIONS_MOST]
    ]
    found.sort(key=lambda pair: -pair[1].gain_per_effort)
    told: set[str] = set()
    for cluster, one in found:
        if one.sentence not in told and len(told) < QUESTIONS_MOST:
            told.add(one.sentence)
            yield cluster, one


def _question(cluster: str, one: Question, roster: Roster) -> Job:
    whom = one.case_ids[0] if len(one.case_ids) == 1 else ""
    pick = roster.case(whom) if whom in roster.cases else None
    return Job("question", cluster, pick, None, None, one.sentence, f"{one.gain:.2f} bits")
