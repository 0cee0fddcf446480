"""A time axis: days as pixels, and ticks that people would choose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months between ticks
_ROOM = 62  # pixels that a label needs


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days from first to last, laid out from left to right (pixels)."""

    first: date
    last: date
    left: float
    right: float

    def x(self, day: date) -> float:
        """Where a day begins."""
        span = max((self.last - self.first).days, 1)
        return round(self.left + (self.right - self.left) * (day - self.first).days / span, 1)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """First days of months with their names, no closer than their labels need."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        most = max(1, int((self.right - self.left) / _ROOM))
        step = next((s for s in _STEPS if months <= most * s), _STEPS[-1])
        days = [
            day for day in _months(self.first, self.last) if (day.month - 1) % min(step, 12) == 0
        ]
        if step > 12:
            days = [day for day in days if day.year % (step // 12) == 0]
        return tuple((self.x(day), _label(day, step)) for day in days)


def _months(first: date, last: date) -> Iterator[date]:
    at = first.replace(day=1)
    while at <= last:
        if at >= first:
            yield at
        at = (at + timedelta(days=31)).replace(day=1)


def _label(day: date, step: int) -> str:
    return str(day.year) if step >= 12 else f"{MONTHS[day.month - 1]} {day.year}"
