"""Two isolates of one patient: an infection that went on, another one, or several strains at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from abscope.outbreak.link_background import at_distance
from abscope.outbreak.plural import plural
from abscope.records import Background, Days, Link, LinkVerdict, PatientVerdict, Sampled

PERSISTENCE = 0.8
"""Prior that a second isolate of a patient is of the same infection. A judgement."""
SURE = 0.9
AT_ONCE_DAYS = 90
"""Two strains within this many days are taken for two at a time."""

_VERDICTS: Mapping[PatientVerdict, LinkVerdict] = {
    "persistence": "linked",
    "reinfection": "not linked",
    "mixed": "not linked",
    "cannot tell": "cannot tell",
}


def judged(
    one: Sampled,
    other: Sampled,
    counts: tuple[int | None, int | None],
    lasting: NDArray[np.float64] | None,
    background: Background | None,
) -> Link:
    """What a patient's two isolates are to each other.

    counts: SNPs and comparable sites. lasting: P(0.. SNPs) of an infection that went on, None where
    they are too far apart to ask. In the Link, `linked` is the chance that it is one infection.
    """
    snps, comparable = counts
    same = _same(snps, lasting, background)
    if snps is None and comparable:
        same = None
    verdict = _verdict(same, one, other)
    return Link(
        one.isolate_id,
        other.isolate_id,
        snps,
        comparable,
        verdict=_VERDICTS[verdict],
        most_likely=None,
        reason=_reason(verdict, one, snps, same),
        prior={},
        linked=same,
        same_patient=verdict,
    )


def _same(
    snps: int | None, lasting: NDArray[np.float64] | None, background: Background | None
) -> float | None:
    """The chance that both are of one infection; None where there is nothing to hold it against."""
    if snps is None or lasting is None:
        return 0.0
    if 1 - float(lasting[:snps].sum()) < (1 - SURE) / 100:
        return 0.0
    if background is None:
        return None
    of_one = PERSISTENCE * float(lasting[snps])
    return of_one / (of_one + (1 - PERSISTENCE) * at_distance(background, snps).expected)


def _verdict(same: float | None, one: Sampled, other: Sampled) -> PatientVerdict:
    if same is None or 1 - SURE < same < SURE:
        return "cannot tell"
    if same >= SURE:
        return "persistence"
    return "mixed" if _at_once(one.collected, other.collected) else "reinfection"


def _at_once(one: Days | None, other: Days | None) -> bool:
    """Whether two specimens are known to lie within AT_ONCE_DAYS."""
    if one is None or other is None:
        return False
    farthest = max((one.last - other.first).days, (other.last - one.first).days)
    return farthest <= AT_ONCE_DAYS


def returning(links: Sequence[Link], known: Mapping[str, Sampled]) -> tuple[Link, ...]:
    """The same links; where a strain is found again after another, both were there at once."""
    again = [link for link in links if link.same_patient == "persistence"]
    return tuple(
        _mixed(link)
        if link.same_patient == "reinfection" and _between(link, again, known)
        else link
        for link in links
    )


def _between(link: Link, again: Sequence[Link], known: Mapping[str, Sampled]) -> bool:
    """Whether one isolate of `link` lies between two of the other's strain."""
    for middle, outer in (link.pair, link.pair[::-1]):
        day = known[middle].collected
        for other in again:
            if outer not in other.pair or day is None:
                continue
            ends = [known[name].collected for name in other.pair]
            if any(end and end.last < day.first for end in ends) and any(
                end and end.first > day.last for end in ends
            ):
                return True
    return False


def _mixed(link: Link) -> Link:
    reason = link.reason.replace(
        "Another infection", "Two strains at a time, one found again later"
    )
    return replace(link, same_patient="mixed", reason=reason)


def _reason(verdict: PatientVerdict, one: Sampled, snps: int | None, same: float | None) -> str:
    apart = "not to be compared" if snps is None else f"{plural(snps, 'SNP')} apart"
    said = {
        "persistence": f"The same infection of patient {one.patient}, gone on or come back",
        "reinfection": f"Another infection of patient {one.patient}",
        "mixed": f"Two strains at a time in patient {one.patient}",
        "cannot tell": f"Cannot tell whether patient {one.patient} has one infection or two",
    }[verdict]
    sure = (
        "no background to hold it against"
        if same is None
        else f"chance of one infection {same:.2f}"
    )
    return f"{said}: {apart}; {sure}."
