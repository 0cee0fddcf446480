"""Outbreaks as an investigator's answers: who was exposed to what, with the true source known.

Only exposures, no genomes: thousands of outbreaks to hold the ranking of sources against.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

_LINKED_UNSEQUENCED = 0.75
_ALONGSIDE = 4
"""Exposures that go with a source in one place: its staff, device, room, the lots in use there."""
_FORGOTTEN = 0.4
"""Share of a case's answers lost where the exposure was long ago, beside those missing anyway."""
_STRUCK = 0.5
"""Share of sequenced cases that a contamination event in the laboratory makes look linked."""


@dataclass(frozen=True, slots=True)
class ExposureDesign:
    """How an outbreak, and asking about it, went.

    prevalence: Beta parameters of background shares. recall: chance that a linked case has the source on
    record. missing: share of answers not known. unsequenced: share of cases whose link is only likely
    (three in four of them are). unrecorded: chance that the source is not among the exposures.
    travellers: chance that an exposure is shared by half of all people, who do everything more often.
    near_duplicate: share of answers that one exposure copies from the source. nested: exposures
    that lie within others: lots of suppliers, clinics of cities; the source at any depth. contamination:
    chance of an event in the laboratory that makes half of the sequenced cases look linked who are not.
    source: a point source is one event, and what else was part of it goes with the source; beside a
    continuous one staff and lots change, and each case met one of them; a frozen one was met long ago,
    in many places, and much is forgotten.
    """

    cases: int = 5
    comparison: int = 30
    exposures: int = 40
    prevalence: tuple[float, float] = (0.8, 5.0)
    recall: float = 0.85
    missing: float = 0.15
    unsequenced: float = 0.4
    unrecorded: float = 0.1
    travellers: float = 0.0
    near_duplicate: float = 0.0
    nested: bool = False
    contamination: float = 0.0
    source: Literal["any", "point", "continuous", "frozen"] = "any"

    def __post_init__(self) -> None:
        if self.cases < 1 or self.comparison < 0 or self.exposures < 2:
            raise ValueError("at least one case and two exposures are needed")


@dataclass(frozen=True, slots=True, eq=False)
class ExposureTruth:
    """One outbreak: people x exposures (1, 0, -1 not known), cases first; what is so.

    weights: chance that each person is linked, as the investigator has it. source: column of the true
    source, None where it is not recorded. linked: who really is. kinds: each exposure's kind. within: the
    column each lies within, -1 for none.
    """

    answers: NDArray[np.int8]
    weights: NDArray[np.float64]
    kinds: NDArray[np.intp]
    within: NDArray[np.intp]
    source: int | None
    linked: NDArray[np.bool_]


def exposure_truth(design: ExposureDesign, rng: np.random.Generator) -> ExposureTruth:
    """Draw one outbreak of a design."""
    people = design.cases + design.comparison
    source = None if rng.random() < design.unrecorded else int(rng.integers(design.exposures))
    case = np.arange(people) < design.cases
    sequenced = rng.random(people) >= design.unsequenced
    linked = case & (sequenced | (rng.random(people) < _LINKED_UNSEQUENCED))
    if design.contamination and rng.random() < design.contamination:
        linked &= ~sequenced | (rng.random(people) >= _STRUCK)
    exposed, kinds = _background(design, people, rng)
    if source is not None:
        truth = np.where(linked, rng.random(people) < design.recall, exposed[:, source])
        if design.near_duplicate:
            other = (source + 1) % design.exposures
            copied = rng.random(people) < design.near_duplicate
            exposed[:, other] = np.where(copied, truth, exposed[:, other])
        exposed[:, source] = truth
        _go_along(exposed, source, linked, design, rng)
        if design.nested:
            _widen(exposed, source)
    asked = rng.random(exposed.shape) >= design.missing
    if design.source == "frozen":
        asked &= ~case[:, None] | (rng.random(exposed.shape) >= _FORGOTTEN)
    answers = np.where(asked, exposed.astype(np.int8), np.int8(-1))
    weights = np.where(case, np.where(sequenced, 0.98, _LINKED_UNSEQUENCED), 0.0)
    within = np.where(kinds > 0, np.arange(design.exposures) - 1, -1)
    return ExposureTruth(answers, weights, kinds, within, source, linked)


def _background(
    design: ExposureDesign, people: int, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Everybody's exposures without an outbreak, and the kind of each exposure."""
    number = design.exposures
    kinds = np.zeros(number, dtype=np.intp)
    share = rng.beta(*design.prevalence, number)
    exposed = rng.random((people, number)) < share
    if design.nested:
        kinds = np.arange(number) % 4
        for narrow in range(number):
            if kinds[narrow]:
                exposed[:, narrow] &= exposed[:, narrow - 1]
    busy = rng.random((people, 1)) < 0.5
    return exposed | (busy & (rng.random(exposed.shape) < design.travellers)), kinds


def _go_along(
    exposed: NDArray[np.bool_],
    source: int,
    linked: NDArray[np.bool_],
    design: ExposureDesign,
    rng: np.random.Generator,
) -> None:
    """What linked cases met beside a source in one place, in place: all of it at once, or one each."""
    if design.source not in {"point", "continuous"}:
        return
    columns = (source + 1 + np.arange(_ALONGSIDE)) % design.exposures
    met = rng.random((len(linked), _ALONGSIDE)) < design.recall
    if design.source == "continuous":
        met &= rng.integers(_ALONGSIDE, size=(len(linked), 1)) == np.arange(_ALONGSIDE)
    exposed[:, columns] |= met & linked[:, None]


def _widen(exposed: NDArray[np.bool_], source: int) -> None:
    """Who has the source has all it lies within, in place."""
    for narrow in range(source, source - source % 4, -1):
        exposed[:, narrow - 1] |= exposed[:, narrow]
