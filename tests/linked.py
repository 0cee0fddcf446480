"""Isolates, pairs and backgrounds to judge links with."""

from datetime import date

import numpy as np
import polars as pl

from abscope.records import Background, Days, Sampled
from abscope.tables import PAIRS

NO_CLONE = "not a clone (massiliense)"
DCC3 = "DCC3"
SITES = 4_600_000


def nobody_close(patients: int = 400, stratum: str = NO_CLONE, limit: int = 100) -> Background:
    """Unlinked patients of whom no two are anywhere near each other."""
    bound = 1 - 0.05 ** (1 / patients)
    zero = np.zeros(limit + 1)
    pairs = patients * (patients - 1) // 2
    return Background(stratum, patients, pairs, zero, zero, np.full(limit + 1, bound))


def crowded(patients: int = 60, stratum: str = DCC3, *, within_25: float = 0.05) -> Background:
    """A dominant clone: a share of pairs within 25 SNPs, more the farther."""
    share = np.minimum(within_25 * ((np.arange(101) + 1) / 26) ** 2, 1.0)
    upper = np.minimum(np.maximum(share * 1.5, 3 / patients), 1.0)
    return Background(stratum, patients, patients * (patients - 1) // 2, share, share / 2, upper)


BACKGROUNDS = {NO_CLONE: nobody_close(), DCC3: crowded()}


def day(text: str) -> Days:
    """A date known to the day, or `first/last`."""
    first, _, last = text.partition("/")
    return Days(date.fromisoformat(first), date.fromisoformat(last or first))


def sampled(
    name: str,
    stratum: str | None = NO_CLONE,
    *,
    exposed: str | None = None,
    collected: str | None = None,
    patient: str | None = None,
    run: str | None = None,
) -> Sampled:
    """An isolate, of a patient of its own unless told otherwise."""
    return Sampled(
        name,
        patient or f"patient {name}",
        stratum,
        exposed and day(exposed),
        collected and day(collected),
        handling=frozenset({("run", run)} if run else ()),
    )


def pair(
    one: str, other: str, snps: int | None, *, reference: str | None = "JCM_15300"
) -> pl.DataFrame:
    """tables.PAIRS of two isolates; snps None: unresolved."""
    verdict = (
        "compared" if snps is not None else "unresolved" if reference else "different reference"
    )
    sites = (SITES if snps is not None else 900_000) if reference else None
    return PAIRS.frame([(one, other, reference, snps, sites, snps, sites, verdict)])


def founding(stratum: str = NO_CLONE) -> list[Sampled]:
    """The two sequenced patients of 2022 (MMWR 2024;73:420): injected six months apart, elsewhere."""
    return [
        sampled("iA", stratum, exposed="2022-10-01/2022-10-31", collected="2022-11-20"),
        sampled("iB", stratum, exposed="2022-04-01/2022-04-30", collected="2023-03-15/2023-04-15"),
    ]
