"""abscope key, bundle, match: isolates shared with another jurisdiction, and no patient with them."""

from pathlib import Path
from typing import Annotated

import typer

from abscope.cli import options as o


def key(path: Annotated[Path, typer.Argument(help="File to write the private key to.")]) -> None:
    """Make a signing key. Keep the file to yourself; give others PATH.pub, or read them the fingerprint."""
    from abscope.cli import sharing_session

    sharing_session.key(path)


def bundle(
    folder: o.CollectionFolder,
    out: Annotated[Path, typer.Argument(help="The bundle to write.")],
    key: Annotated[Path, typer.Option("--key", help="Your private key (abscope key makes one).")],
    contact: Annotated[
        str | None,
        typer.Option(
            help="Whom to call; default: the jurisdiction's contact (abscope user contact)."
        ),
    ] = None,
    jurisdiction: Annotated[str, typer.Option(help="Share its isolates only.")] = "",
    isolate: Annotated[
        list[str] | None, typer.Option("--isolate", help="Share this one; may be repeated.")
    ] = None,
    details: Annotated[
        list[Path] | None,
        typer.Option(
            "--details",
            help="Table with isolate_id and clone, subspecies, st, macrolides, amikacin, "
            "fluoroquinolones or date, such as types.tsv; may be repeated.",
        ),
    ] = None,
    precision: Annotated[str, typer.Option(help="Of dates: none, year, month or day.")] = "year",
    as_json: o.AsJson = False,
) -> None:
    """Write isolates to a signed file: genotype, clone, resistance, whom to call; no patient data.

    Isolates are called by codes there; the list that is printed says which is which, and stays with you.
    """
    from abscope.cli import sharing_session as session

    wanted = session.Wanted(
        contact, jurisdiction, tuple(isolate or ()), tuple(details or ()), precision
    )
    session.bundle(folder, out, key, wanted, as_json=as_json)


def match(
    folder: o.CollectionFolder,
    bundle: Annotated[Path, typer.Argument(help="A bundle somebody sent.")],
    signer: Annotated[
        str, typer.Option("--signer", help="The sender's fingerprint, or their .pub file.")
    ] = "",
    within: Annotated[
        int | None, typer.Option(min=0, help="SNPs; default: the collection's widest level.")
    ] = None,
    as_json: o.AsJson = False,
) -> None:
    """Say which isolates of a bundle are near ours, and whom to call about them."""
    from abscope.cli import sharing_session

    sharing_session.match(folder, bundle, signer=signer, within=within, as_json=as_json)
