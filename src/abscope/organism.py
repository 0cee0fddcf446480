"""Read and check an organism folder: biology as data, each row with its source.

    organisms/<name>/
      organism.toml      species limits, references, cluster levels
      references/        sequences, only where the folder's owner may share them
      mask.bed           optional: stretches never compared (contig, start, end, reason)
      *.tsv              optional: loci, sites, rules, breakpoints, clones, clock (abscope.knowledge)

A folder shipped with abscope is opened by name, anyone's own by path. See docs/organism-folder.md.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abscope.errors import OrganismError
from abscope.knowledge import folder as tables
from abscope.knowledge.rows import Knowledge
from abscope.records import Problem

BUILT_IN = Path(__file__).parent / "organisms"
DEFAULT = "mycobacterium_abscessus"


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """One reference genome: what it is called, and how to recognise its sequence.

    file: where the sequence lies, if the folder holds it. contigs: the sequences of the file that
    count, all where none is named. sha256: of the sequence as `records.Reference.digest` computes it.
    """

    name: str
    subspecies: str | None = None
    accession: str | None = None
    file: Path | None = None
    contigs: tuple[str, ...] = ()
    length: int | None = None
    sha256: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Organism:
    """What abscope must know of a species before it can compare isolates of it.

    min_ani: identity (0-1) to its nearest reference below which an isolate is another species.
    genome_length: usual shortest and longest genome, bases. levels: SNP levels at which isolates are
    grouped, tightest first. mask: a BED file of stretches that are never compared.
    """

    name: str
    folder: Path
    references: tuple[ReferenceEntry, ...]
    min_ani: float
    genome_length: tuple[int, int]
    levels: tuple[int, ...]
    mask: Path | None = None

    def knowledge(self) -> Knowledge:
        """The folder's tables. Raises OrganismError listing everything wrong with them."""
        return tables.read(self.folder)


def read(where: str | Path = DEFAULT) -> Organism:
    """Open an organism folder by the name of a built-in one, or by path.

    Raises OrganismError listing everything that is missing or contradicts itself.
    """
    folder = folder_of(where)
    path = folder / "organism.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OrganismError(f"{folder}: holds no organism.toml", hint=_KNOWN) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OrganismError(f"{path}: {error}", hint="organism.toml must be valid TOML") from error
    if problems := list(_problems(data, folder)):
        raise OrganismError.collect(str(path), problems, hint=_SEE)
    return _organism(data, folder)


def check(where: str | Path = DEFAULT) -> tuple[Problem, ...]:
    """Everything wrong with an organism folder: its entries, its tables, its examples. None: ().

    Stricter than `read`: here every reference names its source too.
    """
    folder = folder_of(where)
    try:
        data = tomllib.loads((folder / "organism.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return (Problem("organism.toml", f"cannot be read: {error}", _SEE), *tables.check(folder))
    found = (*_problems(data, folder), *_unsourced(data))
    entries = (Problem("organism.toml", problem, _SEE) for problem in found)
    return (*entries, *tables.check(folder))


def built_in() -> tuple[str, ...]:
    """Names of the organism folders that come with abscope."""
    return tuple(sorted(path.parent.name for path in BUILT_IN.glob("*/organism.toml")))


_KNOWN = "give the name of a built-in organism (" + DEFAULT + ") or the path of an organism folder"
_SEE = "docs/organism-folder.md describes every entry"


def folder_of(where: str | Path) -> Path:
    """The folder of a built-in organism, or the path given. Raises OrganismError if there is none."""
    named = BUILT_IN / str(where)
    if (named / "organism.toml").is_file():
        return named
    folder = Path(where).expanduser()
    if not folder.is_dir():
        raise OrganismError(f"{where}: neither a built-in organism nor a folder", hint=_KNOWN)
    return folder


def _problems(data: Mapping[str, Any], folder: Path) -> Iterator[str]:
    if data.get("schema") != 1:
        yield f"schema: must be 1, is {data.get('schema')!r}"
    if not isinstance(data.get("name"), str):
        yield "name: is missing"
    yield from _species_problems(_table(data, "species"))
    levels = _table(data, "clusters").get("levels")
    if not isinstance(levels, list) or not levels or not all(map(_is_level, levels)):
        yield "clusters.levels: must list SNP levels, whole numbers"
    if not _table(data, "clusters").get("source"):
        yield "clusters.source: every threshold names where it comes from"
    yield from _reference_problems(data.get("references", []), folder)


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name, {})
    return found if isinstance(found, dict) else {}


def _is_range(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not all(map(_is_level, value)):
        return False
    return bool(0 < value[0] < value[1])


def _is_level(value: object) -> bool:
    return type(value) is int and value >= 0


def _species_problems(species: Mapping[str, Any]) -> Iterator[str]:
    ani = species.get("min_ani")
    if not isinstance(ani, float) or not 0.5 < ani < 1:
        yield f"species.min_ani: must lie between 0.5 and 1, is {ani!r}"
    length = species.get("genome_length")
    if not _is_range(length):
        yield f"species.genome_length: must be [shortest, longest], is {length!r}"


def _reference_problems(entries: list[Mapping[str, Any]], folder: Path) -> Iterator[str]:
    if not isinstance(entries, list) or not entries:
        yield "references: at least one is needed, as [[references]]"
        return
    names = [entry.get("name") for entry in entries]
    for index, entry in enumerate(entries, 1):
        label = f"references[{index}]"
        if not entry.get("name"):
            yield f"{label}.name: is missing"
        elif names.count(entry["name"]) > 1:
            yield f"{label}.name: {entry['name']!r} is used twice"
        if not entry.get("accession") and not entry.get("file"):
            yield f"{label}: needs an accession or a file"
        if entry.get("file") and not (folder / entry["file"]).is_file():
            yield f"{label}.file: {entry['file']} is not in the folder"
        if unknown := set(entry) - _REFERENCE_KEYS:
            yield f"{label}: unknown entries {', '.join(sorted(unknown))}"
        yield from (f"{label}.{fault}" for fault in _sequence_problems(entry))


def _sequence_problems(entry: Mapping[str, Any]) -> Iterator[str]:
    length, digest = entry.get("length"), entry.get("sha256")
    if length is not None and (type(length) is not int or length <= 0):
        yield f"length: must be a whole number of bases, is {length!r}"
    if digest is not None and not re.fullmatch("[0-9a-f]{64}", str(digest)):
        yield f"sha256: must be 64 hexadecimal digits, is {digest!r}"


def _unsourced(data: Mapping[str, Any]) -> Iterator[str]:
    for index, entry in enumerate(data.get("references", []), 1):
        if isinstance(entry, dict) and not entry.get("source"):
            yield f"references[{index}].source: why this genome?"


_REFERENCE_KEYS = set(ReferenceEntry.__dataclass_fields__)


def _organism(data: Mapping[str, Any], folder: Path) -> Organism:
    mask = folder / "mask.bed"
    low, high = data["species"]["genome_length"]
    return Organism(
        name=data["name"],
        folder=folder,
        references=tuple(_entry(entry, folder) for entry in data["references"]),
        min_ani=data["species"]["min_ani"],
        genome_length=(low, high),
        levels=tuple(sorted(data["clusters"]["levels"])),
        mask=mask if mask.is_file() else None,
    )


def _entry(entry: Mapping[str, Any], folder: Path) -> ReferenceEntry:
    values = dict(entry)
    if values.get("file"):
        values["file"] = folder / values["file"]
    values["contigs"] = tuple(values.get("contigs", ()))
    return ReferenceEntry(**values)
