"""RO-Crate 1.1 metadata of a run's output folder: what each file is, its size and checksum, and what made it.

https://w3id.org/ro/crate/1.1: written as ro-crate-metadata.json into the folder, it makes the folder a crate.
It holds names of files, never what is in them; files in which patients can be told say so.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from abscope.records import Published

_SPEC = "https://w3id.org/ro/crate/1.1"
_KINDS = {
    ".tsv": "text/tab-separated-values", ".json": "application/json", ".html": "text/html",
    ".nwk": "text/x-nh", ".fasta": "text/x-fasta", ".bed": "text/x-bed", ".vcf": "text/x-vcf",
    ".gz": "application/gzip",
}  # fmt: skip
_OF_PATIENTS = (
    "cases.tsv", "exposures.tsv", "compatible_cases.tsv", "cases_without_isolate.tsv",
    "clusters.tsv", "problems.tsv", "followup.tsv", "questions.json", "sources.json", "report.html",
)  # fmt: skip
_WHAT = {
    "isolates": "one row an isolate: data and their quality", "types": "what each isolate is",
    "pairs": "distances, with the sites compared", "clusters": "who is in which cluster",
    "cases": "the line list as it was read", "exposures": "who was exposed to what",
    "links": "of every two isolates, whether they are linked", "manifest": "how the run was made",
    "sources": "sources by probability", "questions": "whom to ask what next",
    "report": "the report, for any browser", "resistance": "resistance, by drug and mechanism",
}  # fmt: skip


def encode(run: Published, folder: Path, *, day: date) -> bytes:
    """The crate's metadata. day: of publication. Files of the collection's own store are left out."""
    files = [_file(folder, path) for path in _published(folder)]
    program = {
        "@id": "#abscope", "@type": "SoftwareApplication", "name": "abscope",
        "softwareVersion": run.version,
    }  # fmt: skip
    action = {
        "@id": "#run", "@type": "CreateAction", "name": "abscope run",
        "instrument": {"@id": "#abscope"}, "result": [{"@id": one["@id"]} for one in files],
    }  # fmt: skip
    graph = [_descriptor(), _root(run, files, day), program, action, *files]
    crate = {"@context": f"{_SPEC}/context", "@graph": graph}
    return (json.dumps(crate, indent=1, ensure_ascii=False) + "\n").encode()


def _published(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        own = inside.parts[0] == "collection" or inside.name == "ro-crate-metadata.json"
        if path.is_file() and not hidden and not own:
            yield path


def _file(folder: Path, path: Path) -> Mapping[str, Any]:
    inside = path.relative_to(folder).as_posix()
    with path.open("rb") as handle:
        checksum = hashlib.file_digest(handle, "sha256").hexdigest()
    told: dict[str, Any] = {
        "@id": quote(inside), "@type": "File", "name": inside, "contentSize": str(path.stat().st_size),
        "sha256": checksum,
    }  # fmt: skip
    if path.suffix in _KINDS:
        told["encodingFormat"] = _KINDS[path.suffix]
    if path.name.split(".")[0] in _WHAT and inside == path.name:
        told["description"] = _WHAT[path.name.split(".")[0]]
    if inside in _OF_PATIENTS:
        told["conditionsOfAccess"] = "holds identifiers of patients or cases"
    return told


def _descriptor() -> Mapping[str, Any]:
    return {
        "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": _SPEC},
    }  # fmt: skip


def _root(run: Published, files: list[Mapping[str, Any]], day: date) -> Mapping[str, Any]:
    return {
        "@id": "./", "@type": "Dataset", "name": f"{run.organism}: {run.isolates.height} isolates",
        "description": "Output of abscope run: distances, clusters, trees, types and findings.",
        "datePublished": day.isoformat(),
        "license": "not stated: ask whoever made the crate",
        "hasPart": [{"@id": one["@id"]} for one in files],
        "mentions": {"@id": "#run"},
    }  # fmt: skip
