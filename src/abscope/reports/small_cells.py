"""Counts of people that do not give anybody away: small cells hidden, and others that would tell them."""

from collections.abc import Mapping

LEAST = 5


def suppressed(counts: Mapping[str, int], *, least: int = LEAST) -> dict[str, str]:
    """Counts as text; those of 1 to `least` - 1 hidden, and larger ones until nothing can be worked out.

    Whoever knows the total can subtract what is shown: so at least two cells are hidden, or none, and
    they hold `least` people or more together, unless everything is hidden.
    """
    hidden = {name for name, count in counts.items() if 0 < count < least}
    rest = sorted(
        (count, name) for name, count in counts.items() if count > 0 and name not in hidden
    )
    while hidden and rest and not _safe(hidden, counts, least):
        hidden.add(rest.pop(0)[1])
    small = {name for name in hidden if counts[name] < least}
    return {
        name: f"<{least}" if name in small else "hidden" if name in hidden else str(count)
        for name, count in counts.items()
    }


def _safe(hidden: set[str], counts: Mapping[str, int], least: int) -> bool:
    return len(hidden) > 1 and sum(counts[name] for name in hidden) >= least
