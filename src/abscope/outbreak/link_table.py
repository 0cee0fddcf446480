"""Links as tables: one row a pair, closest first; one row a group of three or more."""

import polars as pl

from abscope.records import Hypothesis, Link, Links
from abscope.tables.links import LINKS, STARS

_POSTERIOR: tuple[Hypothesis, ...] = ("common source", "person to person", "laboratory", "chance")


def link_table(links: Links) -> pl.DataFrame:
    """tables.LINKS of every pair that was judged."""
    return LINKS.frame([_row(link) for link in links.links])


def star_table(links: Links) -> pl.DataFrame:
    """tables.STARS of every group of three or more linked patients."""
    return STARS.frame(
        [
            {
                "isolates": ";".join(one.isolates),
                "left_out": ";".join(one.left_out) or None,
                "private": ";".join(f"{count:g}" for count in one.private),
                **{
                    name: getattr(one, name)
                    for name in ("verdict", "variable", "index", "as_even", "chance", "reason")
                },
            }
            for one in links.stars
        ]
    )


def _row(link: Link) -> dict[str, object]:
    row: dict[str, object] = {
        name: getattr(link, name)
        for name in (
            "isolate_1", "isolate_2", "snps", "comparable", "verdict", "linked", "linked_low",
            "linked_high", "bayes_factor", "source_within", "same_patient", "reason",
        )
    }  # fmt: skip
    for name in _POSTERIOR:
        row[name.replace(" ", "_")] = link.posterior[name] if link.posterior else None
        if name != "chance":
            row["prior_" + name.replace(" ", "_")] = link.prior.get(name)
    row["within"] = (
        ", ".join(str(level) for level, inside in link.cutoffs.items() if inside) or None
    )
    row["would_change"] = "; ".join(link.would_change) or None
    return row | _chance(link)


def _chance(link: Link) -> dict[str, object]:
    found = link.chance
    if found is None:
        return {}
    return {
        "stratum": found.stratum,
        "patients": found.patients,
        "chance_share": found.share,
        "chance_upper": found.upper,
        "expected_matches": found.expected,
        "any_match": found.any,
    }
