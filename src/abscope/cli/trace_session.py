"""What `abscope trace` does between parsing and printing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from abscope.cli import options as o
from abscope.cli.sources_session import as_rows, exposures_of
from abscope.errors import UsageError
from abscope.outbreak import traceback
from abscope.outbreak.source_evidence import COMPARISON
from abscope.outbreak.undetected import undetected
from abscope.records import LineList
from abscope.records.traces import Factor, Forward, Reach, Undetected


@dataclass(frozen=True, slots=True)
class Traced:
    """What was found, back, forward and beyond what was counted."""

    back: tuple[Reach, ...]
    forward: Forward | None
    undetected: Undetected | None


def traced(
    linelist: LineList,
    weights: Mapping[str, float],
    *,
    forward: str | None,
    counted: Sequence[str] | None,
    day: datetime | None,
) -> Traced:
    """Trace back always, forward and beyond where asked."""
    ahead = None
    if forward is not None:
        (exposure,) = exposures_of([forward], linelist)
        today = o.day_or_today(day)
        ahead = traceback.forward(linelist, exposure, weights=weights, today=today)
    factors = [_factor(word) for word in counted or ()]
    number = max(round(sum(w for w in weights.values() if w >= COMPARISON)), 1)
    beyond = undetected(number, factors) if factors else None
    return Traced(traceback.back(linelist, weights), ahead, beyond)


def _factor(word: str) -> Factor:
    name, _, share = word.partition("=")
    try:
        return Factor(name.strip(), float(share))
    except ValueError as error:
        raise UsageError(
            f"cannot read {word!r}", hint="a step and the share that passes it: cultured=0.4"
        ) from error


def text(found: Traced, *, as_json: bool) -> str:
    """Tables for people, everything for programs."""
    if as_json:
        return json.dumps(asdict(found), indent=2, ensure_ascii=False)
    near = [one for one in found.back if one.cases + one.possible >= 0.5]
    parts = [as_rows(near, as_json=False)]
    if found.forward is not None:
        parts += ["", _forward(found.forward), as_rows(found.forward.recipients, as_json=False)]
    if found.undetected is not None:
        parts += ["", found.undetected.sentence]
    return "\n".join(parts)


def _forward(found: Forward) -> str:
    what = f"{found.exposure[0]} {found.exposure[1]}"
    if found.expected is None or found.interval is None:
        return f"{what}: no linked case has a date, so the cases still to come cannot be told."
    low, high = found.interval
    return (
        f"{what}: of the exposures made so far {found.expected:.1f} more cases are to be expected "
        f"(95 % interval {low} to {high}; from {found.dated} dated cases, incubation median 5 weeks)."
    )
