"""What cultures of products, devices and places say of each lot, product and facility.

A negative culture is weak evidence. In nine outbreaks whose suspected source was cultured, five grew it
(adrenal extract, cord blood, lidocaine, Duke, Brigham) and four did not though the epidemiology was
decisive (both of Korea, Spain, Papworth): the vial was another one, the water had been changed, or
nothing would grow. However many cultures are negative, that part of the doubt stays.
"""

from collections.abc import Mapping

import polars as pl

from abscope import tables

MISSED = 4 / 9  # sources that no culture found
FOUND = 0.5  # chance that one culture finds a source that can be found; judgement
_TIES = ("lot", "product", "clinic")
_KNOWN = ("positive", "negative")


def sampled(specimens: pl.DataFrame) -> pl.DataFrame:
    """tables.SAMPLED: each lot, product and facility with its samples. specimens: tables.SPECIMENS.

    Patients' specimens are not in it. likelihood_ratio: of so many negatives were it contaminated, to
    one; null where something grew, which only the genome can weigh.
    """
    others = specimens.filter(pl.col("kind") != "patient")
    rows = [
        {"kind": tie, "value": str(value), **_tally(own)}
        for tie in _TIES
        for (value,), own in others.drop_nulls(tie).sort(tie).group_by(tie, maintain_order=True)
    ]
    return tables.SAMPLED.check(tables.SAMPLED.frame(rows))


def of_negatives(cultures: int) -> float:
    """Chance that so many cultures of a contaminated source are all negative."""
    return MISSED + (1 - MISSED) * (1 - FOUND) ** cultures


def _tally(own: pl.DataFrame) -> Mapping[str, object]:
    results = own["result"].to_list()
    grew, none = (results.count(result) for result in _KNOWN)
    organisms = own.filter(pl.col("result") == "positive")["organism"].drop_nulls().unique().sort()
    return {
        "samples": len(own),
        "positive": grew,
        "negative": none,
        "organisms": "; ".join(organisms) or None,
        "likelihood_ratio": None if grew else of_negatives(none),
    }
