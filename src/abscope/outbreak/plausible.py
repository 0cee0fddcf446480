"""Dates of one case that cannot all be right, and which of them to set aside."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

Dates = Mapping[str, date | None]

# Nobody falls ill from, or gives a specimen of, an infection before being exposed to it ...
_NEVER = (("date_exposure", "date_onset"), ("date_exposure", "date_collection"))
# ... while a specimen taken before the first symptom is odd, but happens.
_ODD = (("date_onset", "date_collection"),)


def contradictory(dates: Dates) -> dict[str, str]:
    """Columns to set aside, with the reason: those that contradict most of the others.

    A date that both others contradict goes alone; where two contradict each other and nothing tells
    which is wrong, both go.
    """
    impossible = list(_reversed(dates, _NEVER))
    blame = Counter(name for pair in (*impossible, *_reversed(dates, _ODD)) for name in pair)
    accused = {name for pair in impossible for name in pair}
    worst = max((blame[name] for name in accused), default=0)
    return {
        name: "; ".join(_sentence(dates, pair) for pair in impossible if name in pair)
        for name in sorted(accused)
        if blame[name] == worst
    }


def odd(dates: Dates) -> Iterator[str]:
    """What is unusual about dates that are all possible, one sentence each."""
    return (_sentence(dates, pair) for pair in _reversed(dates, _ODD))


def _reversed(dates: Dates, pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for first, second in pairs:
        earlier, later = dates.get(first), dates.get(second)
        if earlier is not None and later is not None and later < earlier:
            yield first, second


def _sentence(dates: Dates, pair: tuple[str, str]) -> str:
    first, second = pair
    return f"{second} {dates[second]} is before {first} {dates[first]}"
