"""Tags: what a column of somebody's line list holds, in the words of the vocabulary.

date_onset            a column of tables.CASES
isolate_id            isolates sequenced
product               exposures of this kind, by name
product=stem cells    whether exposed to this one: yes, no, unknown
product?              whether the question was asked and what was said: yes, no, unknown, blank
symptom, treatment    several of them in one cell
symptom=fever         whether there was this one
specimen.result       a column of tables.SPECIMENS
not used              nothing abscope reads
?                     nobody has said yet
"""

from dataclasses import dataclass

from abscope import tables

NOT_USED, OPEN = "not used", "?"
SPECIMEN = "specimen."
_CASE_FIELDS = frozenset(
    column.name for column in tables.CASES.columns if column.name not in ("isolate_ids", "row")
)
_SPECIMEN_FIELDS = frozenset(
    column.name for column in tables.SPECIMENS.columns if column.name not in ("case_id", "row")
)
_LISTS = ("symptom", "treatment")
NAMES = (
    *(c.name for c in tables.CASES.columns if c.name in _CASE_FIELDS),
    "isolate_id",
    *tables.EXPOSURE_KINDS,
    *_LISTS,
    *(f"{SPECIMEN}{c.name}" for c in tables.SPECIMENS.columns if c.name in _SPECIMEN_FIELDS),
    NOT_USED,
)
"""Every tag without a value."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What a column holds. value: the one it asks about. asked: it says whether there was an answer."""

    name: str
    value: str | None = None
    asked: bool = False

    def __str__(self) -> str:
        if self.asked:
            return f"{self.name}?"
        return self.name if self.value is None else f"{self.name}={self.value}"

    @property
    def is_exposure(self) -> bool:
        """Whether it is about an exposure."""
        return self.name in tables.EXPOSURE_KINDS


def parse(text: str) -> Tag:
    """Read a tag. Raises ValueError saying what is wrong with it."""
    bare = text.strip()
    if bare in (OPEN, NOT_USED):
        return Tag(bare)
    name, sign, value = (part.strip() for part in bare.partition("="))
    asked = not sign and name.endswith("?")
    name = name.removesuffix("?") if asked else name
    if name not in NAMES:
        raise ValueError(f"{text!r} is no tag; tags: {', '.join(NAMES)}")
    if (sign or asked) and name not in (*tables.EXPOSURE_KINDS, *_LISTS):
        raise ValueError(f"{text!r}: only exposures, symptoms and treatments are asked one by one")
    if sign and not value:
        raise ValueError(f"{text!r}: what is asked about? Write {name}=NAME")
    return Tag(name, value or None, asked)
