"""Share isolates, and match shared ones, for a person at a terminal."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import typer

from abscope import surveillance
from abscope.cli.collection_session import stamp
from abscope.cli.tabled import tabled
from abscope.collection import audit, sharing, users
from abscope.collection.access import at_terminal
from abscope.collection.database import reading
from abscope.collection.sharing import Terms
from abscope.errors import AccessError, UsageError
from abscope.formats import bundle as bundles
from abscope.formats import signing
from abscope.formats.isolate_details import read_details
from abscope.records.bundles import PRECISIONS, Precision
from abscope.running.storage import write_whole
from abscope.surveillance import Desk


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options of `abscope bundle` say."""

    contact: str | None
    jurisdiction: str
    names: tuple[str, ...]
    details: tuple[Path, ...]
    precision: str


def key(path: Path) -> None:
    """Make a key and say what others need."""
    name = signing.make_key(path)
    typer.echo(f"fingerprint: {name}")
    typer.echo(f"keep {path} to yourself; give others {path}.pub", err=True)


def bundle(folder: Path, out: Path, key: Path, wanted: Wanted, *, as_json: bool) -> None:
    """Write a bundle; print which code is which isolate, for the sender alone."""
    if wanted.precision not in PRECISIONS:
        raise UsageError(
            f"no precision called {wanted.precision!r}", hint=f"one of {', '.join(PRECISIONS)}"
        )
    precision: Precision = wanted.precision
    secret = signing.secret_of(key, "codes of isolates")
    now = stamp()
    with surveillance.open_desk(folder) as desk:
        terms = Terms(
            made=date.fromisoformat(now.at[:10]),
            contact=wanted.contact or _contact(desk, wanted.jurisdiction),
            secret=secret,
            jurisdiction=wanted.jurisdiction,
            precision=precision,
            details=read_details(wanted.details, precision=precision),
        )
        me = at_terminal(now.actor)
        made, codes = sharing.bundle(desk.collection, desk.charter, me, terms, names=wanted.names)
        content = bundles.encode(made, key)
        told = {"isolates": sorted(codes.values()), "precision": precision}
        with audit.changing(desk.collection.engine, now, "share", str(out), told):
            write_whole(out, content)
    rows = [{"code": code, "isolate_id": name} for code, name in sorted(codes.items())]
    typer.echo(tabled(rows, as_json=as_json))
    typer.echo(f"{out}: {len(codes)} isolates, {len(content):,} bytes, signed", err=True)


def _contact(desk: Desk, jurisdiction: str) -> str:
    with reading(desk.collection.engine) as connection:
        found = users.contact_of(connection, jurisdiction)
    if found is None:
        raise UsageError(
            "a bundle says whom to call", hint="--contact 'AZ laboratory, +1 602 555 0100'"
        )
    return found


def match(folder: Path, bundle: Path, *, signer: str, within: int | None, as_json: bool) -> None:
    """Print who is near whom, and whom to call."""
    if not signer:
        raise AccessError(
            f"{bundle.name}: whose is it?",
            hint="--signer with the sender's fingerprint or .pub file; ask them on the telephone",
        )
    theirs = bundles.read(bundle, signer=signer)
    now = stamp()
    with surveillance.open_desk(folder) as desk:
        widest = max(desk.charter.levels) if within is None else within
        told = {"from": theirs.jurisdiction, "isolates": len(theirs.isolates)}
        with audit.reading(desk.collection.engine, now, "match", bundle.name, told):
            found, left_out = sharing.matches(
                desk.collection,
                desk.charter,
                desk.shelf,
                at_terminal(now.actor),
                theirs,
                within=widest,
            )
    rows = [asdict(one) for one in found]
    if as_json:
        lost = [{"code": one.name, "reason": one.reason} for one in left_out]
        typer.echo(json.dumps({"matches": rows, "left_out": lost}, indent=2))
        return
    typer.echo(tabled(rows, as_json=False) or f"nobody of ours is within {widest} SNPs")
    for one in left_out:
        typer.echo(f"left out: {one.name}: {one.reason}\n  {one.hint}", err=True)
