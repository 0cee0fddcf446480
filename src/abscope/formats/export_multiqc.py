"""MultiQC: what each isolate is and how good its data are, as custom content (abscope_mqc.json).

https://docs.seqera.io/multiqc/custom_content: one table; MultiQC finds the file by its ending.
"""

import json
from typing import Any

from abscope.formats.isolate_facts import Facts, facts
from abscope.records import Published

_QUALITY = ("kind", "reads", "q30", "mapped", "depth_mean", "breadth", "called", "mixed", "snps")
_SHARES = ("q30", "mapped", "breadth", "called")
_TYPES = ("subspecies", "clone", "st", "macrolides", "amikacin", "fluoroquinolones", "quality")
_TITLES = {
    "kind": "Data", "reads": "Reads or contigs", "q30": "Bases of Q30", "mapped": "Mapped",
    "depth_mean": "Depth", "breadth": "Breadth", "called": "Called", "mixed": "Mixed sites",
    "snps": "SNPs to reference", "st": "ST",
}  # fmt: skip


def encode(run: Published) -> bytes:
    """One table of all isolates; what is not known is left out."""
    known = {str(fact["isolate_id"]): fact for fact in facts(run)}
    data = {
        name: _known(row, known[name])
        for name, row in zip(known, run.isolates.sort("isolate_id").to_dicts(), strict=True)
    }
    section: dict[str, Any] = {
        "id": "abscope_isolates",
        "section_name": "abscope",
        "description": f"{run.organism}: what each isolate is, and how good its data are.",
        "plot_type": "table",
        "pconfig": {"id": "abscope_isolates_table", "title": "abscope: isolates"},
        "headers": {name: _header(name) for name in (*_QUALITY, *_TYPES)},
        "data": data,
    }
    return (json.dumps(section, indent=1, ensure_ascii=False) + "\n").encode()


def _known(row: dict[str, Any], fact: Facts) -> dict[str, object]:
    """What is known of one isolate; how deep the contigs of an assembly lie says nothing."""
    cells = [(name, _scaled(name, row[name])) for name in _QUALITY]
    cells += [(name, fact.get(name)) for name in _TYPES]
    unread = ("depth_mean",) if row["kind"] == "assembly" else ()
    return {name: value for name, value in cells if value is not None and name not in unread}


def _scaled(name: str, value: float | str | None) -> object:
    if name in _SHARES and isinstance(value, float):
        return round(100 * value, 2)
    return round(value, 2) if isinstance(value, float) else value


def _header(name: str) -> dict[str, object]:
    title: dict[str, object] = {"title": _TITLES.get(name, name.capitalize())}
    if name in _SHARES:
        return title | {"min": 0, "max": 100, "suffix": "%"}
    return title | ({"format": "{:,.0f}"} if name in ("reads", "mixed", "snps") else {})
