"""Genes, traits and plasmids as rows and cells."""

from collections.abc import Iterator
from dataclasses import asdict

from abscope.isolate.characterised import IsolateType
from abscope.isolate.genes import GeneState
from abscope.isolate.plasmids import PlasmidState
from abscope.reports.resistance_rows import Row

GENES = ("isolate_id", *GeneState.__dataclass_fields__)
PLASMIDS = ("isolate_id", *PlasmidState.__dataclass_fields__)
FACTS = ("traits", "disrupted_genes", "plasmids")


def fact_cells(one: IsolateType) -> Row:
    """What is expected of the isolate, the genes it has lost, the plasmids it carries."""
    lost = [f"{g.locus} ({g.change})" for g in one.genes if g.verdict == "disrupted"]
    carried = [p for p in one.plasmids if p.verdict in ("present", "partly")]
    return {
        "traits": "; ".join(f"{t.trait}: {t.verdict}" for t in one.traits) or None,
        "disrupted_genes": "; ".join(lost) or None,
        "plasmids": "; ".join(_named(p) for p in carried) or None,
    }


def _named(plasmid: PlasmidState) -> str:
    return plasmid.plasmid if plasmid.verdict == "present" else f"{plasmid.plasmid} (partly)"


def genes(one: IsolateType) -> Iterator[Row]:
    """One row per protein gene that the organism lists on the isolate's reference."""
    for state in one.genes:
        yield {"isolate_id": one.isolate_id, **asdict(state)}


def plasmids(one: IsolateType) -> Iterator[Row]:
    """One row per plasmid looked for."""
    for state in one.plasmids:
        shown = asdict(state)
        copies = shown["copies"]
        shown |= {
            "breadth": round(shown["breadth"], 4),
            "copies": None if copies is None else round(copies, 2),
        }
        yield {"isolate_id": one.isolate_id, **shown}
