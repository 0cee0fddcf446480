"""What a ranking of sources is made from: who counts, how much, and the answers that do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.outbreak.exposure_graph import NO, UNKNOWN, ExposureGraph, exposure_graph
from abscope.records import LineList
from abscope.records.sources import Exposure

Floats = NDArray[np.float64]

COMPARISON = 0.05  # who is less likely linked than this is a comparison patient


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What a ranking is made from: the graph of all who count, their weights, what is guarded."""

    graph: ExposureGraph
    weights: Floats
    kinds: NDArray[np.intp]
    guarded: NDArray[np.bool_]
    aside: tuple[tuple[str, str], ...] = ()

    @property
    def answers(self) -> NDArray[np.int8]:
        """The answers that count: what is implied among them, what is guarded not."""
        return np.where(self.guarded, np.int8(UNKNOWN), self.graph.implied)

    @property
    def within(self) -> NDArray[np.intp]:
        """The column of the narrowest exposure that each lies within, -1 for none."""
        nearest = [self.graph.within[one][:1] for one in self.graph.exposures]
        return np.array([self.graph.column[w[0]] if w else -1 for w in nearest], dtype=np.intp)

    @property
    def is_case(self) -> NDArray[np.bool_]:
        """Who may be linked; the others are comparison patients."""
        return self.weights >= COMPARISON

    @property
    def comparison(self) -> int:
        """Comparison patients with any answer."""
        return int((~self.is_case & (self.graph.answers != UNKNOWN).any(1)).sum())


def evidence(
    linelist: LineList, weights: Mapping[str, float], *, found_by: Collection[Exposure] = ()
) -> Evidence:
    """The answers of everybody with a weight; comparison patients not like the cases set aside."""
    if odd := {case: w for case, w in weights.items() if not 0 <= w <= 1}:
        raise ValueError(f"a weight is a chance between 0 and 1: {odd}")
    people = [case for case in linelist.cases["case_id"] if case in weights]
    whole = exposure_graph(linelist.exposures, people)
    aside = {
        person: f"comparison patient not exposed to {kind} {value}, by which cases were found"
        for kind, value in found_by
        if (kind, value) in whole.column
        for person in people
        if weights[person] < COMPARISON
        and whole.answers[whole.row[person], whole.column[kind, value]] == NO
    }
    graph = exposure_graph(linelist.exposures, [p for p in people if p not in aside])
    names = sorted({kind for kind, _ in graph.exposures})
    return Evidence(
        graph,
        np.array([weights[person] for person in graph.people], dtype=np.float64),
        np.array([names.index(kind) for kind, _ in graph.exposures], dtype=np.intp),
        np.array([one in set(found_by) for one in graph.exposures], dtype=np.bool_),
        tuple(aside.items()),
    )
