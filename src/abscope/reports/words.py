"""Numbers, dates and lists as people write them; the templates' filters."""

from collections.abc import Sequence
from datetime import date

UNKNOWN = "–"


def count(number: float | None) -> str:
    """4812345 as `4,812,345`; a dash where it is not known."""
    if number is None:
        return UNKNOWN
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def share(fraction: float | None, digits: int = 1) -> str:
    """0.973 as `97.3 %`."""
    return UNKNOWN if fraction is None else f"{100 * fraction:.{digits}f} %"


def percent(fraction: float | None) -> str:
    """A probability in whole per cent, never none and never all."""
    if fraction is None:
        return UNKNOWN
    if fraction < 0.005:
        return "< 1 %"
    return "> 99 %" if fraction > 0.995 else f"{100 * fraction:.0f} %"


def decimal(number: float | None, digits: int = 1) -> str:
    """A measured number, rounded."""
    return UNKNOWN if number is None else f"{number:,.{digits}f}"


def chance(p: float | None) -> str:
    """A p value, never printed as zero."""
    if p is None:
        return UNKNOWN
    return "< 0.001" if p < 0.001 else f"{p:.2g}" if p < 0.1 else f"{p:.2f}"


def odds(ratio: float | None) -> str:
    """An odds ratio; unbounded where no comparison case (or every member) is exposed."""
    if ratio is None:
        return UNKNOWN
    if ratio == float("inf"):
        return "∞"
    return f"{ratio:.2g}" if ratio < 10 else f"{ratio:,.0f}"


def day(value: date | None) -> str:
    """A date as 2022-10-14."""
    return UNKNOWN if value is None else value.isoformat()


def plural(number: int, noun: str, many: str = "") -> str:
    """`1 isolate`, `3 isolates`, `0 isolates`."""
    return f"{count(number)} {noun if number == 1 else many or noun + 's'}"


def verb(number: int, one: str, many: str) -> str:
    """`one` for one thing, `many` for several."""
    return one if number == 1 else many


def listed(names: Sequence[str], most: int = 8) -> str:
    """`A, B and C`; a long list ends in `and 5 more`."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {count(len(names) - most + 1)} more"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def capital(sentence: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


FILTERS = {
    f.__name__: f
    for f in (count, share, percent, decimal, chance, odds, day, plural, verb, listed, capital)
}
