"""What single cells of a line list say: ages, statuses, results, dates that can be true together."""

import re
from collections.abc import Mapping
from datetime import date

from abscope.formats import written_dates
from abscope.formats.headings import plain
from abscope.formats.written_dates import Order
from abscope.outbreak import plausible

_STATUS = {
    "confirmed": ("confirmed", "confirmed case"),
    "probable": ("probable", "probable case"),
    "suspect": ("suspect", "suspected", "suspect case", "suspected case", "possible"),
    "not a case": (
        "not a case",
        "noncase",
        "ruled out",
        "discarded",
        "control",
        "not a case discarded",
        "refuted",
    ),
}
_STATUS_OF = {plain(word): status for status, words in _STATUS.items() for word in words}
_RESULT = {
    "positive": ("positive", "pos", "+", "growth", "grew", "detected", "yes", "1"),
    "negative": ("negative", "neg", "-", "no growth", "not detected", "none", "no", "0"),
    "contaminated": ("contaminated", "mixed flora"),
    "pending": ("pending", "in progress", "awaited"),
    "unknown": ("unknown", "unk", "?", "not known"),
}
_RESULT_OF = {word: result for result, words in _RESULT.items() for word in words}
_AGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(y|yr|yrs|years?|m|mo|months?)?", re.IGNORECASE)
_OLDEST = 120

Remark = tuple[str, str]  # what is odd, and what to do


def age(text: str) -> tuple[float | None, Remark | None]:
    """Years, from `34`, `34 y` or `8 months`."""
    if not text:
        return None, None
    found = _AGE.fullmatch(text)
    if found is None:
        return None, (f"{text!r} is not a number; it is not used", "write years as one number")
    years = float(found[1].replace(",", "."))
    if (found[2] or "y").lower().startswith("m"):
        years /= 12
    if years > _OLDEST:
        return None, (f"{text!r} is above {_OLDEST} years; it is not used", "check the age")
    return years, None


def status(text: str) -> tuple[str | None, Remark | None]:
    """A case definition's verdict, by any of its usual names."""
    known = _STATUS_OF.get(plain(text))
    if known or not text:
        return known, None
    return None, (f"{text!r} is not known; it is not used", f"write {', '.join(_STATUS)}")


def result(text: str) -> tuple[str | None, Remark | None]:
    """What a culture or test gave; None where nothing is written."""
    known = _RESULT_OF.get(text.strip().casefold())
    if known or not text:
        return known, None
    return None, (f"result {text!r} is not known; it is not used", f"write {', '.join(_RESULT)}")


def dates(
    texts: Mapping[str, str], today: date | None, orders: Mapping[str, Order]
) -> tuple[dict[str, date | None], list[tuple[str, Remark]]]:
    """Every date that can be read and does not contradict the others; remarks with their field.

    orders: which of day and month a column writes first, where its owner said so. An exposure of which
    only month or year is known becomes an interval.
    """
    written = {
        field: written_dates.read(text, today=today, order=orders.get(field))
        for field, text in texts.items()
        if text
    }
    found = {field: written[field].day if field in written else None for field in texts}
    vague = _interval(written, found)
    remarks = [
        (field, vague if vague and field == "date_exposure" else (one.remark, one.remedy))
        for field, one in written.items()
        if one.remark
    ]
    wrong = plausible.contradictory(found)
    for what in dict.fromkeys(wrong.values()):
        aside = " and ".join(field for field in wrong if wrong[field] == what)
        remarks.append(("", (f"{what}: {aside} not used", "correct the date that is wrong")))
    kept = {field: None if field in wrong else day for field, day in found.items()}
    remarks += [("", (what, "check both dates")) for what in plausible.odd(kept)]
    return kept, remarks


def _interval(
    written: Mapping[str, written_dates.Written], found: dict[str, date | None]
) -> Remark | None:
    """Put the first and last day of an exposure of which only the month or year is known."""
    vague = written.get("date_exposure")
    if vague is None or vague.between is None or found.get("date_exposure_end"):
        return None
    found["date_exposure"], found["date_exposure_end"] = first, last = vague.between
    what = f"names no day: it is taken as some day from {first} to {last}"
    return what, "write the day if it is known"


def age_and_birth(
    years: float | None, known: Mapping[str, date | None]
) -> tuple[str, Remark] | None:
    """A remark where the age is not that of somebody born then."""
    birth = known.get("date_birth")
    onset = known.get("date_onset") or known.get("date_collection")
    if years is None or birth is None or onset is None:
        return None
    reckoned = plausible.age_at(birth, onset)
    if abs(reckoned - years) < 1.5:
        return None
    what = f"age {years:g} does not fit: born {birth}, {reckoned} years old on {onset}"
    return "", (what, "correct the age or the date of birth")
