"""The folder tests itself: examples are findings and the verdicts that the rules must give them.

A finding is `locus:site=value`; what is not named is as in a susceptible isolate. `value@0.3` is seen in
30 % of the reads, the rest wild; `uncovered`, `low` and `mixed` stand for what cannot be read; `#7` at
the end sets the depth, else 100. A verdict is `drug=verdict` or `drug/mechanism=verdict`.
"""

import re
from collections.abc import Iterator, Mapping

from abscope.knowledge.between_tables import parts_of
from abscope.knowledge.conditions import Doubt, Observation
from abscope.knowledge.rows import Example, Knowledge, Site
from abscope.knowledge.verdicts import DrugVerdict, decide
from abscope.records import Problem

DEPTH = 100
_FINDING = re.compile(r"([^=]+)=([^@#]+)(?:@([01]?\.?\d+))?(?:#(\d+))?")
_DOUBTS: Mapping[str, Doubt] = {"uncovered": "uncovered", "low": "low", "mixed": "mixed"}


def problems(knowledge: Knowledge) -> Iterator[Problem]:
    """Examples that fail or cannot be read, and rules that no example reaches."""
    reached: set[str] = set()
    for example in knowledge.examples:
        where = f"examples.tsv {example.example!r}"
        try:
            verdicts = run(knowledge, example)
        except ValueError as error:
            yield Problem(where, str(error))
            continue
        reached |= {name for one in verdicts for part in one.mechanisms for name in part.rules}
        for wanted in example.verdicts:
            for fault in _fault(wanted, verdicts):
                yield Problem(where, fault)
    for rule in knowledge.rules:
        if rule.rule not in reached:
            hint = "add a row to examples.tsv whose findings make it decide"
            yield Problem("resistance.tsv", f"{rule.rule}: no example reaches this rule", hint)


def run(knowledge: Knowledge, example: Example) -> tuple[DrugVerdict, ...]:
    """The verdicts of an example's findings. Raises ValueError for a finding that cannot be read."""
    observations = dict(_wild(knowledge))
    for finding in example.findings:
        name, observation = _finding(finding, {site.name: site for site in knowledge.sites})
        observations[name] = observation
    readable = [rule for rule in knowledge.rules if rule.when == "otherwise" or parts_of(rule)]
    return decide(readable, knowledge.drugs, observations, knowledge.limits)


def _wild(knowledge: Knowledge) -> Iterator[tuple[str, Observation]]:
    for site in knowledge.sites:
        yield site.name, Observation({site.wild: 1.0}, DEPTH)


def _finding(finding: str, sites: Mapping[str, Site]) -> tuple[str, Observation]:
    match = _FINDING.fullmatch(finding)
    if match is None:
        raise ValueError(f"{finding!r} is not locus:site=value")
    name, value, share, depth = match.groups()
    if name not in sites:
        raise ValueError(f"{finding!r}: sites.tsv has no {name}")
    reads = int(depth) if depth else DEPTH
    if value in _DOUBTS:
        return name, Observation({}, doubt=_DOUBTS[value])
    part = float(share) if share else 1.0
    values = {value: part, sites[name].wild: 1 - part} if part < 1 else {value: 1.0}
    return name, Observation(values, reads)


def _fault(wanted: str, verdicts: tuple[DrugVerdict, ...]) -> Iterator[str]:
    subject, equals, verdict = wanted.partition("=")
    drug, slash, mechanism = subject.partition("/")
    found = next((one for one in verdicts if one.drug == drug), None)
    if not equals or found is None:
        yield f"{wanted!r} is not drug=verdict with a drug of the rules"
        return
    try:
        given = found.of(mechanism).verdict if slash else found.verdict
    except KeyError:
        yield f"{wanted!r}: {drug} has no mechanism {mechanism!r}"
        return
    if given != verdict:
        yield f"{subject} is {given}, expected {verdict}"
