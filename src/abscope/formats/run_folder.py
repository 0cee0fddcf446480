"""A run's output folder (docs/outputs.md), read back into one record."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from abscope.errors import FormatError
from abscope.records import Published, Sample
from abscope.tables import CASES, CLUSTER_MEMBERS, EXPOSURES, ISOLATES, PAIRS, Table
from abscope.tables.links import LINKS

_HINT = "give the folder that abscope run wrote (--outdir)"


def read(folder: Path) -> Published:
    """Everything of a run that can be exported.

    Raises FormatError where the folder is not a run's, or a table in it cannot be read.
    """
    manifest = _json(folder / "manifest.json")
    if "organism" not in manifest or not (folder / "isolates.tsv").is_file():
        raise FormatError(f"{folder}: is not the output folder of a run", hint=_HINT)
    return Published(
        organism=manifest["organism"],
        version=_version(manifest),
        isolates=_table(folder, ISOLATES),
        types=_texts(folder / "types.tsv", ("isolate_id",)),
        pairs=_table(folder, PAIRS),
        clusters=_table(folder, CLUSTER_MEMBERS),
        cases=_table(folder, CASES),
        exposures=_table(folder, EXPOSURES),
        links=_table(folder, LINKS),
        resistance=_texts(folder / "resistance.tsv", ("isolate_id", "drug", "verdict")),
        hamronized=_texts(folder / "hamronization.tsv", ("input_file_name",)),
        trees={
            path.name.removeprefix("tree.").removesuffix(".nwk"): path.read_text("utf-8").strip()
            for path in sorted(folder.glob("tree.*.nwk"))
        },
        files=_files(manifest),
        sources=_json(folder / "sources.json", missing={}),
    )


def samples(folder: Path) -> Iterator[tuple[Sample, tuple[str, ...]]]:
    """Each isolate a run was given, with the digests of the files it was read from.

    Raises FormatError where the folder is not a run's.
    """
    try:
        for one in _json(folder / "manifest.json")["samples"]:
            paths = [Path(part["file"]) for part in one["files"]]
            digests = tuple(str(part["sha256"]) for part in one["files"])
            of = {"assembly": paths[0]} if one["kind"] == "assembly" else _reads(*paths)
            yield Sample(str(one["isolate_id"]), **of), digests
    except (KeyError, TypeError, IndexError) as error:
        raise FormatError(
            f"{folder}: manifest.json: samples without {error}", hint=_HINT
        ) from error


def _reads(first: Path, second: Path | None = None) -> dict[str, Path | None]:
    return {"reads1": first, "reads2": second}


def _version(manifest: Mapping[str, Any]) -> str:
    versions = manifest.get("versions")
    return str(versions.get("abscope", "")) if isinstance(versions, dict) else ""


def _files(manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The files each isolate was read from."""
    try:
        return {
            one["isolate_id"]: tuple(part["file"] for part in one["files"])
            for one in manifest.get("samples", ())
        }
    except (KeyError, TypeError) as error:
        raise FormatError(f"manifest.json: samples without {error}", hint=_HINT) from error


def _json(path: Path, *, missing: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    if missing is not None and not path.is_file():
        return missing
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise FormatError(f"{path.parent}: holds no {path.name}", hint=_HINT) from None
    except (OSError, ValueError) as error:
        raise FormatError(f"{path}: cannot be read ({error})", hint=_HINT) from error
    if not isinstance(found, dict):
        raise FormatError(f"{path}: is not what a run writes", hint=_HINT)
    return found


def _table(folder: Path, table: Table) -> pl.DataFrame:
    """A published table in its own types; dates and lists as the text they were written as."""
    wanted = {name: _written(kind) for name, kind in table.schema.items()}
    found = _texts(folder / f"{table.name}.tsv", ())
    if missing := [name for name in (*table.key,) if found.width and name not in found.columns]:
        raise FormatError(f"{table.name}.tsv: no column {', '.join(missing)}", hint=_HINT)
    columns = [
        (pl.col(name) if name in found.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in wanted.items()
    ]
    try:
        return found.select(columns) if found.width else pl.DataFrame(schema=wanted)
    except pl.exceptions.PolarsError as error:
        raise FormatError(f"{table.name}.tsv: {error}", hint=_HINT) from error


def _written(kind: pl.DataType | type[pl.DataType]) -> pl.DataType | type[pl.DataType]:
    return kind if kind in (pl.Int64, pl.Float64) else pl.String


def _texts(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """A published table as text, empty cells null; without a file, no rows under `columns`."""
    if not path.is_file():
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    try:
        found = pl.read_csv(path, separator="\t", infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise FormatError(f"{path.name}: cannot be read ({error})", hint=_HINT) from error
    return found.with_columns(pl.when(pl.all() != "").then(pl.all()))
