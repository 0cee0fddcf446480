"""What is in the tube and how it is made into a library: sources, settings, fragments."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abscope.records import Letters
from abscope.simulate.genomes import Genome

_WINDOW = 500
_SMOOTH = 41


@dataclass(frozen=True, slots=True)
class Sequencing:
    """How a library is made and read.

    depth: mean coverage. insert_mean, insert_sd: template length, bases. duplicates: share of pairs
    that are copies of another. depth_wave: standard deviation of the log depth along the genome.
    gc_bias: change of the log depth per unit of GC above the genome's own (negative: GC-rich is
    rare). no_call: share of bases read as `N`. quality: scales how often bases are poor, 1 is a
    good run.
    """

    depth: float = 60.0
    read_length: int = 150
    insert_mean: float = 350.0
    insert_sd: float = 70.0
    duplicates: float = 0.03
    depth_wave: float = 0.12
    gc_bias: float = -1.0
    no_call: float = 0.0002
    quality: float = 1.0

    def __post_init__(self) -> None:
        if self.depth <= 0 or self.read_length < 20 or self.insert_mean < 20:
            raise ValueError("depth must be positive, reads and inserts at least 20 bases")
        if not 0 <= self.duplicates < 1 or not 0 <= self.no_call < 0.5:
            raise ValueError("duplicates and no_call are shares")


@dataclass(frozen=True, slots=True)
class Source:
    """A genome in the tube, and its share of the fragments."""

    genome: Genome
    share: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Fragments:
    """The molecules that are read.

    start, size: int64, on the letters of all sources laid end to end. reverse: whether R1 reads the
    reverse strand. source: index of the source of each.
    """

    start: NDArray[np.int64]
    size: NDArray[np.int64]
    reverse: NDArray[np.bool_]
    source: NDArray[np.int64]


def fragment(
    sources: Sequence[Source], sequencing: Sequencing, rng: np.random.Generator
) -> Fragments:
    """Draw the fragments of a library in random order, duplicates among them."""
    ends = np.cumsum([len(source.genome) for source in sources])
    shares = np.array([source.share for source in sources]) / sum(s.share for s in sources)
    length = float(np.diff(ends, prepend=0) @ shares)
    pairs = max(1, round(sequencing.depth * length / (2 * sequencing.read_length)))
    low, high, weight, owner = _windows(sources, shares, sequencing, rng)
    window = np.searchsorted(np.cumsum(weight), rng.random(pairs) * weight.sum(), side="right")
    window = np.minimum(window, len(weight) - 1)
    start = rng.integers(low[window], high[window])
    size = _insert_sizes(pairs, sequencing, rng)
    start, size = _inside(start, size, _contig_bounds(sources), rng)
    copied = np.flatnonzero(rng.random(pairs) < sequencing.duplicates)
    model = np.arange(pairs)
    model[copied] = rng.integers(0, pairs, len(copied))
    reverse = rng.random(pairs) < 0.5
    return Fragments(start[model], size[model], reverse[model], owner[window][model])


def _insert_sizes(
    pairs: int, sequencing: Sequencing, rng: np.random.Generator
) -> NDArray[np.int64]:
    sizes = rng.normal(sequencing.insert_mean, sequencing.insert_sd, pairs)
    return np.maximum(np.rint(sizes), 20).astype(np.int64)


def _contig_bounds(sources: Sequence[Source]) -> NDArray[np.int64]:
    """Start and end of every contig of every source, laid end to end: int64 (contigs, 2)."""
    rows, offset = [], 0
    for source in sources:
        rows += [
            (c.start + offset, c.end + offset) for c in source.genome.contigs if c.end > c.start
        ]
        offset += len(source.genome)
    return np.array(rows, dtype=np.int64)


def _inside(
    start: NDArray[np.int64],
    size: NDArray[np.int64],
    bounds: NDArray[np.int64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Fragments that would leave their contig are drawn again, evenly over it."""
    contig = np.searchsorted(bounds[:, 0], start, side="right") - 1
    low, high = bounds[contig, 0], bounds[contig, 1]
    size = np.minimum(size, high - low)
    again = np.flatnonzero(start + size > high)
    start[again] = rng.integers(low[again], high[again] - size[again] + 1)
    return start, size


def _windows(
    sources: Sequence[Source],
    shares: NDArray[np.float64],
    sequencing: Sequencing,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Stretches of every source: start, end, weight (a source's sum to its share), source."""
    lows, highs, weights, owners, offset = [], [], [], [], 0
    for index, (source, share) in enumerate(zip(sources, shares, strict=True)):
        low = np.arange(0, len(source.genome), _WINDOW)
        high = np.minimum(low + _WINDOW, len(source.genome))
        weight = (high - low) * _relative_depth(source.genome.letters, low, sequencing, rng)
        lows.append(low + offset)
        highs.append(high + offset)
        weights.append(weight * (share / weight.sum()))
        owners.append(np.full(len(low), index))
        offset += len(source.genome)
    return (
        np.concatenate(lows),
        np.concatenate(highs),
        np.concatenate(weights),
        np.concatenate(owners),
    )


def _relative_depth(
    letters: Letters, low: NDArray[np.int64], sequencing: Sequencing, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Depth of each window relative to the mean: GC bias times a smooth random wave."""
    strong = ((letters == ord("G")) | (letters == ord("C"))).astype(np.float64)
    gc = np.add.reduceat(strong, low) / np.diff(np.append(low, len(letters)))
    wave = np.convolve(
        rng.normal(size=len(low) + _SMOOTH - 1), np.full(_SMOOTH, _SMOOTH**-0.5), mode="valid"
    )
    depth = np.exp(sequencing.gc_bias * (gc - strong.mean()) + sequencing.depth_wave * wave)
    return np.asarray(depth)
