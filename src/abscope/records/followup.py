"""What is due for patients in care, and how far facilities have answered."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Concern = Literal["monitoring", "culture", "update", "resistance", "strain", "facility", "isolate"]
Course = Literal["converted", "not converted", "recurred", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: for whom or where, by when (null: at once), and what.

    about: the case, or the facility.
    """

    concern: Concern
    about: str
    due: date | None
    sentence: str


@dataclass(frozen=True, slots=True)
class CultureCourse:
    """How a patient's cultures went. since: day of the first of the negative cultures, or of the relapse."""

    case_id: str
    course: Course
    since: date | None
    negatives: int
    reason: str


@dataclass(frozen=True, slots=True)
class FacilityState:
    """How far a facility has answered. Silence is missing data: nothing is concluded from it.

    next_step: how to approach it next; due: when; both null where it has answered.
    """

    facility: str
    state: Literal["answered", "partial", "silent", "refused"]
    attempts: int
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    first: date
    last: date
    next_step: str | None
    due: date | None


@dataclass(frozen=True, slots=True)
class LaterIsolate:
    """An isolate taken again from a patient, beside the patient's first.

    snps: to the first isolate, null if it could not be compared. markers: resistance markers; null: not
    assessed.
    """

    case_id: str
    isolate_id: str
    day: date
    snps: int | None
    markers: frozenset[str] | None
