"""Where the cases' infection may have come from: candidates, groups of them, and a ranking."""

from dataclasses import dataclass, field
from typing import Literal

Exposure = tuple[str, str]
"""A node of the exposure graph: its kind and its value, such as ("lot", "CV-2203")."""

NOT_RECORDED: Exposure = ("not recorded", "something nobody wrote down")


def _share(name: str, value: float | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, is {value}")


@dataclass(frozen=True, slots=True)
class SourcePriors:
    """What is assumed before the answers are read.

    recall: Beta parameters of the chance that a case infected by a source has it on record, in good
    records; poor_recall: the same in poor ones; poor: the chance that they are poor. precision: that
    whoever has the wider exposure on record (the product) has the right one within it (the lot).
    mistaken: chance that cases were gathered of whom many only look linked, as by a contamination in the
    laboratory, and the share of them that then are not. not_recorded: chance that the source is on
    nobody's record. companions: chance that other exposures went along with the source, and the share of
    exposures that then did. prevalence: median share of background patients with an exposure, and of
    those with a wider exposure who have one within it (this lot among users of the product); spread:
    standard deviations of their log odds between sorts of exposure.
    """

    recall: tuple[float, float] = (12.0, 1.5)
    poor_recall: tuple[float, float] = (6.0, 4.0)
    poor: float = 0.2
    precision: tuple[float, float] = (19.0, 1.0)
    mistaken: tuple[float, float] = (0.06, 0.5)
    not_recorded: float = 0.1
    companions: tuple[float, float] = (0.02, 0.1)
    prevalence: tuple[float, float] = (0.12, 0.4)
    spread: tuple[float, float] = (1.3, 1.3)

    def __post_init__(self) -> None:
        if min(*self.recall, *self.poor_recall, *self.precision, *self.spread) <= 0:
            raise ValueError("recall, precision and spread must be positive")
        pairs = (*self.mistaken, *self.companions, *self.prevalence)
        if not all(0 < share < 1 for share in (self.poor, self.not_recorded, *pairs)):
            raise ValueError(
                "poor, mistaken, not_recorded, companions and prevalence are neither 0 nor 1"
            )


@dataclass(frozen=True, slots=True)
class Source:
    """One candidate and the evidence for it.

    cases_exposed, cases_known: weighted by the chance that each case is linked. probability: null where
    there is no comparison group. tipping_point: without one, the share of similar patients that the
    exposure must stay below for a Bayes factor above 10; null where no share will do. p_value: chance
    that the best of all exposures scores as well by luck; q_value: false-discovery rate (Benjamini-
    Hochberg); both null without comparison patients. guarded: it is how cases were found, and says nothing.
    """

    exposure: Exposure
    group: int
    cases_exposed: float
    cases_known: float
    comparison_exposed: int
    comparison_known: int
    bayes_factor: float
    probability: float | None
    tipping_point: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    guarded: bool = False

    def __post_init__(self) -> None:
        for name in ("probability", "tipping_point", "p_value", "q_value"):
            _share(name, getattr(self, name))


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Exposures that the cases cannot tell apart, the best first, and their probability together."""

    members: tuple[Exposure, ...]
    probability: float | None

    def __post_init__(self) -> None:
        if not self.members:
            raise ValueError("a group has members")
        _share("probability", self.probability)


@dataclass(frozen=True, slots=True)
class CaseWeight:
    """How likely a case is part of the outbreak: before and after its exposures were looked at."""

    case_id: str
    prior: float
    posterior: float | None

    def __post_init__(self) -> None:
        _share("prior", self.prior)
        _share("posterior", self.posterior)


@dataclass(frozen=True, slots=True)
class SourceRanking:
    """Every candidate, most likely first, `NOT_RECORDED` among them.

    comparison: comparison patients with any answer that counts. cases: every case that weighs. left_out:
    cases of the line list that took no part, with the reason. summary: what a person would say of it,
    a sentence each. shown: probabilities are shown, since there is a comparison group.
    """

    sources: tuple[Source, ...]
    groups: tuple[SourceGroup, ...]
    cases: tuple[CaseWeight, ...]
    comparison: int
    shown: bool
    summary: tuple[str, ...]
    notes: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.shown and any(one.probability is not None for one in self.sources):
            raise ValueError("without a comparison group no probability is shown")

    def of(self, exposure: Exposure) -> Source | None:
        """The candidate for an exposure, None where nobody was asked about it."""
        return next((one for one in self.sources if one.exposure == exposure), None)


@dataclass(frozen=True, slots=True)
class Question:
    """An answer worth getting: whom to ask about whom, and what it would tell.

    ask: what sort of respondent; whom: its name, null if not known. gain: expected fall of the entropy
    over sources, in bits. effort: work of asking, a telephone call to a patient being 1. outcomes: for each
    answer its chance and the exposure that would then lead.
    """

    kind: str
    case_ids: tuple[str, ...]
    ask: Literal["patient", "facility", "laboratory"]
    whom: str | None
    sentence: str
    gain: float
    effort: float
    outcomes: tuple[tuple[str, float, Exposure], ...]

    def __post_init__(self) -> None:
        if self.gain < 0 or self.effort <= 0:
            raise ValueError("a gain is not negative, and an effort positive")

    @property
    def gain_per_effort(self) -> float:
        """What questions are ranked by: bits a call."""
        return self.gain / self.effort
