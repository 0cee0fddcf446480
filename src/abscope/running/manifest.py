"""The run manifest: what was run on what, so that anyone can run it again and compare.

No clock, host, path or processor count is in it: the same inputs give the same bytes anywhere.
"""

from collections.abc import Iterable
from pathlib import Path

from abscope.organism import Organism
from abscope.records import Reference, Sample
from abscope.running.provenance import file_digest, versions
from abscope.settings import Inputs, Settings


def manifest(
    inputs: Inputs,
    settings: Settings,
    *,
    organism: Organism,
    references: Iterable[Reference],
    samples: Iterable[Sample],
) -> dict[str, object]:
    """Versions, parameters, references and checksums of every input, as JSON values."""
    tables = (inputs.sheet, inputs.linelist, inputs.exposures, inputs.mask)
    return {
        "schema": 1,
        "versions": versions(),
        "organism": organism.name,
        "references": [
            {"name": r.name, "accession": r.accession, "bases": len(r.sequence), "sha256": r.digest}
            for r in references
        ],
        "parameters": {
            **settings.rules.as_dict(),
            "caller": settings.caller,
            "levels": list(settings.levels),
            "min_comparable": settings.min_comparable,
            "tree": settings.tree,
            "bootstrap": settings.bootstrap,
            "seed": settings.seed,
        },
        "tables": [_file(path) for path in tables if path is not None],
        "samples": [
            {
                "isolate_id": sample.name,
                "kind": sample.kind,
                "files": [_file(f) for f in sample.files],
            }
            for sample in sorted(samples, key=lambda sample: sample.name)
        ],
    }


def _file(path: Path) -> dict[str, str]:
    return {"file": path.name, "sha256": file_digest(path)}
