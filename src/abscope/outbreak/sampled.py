"""What a line list says of isolates: whose they are, and when the patient was exposed and sampled."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from abscope.records import Days, LineList, Sampled

Handling = frozenset[tuple[str, str]]


def sampled_isolates(
    isolates: Iterable[str],
    linelist: LineList | None,
    strata: Mapping[str, str | None],
    handling: Mapping[str, Handling] | None = None,
) -> tuple[Sampled, ...]:
    """Each isolate with what is known of it beside its genome; what is not known stays so.

    strata: the clone, or "not a clone", of each isolate, as backgrounds name them. handling: run, plate
    and the like. A specimen's own date wins over its case's.
    """
    taken = dict(_specimens(linelist)) if linelist else {}
    cases = dict(_cases(linelist)) if linelist else {}
    return tuple(
        Sampled(
            name,
            patient=cases[name][0] if name in cases else None,
            stratum=strata.get(name),
            exposed=cases[name][1] if name in cases else None,
            collected=taken.get(name) or (cases[name][2] if name in cases else None),
            handling=(handling or {}).get(name, frozenset()),
        )
        for name in isolates
    )


def _cases(linelist: LineList) -> Iterator[tuple[str, tuple[str, Days | None, Days | None]]]:
    for row in linelist.cases.iter_rows(named=True):
        exposed = _days(row["date_exposure"], row["date_exposure_end"])
        collected = _days(row["date_collection"], None)
        named = row["isolate_ids"] or ()
        for isolate in named:
            own = collected if len(named) == 1 else None
            yield isolate, (row["patient_id"] or row["case_id"], exposed, own)


def _specimens(linelist: LineList) -> Iterator[tuple[str, Days]]:
    columns = linelist.specimens.select("isolate_id", "date_first", "date_last")
    for isolate, first, last in columns.iter_rows():
        days = _days(first, last)
        if isolate is not None and days is not None:
            yield isolate, days


def _days(first: date | None, last: date | None) -> Days | None:
    """An interval; a start without an end is that day, an end before the start is no interval."""
    if first is None:
        return None
    return Days(first, last if last is not None and last >= first else first)
