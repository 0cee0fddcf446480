"""From counts to letters: what each position is called, and why it is not.

The quality of a base is the log-likelihood ratio of that base against the next best explanation, if one
read in a hundred is wrong: 24.7 for every read that shows it less 24.7 for every read that does not.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abscope.isolate.alignment import align, gapless_score
from abscope.isolate.letters import Codes
from abscope.isolate.pileup import Counts
from abscope.isolate.realign import Track
from abscope.kernels import inner, kernel, signed
from abscope.records import LOW, MIXED, NO_COVERAGE, Letters

READ_WEIGHT = 10 * float(np.log10(0.99 / (0.01 / 3)))
PER_STRAND = 4

PASS, LOW_DEPTH, MIXED_READS, ONE_STRAND, LOW_QUALITY, NEAR_INDEL, ABSENT = range(7)
FILTERS = ("PASS", "low_depth", "mixed", "one_strand", "low_quality", "near_indel", "absent")

CLUSTER_SNPS, CLUSTER_SPAN, CLUSTER_PAD, CLUSTER_LIMIT = 3, 12, 10, 200
CLUSTER_LEAD = 8
_ASCII = np.frombuffer(b"ACTG", dtype=np.uint8)


class Limits(NamedTuple):
    """CallRules as the kernels see them. most: depth above which a position is not called."""

    mincov: int
    minfrac: float
    minqual: float
    most: int


@kernel
def call(
    counts: Counts, track: Track, codes: Codes, repeated: NDArray[np.bool_], limits: Limits
) -> tuple[Letters, NDArray[np.uint8], NDArray[np.int32]]:
    """Letter, reason (index of FILTERS) and depth of every position, shape (n,) each."""
    letters = np.empty(len(codes), dtype=np.uint8)
    reasons = np.empty(len(codes), dtype=np.uint8)
    depths = np.empty(len(codes), dtype=np.int32)
    for p in range(len(codes)):
        top, depth = leading(counts, p)
        depths[p] = depth
        context = (signed(track.deleted[p]), signed(codes[p]))
        reasons[p] = _reason(counts, p, (top, depth), context, limits)
        if reasons[p] == PASS and track.masked[p]:
            reasons[p] = NEAR_INDEL
        hidden = track.masked[p] or (repeated[p] and track.deleted[p] == 0)
        letters[p] = _letter(reasons[p], top, hidden)
    return letters, reasons, depths


@inner
def leading(counts: Counts, p: int) -> tuple[int, int]:
    """The commonest base of a position (smallest code of equals) and the depth."""
    best, top, depth = -1, 0, 0
    for base in range(4):
        both = signed(counts[p, base]) + signed(counts[p, base + 4])
        depth += both
        if both > best:
            best, top = both, base
    return top, depth


@inner
def _reason(
    counts: Counts, p: int, lead: tuple[int, int], context: tuple[int, int], limits: Limits
) -> int:
    """Why a position is not called, or PASS. context: reads that lack it, the reference's code."""
    top, depth = lead
    deleted, code = context
    if deleted > depth or depth + deleted == 0:
        return ABSENT
    agreeing = signed(counts[p, top]) + signed(counts[p, top + 4])
    if depth < limits.mincov:
        return LOW_DEPTH
    if agreeing < limits.minfrac * (depth + deleted) or depth > limits.most:
        return MIXED_READS
    if agreeing < depth and (_lacks(counts, p, 0, top) or _lacks(counts, p, 4, top)):
        return ONE_STRAND
    if top != code and READ_WEIGHT * (2 * agreeing - depth - deleted) < limits.minqual:
        return LOW_QUALITY
    return PASS


@inner
def _lacks(counts: Counts, p: int, first: int, top: int) -> bool:
    """Whether a strand with reads enough does not show the base in half of them."""
    depth = 0
    for base in range(4):
        depth += signed(counts[p, first + base])
    return depth >= PER_STRAND and 2 * signed(counts[p, first + top]) < depth


@inner
def _letter(reason: int, top: int, hidden: bool) -> int:
    if reason == PASS:
        return signed(_ASCII[top])
    if reason == ABSENT:
        return LOW if hidden else NO_COVERAGE
    return MIXED if reason in (MIXED_READS, ONE_STRAND) else LOW


@kernel
def doubt_clusters(
    letters: Letters, reasons: NDArray[np.uint8], called: Codes, codes: Codes
) -> None:
    """Uncall SNPs that crowd where a gapped alignment explains the bases better.

    called: codes of the letters, 4 or more where there is none. Changes `letters` and `reasons`.
    """
    snps = np.flatnonzero((called < 4) & (called != codes) & (codes < 4))
    k = 0
    while k + CLUSTER_SNPS <= len(snps):
        if snps[k + CLUSTER_SNPS - 1] - snps[k] > CLUSTER_SPAN:
            k += 1
            continue
        last = k + CLUSTER_SNPS - 1
        while last + 1 < len(snps) and snps[last + 1] - snps[last - 1] <= CLUSTER_SPAN:
            if snps[last + 1] - snps[k] > CLUSTER_LIMIT:
                break
            last += 1
        start = max(0, snps[k] - CLUSTER_PAD)
        end = min(len(codes), snps[last] + CLUSTER_PAD + 1)
        _doubt(letters[start:end], reasons[start:end], called[start:end], codes[start:end])
        k = last


@kernel
def _doubt(letters: Letters, reasons: NDArray[np.uint8], called: Codes, codes: Codes) -> None:
    pairs, _, score = align(codes, called)
    if score < gapless_score(codes, called) + CLUSTER_LEAD:
        return
    for i in range(len(pairs)):
        if pairs[i] != i and called[i] < 4 and called[i] != codes[i]:
            letters[i] = LOW
            reasons[i] = NEAR_INDEL
