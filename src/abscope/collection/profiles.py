"""One file per profile, named by what it was made from, written whole or not at all.

Calls are kept as the letters that differ from the reference, so a file is a few hundred kilobytes.
"""

import io
import json
import zipfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from abscope.errors import DataError
from abscope.records import (
    Called,
    Calls,
    Depth,
    Letters,
    MinorSites,
    Profile,
    ReadStats,
    Reference,
    ReferenceChoice,
)
from abscope.running.storage import write_whole
from abscope.tables import VARIANTS

LAYOUT = 2
_MINOR = "minor_"


def path_of(folder: Path, key: str) -> Path:
    """Where the profile named `key` lies, or will."""
    return folder / "profiles" / key[:2] / f"{key}.npz"


def save(folder: Path, profile: Profile, reference: Reference) -> None:
    """Keep a profile. Raises StorageError where the disk refuses."""
    called = profile.called
    changed = np.where(called.calls.bases == reference.sequence, 0, called.calls.bases)
    variants = io.BytesIO()
    called.variants.write_ipc(variants)
    content = io.BytesIO()
    np.savez_compressed(
        content,
        about=np.frombuffer(json.dumps(_about(profile, reference)).encode(), dtype=np.uint8),
        changed=changed.astype(np.uint8),
        windows=called.depth.windows,
        variants=np.frombuffer(variants.getvalue(), dtype=np.uint8),
        **_packed(called.minor),
    )
    write_whole(path_of(folder, profile.key), content.getvalue())


def _packed(minor: MinorSites | None) -> dict[str, Any]:
    """A profile's second bases as arrays of the archive."""
    if minor is None:
        return {}
    return {_MINOR + field.name: getattr(minor, field.name) for field in fields(MinorSites)}


def _unpacked(arrays: dict[str, Any]) -> MinorSites | None:
    packed = {name[len(_MINOR) :]: arrays[name] for name in arrays if name.startswith(_MINOR)}
    if not packed:
        return None
    thinned, length = int(packed.pop("thinned")), int(packed.pop("length"))
    return MinorSites(**packed, thinned=thinned, length=length)


def _about(profile: Profile, reference: Reference) -> dict[str, Any]:
    depth = profile.called.depth
    return {
        "layout": LAYOUT,
        "key": profile.key,
        "kind": profile.kind,
        "caller": profile.caller,
        "reference_digest": reference.digest,
        "choice": asdict(profile.choice),
        "reads": asdict(profile.called.reads),
        "depth": {
            "mean": depth.mean,
            "median": depth.median,
            "breadth": depth.breadth,
            "window": depth.window,
        },
        "warnings": profile.warnings,
    }


def load(folder: Path, key: str, references: dict[str, Reference]) -> Profile | None:
    """The profile named `key`, or None where there is none (or none that can still be read)."""
    path = path_of(folder, key)
    try:
        with np.load(io.BytesIO(path.read_bytes())) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None  # damaged: made again, and replaced
    about = json.loads(arrays["about"].tobytes())
    if about["layout"] != LAYOUT:
        return None
    reference = references.get(about["choice"]["reference"])
    if reference is None or reference.digest != about["reference_digest"]:
        raise DataError(
            f"{path.name}: was called against another sequence of {about['choice']['reference']}",
            hint="give the references the collection was made with",
        )
    return _profile(about, arrays, reference.sequence)


def _profile(about: dict[str, Any], arrays: dict[str, Any], sequence: Letters) -> Profile:
    changed = arrays["changed"]
    choice = about["choice"]
    bases = np.where(changed == 0, sequence, changed)
    variants = pl.read_ipc(io.BytesIO(arrays["variants"].tobytes()))
    return Profile(
        key=about["key"],
        kind=about["kind"],
        caller=about["caller"],
        choice=ReferenceChoice(
            choice["reference"], tuple((name, ani) for name, ani in choice["ani"]), choice["reason"]
        ),
        called=Called(
            calls=Calls(choice["reference"], bases),
            variants=VARIANTS.check(variants),
            depth=Depth(windows=arrays["windows"], **about["depth"]),
            reads=ReadStats(**about["reads"]),
            minor=_unpacked(arrays),
        ),
        warnings=tuple(about["warnings"]),
    )
