"""What becomes of each kind of value when a line list is de-identified.

Safe Harbor: 45 CFR 164.514(b)(2). Limited data set: 45 CFR 164.514(e)(2), which keeps dates, cities and
states. The ZIP prefixes of at most 20,000 people are those of the guidance of the Department of Health and
Human Services on de-identification (26 November 2012, census of 2000).
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Literal, get_args

Preset = Literal["safe-harbor", "limited"]
PRESETS: tuple[Preset, ...] = get_args(Preset)
OLDEST = 89  # years; whoever is older is "90+"
SMALL_ZIP = frozenset(
    ("036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879",
     "884", "890", "893")
)  # fmt: skip
CODED: Mapping[Preset, frozenset[str]] = {
    "safe-harbor": frozenset(
        ("city", "clinic", "clinician", "supplier", "donor", "lot", "device", "water", "other")
    ),
    "limited": frozenset(("clinician", "donor", "device", "other")),
}
"""Kinds of exposure whose values are replaced by codes: places smaller than a state, people, numbers."""

_ZIP = re.compile(r"(\d{3})\d{2}(-?\d{4})?")
_DIGITS = 10
_STATES = """AL Alabama AK Alaska AZ Arizona AR Arkansas CA California CO Colorado CT Connecticut DE Delaware
DC District_of_Columbia FL Florida GA Georgia HI Hawaii ID Idaho IL Illinois IN Indiana IA Iowa KS Kansas
KY Kentucky LA Louisiana ME Maine MD Maryland MA Massachusetts MI Michigan MN Minnesota MS Mississippi
MO Missouri MT Montana NE Nebraska NV Nevada NH New_Hampshire NJ New_Jersey NM New_Mexico NY New_York
NC North_Carolina ND North_Dakota OH Ohio OK Oklahoma OR Oregon PA Pennsylvania RI Rhode_Island
SC South_Carolina SD South_Dakota TN Tennessee TX Texas UT Utah VT Vermont VA Virginia WA Washington
WV West_Virginia WI Wisconsin WY Wyoming AS American_Samoa GU Guam MP Northern_Mariana_Islands
PR Puerto_Rico VI Virgin_Islands""".split()  # noqa: SIM905 - readable
_STATE_NAMES = {
    spelling.casefold(): name.replace("_", " ")
    for short, name in zip(_STATES[::2], _STATES[1::2], strict=True)
    for spelling in (short, name.replace("_", " "))
}


_IS_CODE = re.compile(rf"[a-z_]+-[0-9a-f]{{{_DIGITS}}}")


def is_code(text: str) -> bool:
    """Whether `code` made it."""
    return _IS_CODE.fullmatch(text) is not None


def code(secret: bytes, kind: str, value: str | None) -> str | None:
    """A name that stands for a value: the same wherever the value stands, and nothing without the secret."""
    if value is None:
        return None
    digest = hmac.new(secret, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()
    return f"{kind.replace(' ', '_')}-{digest[:_DIGITS]}"


def age(years: float | None) -> str | None:
    """Whole years; all above 89 are one group."""
    if years is None:
        return None
    return f"{OLDEST + 1}+" if years > OLDEST else str(int(years))


def state(text: str | None) -> str | None:
    """A state of the United States by its name, or the first three digits of a ZIP code; else nothing.

    Three digits that stand for at most 20,000 people are written 000.
    """
    if text is None:
        return None
    found = _ZIP.fullmatch(text.strip())
    if found:
        return "000" if found[1] in SMALL_ZIP else found[1]
    return _STATE_NAMES.get(text.strip().casefold())
