"""Exposures as a graph: who answered what, and which exposure lies within which.

A clinic lies within a city, a lot comes from a supplier. What lies within what is read from the answers:
of all who name the lot, and whose supplier is known, everybody names the same one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.records.sources import Exposure
from abscope.tables import LADDERS

YES, NO, UNKNOWN = 1, 0, -1
_CODES = {"yes": YES, "no": NO, "unknown": UNKNOWN}

CHAINS = tuple(ladder[::-1] for ladder in LADDERS if ladder[0] in ("country", "product"))
"""Kinds that lie within the next: the narrower first."""


@dataclass(frozen=True)
class ExposureGraph:
    """Who answered what. answers: people x exposures, 1 yes, 0 no, -1 not known (int8).

    Only exposures with at least one answer are in it: a question nobody answered is no candidate.
    """

    people: tuple[str, ...]
    exposures: tuple[Exposure, ...]
    answers: NDArray[np.int8]

    def __post_init__(self) -> None:
        if self.answers.shape != (len(self.people), len(self.exposures)):
            raise ValueError("answers must be people by exposures")

    @cached_property
    def column(self) -> dict[Exposure, int]:
        """The column of every exposure."""
        return {exposure: at for at, exposure in enumerate(self.exposures)}

    @cached_property
    def row(self) -> dict[str, int]:
        """The row of every person."""
        return {person: at for at, person in enumerate(self.people)}

    @cached_property
    def within(self) -> dict[Exposure, tuple[Exposure, ...]]:
        """For every exposure the wider ones it lies within, as far as the answers agree on one."""
        return {one: tuple(dict.fromkeys(self._wider(one))) for one in self.exposures}

    @cached_property
    def implied(self) -> NDArray[np.int8]:
        """The answers, and what follows from them, where an answer is not known.

        Who has the lot has its product; who has not the product has none of its lots.
        """
        answers = self.answers.copy()
        for narrow in self.exposures:
            for wider in self.within[narrow]:
                at, above = self.column[narrow], self.column[wider]
                has, lacks = self.answers[:, at] == YES, self.answers[:, above] == NO
                answers[has & (answers[:, above] == UNKNOWN), above] = YES
                answers[lacks & (answers[:, at] == UNKNOWN), at] = NO
        return answers

    def _wider(self, exposure: Exposure) -> Iterator[Exposure]:
        theirs = self.answers[self.answers[:, self.column[exposure]] == YES]
        for kind in _wider_kinds(exposure[0]):
            columns = [at for at, other in enumerate(self.exposures) if other[0] == kind]
            named = [at for at in columns if (theirs[:, at] == YES).any()]
            if len(named) == 1 and not (theirs[:, named[0]] == NO).any():
                yield self.exposures[named[0]]

    def of_kind(self, kind: str) -> list[int]:
        """Columns of one kind."""
        return [at for at, (own, _) in enumerate(self.exposures) if own == kind]

    def named_by(self, person: str, kind: str) -> list[str]:
        """The values of a kind that a person was exposed to."""
        row = self.answers[self.row[person]]
        return [self.exposures[at][1] for at in self.of_kind(kind) if row[at] == YES]


def _wider_kinds(kind: str) -> list[str]:
    found = [chain[chain.index(kind) + 1 :] for chain in CHAINS if kind in chain]
    return list(dict.fromkeys(wider for chain in found for wider in chain))


def exposure_graph(exposures: pl.DataFrame, people: Iterable[str]) -> ExposureGraph:
    """The answers of `people`, in their order, as a graph; exposures: tables.EXPOSURES.

    People without an answer keep an empty row: nobody is lost.
    """
    names = tuple(dict.fromkeys(people))
    row = {name: at for at, name in enumerate(names)}
    said = [
        (row[case], (kind, value), _CODES[answer])
        for case, kind, value, answer in exposures.select(
            "case_id", "kind", "value", "answer"
        ).iter_rows()
        if case in row and value is not None and answer != "unknown"
    ]
    nodes = tuple(sorted({exposure for _, exposure, _ in said}))
    column = {exposure: at for at, exposure in enumerate(nodes)}
    answers = np.full((len(names), len(nodes)), UNKNOWN, dtype=np.int8)
    for at, exposure, code in said:
        answers[at, column[exposure]] = code
    return ExposureGraph(names, nodes, answers)
