"""Where exposures lead, back to suppliers and lots and forward to people; and who was not found."""

from dataclasses import dataclass

from abscope.records.sources import Exposure


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an exposure's users are the cases, back from them.

    cases: weight of the cases that lead to it for certain; possible: of those that may (they had the product,
    and the lot is not known); known: of all who answered. comparison: the same of comparison patients.
    lift: share of cases that lead there over the share expected, (reached + 1/2) / (asked + 1) of the
    comparison patients; null where no case answered. via: narrower exposures through which they lead to it.
    """

    exposure: Exposure
    cases: float
    possible: float
    known: float
    comparison: int
    comparison_known: int
    lift: float | None
    via: tuple[Exposure, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who had, or may have had, an exposure.

    certain: it is on record; otherwise only a wider exposure is. risk: chance that an illness from it would
    not have shown yet; null without a date.
    """

    case_id: str
    certain: bool
    is_case: bool
    risk: float | None


@dataclass(frozen=True, slots=True)
class Forward:
    """Who else may have had an exposure, and how many cases are still to be expected.

    beside: other places and products that its users name, with how many of them. expected: of the cases
    that the exposures already made will lead to, those not yet ill, with a 95 % interval; null where no
    case has a date. dated: linked cases with a date, which the number rests on.
    """

    exposure: Exposure
    recipients: tuple[Recipient, ...]
    beside: tuple[tuple[Exposure, int], ...]
    expected: float | None
    interval: tuple[int, int] | None
    dated: int


@dataclass(frozen=True, slots=True)
class Factor:
    """One step on the way to being counted, and the share that passes it."""

    name: str
    share: float

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"{self.name}: a share is above 0 and at most 1")


@dataclass(frozen=True, slots=True)
class Undetected:
    """How many cases there are in all. share: that is counted, the product of the factors."""

    counted: int
    factors: tuple[Factor, ...]
    share: float
    median: int
    interval: tuple[int, int]
    sentence: str
