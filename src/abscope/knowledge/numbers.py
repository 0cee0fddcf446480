"""Faults within one table: repeated keys, coordinates, intervals, conditions that cannot be read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from abscope.knowledge.conditions import OTHERWISE, parse
from abscope.knowledge.rows import (
    AMINO_ACIDS,
    PRESENT,
    BackgroundShare,
    Breakpoint,
    Clock,
    Drug,
    Knowledge,
    Locus,
    Plasmid,
    Rule,
    Site,
)
from abscope.knowledge.schema import TABLES
from abscope.records import Problem

Lines = Mapping[str, Sequence[int]]
References = Mapping[str, Mapping[str, Any]]
_YEARS = (1900, 2100)


def tables_of(knowledge: Knowledge) -> Mapping[str, Sequence[Any]]:
    """The rows of every table, by file name."""
    return {
        "loci.tsv": knowledge.loci,
        "sites.tsv": knowledge.sites,
        "drugs.tsv": knowledge.drugs,
        "resistance.tsv": knowledge.rules,
        "breakpoints.tsv": knowledge.breakpoints,
        "clones.tsv": knowledge.clones,
        "clock.tsv": knowledge.clock,
        "backgrounds.tsv": knowledge.backgrounds,
        "examples.tsv": knowledge.examples,
        "traits.tsv": knowledge.traits,
        "plasmids.tsv": knowledge.plasmids,
    }


def problems(knowledge: Knowledge, lines: Lines, references: References) -> Iterator[Problem]:
    """Every fault that one row, or one table, shows by itself."""
    for name, rows in tables_of(knowledge).items():
        yield from _repeated(name, rows, lines[name])
        for row, line in zip(rows, lines[name], strict=True):
            for fault in _FAULTS.get(name, _none)(row):
                yield Problem(f"{name} line {line}", fault)
    yield from _outside(knowledge.loci, lines["loci.tsv"], references)


def _repeated(name: str, rows: Sequence[Any], lines: Sequence[int]) -> Iterator[Problem]:
    first: dict[tuple[object, ...], int] = {}
    for row, line in zip(rows, lines, strict=True):
        key = tuple(getattr(row, column) for column in TABLES[name].key)
        if key in first:
            label = " ".join(str(part) for part in key if part is not None)
            yield Problem(f"{name} line {line}", f"{label}: is on line {first[key]} already")
        first.setdefault(key, line)


def _none(row: Any) -> Iterator[str]:
    yield from ()


def _locus(row: Locus) -> Iterator[str]:
    if row.start >= row.end:
        yield f"{row.locus}: start {row.start} is not before end {row.end}"


def _outside(
    loci: Sequence[Locus], lines: Sequence[int], references: References
) -> Iterator[Problem]:
    for row, line in zip(loci, lines, strict=True):
        length = references.get(row.reference, {}).get("length")
        if isinstance(length, int) and row.end > length:
            what = f"{row.locus}: ends at {row.end}, beyond {row.reference} ({length} bases)"
            yield Problem(f"loci.tsv line {line}", what)


_WILD = {
    "base": (frozenset("ACGT"), "a base: A, C, G or T"),
    "codon": (frozenset(AMINO_ACIDS), "an amino acid's letter"),
    "deletion": (frozenset((PRESENT,)), PRESENT),
}


def _site(row: Site) -> Iterator[str]:
    try:
        assert row.span
    except ValueError as error:
        yield f"site: {error}"
    allowed, words = _WILD[row.kind]
    if row.wild not in allowed:
        yield f"wild: {row.wild!r} is not {words}"


def _drug(row: Drug) -> Iterator[str]:
    if row.predicted_as is None and row.reason is None:
        yield f"{row.drug}: says neither what predicts it nor why nothing does"
    if row.predicted_as is not None and row.reason is not None:
        yield f"{row.drug}: has a rule and a reason why there is none"


def _rule(row: Rule) -> Iterator[str]:
    if row.when == OTHERWISE:
        return
    try:
        parse(row.when)
    except ValueError as error:
        yield f"when: {error}"


def _breakpoint(row: Breakpoint) -> Iterator[str]:
    if row.susceptible >= row.resistant:
        yield f"{row.drug}: susceptible up to {row.susceptible:g}, resistant from {row.resistant:g}"
    if (row.first_day is None) != (row.last_day is None):
        yield f"{row.drug}: first_day and last_day are given together"
    elif row.first_day is not None and row.last_day is not None and row.first_day > row.last_day:
        yield f"{row.drug}: read from day {row.first_day} to day {row.last_day}"


def _clone(row: Any) -> Iterator[str]:
    year = row.expansion_year
    if year is not None and not _YEARS[0] <= year <= _YEARS[1]:
        yield f"expansion_year: {year} is not a year"
    for name in row.other_names:
        scheme, equals, value = name.partition("=")
        if not (scheme and equals and value):
            yield f"other_names: {name!r} is not scheme=name"


def _clock(row: Clock) -> Iterator[str]:
    if not row.low <= row.rate <= row.high:
        yield f"{row.clone}: rate {row.rate:g} lies outside {row.low:g}-{row.high:g}"
    if row.high > 1e-3:
        yield f"{row.clone}: {row.high:g} substitutions per site and year is no bacterium's rate"


def _plasmid(row: Plasmid) -> Iterator[str]:
    if row.length == 0:
        yield f"{row.plasmid}: length 0"


def _background(row: BackgroundShare) -> Iterator[str]:
    if not 0 < row.share <= 1 or not row.low <= row.share <= row.high:
        yield f"{row.stratum}: share {row.share:g} must be above 0 and lie in {row.low:g}-{row.high:g}"
    most = row.patients * (row.patients - 1) // 2
    if row.pairs > most:
        yield f"{row.stratum}: {row.patients} {row.counted} make {most} pairs, not {row.pairs}"


_FAULTS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "loci.tsv": _locus,
    "sites.tsv": _site,
    "drugs.tsv": _drug,
    "resistance.tsv": _rule,
    "breakpoints.tsv": _breakpoint,
    "clones.tsv": _clone,
    "clock.tsv": _clock,
    "backgrounds.tsv": _background,
    "plasmids.tsv": _plasmid,
}
