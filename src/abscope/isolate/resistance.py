"""What an isolate's key sites mean for each drug: the organism's rules, applied to evidence."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from abscope.isolate.evidence import Evidence, SiteEvidence, StretchEvidence
from abscope.knowledge.conditions import Doubt, Limits, Observation
from abscope.knowledge.rows import DELETED, PRESENT, Knowledge, Site
from abscope.knowledge.verdicts import DrugVerdict, decide
from abscope.records import LOW, MASKED, MIXED, NO_COVERAGE

BASES = "ACGT"
_DOUBTS: Mapping[str, Doubt] = {
    chr(NO_COVERAGE): "uncovered",
    chr(MASKED): "uncovered",
    chr(LOW): "low",
    chr(MIXED): "mixed",
}
_AMBIGUOUS = {
    "R": "AG",
    "Y": "CT",
    "S": "CG",
    "W": "AT",
    "K": "GT",
    "M": "AC",
    "B": "CGT",
    "D": "AGT",
    "H": "ACT",
    "V": "ACG",
}
_CODE = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
CODONS = dict(zip(map("".join, product("TCAG", repeat=3)), _CODE, strict=True))


def verdicts(evidence: Evidence, knowledge: Knowledge) -> tuple[DrugVerdict, ...]:
    """A verdict for every drug with rules, then the drugs for which none is valid.

    A site that was not looked at, or has no reads, never counts as wild type.
    """
    seen = observations(evidence, knowledge)
    return decide(knowledge.rules, knowledge.drugs, seen, knowledge.limits)


def observations(evidence: Evidence, knowledge: Knowledge) -> Mapping[str, Observation]:
    """What each key site shows, by `locus:site`."""
    return {site.name: _observe(site, evidence, knowledge.limits) for site in knowledge.sites}


def _observe(site: Site, evidence: Evidence, limits: Limits) -> Observation:
    first, end = site.span
    if site.kind == "deletion":
        stretch = evidence.over(site.locus, first + 1)
        return _NOTHING if stretch is None else _stretch(stretch, limits)
    bases = [evidence.at(site.locus, number) for number in range(first + 1, end + 1)]
    known = [_base(base) for base in bases if base is not None]
    if len(known) < len(bases):
        return _NOTHING
    return known[0] if site.kind == "base" else _codon(known, limits)


_NOTHING = Observation({}, doubt="uncovered")


def _base(base: SiteEvidence) -> Observation:
    if base.counts is None:
        return _letter(base.letter or chr(NO_COVERAGE))
    depth = sum(base.counts)
    if depth == 0:
        return _NOTHING
    names = (*BASES, DELETED)
    return Observation({n: c / depth for n, c in zip(names, base.counts, strict=True)}, depth)


def _letter(letter: str) -> Observation:
    if letter in BASES:
        return Observation({letter: 1.0})
    among = _AMBIGUOUS.get(letter)
    if among:
        return Observation({base: 1 / len(among) for base in among})
    return Observation({}, doubt=_DOUBTS.get(letter, "low"))


def _codon(bases: Sequence[Observation], limits: Limits) -> Observation:
    """The amino acids a codon's bases spell; which bases stand together is known if one varies only."""
    doubts = [base.doubt for base in bases if base.doubt is not None]
    if doubts:
        return Observation({}, doubt=doubts[0])
    options = [[v for v in BASES if _shown(base, v, limits)] for base in bases]
    if sum(len(one) > 1 for one in options) > 1 or not all(options):
        return Observation({}, doubt="mixed")
    depths = [base.depth for base in bases if base.depth is not None]
    shares: dict[str, float] = {}
    for letters in product(*options):
        share = min(base.values[letter] for base, letter in zip(bases, letters, strict=True))
        amino = CODONS["".join(letters)]
        shares[amino] = shares.get(amino, 0.0) + share
    return Observation(shares, min(depths) if depths else None)


def _shown(base: Observation, value: str, limits: Limits) -> bool:
    share = base.values.get(value, 0.0)
    reads = share * base.depth if base.depth is not None else limits.minor_reads
    return share >= limits.absent and round(reads) >= limits.minor_reads


def _stretch(seen: StretchEvidence, limits: Limits) -> Observation:
    if seen.last - seen.first + 1 < 20:  # short: reads span it
        return _short(seen)
    if not seen.reads:
        return _sequence(seen, limits)
    if seen.beside < limits.min_depth:
        return Observation({}, doubt="low" if round(seen.beside) else "uncovered")
    ratio = seen.inside / seen.beside
    if seen.joined is None or seen.crossing is None:
        return _by_depth(ratio, limits)
    return _by_joint(seen.joined, seen.crossing, ratio, limits)


def _short(seen: StretchEvidence) -> Observation:
    if seen.gap is None:
        return Observation({}, doubt="low" if seen.inside else "uncovered")
    values = {DELETED: seen.gap, PRESENT: 1 - seen.gap}
    return Observation(values, round(seen.inside) if seen.reads else None)


def _sequence(seen: StretchEvidence, limits: Limits) -> Observation:
    """An assembly shows the joint or the stretch's ends; letters of a consensus only which are there."""
    if seen.joined is not None and seen.crossing is not None:
        if seen.joined and seen.crossing:
            return Observation({}, doubt="mixed")
        if seen.joined or seen.crossing:
            return _settled(bool(seen.joined))
        return _NOTHING
    if seen.beside < 0.5:  # nothing to hold the stretch against
        return _NOTHING
    return _by_depth(seen.inside / seen.beside, limits)


def _by_depth(ratio: float, limits: Limits) -> Observation:
    """Without the joint: only a stretch that is clearly gone or clearly there is said to be so."""
    if limits.missing <= ratio < limits.covered:
        return Observation({}, doubt="mixed")
    return _settled(ratio < limits.missing)


def _by_joint(joined: int, crossing: float, ratio: float, limits: Limits) -> Observation:
    """Reads across the joint against reads across the stretch's ends; depth must not contradict them."""
    reads = joined + crossing
    if ratio < limits.missing:
        return _settled(True) if joined >= limits.minor_reads else Observation({}, doubt="mixed")
    if reads < limits.min_depth:
        return Observation({}, doubt="low")
    share = joined / reads
    if share >= limits.present and ratio >= limits.covered:
        return Observation({}, doubt="mixed")
    return Observation({DELETED: share, PRESENT: 1 - share}, round(reads))


def _settled(deleted: bool) -> Observation:
    return Observation({DELETED: float(deleted), PRESENT: float(not deleted)})


def rows(evidence: Evidence) -> Iterator[Mapping[str, object]]:
    """One row per base looked at, for tables: locus, number, position, depth, counts, letter."""
    for site in evidence.sites:
        counts = dict(zip((*BASES, DELETED), site.counts, strict=True)) if site.counts else {}
        yield {
            "locus": site.locus,
            "number": site.number,
            "position": site.position,
            "depth": site.depth,
            **{name: counts.get(name) for name in (*BASES, DELETED)},
            "letter": site.letter,
        }
