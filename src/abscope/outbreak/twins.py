"""Cases that may be one patient entered twice: proposed with the reason, never joined.

Two rows that agree in many things, or in rare ones, are seldom two people. The chance that somebody else
has the same value is its share among the other cases, but never less than is usual for such a value; the
weight of a pair is the sum of log2(1 / chance) over what it agrees in (Fellegi and Sunter, J Am Stat Assoc
1969;64:1183), less a penalty for what it does not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from abscope.records import Twins

# Chance pairs expected in the whole list below which a pair is proposed, and what each disagreement
# costs, in bits. Judgement: one false proposal in twenty lists.
EXPECTED = 0.05
DISAGREES = 3.0
# Of more rows than these under one key, each is proposed with the first alone: thousands of rows that all
# say "iso 1" are one mistake, not millions of pairs.
MANY = 12
# The least chance that two strangers agree: a birthday in sixty years, a day in a year, and so on. Judgement.
_FIELDS: Mapping[str, float] = {
    "sex": 1 / 2,
    "age": 1 / 60,
    "date_birth": 1 / 20_000,
    "residence_country": 1 / 2,
    "residence_state": 1 / 10,
    "date_exposure": 1 / 365,
    "date_onset": 1 / 365,
    "outcome": 1 / 3,
}
_EXPOSURE = 1 / 5
_NEVER_DIFFER = ("sex", "date_birth")

Codes = NDArray[np.int64]


def propose(cases: pl.DataFrame, exposures: pl.DataFrame) -> tuple[Twins, ...]:
    """Pairs that may be one patient, in the line list's order, each once.

    cases: tables.CASES. exposures: tables.EXPOSURES. A pair is proposed for its ids (alike but for case,
    spaces, separators and leading zeros), a patient_id or an isolate in common, or for agreeing in more
    than two people of this list would by chance.
    """
    found: dict[tuple[str, str], str] = {}
    for one, two, reason in (
        *_same_key(cases, "patient_id", "both are patient {}"),
        *_same_isolate(cases),
        *_like_names(cases["case_id"].to_list()),
        *_alike(cases, exposures),
    ):
        found.setdefault((one, two), reason)
    return tuple(Twins(*pair, reason) for pair, reason in found.items())


def _pairs(groups: Mapping[str, Sequence[str]], reason: str) -> Iterator[tuple[str, str, str]]:
    for key, names in groups.items():
        own = list(dict.fromkeys(names))
        firsts = own if len(own) <= MANY else own[:1]
        for place, one in enumerate(firsts):
            yield from ((one, two, reason.format(key)) for two in own[place + 1 :])


def _same_key(cases: pl.DataFrame, column: str, reason: str) -> Iterator[tuple[str, str, str]]:
    known = cases.select("case_id", column).drop_nulls()
    groups = known.group_by(column, maintain_order=True).agg("case_id")
    yield from _pairs(dict(groups.iter_rows()), reason)


def _same_isolate(cases: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    long = cases.select("case_id", "isolate_ids").explode("isolate_ids")
    yield from _same_key(long, "isolate_ids", "both name isolate {}")


def _like_names(names: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    groups: dict[str, list[str]] = {}
    for name in names:
        if not re.fullmatch(r"row-\d+(#\d+)?", name):  # named after its row, for want of an id
            groups.setdefault(_gist(name), []).append(name)
    yield from _pairs(groups, "their ids are alike")


def _gist(name: str) -> str:
    """What stays of an id without case, separators, leading zeros and the mark of a repeated id."""
    bare = re.sub(r"[\s._/-]+", "", re.sub(r"#\d+$", "", name).casefold())
    return re.sub(r"(?<!\d)0+(?=\d)", "", bare)


def _alike(cases: pl.DataFrame, exposures: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    names = cases["case_id"].to_list()
    if len(names) < 2:
        return
    fields = {**_coded(cases), **_answered(names, exposures)}
    rarity = {field: _bits(codes, _FIELDS.get(field, _EXPOSURE)) for field, codes in fields.items()}
    _once(fields)
    needed = np.log2(len(names) * (len(names) - 1) / 2 / EXPECTED)
    for place in range(len(names) - 1):
        weight = np.zeros(len(names) - place - 1)
        for field, codes in fields.items():
            weight += _weights(codes, rarity[field], place, never=field in _NEVER_DIFFER)
        for other in place + 1 + np.flatnonzero(weight >= needed):
            agreed = [f for f, c in fields.items() if c[place] >= 0 and c[place] == c[other]]
            shown = ", ".join(agreed[:6]) + (f" and {len(agreed) - 6} more" * (len(agreed) > 6))
            yield names[place], names[other], f"they agree in {shown}"


def _weights(
    codes: Codes, bits: NDArray[np.float64], place: int, *, never: bool
) -> NDArray[np.float64]:
    """Bits that each later case gains or loses by this field beside the case at `place`."""
    mine, others = codes[place], codes[place + 1 :]
    if mine < 0:
        return np.zeros(len(others))
    against = -np.inf if never else -DISAGREES
    found: NDArray[np.float64] = np.where(
        others < 0, 0.0, np.where(others == mine, bits[mine], against)
    )
    return found


def _coded(cases: pl.DataFrame) -> dict[str, Codes]:
    """Each field's values as numbers, -1 where not known; fields that nobody has are left out."""
    coded = {}
    for field in _FIELDS:
        dense = cases[field].rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
        if (dense >= 0).any():
            coded[field] = dense
    return coded


def _answered(names: Sequence[str], exposures: pl.DataFrame) -> dict[str, Codes]:
    """What each case names of each kind, as numbers; -1 where nothing is known."""
    named = (
        exposures.filter((pl.col("answer") == "yes") & pl.col("value").is_not_null())
        .sort("value")
        .group_by("kind", "case_id")
        .agg(pl.col("value").str.join("; "))
    )
    place = {name: at for at, name in enumerate(names)}
    coded: dict[str, Codes] = {}
    for (kind,), group in sorted(named.group_by("kind"), key=lambda item: str(item[0])):
        codes = np.full(len(names), -1, np.int64)
        ranks = group["value"].rank("dense").cast(pl.Int64)
        for case, rank in zip(group["case_id"], ranks, strict=True):
            codes[place[case]] = rank - 1
        coded[str(kind)] = codes
    return coded


def _once(fields: dict[str, Codes]) -> None:
    """An age follows from a date of birth, and is not counted beside it."""
    if "age" in fields and "date_birth" in fields:
        fields["age"] = np.where(fields["date_birth"] >= 0, -1, fields["age"])


def _bits(codes: Codes, least: float) -> NDArray[np.float64]:
    """log2(1 / chance) of each value: its share among all but the two that agree, at least `least`."""
    counts = np.bincount(codes[codes >= 0])
    share = (counts - 2) / max(int(counts.sum()) - 2, 1)
    bits: NDArray[np.float64] = -np.log2(np.clip(share, least, 1.0))
    return bits
