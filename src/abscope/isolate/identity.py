"""Which reference an isolate is read against."""

from collections.abc import Mapping, Sequence

from abscope.errors import SampleError
from abscope.records import Reference, ReferenceChoice


def choose(
    identities: Mapping[str, float], references: Sequence[Reference], *, min_ani: float
) -> ReferenceChoice:
    """The nearest reference by estimated identity (0-1), and the reason in words.

    Raises SampleError where even the nearest is further than `min_ani`: another species.
    """
    ranked = sorted(identities.items(), key=lambda item: (-item[1], item[0]))
    (best, ani), *others = ranked
    if ani < min_ani:
        raise SampleError(
            f"nearest reference {best} is only {ani:.1%} identical (species limit {min_ani:.0%}): "
            "another species, or mostly contamination",
            hint="check the species; to compare against another genome give it with --reference",
        )
    subspecies = {reference.name: reference.subspecies for reference in references}[best]
    label = f"{best} ({subspecies})" if subspecies else best
    nearest = f"; next {others[0][0]} {others[0][1]:.2%}" if others else "; the only one given"
    return ReferenceChoice(best, tuple(ranked), f"{label} is nearest, identity {ani:.2%}{nearest}")
