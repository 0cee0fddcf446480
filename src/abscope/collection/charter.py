"""What a collection is founded with, for good: references, masks, levels, rules, and where its data are.

`charter.json` beside copies of the references and their masks, so that a collection needs nothing else, and
an isolate that comes in ten years is compared at the same positions as the first.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from abscope.errors import DataError, StorageError, UsageError
from abscope.formats import bed, fasta
from abscope.records import Mask, Reference
from abscope.running.storage import write_whole
from abscope.settings import CallRules

FILE = "charter.json"
LAYOUT = 1
URL_VARIABLE = "ABSCOPE_DATABASE"


@dataclass(frozen=True, slots=True, eq=False)
class Charter:
    """Everything that must stay the same while a collection lives.

    organism: name, or path of a folder. limits: least identity to a reference, and the usual shortest and
    longest genome. database: URL without a password, None for a file in the folder. genotypes: URL of the
    object store, None for the folder.
    """

    folder: Path
    organism: str
    limits: tuple[float, tuple[int, int]]
    references: tuple[Reference, ...]
    masks: tuple[Mask, ...]
    levels: tuple[int, ...]
    min_comparable: float
    rules: CallRules
    caller: str
    database: str | None = None
    genotypes: str | None = None

    def mask(self, reference: str) -> Mask:
        """The mask of the reference called `reference`."""
        return next(mask for mask in self.masks if mask.reference == reference)

    def least(self, reference: str) -> int:
        """Comparable sites below which a distance on the reference says nothing."""
        return max(1, round(self.min_comparable * self.mask(reference).unmasked))

    @property
    def url(self) -> str | None:
        """Where the database is: what the environment says, else what the charter says."""
        return os.environ.get(URL_VARIABLE) or self.database


def found(charter: Charter) -> None:
    """Write a charter, its references and masks; the charter last. Raises UsageError where one is there."""
    path = charter.folder / FILE
    if path.exists():
        raise UsageError(
            f"{charter.folder}: is a collection already", hint="abscope add adds to it"
        )
    for name, content in files(charter):
        write_whole(charter.folder / name, content)


def files(charter: Charter) -> Iterator[tuple[str, bytes]]:
    """A charter's files by name, itself last: without it there is no collection."""
    for reference, mask in zip(charter.references, charter.masks, strict=True):
        entries = [(c.name, reference.sequence[c.start : c.end]) for c in reference.contigs]
        yield sequence_file(reference.name), fasta.encode(entries, gzipped=True)
        yield mask_file(reference.name), bed.text(mask, reference).encode()
    yield FILE, _text(_written(charter))


def moved(content: bytes, database: str | None) -> bytes:
    """A charter's file for a collection that now has its rows at another URL, or in its folder.

    Its genotypes are in the folder: the object store it came from may still be another's.
    """
    data = json.loads(content)
    return _text({**data, "database": _without_password(database), "genotypes": None})


def read(folder: Path) -> Charter:
    """The charter of the collection in `folder`.

    Raises UsageError where there is none, DataError where its files are not those it was founded with.
    """
    path = folder / FILE
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise UsageError(
            f"{folder}: no collection here", hint=f"abscope init {folder} founds one"
        ) from error
    except (OSError, ValueError) as error:
        raise StorageError(f"{path}: cannot be read ({error})", hint=_RESTORE) from error
    if data.get("layout") != LAYOUT:
        raise DataError(f"{path}: written by a newer abscope", hint="use that version")
    references = tuple(_reference(folder, row) for row in data["references"])
    return Charter(
        folder=folder,
        organism=data["organism"],
        limits=(data["min_ani"], (data["genome_length"][0], data["genome_length"][1])),
        references=references,
        masks=tuple(_read_mask(folder, reference) for reference in references),
        levels=tuple(data["levels"]),
        min_comparable=data["min_comparable"],
        rules=CallRules(**data["rules"]),
        caller=data["caller"],
        database=data["database"],
        genotypes=data.get("genotypes"),
    )


_RESTORE = "restore it from a backup of the collection"


def _text(data: dict[str, Any]) -> bytes:
    return json.dumps(data, indent=1).encode() + b"\n"


def _without_password(url: str | None) -> str | None:
    return url and sa.make_url(url).set(password=None).render_as_string()


def _written(charter: Charter) -> dict[str, Any]:
    return {
        "layout": LAYOUT,
        "organism": charter.organism,
        "min_ani": charter.limits[0],
        "genome_length": list(charter.limits[1]),
        "levels": list(charter.levels),
        "min_comparable": charter.min_comparable,
        "rules": charter.rules.as_dict(),
        "caller": charter.caller,
        "database": _without_password(charter.database),
        "genotypes": charter.genotypes,
        "references": [
            {
                "name": one.name,
                "subspecies": one.subspecies,
                "accession": one.accession,
                "sha256": one.digest,
            }
            for one in charter.references
        ],
    }


def _reference(folder: Path, row: dict[str, Any]) -> Reference:
    path = folder / sequence_file(row["name"])
    found_here = fasta.read_reference(
        path, name=row["name"], subspecies=row["subspecies"], accession=row["accession"]
    )
    if found_here.digest != row["sha256"]:
        raise DataError(
            f"{path}: is not the sequence the collection was founded with", hint=_RESTORE
        )
    return found_here


def _read_mask(folder: Path, reference: Reference) -> Mask:
    stretches = bed.read(folder / mask_file(reference.name), reference)
    return Mask(reference.name, len(reference.sequence), stretches)


def sequence_file(name: str) -> str:
    """Where a reference lies in the collection's folder."""
    return f"references/{_plain(name)}.fa.gz"


def mask_file(name: str) -> str:
    """Where a reference's mask lies in the collection's folder."""
    return f"masks/{_plain(name)}.bed"


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name)
