"""What is measured is written down at once, so that a run that is stopped goes on where it was."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from abscope.running.provenance import key_of
from abscope.running.storage import write_whole
from abscope.validation.claim import Claim
from abscope.validation.exact import Share
from abscope.validation.gates import Gate
from abscope.validation.repeats import Repeat
from abscope.validation.trials import Found, Trial

T = TypeVar("T", Found, Gate, Repeat, Claim)


def kept(
    folder: Path, parts: Mapping[str, object], make: Callable[[], tuple[T, ...]]
) -> tuple[T, ...]:
    """What `make` gives, or what it gave when the same was measured before.

    parts: everything the result depends on (JSON values).
    """
    path = folder / f"{key_of(parts)[:24]}.json"
    try:
        return tuple(_read(row) for row in json.loads(path.read_bytes())["results"])
    except (OSError, ValueError, KeyError, TypeError):
        made = make()
    rows = [{"kind": type(one).__name__, **asdict(one)} for one in made]
    write_whole(path, json.dumps({"of": dict(parts), "results": rows}, indent=1).encode())
    return made


def _read(row: dict[str, Any]) -> Any:
    match row.pop("kind"):
        case "Found":
            shares = {name: Share(**row[name]) for name in ("snps", "same", "called")}
            trial, said = Trial(**row["trial"]), tuple(row["warnings"])
            return Found(**(row | shares | {"trial": trial, "warnings": said}))
        case "Gate":
            return Gate(**(row | {"others": tuple(row["others"])}))
        case "Claim":
            return Claim(**(row | {"share": Share(**row["share"])}))
        case _:
            return Repeat(**row)
