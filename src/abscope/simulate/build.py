"""Building a world from a scenario: the same scenario and seed make the same world."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from abscope.records import Reference
from abscope.simulate import ancestor, patients, pedigree, population
from abscope.simulate.genomes import from_reference
from abscope.simulate.linelist import degraded
from abscope.simulate.mutation import Change
from abscope.simulate.outbreak import Infected, Transmission, spread
from abscope.simulate.patients import calendar_day, decimal_year
from abscope.simulate.pedigree import Pedigree
from abscope.simulate.scenarios import Case, Outbreak, Scenario
from abscope.simulate.survey import survey
from abscope.simulate.world import Isolate, World


def build(scenario: Scenario, seed: int, *, reference: Reference | None = None) -> World:
    """Make a scenario's world; from a real `reference` as ancestor, where one is given."""
    generators = np.random.default_rng(seed).spawn(5)
    population_rng, outbreak_rng, people_rng, answers_rng, survey_rng = generators
    root = from_reference(reference) if reference else ancestor.genome(scenario.length)
    family = population.species(root, population_rng)
    family, background = _background(family, scenario, population_rng)
    family, isolates, transmissions, rows = _outbreaks(family, scenario, outbreak_rng)
    others = _comparison(background, scenario, people_rng)
    cases = patients.table([*rows, *others])
    known = [row["case_id"] or "" for row in rows]
    return World(
        scenario=scenario.name,
        seed=seed,
        pedigree=_readable(family, [*isolates, *background], scenario),
        isolates=_contaminated([*isolates, *background], scenario),
        transmissions=tuple(transmissions),
        cases=cases,
        linelist=degraded(cases, scenario.degradation, spared=known, rng=answers_rng),
        clones={clone.name: clone.subspecies for clone in scenario.clones},
        backgrounds=survey(scenario.clones, scenario.clock, len(root), rng=survey_rng),
    )


def _readable(family: Pedigree, isolates: Sequence[Isolate], scenario: Scenario) -> Pedigree:
    """Keep the genomes that are read: isolates, reference strains, founders of clones."""
    references = {f"SIM_{name}" for name in population.SUBSPECIES}
    founders = {clone.name for clone in scenario.clones}
    return family.keeping(references | founders | {isolate.member for isolate in isolates})


def _background(
    family: Pedigree, scenario: Scenario, rng: np.random.Generator
) -> tuple[Pedigree, list[Isolate]]:
    """Clones and sporadic strains; isolates are named N001, N002 ..."""
    isolates: list[Isolate] = []
    for clone in scenario.clones:
        names = _names(len(isolates), clone.members)
        family = population.circulating(family, clone, scenario.clock, names=names, rng=rng)
        isolates += _sampled(family, names, scenario, clone.subspecies, clone.name)
    for subspecies, count in scenario.sporadic.items():
        names = _names(len(isolates), count)
        for name in names:
            day = round(float(rng.uniform(*population.COLLECTED)), 3)
            family = population.strain(family, subspecies, name, date=day, rng=rng)
        isolates += _sampled(family, names, scenario, subspecies, None)
    return family, isolates


def _names(already: int, count: int) -> list[str]:
    return [f"N{already + k + 1:03d}" for k in range(count)]


def _sampled(
    family: Pedigree, names: list[str], scenario: Scenario, subspecies: str, clone: str | None
) -> list[Isolate]:
    dates = {descent.name: descent.date for descent in family.descents}
    return [
        Isolate(
            name=name,
            member=name,
            subspecies=subspecies,
            collected=calendar_day(dates[name] or 0.0),
            kind=scenario.background,
            clone=clone,
            depth=scenario.depth,
        )
        for name in names
    ]


def _outbreaks(
    family: Pedigree, scenario: Scenario, rng: np.random.Generator
) -> tuple[Pedigree, list[Isolate], list[Transmission], list[dict[str, str | None]]]:
    isolates: list[Isolate] = []
    transmissions: list[Transmission] = []
    rows: list[dict[str, str | None]] = []
    for plan in scenario.outbreaks:
        new = _case_rows(plan, scenario, rng)
        family = _founded(family, plan, scenario, rng)
        family, record = _spread(family, plan, new, scenario, rng)
        isolates += _isolates(plan, new, scenario)
        transmissions += record
        rows += new
    return family, isolates, transmissions, rows


