"""The subspecies: by identity to known genomes, and by marker SNPs as a cross-check."""

from collections.abc import Sequence

from abscope.knowledge.typing_limits import IdentityLimits
from abscope.records import Calls, Candidate, Certainty, MarkerCheck, Markers

_SURE = 3.0
_CARRIED, _NOT_CARRIED = 0.8, 0.2
_FEWEST_MARKERS = 20


def by_identity(
    candidates: Sequence[Candidate], *, limits: IdentityLimits
) -> tuple[str | None, Certainty, str]:
    """Subspecies, how sure, and why, from candidates of the isolate's species that have one."""
    best = _nearest_of_each(candidates)
    if not best:
        return None, "cannot tell", "no known genome names its subspecies"
    first = best[0]
    named = ", ".join(f"{one.subspecies} {one.ani:.2%}" for one in best)
    if first.ani is None or first.ani < limits.subspecies:
        only = f"below {limits.subspecies:.0%} to every known subspecies ({named})"
        return None, "cannot tell", f"{only}: its own may be missing among the known genomes"
    if len(best) == 1:
        return first.subspecies, "confident", f"{named}; no other subspecies to compare with"
    lead = first.ani - (best[1].ani or 0.0)
    noise = _SURE * ((first.error or 0.0) ** 2 + (best[1].error or 0.0) ** 2) ** 0.5
    if lead >= max(limits.lead, noise):
        return first.subspecies, "confident", named
    if lead > noise:
        return first.subspecies, "low", f"nearly as near to two subspecies ({named})"
    return None, "cannot tell", f"as near to two subspecies ({named})"


def _nearest_of_each(candidates: Sequence[Candidate]) -> list[Candidate]:
    known = [one for one in candidates if one.subspecies and one.ani is not None]
    ranked = sorted(known, key=lambda one: (-(one.ani or 0.0), one.name))
    first: dict[str | None, Candidate] = {}
    for one in ranked:
        first.setdefault(one.subspecies, one)
    return list(first.values())


def by_markers(calls: Calls, markers: Markers) -> MarkerCheck:
    """What subspecies markers on the calls' reference say.

    A subspecies is named where at least 80 % of its markers that were read are carried and of every other
    less than 20 %; a mixture or a hybrid carries two. Raises ValueError where calls and markers lie on
    different references.
    """
    counts = markers.counted(calls)
    shares = tuple((one.group, one.carried, one.read) for one in counts)
    said = ", ".join(f"{name} {carried} of {read}" for name, carried, read in shares)
    if not counts or any(one.read < _FEWEST_MARKERS for one in counts):
        return MarkerCheck(shares, None, "cannot tell", f"too few markers could be read ({said})")
    carried = [one.group for one in counts if (one.share or 0.0) >= _CARRIED]
    dismissed = [one for one in counts if (one.share or 0.0) < _NOT_CARRIED]
    if len(carried) == 1 and len(dismissed) == len(counts) - 1:
        return MarkerCheck(shares, carried[0], "confident", said)
    return MarkerCheck(shares, None, "cannot tell", f"no subspecies or more than one ({said})")


def disagreement(subspecies: str | None, check: MarkerCheck) -> str | None:
    """A warning where identity and markers name different subspecies, else None."""
    if subspecies is None or check.subspecies is None or subspecies == check.subspecies:
        return None
    return (
        f"identity says {subspecies}, marker SNPs say {check.subspecies} ({check.reason}): "
        "a mixture, a recombinant, or a mislabelled reference"
    )
