"""Groups of a collection's isolates that belong together like a clone and to none that is listed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from abscope.knowledge.typing_limits import CloneLimits
from abscope.population.pairs import resolved
from abscope.records import CloneCall, Comparison


def with_novel_clones(
    calls: Mapping[str, CloneCall],
    comparisons: Sequence[Comparison],
    *,
    limits: CloneLimits,
    patients: Mapping[str, str] | None = None,
    min_comparable: float = 0.5,
) -> dict[str, CloneCall]:
    """The same calls, with `none` turned into `novel clone` for isolates of one group.

    A group: isolates without a clone, joined by pairs within `limits.same` SNPs per genome, from two
    patients or more. patients: isolate -> patient; an isolate not named counts as a patient of its own.
    """
    known = patients or {}
    found = dict(calls)
    for comparison in comparisons:
        for group in _groups(comparison, calls, limits=limits, min_comparable=min_comparable):
            people = {known.get(name, name) for name in group}
            if len(people) > 1:
                for name in group:
                    found[name] = _novel(calls[name], group, len(people))
    return found


def _groups(
    comparison: Comparison,
    calls: Mapping[str, CloneCall],
    *,
    limits: CloneLimits,
    min_comparable: float,
) -> list[tuple[str, ...]]:
    names = comparison.ids
    free = np.array([name in calls and calls[name].outcome == "none" for name in names])
    pairs = comparison.masked
    sites = int((~comparison.mask.hidden()).sum())
    per_genome = pairs.snps / np.maximum(pairs.comparable, 1) * sites
    close = resolved(comparison, min_comparable=min_comparable) & (per_genome <= limits.same)
    close &= free[:, None] & free[None, :]
    count, label = connected_components(csr_array(close.astype(np.int8)), directed=False)
    members = [tuple(sorted(np.array(names)[label == one].tolist())) for one in range(count)]
    return [group for group in members if len(group) > 1]


def _novel(call: CloneCall, group: tuple[str, ...], people: int) -> CloneCall:
    reason = (
        f"{call.reason}; with {len(group) - 1} other isolates of the collection "
        f"({people} patients) it forms a group of its own"
    )
    return replace(call, outcome="novel clone", group=group, reason=reason)
