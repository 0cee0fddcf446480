"""freebayes' haplotypes taken apart, so that its SNPs can be compared one by one."""

from collections.abc import Iterator


def substitutions(position: int, ref: str, alt: str) -> Iterator[tuple[int, str]]:
    """Position and new letter of each SNP in a haplotype.

    Alleles of one length are compared letter by letter; otherwise the difference in length is one gap,
    put where the fewest letters differ, leftmost of the best.
    """
    place, size = gap(ref, alt)
    longer = len(ref) > len(alt)
    kept = ref[:place] + ref[place + size :] if longer else ref
    new = alt if longer else alt[:place] + alt[place + size :]
    for index, (before, after) in enumerate(zip(kept, new, strict=True)):
        if before != after:
            yield position + index + (size if longer and index >= place else 0), after


def deleted(position: int, ref: str, alt: str) -> range:
    """The reference positions a haplotype leaves out."""
    place, size = gap(ref, alt)
    return range(position + place, position + place + size) if len(ref) > len(alt) else range(0)


def gap(ref: str, alt: str) -> tuple[int, int]:
    """Where the longer allele's extra letters stand, and how many they are."""
    short, long = sorted((ref, alt), key=len)
    size = len(long) - len(short)
    differ = [a != b for a, b in zip(long, short, strict=False)]
    after = [a != b for a, b in zip(long[size:], short, strict=True)]
    costs = [sum(differ[:place]) + sum(after[place:]) for place in range(len(short) + 1)]
    return costs.index(min(costs)), size
