"""What a cell says about an exposure, and what a line list's cells say together."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from typing import Literal

import polars as pl

from abscope import tables
from abscope.formats.headings import plain, resembling
from abscope.records import Problem

Answer = Literal["yes", "no", "unknown"]

NOT_KNOWN = frozenset(
    {
        "",
        "unknown",
        "not asked",
        "unk",
        "?",
        "na",
        "n/a",
        "nk",
        "not known",
        "not recorded",
        "missing",
        ".",
        "-",
    }
)
_NO = frozenset({"none", "no", "never", "not exposed", "false"})
_YES = frozenset({"yes", "exposed", "true"})
_CODES: Mapping[str, Answer] = {"1": "yes", "y": "yes", "0": "no", "n": "no"}
YES = "yes"  # the value that stands for "exposed to one of this kind, whichever"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: by whom, about what. A null value: about the kind as a whole.

    complete: naming this value, the case was asked for the kind and named all there was.
    """

    case_id: str
    kind: str
    value: str | None
    answer: Answer
    complete: bool = True


def is_known(text: str) -> bool:
    """Whether a cell says anything at all."""
    return text.strip().casefold() not in NOT_KNOWN


def is_coded(text: str) -> bool:
    """Whether a cell could be a coded answer, such as 1, 0, y or n, rather than a value."""
    return answer(text, coded=True) is not None


def cell(text: str, *, coded: bool = False) -> Iterator[tuple[str | None, Answer]]:
    """The value and answer of each part of a cell; parts are separated by semicolons.

    Nothing, `unknown`, `NA` and the like: not known. `none`, `no`: asked, and exposed to none of this kind.
    `yes`: exposed, which one is not said. Anything else names what the case was exposed to.
    coded: 1, 0, y and n mean yes and no, as they do where a column holds no values.
    """
    for part in [part.strip() for part in text.split(";") if part.strip()] or [""]:
        given = answer(part, coded=coded)
        if given is None:
            yield part, "yes"
        else:
            yield (YES if given == "yes" else None), given


def answer(text: str, *, coded: bool = True) -> Answer | None:
    """The answer a word stands for; None where it is none of yes, no and not known."""
    word = text.strip().casefold()
    if word in NOT_KNOWN:
        return "unknown"
    if word in _YES or word in _NO:
        return "yes" if word in _YES else "no"
    return _CODES.get(word) if coded else None


def table(said: Iterable[Said]) -> pl.DataFrame:
    """Every case's answer to every value named of the kinds it was asked about; tables.EXPOSURES.

    A case that names what it was exposed to was asked for that kind, and so answers `no` to the values
    that others name; a case whose answer is not known, wholly or in part, is `unknown` for them. An
    answer given about a value itself always stands; of several, `yes` before `no` before `unknown`.
    """
    given = pl.DataFrame([astuple(one) for one in said], schema=_SAID, orient="row")
    named = given.drop_nulls("value")
    own = named.sort(pl.col("answer").cast(_STRENGTH)).unique(
        ["case_id", "kind", "value"], keep="last"
    )
    found = (
        given.group_by("case_id", "kind")
        .agg(_exposed.any(), _implied())
        .join(named.select("kind", "value").unique(), on="kind", how="left")
        .join(
            own.select("case_id", "kind", "value", "answer"),
            on=["case_id", "kind", "value"],
            how="left",
        )
        .with_columns(pl.coalesce("answer", _any_of_the_kind(), "implied").alias("answer"))
        .sort("case_id", "kind", "value", nulls_last=True)
    )
    return tables.EXPOSURES.check(found)


_SAID = {
    "case_id": pl.String, "kind": pl.String, "value": pl.String, "answer": pl.String, "complete": pl.Boolean,
}  # fmt: skip
_STRENGTH = pl.Enum(["unknown", "no", "yes"])
_exposed = (pl.col("answer") == "yes").alias("exposed")


def _implied() -> pl.Expr:
    """What a case's answers about one kind say of a value it does not name."""
    asked = pl.col("value").is_null() | (pl.col("complete") & _exposed)
    partial = asked & ((pl.col("value") == YES).fill_null(False) | (pl.col("answer") == "unknown"))
    answered = pl.when(asked.any() & ~partial.any())
    return answered.then(pl.lit("no")).otherwise(pl.lit("unknown")).alias("implied")


def _any_of_the_kind() -> pl.Expr:
    """A case that names one of a kind was exposed to the kind."""
    return pl.when((pl.col("value") == YES) & pl.col("exposed")).then(pl.lit("yes"))


def one_spelling(said: Iterable[Said], where: str) -> tuple[list[Said], list[Problem]]:
    """Values that differ by case, spaces, hyphens or accents only become one; both are reported."""
    everything = list(said)
    spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in everything:
        if one.value is not None:
            spellings[one.kind, _key(one.value)][one.value] += 1
    chosen = {key: counted.most_common(1)[0][0] for key, counted in spellings.items()}
    unified = [
        one if one.value is None else replace(one, value=chosen[one.kind, _key(one.value)])
        for one in everything
    ]
    return unified, [*_merged(spellings, where), *_alike(chosen, where)]


def _key(value: str) -> str:
    """What spellings of one value share; separators between digits tell lots apart (1-23, 12-3)."""
    return "-".join(map(plain, re.split(r"(?<=\d)[\W_]+(?=\d)", value))) or value.casefold()


def _merged(spellings: Mapping[tuple[str, str], Counter[str]], where: str) -> Iterator[Problem]:
    for (kind, _), counted in spellings.items():
        if len(counted) > 1:
            written = ", ".join(repr(value) for value in counted)
            yield Problem(
                f"{where}, {kind}",
                f"{written} are taken as one and the same",
                "write them alike, or tell them apart by more than case, spaces and accents",
            )


def _alike(chosen: Mapping[tuple[str, str], str], where: str) -> Iterator[Problem]:
    """Pairs of values, digits apart the same but for a letter or two, that may be one."""
    earlier: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (kind, _), value in chosen.items():
        digits = "".join(letter for letter in value if letter.isdigit())
        known = earlier[kind, digits]
        if len(value) >= 6 and (other := resembling(value, known, cutoff=0.9)):
            yield Problem(
                f"{where}, {kind}",
                f"{value!r} and {other!r} are taken as different",
                "if they are the same, write them alike",
            )
        known.append(value)