def _case_rows(
    plan: Outbreak, scenario: Scenario, rng: np.random.Generator
) -> list[dict[str, str | None]]:
    """True rows of the line list; where a plan sets nothing all cases share one place of care."""
    shared = scenario.settings[int(rng.integers(len(scenario.settings)))][0]
    exposed_to = patients.treated_at(shared, rng)
    return [
        {
            "case_id": case.case_id,
            "isolate_id": case.isolate,
            "status": "confirmed" if case.isolate else "probable",
            **patients.person(rng),
            **patients.dated(case.exposed, scenario.delays, rng),
            **exposed_to,
            **case.row,
        }
        for case in plan.cases
    ]


def _founded(
    family: Pedigree, plan: Outbreak, scenario: Scenario, rng: np.random.Generator
) -> Pedigree:
    """The outbreak's founder, under its name: a strain of its own, or a member of a clone."""
    start = decimal_year(plan.start)
    if plan.within is None:
        return population.strain(family, plan.subspecies, plan.name, date=start, rng=rng)
    clone = next(clone for clone in scenario.clones if clone.name == plan.within)
    change = Change(round(scenario.clock.substitutions * (start - clone.origin)))
    child = pedigree.Descent(plan.name, None, start)
    return pedigree.descend(family, plan.within, child, change=change, rng=rng)


def _spread(
    family: Pedigree,
    plan: Outbreak,
    rows: Sequence[dict[str, str | None]],
    scenario: Scenario,
    rng: np.random.Generator,
) -> tuple[Pedigree, tuple[Transmission, ...]]:
    infected = [
        Infected(_member(plan, case), decimal_year(case.exposed), _year(row["date_collection"]))
        for case, row in zip(plan.cases, rows, strict=True)
    ]
    start = decimal_year(plan.start)
    found = spread(infected, name=plan.name, model=plan.model, start=start, size=plan.size, rng=rng)
    family = pedigree.grow(family, found.tree, replace(scenario.clock, imports=0.0), rng=rng)
    cases = {_member(plan, case): case.case_id for case in plan.cases}
    return family, tuple(
        replace(one, source=cases.get(one.source, one.source), case=cases[one.case])
        for one in found.transmissions
    )


def _member(plan: Outbreak, case: Case) -> str:
    """Name of the genome of a case, sequenced or not."""
    return case.isolate or f"{plan.name}_{case.case_id}"


def _year(text: str | None) -> float:
    return decimal_year(date.fromisoformat(text or ""))


def _isolates(
    plan: Outbreak, rows: Sequence[dict[str, str | None]], scenario: Scenario
) -> list[Isolate]:
    return [
        Isolate(
            name=case.isolate,
            member=case.isolate,
            subspecies=plan.subspecies,
            collected=date.fromisoformat(row["date_collection"] or ""),
            kind=case.kind,
            clone=plan.within,
            outbreak=plan.name,
            depth=scenario.depth,
        )
        for case, row in zip(plan.cases, rows, strict=True)
        if case.isolate
    ]


def _comparison(
    background: Sequence[Isolate], scenario: Scenario, rng: np.random.Generator
) -> list[dict[str, str | None]]:
    """A patient for every background isolate but the last few, and some without an isolate."""
    listed = background[: max(len(background) - scenario.unlisted, 0)]
    first = date(2021, 6, 1).toordinal()
    days = [
        date.fromordinal(first + int(rng.integers(0, 720))) for _ in range(scenario.unsequenced)
    ]
    people: list[tuple[str | None, date]] = [(one.name, one.collected) for one in listed]
    people += [(None, day) for day in days]
    settings, weights = zip(*scenario.settings, strict=True)
    return patients.comparison(people, settings, weights=weights, delays=scenario.delays, rng=rng)


def _contaminated(isolates: Sequence[Isolate], scenario: Scenario) -> tuple[Isolate, ...]:
    plans = {plan.isolate: plan for plan in scenario.contaminations}
    return tuple(
        replace(one, contaminant=plans[one.name].by, contaminant_share=plans[one.name].share)
        if one.name in plans
        else one
        for one in isolates
    )
