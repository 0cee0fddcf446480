"""One thing, or several, in the sentences that people read."""


def plural(number: int, noun: str) -> str:
    """`1 SNP`, `2 SNPs`, `0 SNPs`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
