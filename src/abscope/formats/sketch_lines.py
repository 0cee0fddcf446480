"""Known genomes as sketches, one JSON object a line, plain or gzipped: a panel of species to compare with.

    {"name": ..., "species": ..., "subspecies": ..., "ksize": 31, "seed": 42, "max_hash": ..., "mins": [...]}

The sketch's fields are those of a sourmash signature; `subspecies` may be left out.
"""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from abscope.errors import FormatError
from abscope.formats.fasta import decompressed
from abscope.records import KnownGenome, Sketch

_HASHES = 2**64


def read(path: Path) -> tuple[KnownGenome, ...]:
    """All known genomes of a file. Raises FormatError listing every line that cannot be read."""
    known, problems = [], []
    for number, line in enumerate(decompressed(path).splitlines(), 1):
        if line.strip():
            try:
                known.append(_genome(json.loads(line)))
            except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
                problems.append(f"line {number}: {type(error).__name__}: {error}")
    if problems:
        raise FormatError.collect(path.name, problems, hint="one JSON object a line, as written")
    return tuple(known)


def _genome(row: dict[str, Any]) -> KnownGenome:
    if row.get("hash", "murmur64") != "murmur64":
        raise ValueError(f"hashed by {row['hash']}, not murmur64")
    hashes = np.unique(np.array(row["mins"], dtype=np.uint64))
    scaled = round(_HASHES / row["max_hash"])
    sketch = Sketch(hashes, int(row["ksize"]), scaled, seed=int(row["seed"]))
    return KnownGenome(str(row["name"]), str(row["species"]), sketch, row.get("subspecies"))


def write(genomes: Iterable[KnownGenome], path: Path) -> None:
    """Write known genomes, gzipped where the name ends in .gz; the same genomes give the same bytes."""
    text = "".join(json.dumps(_row(one), separators=(",", ":")) + "\n" for one in genomes)
    raw = text.encode()
    path.write_bytes(gzip.compress(raw, mtime=0) if path.suffix == ".gz" else raw)


def _row(known: KnownGenome) -> dict[str, Any]:
    row = {"name": known.name, "species": known.species, "subspecies": known.subspecies}
    sketch = known.sketch
    return {key: value for key, value in row.items() if value is not None} | {
        "ksize": sketch.ksize,
        "seed": sketch.seed,
        "max_hash": round(_HASHES / sketch.scaled),
        "hash": "murmur64",
        "mins": sketch.hashes.tolist(),
    }
