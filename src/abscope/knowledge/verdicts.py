"""What the rules make of an isolate's key sites, drug by drug, and which rule said so.

Rules of one mechanism are read together: the most severe that holds decides, unless a more severe one
can be neither held nor dismissed. `otherwise` speaks where every rule of the mechanism is dismissed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from abscope.knowledge.conditions import (
    OTHERWISE,
    Limits,
    Observation,
    Part,
    Truth,
    holds,
    parse,
)
from abscope.knowledge.rows import Drug, Rule, Verdict

SEVERITY: Mapping[Verdict, int] = {
    "not assessed": 0,
    "susceptible": 1,
    "indeterminate": 2,
    "inducible": 3,
    "resistant": 4,
}
NO_RULE = "no valid rule"
_UNSEEN = Observation({}, doubt="uncovered")
_DOUBTS = {
    Truth.MIXED: "reads disagree at",
    Truth.LOW: "too few reads at",
    Truth.UNCOVERED: "no reads at",
}

Observations = Mapping[str, Observation]


@dataclass(frozen=True, slots=True)
class Minority:
    """A listed value seen in some of the reads only. site: `locus:site`."""

    site: str
    value: str
    share: float
    depth: int | None


@dataclass(frozen=True, slots=True)
class MechanismVerdict:
    """What one mechanism says. rules: names of the rules that decided, none where none could."""

    mechanism: str
    verdict: Verdict
    rules: tuple[str, ...]
    grade: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class DrugVerdict:
    """What is predicted for a drug or class, by mechanism, and the agents it stands for."""

    drug: str
    agents: tuple[str, ...]
    verdict: Verdict
    mechanisms: tuple[MechanismVerdict, ...]
    reason: str
    minorities: tuple[Minority, ...] = ()

    def of(self, mechanism: str) -> MechanismVerdict:
        """One mechanism's share. Raises KeyError for a name the rules do not have."""
        found = [one for one in self.mechanisms if one.mechanism == mechanism]
        if not found:
            raise KeyError(mechanism)
        return found[0]


def decide(
    rules: Sequence[Rule], drugs: Sequence[Drug], observations: Observations, limits: Limits
) -> tuple[DrugVerdict, ...]:
    """A verdict for every drug that has rules, in the order of the rules; then the drugs without."""
    predicted = [
        _drug(drug, tuple(group), _agents(drug, drugs), (observations, limits))
        for drug, group in groupby(rules, key=lambda rule: rule.drug)
    ]
    without = [
        DrugVerdict(
            drug.drug, (drug.drug,), "not assessed", (), f"{NO_RULE}: {drug.reason or 'none known'}"
        )
        for drug in drugs
        if drug.predicted_as is None
    ]
    return (*predicted, *without)


def _agents(drug: str, drugs: Sequence[Drug]) -> tuple[str, ...]:
    return tuple(one.drug for one in drugs if one.predicted_as == drug)


def _drug(
    drug: str, rules: Sequence[Rule], agents: tuple[str, ...], seen: tuple[Observations, Limits]
) -> DrugVerdict:
    names = list(dict.fromkeys(rule.mechanism for rule in rules))
    parts = tuple(
        _mechanism(name, [rule for rule in rules if rule.mechanism == name], seen) for name in names
    )
    verdict = overall([part.verdict for part in parts])
    reason = "; ".join(part.reason for part in parts if _counts(part.verdict, verdict))
    return DrugVerdict(drug, agents, verdict, parts, reason, tuple(_minorities(rules, seen)))


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """Resistance by one mechanism is resistance; an open question keeps the rest from being final."""
    if "resistant" in verdicts:
        return "resistant"
    if any(verdict in ("indeterminate", "not assessed") for verdict in verdicts):
        unknown = all(verdict in ("not assessed", "susceptible") for verdict in verdicts)
        return "not assessed" if unknown else "indeterminate"
    return max(verdicts, key=lambda verdict: SEVERITY[verdict])


def _counts(part: Verdict, overall: Verdict) -> bool:
    return part == overall or (overall == "indeterminate" and part != "susceptible")


def _mechanism(
    name: str, rules: Sequence[Rule], seen: tuple[Observations, Limits]
) -> MechanismVerdict:
    judged = [(rule, judge(rule, *seen)) for rule in rules if rule.when != OTHERWISE]
    held = [rule for rule, truth in judged if truth is Truth.YES]
    worst = max((SEVERITY[rule.verdict] for rule in held), default=-1)
    doubted = [
        (rule, truth)
        for rule, truth in judged
        if not truth.known and SEVERITY[rule.verdict] > worst
    ]
    if doubted:
        return _undecided(name, held, doubted, seen)
    deciding = [rule for rule in held if SEVERITY[rule.verdict] == worst]
    deciding = deciding or [rule for rule in rules if rule.when == OTHERWISE]
    if not deciding:
        return MechanismVerdict(name, "indeterminate", (), None, f"{name}: no rule covers this")
    first = deciding[0]
    names = tuple(rule.rule for rule in deciding)
    reason = "; ".join(rule.explanation for rule in deciding)
    grade = min(rule.grade for rule in deciding)
    return MechanismVerdict(name, first.verdict, names, grade, reason)


def _undecided(
    name: str,
    held: Sequence[Rule],
    doubted: Sequence[tuple[Rule, Truth]],
    seen: tuple[Observations, Limits],
) -> MechanismVerdict:
    some = bool(held) or any(truth is not Truth.UNCOVERED for _, truth in doubted)
    doubts = dict.fromkeys(
        (site, truth) for rule, _ in doubted for site, truth in _doubtful_sites(rule, seen)
    )
    said = [
        f"{words} {', '.join(site for site, truth in doubts if truth is kind)}"
        for kind, words in _DOUBTS.items()
        if any(truth is kind for _, truth in doubts)
    ]
    least = [f"at least {rule.verdict} ({rule.explanation})" for rule in held]
    verdict: Verdict = "indeterminate" if some else "not assessed"
    return MechanismVerdict(name, verdict, (), None, "; ".join([*said, *least]))


def _doubtful_sites(rule: Rule, seen: tuple[Observations, Limits]) -> Iterator[tuple[str, Truth]]:
    for part in parse(rule.when):
        truth = _show(part, *seen)
        if not truth.known:
            yield part.site, truth


def judge(rule: Rule, observations: Observations, limits: Limits) -> Truth:
    """Whether a rule's condition holds; sites that were not observed have no reads."""
    return holds(parse(rule.when), lambda part: _show(part, observations, limits))


def _show(part: Part, observations: Observations, limits: Limits) -> Truth:
    return observations.get(part.site, _UNSEEN).shows(part.values, limits)


def _minorities(rules: Iterable[Rule], seen: tuple[Observations, Limits]) -> Iterator[Minority]:
    """Values that rules list and that only part of the reads show."""
    observations, limits = seen
    listed = dict.fromkeys(
        (part.site, value)
        for rule in rules
        if rule.when != OTHERWISE
        for part in parse(rule.when)
        for value in sorted(part.values)
    )
    for site, value in listed:
        found = observations.get(site, _UNSEEN)
        if found.shows(frozenset((value,)), limits) is Truth.MIXED:
            share = found.values.get(value)
            if share is not None:
                yield Minority(site, value, share, found.depth)
