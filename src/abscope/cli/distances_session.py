"""Count and print distances as they are counted, in the memory the packed genomes take."""

import sys
from collections.abc import Iterable, Iterator, Sequence

from abscope.errors import UsageError
from abscope.formats import distance_lines
from abscope.formats.called_genomes import CalledGenomes
from abscope.population import bitplanes, tensors
from abscope.population.bitplanes import Strip


def needed(found: CalledGenomes, min_comparable: float) -> float:
    """Sites a pair must have in common before its distance means something; one at least."""
    if not 0 <= min_comparable <= 1:
        raise UsageError(f"--min-comparable is {min_comparable}", hint="a share from 0 to 1")
    return max(1.0, min_comparable * found.mask.unmasked)


def show(
    found: CalledGenomes, shape: str, *, least: float, threads: int, device: str | None = None
) -> None:
    """Print a `matrix`, the `long` table, or `json`, counted by threads or on a device."""
    planes = found.planes
    once, isolates = shape != "matrix", len(planes.ids)
    if device is None:
        counted = bitplanes.strips(planes.words, isolates=isolates, once=once, threads=threads)
    else:
        counted = tensors.strips(planes.words, isolates=isolates, once=once, device=device)
    if shape == "json":
        lines = _json(planes.ids, counted, least)
    else:
        write = distance_lines.long if shape == "long" else distance_lines.matrix
        lines = write(planes.ids, counted, needed=least)
    for line in lines:
        sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def _json(ids: Sequence[str], strips: Iterable[Strip], least: float) -> Iterator[bytes]:
    """Pairs as one JSON list, an object a line; SNPs are null where too few sites can be compared."""
    import json

    before = "[\n"
    for strip in strips:
        for row, one in enumerate(ids[strip.start : strip.stop]):
            for place in range(strip.start + row + 1 - strip.after, len(ids) - strip.after):
                comparable = int(strip.comparable[row, place])
                snps = int(strip.snps[row, place]) if comparable >= least else None
                names = {"isolate_1": one, "isolate_2": ids[strip.after + place]}
                pair = names | {"snps": snps, "comparable": comparable}
                yield f"{before}{json.dumps(pair)}".encode()
                before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"
