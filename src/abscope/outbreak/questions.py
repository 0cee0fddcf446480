"""Which missing answer to get next: what it would tell about the source, by the work of getting it.

The gain of a question is the mutual information of its answer and the source, H(source) - E[H(source |
answer)], over the answers it may have; both are weighed by the model that ranks sources.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from abscope.outbreak import question_words
from abscope.outbreak.attribution import attribute
from abscope.outbreak.exposure_graph import NO, UNKNOWN, YES
from abscope.outbreak.source_evidence import Evidence, evidence
from abscope.outbreak.sources import attributed, linked_chances
from abscope.records import LineList
from abscope.records.sources import NOT_RECORDED, Exposure, Question, SourcePriors

Floats = NDArray[np.float64]

_VALUES = 6  # answers tried for one question; rarer ones count as "another"
_LEAST = 1e-3  # bits; less is no reason to ask
_CASES = (
    100  # cases considered, the likeliest (of isolates the least certain); each costs a look at all
)
_HIDDEN = ("product", "supplier", "lot", "donor", "diluent", "reagent", "device")
"""Kinds worth asking all likely cases about where none of them names any."""


@dataclass(frozen=True, slots=True, eq=False)
class _Situation:
    """What is known before a question is asked. answers: with all that is implied."""

    said: Evidence
    answers: NDArray[np.int8]
    linked: Floats
    posterior: Floats
    within: NDArray[np.intp]
    priors: SourcePriors
    linelist: LineList


def rank_questions(
    linelist: LineList,
    weights: Mapping[str, float],
    *,
    found_by: Collection[Exposure] = (),
    priors: SourcePriors | None = None,
    limit: int = 20,
) -> tuple[Question, ...]:
    """The missing answers most worth getting, by bits per effort.

    weights, found_by, priors: as for `rank_sources`. Only cases that are probably linked are asked about;
    those that may be are worth sequencing. A question that would tell nothing is not among them.
    """
    priors = priors or SourcePriors()
    said = evidence(linelist, weights, found_by=found_by)
    if not said.graph.exposures:
        return ()
    found = attributed(said, priors)
    linked = linked_chances(said, found)
    now = _Situation(
        said, said.graph.implied, linked, found.posterior, said.within, priors, linelist
    )
    asked = [*_answers_missing(now), *_kinds_missing(now), *_isolates_missing(now)]
    worth = (one for one in asked if one.gain >= _LEAST)
    ranked = sorted(
        worth, key=lambda one: (-round(one.gain_per_effort, 9), *question_words.order(one))
    )
    return tuple(ranked[:limit])


def _answers_missing(now: _Situation) -> Iterator[Question]:
    """Which clinic, product or lot it was, of one case."""
    graph = now.said.graph
    likely = np.flatnonzero(now.linked >= 0.5)
    for row in sorted(_first(likely, -now.linked[likely])):
        for kind in dict.fromkeys(kind for kind, _ in graph.exposures):
            columns = graph.of_kind(kind)
            if (now.answers[row, columns] == YES).any() or now.said.guarded[columns].all():
                continue
            missing = [at for at in columns if now.answers[row, at] == UNKNOWN]
            if missing:
                yield _about_a_case(now, int(row), kind, missing)


def _first(rows: NDArray[np.intp], by: Floats) -> list[int]:
    """At most _CASES rows, those of the least `by`; of equal ones the first of the line list."""
    return [int(row) for row in rows[np.argsort(by, kind="stable")][:_CASES]]


def _about_a_case(now: _Situation, row: int, kind: str, missing: list[int]) -> Question:
    """A lot number tells the donor and the supplier too: it may be another lot of the same donor."""
    exposures, within = now.said.graph.exposures, now.said.graph.within
    likely = sorted(missing, key=lambda at: -now.posterior[at])[:_VALUES]
    open_above = [
        at
        for at, one in enumerate(exposures)
        if now.answers[row, at] == UNKNOWN and any(one in within[exposures[m]] for m in likely)
    ]
    silent = [*missing, *open_above]
    told = {"none of these": _with(now, row, silent, None)}
    told |= {
        f"another of {exposures[at][0]} {exposures[at][1]}": _with(now, row, silent, at)
        for at in open_above
    }
    told |= {exposures[at][1]: _with(now, row, silent, at) for at in likely}
    joint = {value: _joint(now, answers) for value, answers in told.items()}
    return _question(now, kind, (now.said.graph.people[row],), joint)


def _with(now: _Situation, row: int, silent: list[int], yes: int | None) -> NDArray[np.int8]:
    """The answers with one more, and what follows from it: no to the rest, yes to what it lies within."""
    graph = now.said.graph
    answers = now.answers.copy()
    answers[row, silent] = NO
    if yes is not None:
        wider = [graph.column[one] for one in graph.within[graph.exposures[yes]]]
        answers[row, [yes, *(at for at in wider if at in silent)]] = YES
    refused = {one for at, one in enumerate(graph.exposures) if answers[row, at] == NO}
    for at, exposure in enumerate(graph.exposures):
        if answers[row, at] == UNKNOWN and refused.intersection(graph.within[exposure]):
            answers[row, at] = NO
    return answers


def _kinds_missing(now: _Situation) -> Iterator[Question]:
    """Whether the likely cases had the same lot, supplier or reagent, where none of them names any."""
    likely = np.flatnonzero(now.linked >= 0.5)
    for kind in _HIDDEN if len(likely) > 1 else ():
        columns = now.said.graph.of_kind(kind)
        if (now.answers[likely][:, columns] != UNKNOWN).any():
            continue
        wider = _one_more(now, kind)
        joint = {}
        for word, code in (("the same", YES), ("different ones", NO)):
            answers = wider.answers.copy()
            answers[likely, -1] = code
            joint[word] = _joint(wider, answers)
        cases = tuple(now.said.graph.people[row] for row in likely)
        yield _question(wider, kind, cases, joint)


def _one_more(now: _Situation, kind: str) -> _Situation:
    """The same situation with one more exposure that nobody was asked about."""
    said = now.said
    named = [own for own, _ in said.graph.exposures]
    number = said.kinds[named.index(kind)] if kind in named else said.kinds.max(initial=-1) + 1
    unasked = np.full((len(said.graph.people), 1), UNKNOWN, dtype=np.int8)
    graph = replace(
        said.graph,
        exposures=(*said.graph.exposures, (kind, "the same for all")),
        answers=np.hstack([said.graph.answers, unasked]),
    )
    more = replace(
        said,
        graph=graph,
        kinds=np.append(said.kinds, number),
        guarded=np.append(said.guarded, False),
    )
    return replace(
        now,
        said=more,
        answers=np.hstack([now.answers, unasked]),
        within=np.append(now.within, -1),
    )


def _isolates_missing(now: _Situation) -> Iterator[Question]:
    """Whether a case that may be linked is, as its genome would tell."""
    open_ = np.flatnonzero((now.said.weights >= 0.05) & (now.said.weights <= 0.95))
    for row in sorted(_first(open_, np.abs(now.said.weights[open_] - 0.5))):
        weight = now.said.weights[row]
        joint = {}
        for word, certain, chance in (("linked", 1.0, weight), ("not linked", 0.0, 1 - weight)):
            weights = now.said.weights.copy()
            weights[row] = certain
            joint[word] = _joint(now, now.answers, weights) + np.log(chance)
        yield _question(now, "isolate", (now.said.graph.people[row],), joint)


def _joint(now: _Situation, answers: NDArray[np.int8], weights: Floats | None = None) -> Floats:
    """Log chance of these answers and each source."""
    said = now.said
    found = attribute(
        answers,
        said.weights if weights is None else weights,
        said.kinds,
        within=now.within,
        guarded=said.guarded,
        priors=now.priors,
    )
    return found.log_evidence


def _question(
    now: _Situation, kind: str, cases: tuple[str, ...], joint: Mapping[str, Floats]
) -> Question:
    table = special.softmax(np.stack(list(joint.values())))
    chances = table.sum(1)
    gain = _entropy(table.sum(0)) - sum(
        chance * _entropy(row / chance)
        for chance, row in zip(chances, table, strict=True)
        if chance > 0
    )
    nodes = (*now.said.graph.exposures, NOT_RECORDED)
    outcomes = tuple(
        (word, float(chance), nodes[int(row.argmax())])
        for word, chance, row in zip(joint, chances, table, strict=True)
    )
    return question_words.question(
        kind, cases, now.said.graph, linelist=now.linelist, gain=max(gain, 0.0), outcomes=outcomes
    )


def _entropy(shares: Floats) -> float:
    return float(special.entr(shares).sum() / np.log(2))
