"""Dates as people write them: read where there is one reading, explained where there is not."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from abscope.formats.headings import plain

Order = Literal["day first", "month first"]
ORDERS: tuple[Order, ...] = ("day first", "month first")
_ISO = "write it as YYYY-MM-DD"
_EXCEL_DAY_0 = date(
    1899, 12, 30
)  # serial 60 is 1900-02-29, which never was; all later ones count from here
_EARLIEST = 1900
_MONTHS = {
    short: number
    for spellings in (  # English, and Spanish where it differs
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "ene feb mar abr may jun jul ago set oct nov dic",
    )
    for number, short in enumerate(spellings.split(), start=1)
}
_CLOCK = re.compile(
    r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}|[AaPp]\.?[Mm]\.?)?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2}")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: de)? ([^\W\d_]+)\.?(?: del?)? (\d{4})")
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_NO_DAY = re.compile(r"\d{4}([-/.]\d{1,2})?|\d{1,2}[-/.]\d{4}")
_MONTH_ONLY = re.compile(r"([^\W\d_]+)\.?(?: del?)? \d{4}")
_SERIAL = re.compile(r"[2-7]\d{4}(\.\d+)?")  # 1954-10-03 to 2119-01-22


@dataclass(frozen=True, slots=True)
class Written:
    """What a cell says: a date or none, and what there is to remark with a remedy.

    between: first and last day it can be, where a month or a year is named without a day.
    """

    day: date | None
    remark: str = ""
    remedy: str = _ISO
    between: tuple[date, date] | None = None


def read(text: str, *, today: date | None = None, order: Order | None = None) -> Written:
    """The date `text` stands for.

    None with a remark where it is no date, has two readings (03/04/2022) and `order` does not say which
    is meant, names no day (2022-10), is before 1900, or after `today`. Excel's day numbers are read,
    with a remark.
    """
    bare = _CLOCK.sub("", text.strip())
    if _SERIAL.fullmatch(bare):
        day = _EXCEL_DAY_0 + timedelta(days=int(float(bare)))
        return _checked(day, text, today, f"{text!r} was read as an Excel day number: {day}")
    words = " ".join(re.sub(r"[,\-/]", " ", bare).split()).lower()
    month = _MONTH_ONLY.fullmatch(words)
    if _NO_DAY.fullmatch(bare) or (month and _month(month[1])):
        what = f"{text!r} does not name a day; no date is used"
        return Written(None, what, f"{_ISO} if known", _between(bare, month, today))
    parts = _parts(bare, words, order)
    if parts is None:
        return Written(None, f"{text!r} is not a date that can be read")
    if isinstance(parts, str):
        return Written(None, f"{text!r} {parts}")
    try:
        return _checked(date(*parts), text, today)
    except ValueError:
        return Written(None, f"{text!r} is a day that does not exist", "check day and month")


def _between(
    bare: str, named: re.Match[str] | None, today: date | None
) -> tuple[date, date] | None:
    """First and last day of a month or year, not after today."""
    numbers = [int(part) for part in re.findall(r"\d+", bare)]
    year = max(numbers)
    month = _month(named[1]) if named else next((n for n in numbers if n != year), None)
    if not _EARLIEST <= year <= 9999 or (month is not None and not 1 <= month <= 12):
        return None
    first = date(year, month or 1, 1)
    last = date(year, month or 12, monthrange(year, month or 12)[1])
    if today is not None and first > today:
        return None
    return first, min(last, today) if today else last


def order_of(texts: list[str]) -> Order | None:
    """Which comes first, day or month, where a column's own dates tell: 14/03/2022, 03/14/2022."""
    found: set[Order] = set()
    for text in texts:
        parts = _YEAR_LAST.fullmatch(_CLOCK.sub("", text.strip()))
        if parts and int(parts[1]) > 12 >= int(parts[3]):
            found.add("day first")
        elif parts and int(parts[3]) > 12 >= int(parts[1]):
            found.add("month first")
    return found.pop() if len(found) == 1 else None


def has_two_readings(text: str) -> bool:
    """Whether day and month of a date could be told only by knowing their order."""
    parts = _YEAR_LAST.fullmatch(_CLOCK.sub("", text.strip()))
    return bool(parts and int(parts[1]) <= 12 and int(parts[3]) <= 12 and parts[1] != parts[3])


def _parts(bare: str, words: str, order: Order | None) -> tuple[int, int, int] | str | None:
    """Year, month and day; or why they cannot be told apart; or None."""
    if found := _YEAR_FIRST.fullmatch(bare):
        year, month, day = (int(part) for part in found.groups() if part and part.isdigit())
        return year, month, day
    if found := _YEAR_LAST.fullmatch(bare):
        return _day_and_month(int(found[1]), int(found[3]), int(found[4]), order)
    if _SHORT_YEAR.fullmatch(bare):
        return "has a year of two digits, and could be more than one date"
    if found := _DAY_MONTH.fullmatch(words):
        named = _month(found[2])
        return (int(found[3]), named, int(found[1])) if named else None
    if found := _MONTH_DAY.fullmatch(words):
        named = _month(found[1])
        return (int(found[3]), named, int(found[2])) if named else None
    return None


def _day_and_month(
    first: int, second: int, year: int, order: Order | None
) -> tuple[int, int, int] | str:
    if first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    if order is not None:
        return (year, second, first) if order == "day first" else (year, first, second)
    return (
        f"could be {year}-{first:02}-{second:02} (month first) or {year}-{second:02}-{first:02} "
        "(day first)"
    )


def _month(word: str) -> int | None:
    return _MONTHS.get(plain(word)[:3])


def _checked(day: date, text: str, today: date | None, remark: str = "") -> Written:
    if day.year < _EARLIEST:
        return Written(None, f"{text!r} is before {_EARLIEST}", "check the year")
    if today is not None and day > today:
        return Written(None, f"{text!r} is in the future (today is {today})", "check the year")
    return Written(day, remark)
