"""Back from cases to suppliers, lots and donors; forward from these to who else may fall ill."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from abscope.outbreak.exposure_graph import NO, UNKNOWN, YES, ExposureGraph, exposure_graph
from abscope.outbreak.source_evidence import COMPARISON
from abscope.records import LineList
from abscope.records.sources import Exposure
from abscope.records.traces import Forward, Reach, Recipient

CHAIN = (
    "product",
    "supplier",
    "donor",
    "lot",
    "diluent",
    "reagent",
    "device",
    "clinic",
    "clinician",
)
"""Kinds that a trace goes back to, unless it is told others."""
INCUBATION = 35.0, 0.94
"""Days from exposure to illness, log-normal: median, and spread of the logarithm.

Median five weeks, range 1-20, of eleven patients (Dominican Republic 2003-04, MMWR 53(23)); the spread
is derived from that range, so a rough prior.
"""


def back(
    linelist: LineList, weights: Mapping[str, float], *, kinds: tuple[str, ...] = CHAIN
) -> tuple[Reach, ...]:
    """How many cases each supplier, lot, donor can be reached from, next to comparison patients.

    weights: chance that each case is linked; below 0.05 it is a comparison patient. Those most reached
    beyond expectation come first. A case that had the product and does not know the lot may lead to any
    lot of it: it counts as possible, not as reached.
    """
    graph = exposure_graph(
        linelist.exposures, [c for c in linelist.cases["case_id"] if c in weights]
    )
    weight = np.array([weights[person] for person in graph.people], dtype=np.float64)
    found = [
        _reach(graph, weight, exposure) for exposure in graph.exposures if exposure[0] in kinds
    ]
    reached = (one for one in found if one.cases or one.possible)
    return tuple(sorted(reached, key=lambda one: (-(one.lift or 0.0), -one.cases, one.exposure)))


def _reach(graph: ExposureGraph, weight: NDArray[np.float64], exposure: Exposure) -> Reach:
    said = graph.implied[:, graph.column[exposure]]
    case = weight >= COMPARISON
    may = _may(graph, exposure)
    yes, known = said == YES, said != UNKNOWN
    cases, asked = float(weight[case & yes].sum()), float(weight[case & known].sum())
    others, others_asked = int((~case & yes).sum()), int((~case & known).sum())
    expected = (others + 0.5) / (others_asked + 1)
    return Reach(
        exposure=exposure,
        cases=cases,
        possible=float(weight[case & may].sum()),
        known=asked,
        comparison=others,
        comparison_known=others_asked,
        lift=cases / asked / expected if asked else None,
        via=tuple(one for one in graph.exposures if exposure in graph.within[one]),
    )


def _may(graph: ExposureGraph, exposure: Exposure) -> NDArray[np.bool_]:
    """Who is not known to have it, but had something wider that it lies within, and lacks nothing wider."""
    wider = [graph.column[one] for one in graph.within[exposure]]
    above = graph.implied[:, wider]
    silent = graph.implied[:, graph.column[exposure]] == UNKNOWN
    may: NDArray[np.bool_] = silent & (above == YES).any(1) & ~(above == NO).any(1)
    return may


def forward(
    linelist: LineList,
    exposure: Exposure,
    *,
    weights: Mapping[str, float],
    today: date,
) -> Forward:
    """Who else had an exposure or may have had it, and the cases still expected of exposures made so far.

    Every linked case seen stands for w / F(days since its exposure) cases, of which those not yet ill are
    to come (F: the incubation); the interval is negative binomial. People without a date are listed and do
    not count. Raises ValueError where nobody was asked about the exposure.
    """
    graph = exposure_graph(linelist.exposures, linelist.cases["case_id"])
    if exposure not in graph.column:
        raise ValueError(f"nobody was asked about {exposure[0]} {exposure[1]}")
    dates = dict(linelist.cases.select("case_id", "date_exposure").iter_rows())
    had, may = graph.implied[:, graph.column[exposure]] == YES, _may(graph, exposure)
    recipients = [
        Recipient(
            person,
            bool(had[row]),
            weights.get(person, 0.0) >= COMPARISON,
            _risk(dates[person], today),
        )
        for row, person in enumerate(graph.people)
        if had[row] or may[row]
    ]
    expected, interval, dated = _still_expected(recipients, weights)
    return Forward(exposure, tuple(recipients), _beside(graph, exposure), expected, interval, dated)


def _risk(exposed: date | None, today: date) -> float | None:
    """Chance that an illness would not have shown by now."""
    if exposed is None:
        return None
    days, (median, spread) = (today - exposed).days, INCUBATION
    return 1 - float(stats.norm.cdf(np.log(days / median) / spread)) if days > 0 else 1.0


def _still_expected(
    recipients: list[Recipient], weights: Mapping[str, float]
) -> tuple[float | None, tuple[int, int] | None, int]:
    seen = [
        (weights.get(one.case_id, 0.0), 1 - one.risk)
        for one in recipients
        if one.is_case and one.risk is not None and one.risk < 1
    ]
    if not seen:
        return None, None, 0
    number = sum(weight for weight, _ in seen)
    expected = sum(weight * (1 - shown) / shown for weight, shown in seen)
    share = number / (number + expected)
    low, high = (int(stats.nbinom.ppf(at, number, share)) for at in (0.025, 0.975))
    return expected, (max(low, 0), max(high, 0)), len(seen)


def _beside(graph: ExposureGraph, exposure: Exposure) -> tuple[tuple[Exposure, int], ...]:
    """What else its users name: the clinics that gave a product, the products of a clinic."""
    users = graph.implied[graph.implied[:, graph.column[exposure]] == YES]
    counted = Counter(
        {
            other: int((users[:, at] == YES).sum())
            for at, other in enumerate(graph.exposures)
            if other != exposure and (users[:, at] == YES).any()
        }
    )
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
