"""Patients in care and isolates still on a shelf: what happened, and what is due."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from abscope.outbreak.contacts import contacts_due
from abscope.outbreak.monitoring import in_care, monitoring_due
from abscope.outbreak.plural import plural
from abscope.records import LineList
from abscope.records.followup import CultureCourse, LaterIsolate, Task

CONVERSION = 3  # negative cultures in a row that make a conversion
APART = timedelta(weeks=4)  # and at least so far apart (NTM-NET, van Ingen 2018; for lungs)
RECURRENCE = 2  # positive cultures after a conversion that make a recurrence (the same)
SILENT = timedelta(days=30)  # a patient on treatment is heard of at least so often (judgement)
KEPT = timedelta(
    days=180
)  # an isolate may be discarded after this; laboratories differ (judgement)


def tasks(
    linelist: LineList,
    contacts: pl.DataFrame,
    monitoring: pl.DataFrame,
    *,
    today: date,
) -> tuple[Task, ...]:
    """Everything due by `today`, the longest overdue first; what has no date, at once.

    contacts, monitoring: tables.followup.
    """
    found = [
        *rescues(linelist, today),
        *contacts_due(contacts, today),
        *monitoring_due(linelist.treatments, monitoring, today),
        *updates_due(linelist, monitoring, today),
        *cultures_due(linelist, today),
    ]
    return tuple(sorted(found, key=lambda one: (one.due or date.min, one.concern, one.about)))


def culture_courses(specimens: pl.DataFrame) -> Iterator[CultureCourse]:
    """Every patient with dated cultures: converted, not, recurred, or too little to tell.

    Conversion: three negative cultures in a row, each four weeks or more after the one before that
    counts; recurrence: two positive ones after it. Defined for lungs; for joints and CSF there is no
    agreed definition. Contaminated, pending and undated cultures say nothing.
    """
    told = specimens.filter(
        (pl.col("kind") == "patient")
        & pl.col("case_id").is_not_null()
        & pl.col("date_last").is_not_null()
        & pl.col("result").is_in(["positive", "negative"])
    ).sort("case_id", "date_last")
    for (case,), own in told.group_by(["case_id"], maintain_order=True):
        yield _course(str(case), own.select("date_last", "result").rows())


def _course(case: str, cultures: list[tuple[date, str]]) -> CultureCourse:
    negatives: list[date] = []
    relapse: list[date] = []
    for day, result in cultures:
        converted = len(negatives) >= CONVERSION
        if result == "negative":
            if not negatives or (not converted and day - negatives[-1] >= APART):
                negatives.append(day)
        elif converted:
            relapse.append(day)
        else:
            negatives.clear()
    if len(relapse) >= RECURRENCE:
        reason = f"{plural(len(relapse), 'positive culture')} after conversion on {negatives[0]}"
        return CultureCourse(case, "recurred", relapse[0], len(negatives), reason)
    if len(negatives) >= CONVERSION:
        return CultureCourse(
            case, "converted", negatives[0], len(negatives), "three negative cultures"
        )
    if negatives:
        reason = f"{len(negatives)} of {CONVERSION} negative cultures, four weeks apart"
        return CultureCourse(case, "cannot tell", negatives[0], len(negatives), reason)
    return CultureCourse(case, "not converted", cultures[-1][0], 0, "the last culture was positive")


def cultures_due(linelist: LineList, today: date) -> Iterator[Task]:
    """The next culture of patients in care who have not converted."""
    courses = {one.case_id: one for one in culture_courses(linelist.specimens)}
    taken = _latest(linelist.specimens.filter(pl.col("kind") == "patient"), "date_last")
    for case in in_care(linelist.treatments, today):
        course, last = courses.get(case), taken.get(case)
        if course is not None and course.course == "converted":
            continue
        due = last + APART if last else None
        if due is None or due <= today:
            reason = course.reason if course else "no culture on record"
            yield Task(
                "culture", case, due, f"Repeat the culture, if material can be had: {reason}."
            )


def updates_due(
    linelist: LineList, monitoring: pl.DataFrame, today: date, *, silent: timedelta = SILENT
) -> Iterator[Task]:
    """Patients on treatment of whom nothing was heard for thirty days, or as long as `silent`."""
    heard = _latest(linelist.specimens, "date_last"), _latest(monitoring, "date")
    started = _latest(linelist.treatments, "date_start")
    for case in in_care(linelist.treatments, today):
        known = [own[case] for own in (*heard, started) if case in own]
        due = max(known) + silent if known else None
        if due is None or due <= today:
            patient = "heard of this patient"
            lately = f"{patient} since {max(known)}" if known else f"ever {patient}"
            yield Task("update", case, due, f"Nothing was {lately}: ask how they are.")


def genome_changes(later: Sequence[LaterIsolate], *, same_strain: int) -> Iterator[Task]:
    """What a patient's later isolates show: new resistance in the same strain, or another strain.

    A marker is new if the patient's isolate before, assessed, did not have it. An isolate that cannot be
    compared with the first is said to be so: it is neither relapse nor reinfection.
    """
    before: dict[str, LaterIsolate] = {}
    for one in sorted(later, key=lambda one: (one.case_id, one.day, one.isolate_id)):
        earlier = before.get(one.case_id)
        if earlier is not None:
            yield from _changed(earlier, one, same_strain)
        if earlier is None or one.markers is not None:
            before[one.case_id] = one


def _changed(earlier: LaterIsolate, one: LaterIsolate, same_strain: int) -> Iterator[Task]:
    name, case, day = one.isolate_id, one.case_id, one.day
    if one.snps is None:
        text = (
            f"{name} could not be compared with the first isolate: relapse or reinfection is open."
        )
        yield Task("strain", case, day, text)
    elif one.snps > same_strain:
        apart = f"{name} is {one.snps} SNPs from the first isolate"
        yield Task("strain", case, day, f"{apart}: reinfection, or two strains from the start.")
    elif one.markers is not None and earlier.markers is not None:
        for marker in sorted(one.markers - earlier.markers):
            has = f"{name}, the same strain ({plural(one.snps, 'SNP')}), has {marker}"
            yield Task(
                "resistance", case, day, f"{has}, new since {earlier.day}: review the regimen."
            )


def rescues(linelist: LineList, today: date, *, sequenced: Collection[str] = ()) -> Iterator[Task]:
    """Isolates that were cultured and not sequenced, and may still be there: ask before they are discarded.

    Cases without any isolate count where the line list holds no culture of theirs, too. Those ruled out,
    and specimens known to be gone, are left alone. sequenced: isolates that are, beside those named.
    """
    cases = linelist.cases.select("case_id", "isolate_ids", "status", "date_collection").iter_rows()
    cultured = _cultured(linelist.specimens)
    for case, isolates, status, collected in cases:
        if isolates or status == "not a case":
            continue
        if case not in cultured:
            what = "No isolate is named: ask the laboratory whether one is kept, and have it sequenced."
            yield Task("isolate", case, _discard(collected, today), what)
        for name, day, isolate, kept in cultured.get(case, []):
            if isolate is None and name not in sequenced and kept != "no":
                what = f"Specimen {name} grew and was not sequenced: ask for it before it is discarded."
                yield Task("isolate", case, _discard(day or collected, today), what)


def _cultured(
    specimens: pl.DataFrame,
) -> Mapping[str, list[tuple[str, date | None, str | None, str | None]]]:
    found: dict[str, list[tuple[str, date | None, str | None, str | None]]] = {}
    grew = specimens.filter((pl.col("kind") == "patient") & (pl.col("result") == "positive"))
    columns = ("case_id", "specimen_id", "date_last", "isolate_id", "retained")
    for case, *rest in grew.select(columns).iter_rows():
        found.setdefault(case, []).append((rest[0], rest[1], rest[2], rest[3]))
    return found


def _discard(taken: date | None, today: date) -> date | None:
    """The day by which to ask; past it, at once."""
    return taken + KEPT if taken and taken + KEPT > today else None


def _latest(frame: pl.DataFrame, column: str) -> dict[str, date]:
    known = frame.filter(pl.col("case_id").is_not_null() & pl.col(column).is_not_null())
    return dict(known.group_by("case_id").agg(pl.col(column).max()).iter_rows())
