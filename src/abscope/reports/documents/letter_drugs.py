"""A letter's two tables of drugs: what the genome says, and MICs beside it."""

from collections.abc import Iterator, Mapping
from typing import Any

from abscope.reports.documents.blocks import Block, Grid, Text
from abscope.reports.documents.language import UNKNOWN, Language
from abscope.reports.documents.run import Row, Run, number

Isolate = Mapping[str, Any]
_DISCORDANT = ("genotype resistant", "genotype susceptible")


def verdict(isolate: Isolate, drug: str) -> str:
    """The genome's verdict on a drug or class."""
    found = (str(one["verdict"]) for one in isolate["drugs"] if one["drug"] == drug)
    return next(found, "not assessed")


def is_macrolide(isolate: Isolate, drug: str) -> bool:
    """Whether a drug is judged as a macrolide."""
    return any(drug in one["agents"] for one in isolate["drugs"] if one["drug"] == "macrolides")


def discordant(isolate: Isolate) -> tuple[str, ...]:
    """Drugs whose MIC says another thing than the genome, each once."""
    found = (p["phenotype"]["drug"] for p in _phenotypes(isolate) if p["agreement"] in _DISCORDANT)
    return tuple(dict.fromkeys(map(str, found)))


def grades(run: Run, isolate: Isolate) -> str:
    """Grades of evidence of the rules that decided, best first."""
    rows = run.rows("resistance", isolate_id=str(isolate["isolate_id"]))
    return ", ".join(sorted({str(row["grade"]) for row in rows if row.get("grade")}))


def by_genome(run: Run, isolate: Isolate, w: Language) -> Iterator[Block]:
    """A row per mechanism with the letters, their share and depth; drugs without a rule by name."""
    rows = run.rows("resistance", isolate_id=str(isolate["isolate_id"]))
    judged = [row for row in rows if row.get("mechanism")]
    if not judged:
        yield Text(w("letter.no_verdicts"))
    else:
        heads = tuple(w(f"letter.{name}") for name in ("drug", "verdict", "decided", "reads"))
        cells = tuple(_row(judged, k, isolate, w) for k in range(len(judged)))
        yield Grid(heads, cells, (22, 14, 46, 18))
    without = [row for row in rows if not row.get("mechanism")]
    for key, by_nature in (("not_assessed", False), ("intrinsic", True)):
        own = [w.term(row["drug"]) for row in without if _by_nature(row) == by_nature]
        if own:
            yield Text(w(f"letter.{key}", drugs=w.listed(own, most=40)))


def _by_nature(row: Row) -> bool:
    """Whether the organism folder says that every isolate is resistant."""
    return "intrinsically resistant" in (row.get("reason") or "")


def _row(rows: list[Row], k: int, isolate: Isolate, w: Language) -> tuple[str, ...]:
    """The drug and its verdict stand beside its first mechanism only."""
    row = rows[k]
    first = k == 0 or rows[k - 1]["drug"] != row["drug"]
    agents = [w.term(part) for part in (row["agents"] or "").split("; ") if part]
    named = w.term(row["drug"])
    if agents and agents != [named]:
        named = f"{named} ({', '.join(agents)})"
    decided = w(
        "letter.mechanism",
        mechanism=row["mechanism"],
        verdict=w.term(row["mechanism_verdict"]),
        sites=_sites(row, isolate, w),
    )
    overall = w.term(row["verdict"])
    return (named if first else "", overall if first else "", decided, _reads(row, w))


def _sites(row: Row, isolate: Isolate, w: Language) -> str:
    """The deciding letters; where only some reads show one, how many."""
    if minorities := list(_minorities(row, isolate, w)):
        return "; ".join(minorities)
    pairs = [part.rpartition("=") for part in (row["finding"] or "").split("; ") if part]
    shown = ", ".join(f"{site.rpartition(':')[2]}={w.term(value)}" for site, _, value in pairs)
    if row["mechanism_verdict"] == "not assessed" and shown:
        return f"{shown}: {w('letter.wild_says_nothing')}"
    if row["mechanism_verdict"] == "indeterminate":
        return f"{shown}: {w('letter.ambiguous')}" if shown else w("letter.ambiguous")
    return shown or w("letter.uncovered")


def _minorities(row: Row, isolate: Isolate, w: Language) -> Iterator[str]:
    listed = row.get("minorities") or ""
    for drug in isolate["drugs"]:
        for one in drug["minorities"] if drug["drug"] == row["drug"] else ():
            site = f"{one['site']}={one['value']}"
            if site not in listed:
                continue
            values = {"site": site, "share": f"{one['share']:.0%}", "depth": one["depth"]}
            key = "minority" if one["depth"] is not None else "minority_unknown"
            yield w(f"letter.{key}", **values)


def _reads(row: Row, w: Language) -> str:
    share, depth = number(row["allele_fraction"]), number(row["depth"])
    if share is None:
        return w("letter.uncovered")
    if depth is None:
        return w("letter.assembly")
    several = ";" in (row["finding"] or "")
    key = "letter.reads_least" if several else "letter.reads_of"
    return w(key, share=f"{share:.0%}", depth=f"{depth:.0f}")


def by_mic(isolate: Isolate, w: Language) -> Iterator[Block]:
    """A row per MIC with the breakpoints it was read by; the editions below."""
    found = _phenotypes(isolate)
    if not found:
        yield Text(w("letter.no_phenotypes"))
        return
    names = ("drug", "mic", "breakpoint", "reading", "genotype", "agreement")
    heads = tuple(w(f"letter.{name}") for name in names)
    yield Grid(heads, tuple(_mic_row(one, w) for one in found), (24, 14, 17, 13, 14, 18))
    rows = [one["phenotype"]["breakpoint"] for one in found]
    editions = dict.fromkeys(_edition(row) for row in rows if row)
    if editions:
        yield Text(w("letter.editions", editions="; ".join(editions)), small=True)


def _edition(row: Mapping[str, Any]) -> str:
    printed = row["status"] == "printed"
    return str(row["edition"]) if printed else f"{row['edition']} ({row['status']})"


def _phenotypes(isolate: Isolate) -> tuple[Mapping[str, Any], ...]:
    return tuple(isolate["phenotypes"])


def _mic_row(one: Mapping[str, Any], w: Language) -> tuple[str, ...]:
    seen, row = one["phenotype"], one["phenotype"]["breakpoint"]
    mic = f"{seen['mic']['sign']}{seen['mic']['value']:g}"
    if seen["day"] is not None:
        mic = w("letter.on_day", mic=mic, day=seen["day"])
    cutoffs = w("letter.no_breakpoint")
    if row is not None:
        cutoffs = w("letter.cutoffs", s=f"{row['susceptible']:g}", r=f"{row['resistant']:g}")
    reading = f"{seen['reading']} ({w.term(seen['reading'])})" if seen["reading"] else UNKNOWN
    told = reading if seen["reading"] else w("letter.unread")
    return (
        w.term(seen["drug"]), mic, cutoffs, told, w.term(one["genotype"]), w.term(one["agreement"])
    )  # fmt: skip
