"""What was done, with the numbers that were used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abscope.records import Comparison, Mask, Relatedness

# letter: what it means in the consensus and in the called share
LETTERS = (
    ("A C G T", "a base called with confidence; only these are compared"),
    ("N", "too few reads to call a base"),
    ("-", "no read at all, or deleted"),
    ("n", "reads disagree: a mixed position, not called"),
    ("X", "masked: not compared in anybody"),
)


@dataclass(frozen=True, slots=True)
class MaskRow:
    """How much of one reference is hidden for one reason; stretches may overlap."""

    reference: str
    reason: str
    intervals: int
    bases: int
    share: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the manifest: a dotted name and its value as text."""

    name: str
    value: str


def masks(relatedness: Relatedness) -> tuple[MaskRow, ...]:
    """Hidden bases per reference and reason, and together."""
    return tuple(row for c in relatedness.comparisons for row in _mask_rows(c.mask))


def unmasked(comparison: Comparison) -> int:
    """Positions of the reference that are compared."""
    return comparison.mask.length - int(comparison.mask.hidden().sum())


def is_section(value: object) -> bool:
    """Whether a value of the manifest holds others, and deserves a heading."""
    nested = isinstance(value, list) and any(isinstance(part, Mapping | list) for part in value)
    return isinstance(value, Mapping) or nested


def entries(section: object) -> tuple[Entry, ...]:
    """One section of the manifest flattened, in its own order."""
    return tuple(_flat("", section))


def _mask_rows(mask: Mask) -> list[MaskRow]:
    reasons = tuple(dict.fromkeys(interval.reason for interval in mask.intervals))
    rows = [_mask_row(mask, (reason,), reason) for reason in reasons]
    if len(reasons) != 1:
        rows.append(_mask_row(mask, reasons, "all together" if reasons else "nothing is masked"))
    return rows


def _mask_row(mask: Mask, reasons: Sequence[str], name: str) -> MaskRow:
    own = tuple(interval for interval in mask.intervals if interval.reason in reasons)
    bases = int(Mask(mask.reference, mask.length, own).hidden().sum())
    return MaskRow(mask.reference, name, len(own), bases, bases / max(mask.length, 1))


def _flat(name: str, value: object) -> list[Entry]:
    if isinstance(value, Mapping):
        parts = [(f"{name}.{key}" if name else str(key), part) for key, part in value.items()]
    elif is_section(value) and isinstance(value, list):
        parts = [(f"{name} {k}".strip(), part) for k, part in enumerate(value, 1)]
    else:
        return [Entry(name, _text(value))]
    return [entry for key, part in parts for entry in _flat(key, part)]


def _text(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
