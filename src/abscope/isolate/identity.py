"""What an isolate is, and which reference it is read against."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from abscope.errors import SampleError
from abscope.isolate import contamination, subspecies
from abscope.isolate.composition import Composition
from abscope.isolate.containment import compare
from abscope.knowledge.typing_limits import IdentityLimits
from abscope.records import (
    Candidate,
    Certainty,
    Foreign,
    Identity,
    KnownGenome,
    Reference,
    ReferenceChoice,
    Sketch,
)

_FEWEST_KMERS = 200
_WHOLE = 0.7
_MUCH = 0.25


@dataclass(frozen=True, slots=True)
class Expected:
    """The organism asked for: its species, the limits that hold for it, its usual genome length."""

    species: str
    limits: IdentityLimits
    genome_length: tuple[int, int]


def identify(
    isolate: Sketch,
    known: Sequence[KnownGenome],
    expected: Expected,
    *,
    made_of: Composition | None = None,
) -> Identity:
    """Species, subspecies and contamination of an isolate, from reads or an assembly.

    known: genomes of the organism asked for, and of any other species there are. made_of: base
    composition of an assembly. Raises DataError where sketches have different k or seeds.
    """
    candidates = _ranked(compare(isolate, one) for one in known)
    if len(isolate.hashes) < _FEWEST_KMERS or not candidates:
        reason = "too little sequence, or no known genome to compare it with"
        return Identity(None, None, "cannot tell", None, "cannot tell", candidates, (), reason)
    best = _main(candidates, expected.limits)
    if best is None:
        foreign = contamination.outlying(made_of, limits=expected.limits)
        return _none_known(candidates, foreign, expected)
    foreign = _foreign(isolate, known, best, expected=expected, made_of=made_of)
    found = _named(best, candidates, foreign, expected=expected)
    return replace(found, warnings=tuple(_warnings(isolate, found, best, expected=expected)))


def _ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Nearest first; those too far to measure last; ties by name."""
    return tuple(sorted(candidates, key=lambda one: (-(one.ani or 0.0), one.name)))


def _main(candidates: Sequence[Candidate], limits: IdentityLimits) -> Candidate | None:
    """The nearest genome of the species that explains most of the isolate, if it is near any."""
    nearest: dict[str, Candidate] = {}
    for one in candidates:
        if one.ani is not None and one.ani >= limits.species:
            nearest.setdefault(one.species, one)
    return max(nearest.values(), key=lambda one: one.isolate_in_known, default=None)


def _none_known(
    candidates: Sequence[Candidate], foreign: tuple[Foreign, ...], expected: Expected
) -> Identity:
    limits, first = expected.limits, candidates[0]
    if first.ani is None:
        reason = f"shares next to nothing with any known genome: not {expected.species}"
    else:
        reason = (
            f"not {expected.species}: the nearest known genome, {first.name} ({first.species}), is "
            f"{first.ani:.1%} identical, below the species limit of {limits.species:.0%}"
        )
    near = first.ani is not None and first.ani >= limits.species - limits.doubtful
    certainty: Certainty = "low" if near else "confident"
    return Identity(
        False, None, certainty, None, "cannot tell", tuple(candidates), foreign, reason,
        tuple(_mixture(foreign)),
    )  # fmt: skip


def _foreign(
    isolate: Sketch,
    known: Sequence[KnownGenome],
    best: Candidate,
    *,
    expected: Expected,
    made_of: Composition | None,
) -> tuple[Foreign, ...]:
    limits = expected.limits
    own = [one for one in known if one.species == best.species]
    others = [one for one in known if one.species != best.species]
    named = contamination.foreign_species(isolate, own, others, limits=limits)
    rest = contamination.unexplained(isolate, own, best, named)
    apart = contamination.outlying(made_of, limits=limits)
    if apart and not named:
        return apart
    large = isolate.counts is None and isolate.bases > expected.genome_length[1]
    bound = limits.unexplained_large if large else limits.unexplained
    if rest < bound:
        return named
    return (*named, Foreign(None, rest, f"{rest:.0%} of the k-mers that no known genome explains"))


def _named(
    best: Candidate,
    candidates: tuple[Candidate, ...],
    foreign: tuple[Foreign, ...],
    *,
    expected: Expected,
) -> Identity:
    limits = expected.limits
    ours = best.species == expected.species
    own = [one for one in candidates if one.species == best.species]
    kind, certainty, why = subspecies.by_identity(own, limits=limits)
    doubtful = (best.ani or 0.0) < limits.species + limits.doubtful
    much = sum(one.share for one in foreign) > _MUCH
    reason = f"{best.species}: {best.ani:.2%} identical to {best.name}"
    if not ours:
        reason = f"not {expected.species} but {reason}"
    return Identity(
        expected=ours,
        species=best.species,
        verdict="low" if doubtful or much else "confident",
        subspecies=kind,
        subspecies_verdict="low" if much and certainty == "confident" else certainty,
        candidates=candidates,
        foreign=foreign,
        reason=f"{reason}; subspecies: {why}" if ours else reason,
    )


def _warnings(
    isolate: Sketch, found: Identity, best: Candidate, *, expected: Expected
) -> Iterator[str]:
    yield from _mixture(found.foreign)
    if best.aligned is not None and best.aligned < _WHOLE:
        yield f"only {best.aligned:.0%} of the nearest genome is there"
    shortest = expected.genome_length[0]
    if isolate.counts is None and found.expected and isolate.bases < _WHOLE * shortest:
        yield f"about {isolate.bases:,} bases, a whole genome has {shortest:,} or more"


def _mixture(foreign: Sequence[Foreign]) -> Iterator[str]:
    for one in foreign:
        least = "at least " if one.species else "about "
        yield (
            f"contaminated: {least}{one.share:.0%} is {one.species or 'of unknown origin'} "
            f"({one.evidence})"
        )


def require(found: Identity, expected: Expected) -> None:
    """Raise SampleError, with the evidence, for an isolate that is of another species."""
    if found.expected:
        return
    said = "; ".join((found.reason, *found.warnings))
    raise SampleError(
        said,
        hint=f"nothing more is typed by the rules of {expected.species}; check the culture and the "
        "sample sheet, or name another organism with --organism",
    )


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
    kinds = {reference.name: reference.subspecies for reference in references}
    label = f"{best} ({kinds[best]})" if kinds[best] else best
    nearest = f"; next {others[0][0]} {others[0][1]:.2%}" if others else "; the only one given"
    return ReferenceChoice(best, tuple(ranked), f"{label} is nearest, identity {ani:.2%}{nearest}")
