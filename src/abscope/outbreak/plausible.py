"""Dates of one case that cannot all be right, and which of them to set aside."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

Dates = Mapping[str, date | None]

# Nobody falls ill from, or gives a specimen of, an infection before being exposed to it; nothing comes
# before birth, and what ends does not end before it began ...
_NEVER = (
    ("date_exposure", "date_onset"),
    ("date_exposure", "date_collection"),
    ("date_exposure", "date_exposure_end"),
    ("date_treatment", "date_treatment_end"),
    ("date_exposure", "date_death"),
    ("date_onset", "date_death"),
    *(
        ("date_birth", later)
        for later in (
            "date_exposure",
            "date_onset",
            "date_collection",
            "date_treatment",
            "date_death",
        )
    ),
)
# ... while a specimen taken before the first symptom is odd, but happens.
_ODD = (
    ("date_onset", "date_collection"),
    ("date_onset", "date_report"),
    ("date_onset", "date_treatment"),
    ("date_collection", "date_death"),
)


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


def age_at(birth: date, day: date) -> int:
    """Full years between two days."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
