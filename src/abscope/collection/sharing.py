"""Isolates shared with another jurisdiction: bundles that name nobody, and who of ours is near theirs.

An isolate's name may hold a patient's, so a bundle calls it by a keyed digest of its name: the same in every
bundle of one key, and meaningless to whoever lacks the key.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from abscope.collection.access import Viewer, scoped
from abscope.collection.charter import Charter
from abscope.collection.database import reading
from abscope.collection.schema import isolates
from abscope.collection.shelves import Hit, Shelf
from abscope.collection.store import Collection
from abscope.errors import AccessError, StorageError, UsageError
from abscope.population.packing import hide, pack
from abscope.records import Calls, LeftOut, Reference
from abscope.records.bundles import Bundle, Details, Genome, Precision, SharedIsolate

Shelves = Callable[[Reference], Shelf]
_DIGITS = 12  # of a code: 48 bits
_MOST = 500  # rows in one question


@dataclass(frozen=True, slots=True)
class Terms:
    """How isolates are shared. secret: thirty-two bytes behind the codes. details: by isolate."""

    made: date
    contact: str
    secret: bytes
    jurisdiction: str = ""
    precision: Precision = "year"
    details: Mapping[str, Details] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One of theirs near one of ours: SNPs of so many comparable sites, and whom to call."""

    code: str
    isolate_id: str
    snps: int
    comparable: int
    clone: str | None
    sampled: str | None
    contact: str


def bundle(
    collection: Collection,
    charter: Charter,
    viewer: Viewer,
    terms: Terms,
    *,
    names: Iterable[str] = (),
) -> tuple[Bundle, Mapping[str, str]]:
    """The viewer's isolates (those named, or all of the jurisdiction of `terms`), and each code's name.

    Removed isolates stay at home. Raises AccessError where the viewer may not share, or a name is not
    among theirs; StorageError where a profile is damaged; UsageError for nobody, or terms that say too
    little.
    """
    viewer.must("share")
    rows = _wanted(collection, viewer, terms, set(names))
    references = {one.name: one for one in charter.references}
    used = sorted({row.reference for row in rows})
    codes = {_code_of(terms.secret, row.isolate_id): row.isolate_id for row in rows}
    try:
        made = Bundle(
            made=terms.made.isoformat(),
            organism=Path(charter.organism).name,  # it may be a folder: whose, is nobody's business
            jurisdiction=terms.jurisdiction,
            contact=terms.contact,
            precision=terms.precision,
            genomes=tuple(_genome(references[name]) for name in used),
            isolates=tuple(_shared(row, collection, references, used, terms) for row in rows),
        )
    except ValueError as error:
        raise UsageError(f"this cannot be shared: {error}", hint="change what you give") from error
    return made, codes


def _code_of(secret: bytes, isolate_id: str) -> str:
    """What a bundle calls an isolate."""
    return hmac.new(secret, isolate_id.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def matches(
    collection: Collection,
    charter: Charter,
    shelves: Shelves,
    viewer: Viewer,
    theirs: Bundle,
    *,
    within: int,
) -> tuple[tuple[Match, ...], tuple[LeftOut, ...]]:
    """Whom of the viewer's isolates theirs are near, nearest first; and who could not be compared.

    within: SNPs. Ours and theirs are compared at the positions this collection does not mask.
    """
    viewer.must("see")
    ours = {one.digest: one for one in charter.references}
    found: list[Match] = []
    left_out = []
    for one in theirs.isolates:
        genome = theirs.genomes[one.genome]
        reference = ours.get(genome.digest)
        if reference is None or len(reference.sequence) != genome.length:
            left_out.append(LeftOut(one.code, _apart(genome), "ask for it called against ours"))
            continue
        letters = Calls(reference.name, one.letters(reference.sequence))
        planes = pack([letters], isolates=1, length=genome.length)[:1]
        hide(planes, charter.mask(reference.name).hidden())
        hits = shelves(reference).near(planes[0], within)
        found += _matches(collection, viewer, reference, one, hits, theirs.contact)
    found.sort(key=lambda match: (match.snps, -match.comparable, match.code, match.isolate_id))
    return tuple(found), tuple(left_out)


def _wanted(
    collection: Collection, viewer: Viewer, terms: Terms, names: set[str]
) -> list[sa.Row[Any]]:
    query = scoped(viewer, isolates).where(
        isolates.c.genotype.is_not(None), isolates.c.removed.is_(None)
    )
    if terms.jurisdiction:
        query = query.where(isolates.c.jurisdiction == terms.jurisdiction)
    with reading(collection.engine) as connection:
        rows = list(connection.execute(query.order_by(isolates.c.isolate_id)))
    if missing := sorted(names - {row.isolate_id for row in rows}):
        raise AccessError(
            f"not among the isolates {viewer.user} may share: {', '.join(missing[:5])}",
            hint="removed isolates, and those of other jurisdictions, are not shared",
        )
    kept = [row for row in rows if not names or row.isolate_id in names]
    if not kept:
        raise UsageError("there is no isolate to share", hint="abscope status counts them")
    return kept


def _genome(reference: Reference) -> Genome:
    return Genome(reference.name, reference.digest, len(reference.sequence))


def _shared(
    row: sa.Row[Any],
    collection: Collection,
    references: dict[str, Reference],
    used: list[str],
    terms: Terms,
) -> SharedIsolate:
    profile = collection.profile(row.profile_key, references)
    if profile is None:
        raise StorageError(
            f"{row.isolate_id}: its profile is missing or damaged",
            hint="abscope verify; add it again",
        )
    bases, sequence = profile.called.calls.bases, references[row.reference].sequence
    called = profile.called.calls.called
    snps = np.flatnonzero(called & (bases != sequence)).astype(np.int64)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ~called, [False]])))
    return SharedIsolate(
        code=_code_of(terms.secret, row.isolate_id),
        genome=used.index(row.reference),
        snps=snps,
        bases=bases[snps],
        missing=edges.astype(np.int64).reshape(-1, 2),
        details=(terms.details or {}).get(row.isolate_id, Details()),
    )


def _matches(
    collection: Collection,
    viewer: Viewer,
    reference: Reference,
    one: SharedIsolate,
    hits: tuple[Hit, ...],
    contact: str,
) -> Iterator[Match]:
    """Hits as the viewer's isolates; those removed, or others', are nobody."""
    query = scoped(viewer, isolates).where(
        isolates.c.reference == reference.name, isolates.c.removed.is_(None)
    )
    names: dict[int, str] = {}
    with reading(collection.engine) as connection:
        for start in range(0, len(hits), _MOST):
            rows = [hit.row for hit in hits[start : start + _MOST]]
            found = connection.execute(query.where(isolates.c.genotype.in_(rows)))
            names |= {row.genotype: row.isolate_id for row in found}
    for hit in hits:
        if hit.row in names:
            yield Match(
                one.code,
                names[hit.row],
                hit.snps,
                hit.comparable,
                one.details.clone,
                one.details.sampled,
                contact,
            )


def _apart(genome: Genome) -> str:
    return f"called against {genome.name} ({genome.digest[:12]}), which this collection has not"
