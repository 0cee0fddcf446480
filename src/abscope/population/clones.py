"""Which circulating clone an isolate belongs to: one that is listed, none, or more than can be told.

An isolate is of a clone where it lies few SNPs from the clone's reference genome, or carries its marker
SNPs, and nothing speaks against it. `none` is said only where every listed clone of the isolate's subspecies
was examined and dismissed. A sequence type never decides: ST63 is one locus from ST42 and not of its clone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from abscope.knowledge.rows import Clone
from abscope.knowledge.typing_limits import CloneLimits
from abscope.population import clone_evidence as evidence
from abscope.population.clone_evidence import ClonePanel, Said, Typed
from abscope.records import CloneCall, CloneDistance, CloneOutcome, MarkerCount, Mask, Mixture

Answer = Said | Literal["conflict"] | None
_CLOSE = 0.5
_MANY_SITES = 200


@dataclass(frozen=True, slots=True)
class _Evidence:
    """All that was found, and what each line of it says, clone by clone."""

    distances: tuple[CloneDistance, ...]
    markers: tuple[MarkerCount, ...]
    ani: tuple[tuple[str, float], ...]
    lines: tuple[Mapping[str, Said], Mapping[str, Said], Mapping[str, Said]]
    mixed: float
    telling: int

    def says(self, clone: str) -> Answer:
        """One answer per clone: SNPs and markers together, identity only where both are silent."""
        by_distance, by_markers, by_identity = self.lines
        heard = {said[clone] for said in (by_distance, by_markers) if clone in said}
        if not heard:
            return by_identity.get(clone)
        if {"same", "other"} <= heard:
            return "conflict"
        if len(heard) == 1:
            return next(iter(heard))
        return "same" if "same" in heard else "near"


@dataclass(frozen=True, slots=True)
class _Decision:
    outcome: CloneOutcome
    reason: str
    clone: str | None = None


def clone_of(isolate: Typed, panel: ClonePanel, mask: Mask, *, limits: CloneLimits) -> CloneCall:
    """The clone of one isolate.

    Raises DataError where isolate or clones' genomes were called against another reference than the
    mask's, ValueError where the markers lie on another one.
    """
    found = _gathered(isolate, panel, mask, limits=limits)
    listed = [one for one in panel.clones if _may_be(one, isolate.subspecies)]
    said = _answers(listed, found)
    decided = _decided(said, listed, found, limits=limits)
    return CloneCall(
        outcome=decided.outcome,
        clone=decided.clone,
        confidence=_confidence(decided.clone, found, limits) if decided.clone else None,
        nearest=_nearest(found),
        reason=decided.reason,
        distances=found.distances,
        markers=found.markers,
        ani=found.ani,
        not_examined=tuple(name for name, word in said.items() if word is None),
        warnings=tuple(_sequence_type(isolate, decided.clone, panel.clones)),
    )


def _gathered(isolate: Typed, panel: ClonePanel, mask: Mask, *, limits: CloneLimits) -> _Evidence:
    distances = evidence.distances(isolate.calls, panel, mask)
    markers = panel.markers.counted(isolate.calls) if panel.markers is not None else ()
    mixed, telling = evidence.mixed_share(isolate.calls, panel, mask)
    return _Evidence(
        distances,
        markers,
        tuple(sorted(isolate.ani.items(), key=lambda item: (-item[1], item[0]))),
        (
            evidence.by_distance(distances, mask, limits=limits),
            evidence.by_markers(markers, limits=limits),
            evidence.by_identity(isolate.ani, limits=limits),
        ),
        mixed,
        telling,
    )


def _may_be(clone: Clone, subspecies: str | None) -> bool:
    return subspecies is None or clone.subspecies is None or clone.subspecies == subspecies


def _answers(listed: Sequence[Clone], found: _Evidence) -> dict[str, Answer]:
    """What is known of every clone, listed or marked; a branch and its stem answer for one another."""
    names = dict.fromkeys([one.clone for one in listed] + [one.group for one in found.markers])
    said: dict[str, Answer] = {name: found.says(name) for name in names}
    for stem in [one.clone for one in listed]:
        branches = [one.clone for one in listed if one.part_of == stem]
        if any(said[name] == "same" for name in branches):
            said[stem] = "same"
        if branches and said[stem] is None and all(said[name] == "other" for name in branches):
            said[stem] = "other"
        if said[stem] == "other":
            said.update({name: said[name] or "other" for name in branches})
    return said


def _decided(
    said: Mapping[str, Answer],
    listed: Sequence[Clone],
    found: _Evidence,
    *,
    limits: CloneLimits,
) -> _Decision:
    if found.telling >= limits.sites and found.mixed >= limits.mixed:
        share = (
            f"reads disagree at {found.mixed:.0%} of {found.telling:,} sites that tell clones apart"
        )
        return _Decision("mixed", f"{share}{_compatible(found, limits)}")
    by_answer = {
        word: [name for name, one in said.items() if one == word] for word in said.values()
    }
    if opposed := by_answer.get("conflict"):
        reason = f"SNPs and markers contradict one another on {', '.join(opposed)}"
        return _Decision("cannot tell", f"{reason} ({_described(found)})")
    stems = {one.part_of for one in listed if one.clone in by_answer.get("same", ())}
    same = [name for name in by_answer.get("same", ()) if name not in stems]
    if len(same) == 1:
        return _Decision("clone", _described(found, same[0]), same[0])
    if same:
        return _Decision("cannot tell", f"fits {' and '.join(same)} alike ({_described(found)})")
    return _no_clone(by_answer, found)


def _no_clone(by_answer: Mapping[Answer, list[str]], found: _Evidence) -> _Decision:
    if near := by_answer.get("near"):
        reason = f"near {', '.join(near)} but not near enough to say ({_described(found)})"
        return _Decision("cannot tell", reason)
    dismissed, silent = by_answer.get("other", []), by_answer.get(None, [])
    if silent or not dismissed:
        what = f"nothing could be said of {', '.join(silent)}" if silent else "no clone is known"
        rest = f"; not {', '.join(dismissed)}" if dismissed else ""
        return _Decision("cannot tell", what + rest)
    reason = f"far from all {len(dismissed)} clones known ({_described(found)})"
    return _Decision("none", reason)


def _described(found: _Evidence, clone: str | None = None) -> str:
    """The evidence in words: for one clone, or for whichever comes closest."""
    parts = []
    for one in [d for d in found.distances if clone in (None, d.clone)][:1]:
        parts.append(f"{one.snps:,} SNPs at {one.comparable:,} sites to the genome of {one.clone}")
    marked = [m for m in found.markers if m.read and clone in (None, m.group)]
    for mark in sorted(marked, key=lambda m: -(m.share or 0.0))[:1]:
        parts.append(f"{mark.carried:,} of {mark.read:,} marker SNPs of {mark.group}")
    if not parts:
        near = [item for item in found.ani if clone in (None, item[0])][:1]
        parts = [f"{identity:.2%} identical to the genome of {name}" for name, identity in near]
    return "; ".join(parts)


def _compatible(found: _Evidence, limits: CloneLimits) -> str:
    """Clones whose markers are carried, by some of the reads at least."""
    names = [
        one.group
        for one in found.markers
        if one.carried + one.mixed >= limits.carried * (one.read + one.mixed) > 0
    ]
    return f"; {' and '.join(names)} would fit" if names else ""


def _confidence(
    clone: str, found: _Evidence, limits: CloneLimits
) -> Literal["high", "moderate", "low"]:
    """High: SNPs and markers agree, or one of them by a wide margin. Low: identity alone."""
    by_distance, by_markers, _ = found.lines
    heard = [said[clone] for said in (by_distance, by_markers) if clone in said]
    if not heard:
        return "low"
    close = any(d.clone == clone and d.per_genome <= _CLOSE * limits.same for d in found.distances)
    many = any(m.group == clone and m.read >= _MANY_SITES for m in found.markers)
    if heard.count("same") == len(heard) and (len(heard) > 1 or close or many):
        return "high"
    return "moderate"


def _nearest(found: _Evidence) -> str | None:
    """The clone that comes closest: by SNPs, else by markers, else by identity."""
    if found.distances:
        return found.distances[0].clone
    read = [one for one in found.markers if one.share is not None]
    if read:
        return max(read, key=lambda one: (one.share or 0.0, one.group)).group
    return found.ani[0][0] if found.ani else None


def _sequence_type(isolate: Typed, clone: str | None, clones: Sequence[Clone]) -> Iterator[str]:
    """Where the sequence type says otherwise; it decides nothing."""
    if isolate.sequence_type is None:
        return
    types = {one.clone: (*one.sequence_types, *one.also_types) for one in clones}
    of_type = [name for name, known in types.items() if isolate.sequence_type in known]
    if clone is None and of_type:
        yield f"ST{isolate.sequence_type} is common in {', '.join(of_type)}, which is no proof"
    elif clone is not None and types.get(clone) and clone not in of_type:
        listed = ", ".join(f"ST{one}" for one in types[clone])
        yield f"ST{isolate.sequence_type} is unusual for {clone} ({listed})"


def in_mixture(call: CloneCall, mixture: Mixture | None) -> CloneCall:
    """The clone call of a tube with two strains: `mixed`, whatever the commoner bases fit.

    A close variant may be the diversity of one strain, and leaves the call as it is.
    """
    if mixture is None or mixture.verdict != "mixed" or mixture.relation == "close variant":
        return call
    if call.outcome == "mixed":
        return call
    most = f"most reads fit {call.clone}" if call.clone else f"most reads alone: {call.outcome}"
    reason = f"two strains in the tube ({mixture.reason}); {most} ({call.reason})"
    return replace(call, outcome="mixed", clone=None, confidence=None, reason=reason)
