"""A viewer's isolates of a collection compared as a run compares its own: from profiles, by reference.

Profiles are read one at a time, so that memory holds planes of bits and never everybody's letters.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from abscope.population.distance_tree import distance_tree
from abscope.population.distances import counted
from abscope.population.packing import hide, pack
from abscope.records import Calls, Comparison, LeftOut, Reference
from abscope.records.genotypes import Planes
from abscope.reports.folder import isolates_table
from abscope.surveillance import Desk
from abscope.tables import ISOLATES

_RESTORE = "restore the collection's profiles from a backup, or add the isolate again"


@dataclass(slots=True, eq=False)
class Compared:
    """Comparisons, a row of quality for each isolate, and those whose profile cannot be read."""

    comparisons: list[Comparison] = field(default_factory=list)
    rows: list[pl.DataFrame] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def isolates(self) -> pl.DataFrame:
        """tables.ISOLATES."""
        return pl.concat(self.rows) if self.rows else ISOLATES.frame()


def compared(desk: Desk, keys: Mapping[str, Mapping[str, str]]) -> Compared:
    """Compare isolates: by reference, their names and the keys of their profiles."""
    found = Compared()
    charted = {one.name for one in desk.charter.references}
    for name in sorted(name for of, own in keys.items() if of not in charted for name in own):
        found.left_out.append(LeftOut(name, "its reference is not the collection's", _RESTORE))
    for reference in desk.charter.references:
        own = keys.get(reference.name, {})
        if own:
            _compare(desk, reference, own, found)
    return found


def _compare(desk: Desk, reference: Reference, keys: Mapping[str, str], found: Compared) -> None:
    ids: list[str] = []
    mask = desk.charter.mask(reference.name)
    letters = _letters(desk, reference, keys, ids, found)
    words = pack(letters, isolates=len(keys), length=mask.length)
    if not ids:
        return
    planes = Planes(reference.name, tuple(ids), mask.length, words)
    raw = counted(planes, threads=desk.threads)
    hide(words, mask.hidden())
    masked = counted(planes, threads=desk.threads)
    tree = distance_tree(masked, least=desk.charter.least(reference.name))
    found.comparisons.append(
        Comparison(reference.name, reference.subspecies, raw, masked, mask, tree)
    )


def _letters(
    desk: Desk, reference: Reference, keys: Mapping[str, str], ids: list[str], found: Compared
) -> Iterator[Calls]:
    """Each isolate's calls in turn; who has them is put into `ids`, who has not is left out."""
    sequences = {reference.name: reference}
    for name, key in sorted(keys.items()):
        one = desk.collection.profile(key, sequences)
        if one is None:
            found.left_out.append(LeftOut(name, "its profile cannot be read", _RESTORE))
            continue
        ids.append(name)
        found.rows.append(isolates_table({name: one}, sequences))
        yield one.called.calls


def unresolved(comparison: Comparison, least: int) -> Iterator[tuple[str, str]]:
    """Pairs with fewer than `least` comparable sites."""
    few = np.triu(comparison.masked.comparable < least, 1)
    for i, j in zip(*np.nonzero(few), strict=True):
        first, second = sorted((comparison.ids[i], comparison.ids[j]))
        yield first, second
