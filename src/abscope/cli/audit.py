"""abscope audit: who did and saw what, and whether the log is still what was written."""

from typing import Annotated

import typer

from abscope.cli import options as o

audit = typer.Typer(
    name="audit",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The audit log of a collection: shown, and checked for tampering.",
)


@audit.command()
def show(
    folder: o.CollectionFolder,
    since: o.Since = None,
    user: Annotated[str | None, typer.Option(help="What this user did and saw.")] = None,
    as_json: o.AsJson = False,
) -> None:
    """Show who did and saw what."""
    from abscope.cli import audit_session

    audit_session.show(folder, since=since, user=user, as_json=as_json)


@audit.command()
def head(folder: o.CollectionFolder) -> None:
    """Print the log's head. Kept elsewhere, nobody can cut the log short unnoticed."""
    from abscope.cli import audit_session

    audit_session.head(folder)


@audit.command()
def verify(
    folder: o.CollectionFolder,
    head: Annotated[
        str | None, typer.Option("--head", help="A head kept elsewhere, or a file that holds one.")
    ] = None,
) -> None:
    """Check that no row was changed, dropped, moved or slipped in. Exit 1 if any was."""
    from abscope.cli import audit_session

    raise typer.Exit(audit_session.verify(folder, head))
