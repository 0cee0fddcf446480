"""Where a minor strain may come from: another isolate of the collection, or of the same run.

The source carries every minor base, and where it differs from the major strain its base is seen in the
mixture. Isolates of one clone share most of both, so near relatives of the source are named beside it.
"""

from collections.abc import Mapping

from scipy.stats import binom

from abscope.records import Calls, MinorSource, MinorStrain
from abscope.records.mixtures import Origin

CARRIED = 0.97
"""Share of the minor bases that a source carries; the rest may be misread."""
DOUBT = 0.01
LEAST_COMPARED = 4
LEAST_CALLED = 0.5


def matches(
    strain: MinorStrain, own: Calls, others: Mapping[str, Calls]
) -> tuple[MinorSource, ...]:
    """Hold a minor strain against other isolates called on the same reference, best fit first."""
    known = {name: calls for name, calls in others.items() if calls.reference == own.reference}
    letters = own.bases.copy()
    letters[strain.positions] = strain.major
    major = Calls(own.reference, letters)
    rows = {name: _carried(strain, calls) for name, calls in known.items()}
    found = [_source(name, strain, (major, known[name]), rows) for name in known]
    return tuple(sorted(found, key=_order))


def _carried(strain: MinorStrain, other: Calls) -> tuple[int, int]:
    """Minor bases at whose position the other isolate is called, and those it has."""
    called = other.called[strain.positions]
    return int(called.sum()), int((other.bases[strain.positions] == strain.minor).sum())


def _source(
    name: str,
    strain: MinorStrain,
    pair: tuple[Calls, Calls],
    rows: Mapping[str, tuple[int, int]],
) -> MinorSource:
    compared, carried = rows[name]
    rest = [row for other, row in rows.items() if other != name and row[0]]
    by_chance = sum(had for _, had in rest) / sum(of for of, _ in rest) if rest else None
    differing = None if strain.thinned > 1 else _differing(*pair)
    seen = None if differing is None else carried
    verdict = _verdict(strain, (compared, carried), differing)
    return MinorSource(name, verdict, compared, carried, by_chance, differing, seen)


def _differing(major: Calls, other: Calls) -> int:
    both = major.called & other.called
    return int((both & (major.bases != other.bases)).sum())


def _verdict(strain: MinorStrain, carried: tuple[int, int], differing: int | None) -> Origin:
    """Whether bases are missing in the other isolate, or its own are missing in the mixture."""
    compared, had = carried
    if binom.cdf(had, compared, CARRIED) < DOUBT and compared >= LEAST_COMPARED:
        return "does not"
    if compared < max(LEAST_COMPARED, LEAST_CALLED * len(strain.positions)):
        return "cannot tell"
    if differing is not None and _unseen(had, differing, strain.power):
        return "does not"
    return "carries it"


def _unseen(had: int, differing: int, power: float) -> bool:
    """Whether more of the isolate's own bases are absent from the mixture than chance leaves unseen."""
    allowed = 0.9 * power  # repeats and settled gaps are called but not looked at
    return bool(binom.cdf(had, max(differing, had), allowed) < DOUBT)


def _order(source: MinorSource) -> tuple[bool, float, int, str]:
    share = source.carried / source.compared if source.compared else 0.0
    return (source.verdict != "carries it", -share, source.differing or 0, source.name)
