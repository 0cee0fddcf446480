"""What references a collection is made with, so that it is never continued with others unnoticed.

`references.lock.json` in the collection's folder: name, accession, length and sha256 of each. The names
and checksums are those of the run manifest; the file is for people and version control to read.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from abscope.errors import DataError
from abscope.records import Reference
from abscope.running.storage import write_whole

FILE = "references.lock.json"
_LAYOUT = 1


def check_or_write(folder: Path, references: Sequence[Reference]) -> None:
    """Hold the collection in `folder` to its references; note them where it has none yet.

    A reference that was missing so far may join. Raises DataError listing those that changed or are gone.
    """
    path = folder / FILE
    locked = _locked(path)
    now = {reference.name: _row(reference) for reference in references}
    if problems := _problems(locked, now):
        raise DataError.collect(f"{path}: made with other references", problems, hint=_remedy(path))
    if locked != now:
        rows = [{"name": name, **now[name]} for name in sorted(now)]
        content = json.dumps({"layout": _LAYOUT, "references": rows}, indent=1)
        write_whole(path, content.encode() + b"\n")


def _row(reference: Reference) -> dict[str, object]:
    return {
        "accession": reference.accession,
        "length": len(reference.sequence),
        "sha256": reference.digest,
    }


def _locked(path: Path) -> dict[str, dict[str, object]]:
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["layout"] != _LAYOUT:
            raise DataError(
                f"{path}: written by a newer abscope", hint="use that version, or another --outdir"
            )
        return {row.pop("name"): row for row in data["references"]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path}: cannot be read ({error})", hint=_remedy(path)) from error


def _problems(
    locked: Mapping[str, Mapping[str, object]], now: Mapping[str, Mapping[str, object]]
) -> list[str]:
    gone = [
        f"{name} ({row['accession'] or 'a file'}, {row['length']} bases) is not among the references "
        "of this run"
        for name, row in locked.items()
        if name not in now
    ]
    changed = [
        f"{name} was {_words(row)} and is now {_words(now[name])}"
        for name, row in locked.items()
        if name in now and now[name]["sha256"] != row["sha256"]
    ]
    return gone + changed


def _words(row: Mapping[str, object]) -> str:
    return (
        f"{row['accession'] or 'a file'}, {row['length']} bases, sha256 {str(row['sha256'])[:12]}"
    )


def _remedy(path: Path) -> str:
    return (
        "give the references it was made with, or choose another --outdir; to go on with the new ones "
        f"delete {path}: every isolate is then profiled again, and old distances no longer hold"
    )
