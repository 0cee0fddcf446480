"""abscope user: who may use a collection through the server, and as what."""

from typing import Annotated

import typer

from abscope.cli import options as o

user = typer.Typer(
    name="user",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Users of a collection: roles, jurisdictions, passwords, tokens.",
)

Name = Annotated[str, typer.Argument(help="The user's name.")]
Jurisdictions = Annotated[
    list[str], typer.Option("--jurisdiction", "-j", help="Theirs; may be repeated; '*' for all.")
]
RoleOption = Annotated[
    str, typer.Option("--role", help="viewer, laboratory, epidemiologist or administrator.")
]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from stdin, one line.")
]


@user.command()
def add(
    folder: o.CollectionFolder,
    name: Name,
    jurisdiction: Jurisdictions,
    role: RoleOption = "viewer",
    password_stdin: FromStdin = False,
) -> None:
    """Enter a user. Without a password they cannot log in, and use tokens."""
    from abscope.cli import user_session as session

    session.add(folder, session.viewer(name, role, jurisdiction), from_stdin=password_stdin)


@user.command()
def change(
    folder: o.CollectionFolder, name: Name, jurisdiction: Jurisdictions, role: RoleOption
) -> None:
    """Give a user another role and jurisdictions. They hold at once."""
    from abscope.cli import user_session as session

    session.change(folder, session.viewer(name, role, jurisdiction))


@user.command("list")
def list_users(folder: o.CollectionFolder, as_json: o.AsJson = False) -> None:
    """List the users."""
    from abscope.cli import user_session

    user_session.list_users(folder, as_json=as_json)


@user.command()
def password(folder: o.CollectionFolder, name: Name, password_stdin: FromStdin = False) -> None:
    """Give a user a password, and end their sessions."""
    from abscope.cli import user_session

    user_session.password(folder, name, from_stdin=password_stdin)


@user.command()
def disable(folder: o.CollectionFolder, name: Name) -> None:
    """Shut a user out at once; what they did stays in the log."""
    from abscope.cli import user_session

    user_session.disable(folder, name)


@user.command()
def enable(folder: o.CollectionFolder, name: Name) -> None:
    """Let a disabled user in again."""
    from abscope.cli import user_session

    user_session.enable(folder, name)


@user.command()
def token(
    folder: o.CollectionFolder,
    name: Name,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is valid.")] = 365,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Make an API token for a user. It is shown once, and cannot be looked up."""
    from abscope.cli import user_session

    user_session.token(folder, name, days=days, label=label)


@user.command()
def tokens(folder: o.CollectionFolder, as_json: o.AsJson = False) -> None:
    """List tokens and sessions, without their secrets."""
    from abscope.cli import user_session

    user_session.list_tokens(folder, as_json=as_json)


@user.command()
def revoke(
    folder: o.CollectionFolder,
    name: Annotated[str, typer.Argument(help="A token's name, as listed.")],
) -> None:
    """End a token or session."""
    from abscope.cli import user_session

    user_session.revoke(folder, name)


@user.command()
def contact(
    folder: o.CollectionFolder,
    jurisdiction: Annotated[str, typer.Argument(help="A jurisdiction.")],
    text: Annotated[str, typer.Argument(help="Whom to call; every other jurisdiction may see it.")],
) -> None:
    """Say whom to call in a jurisdiction. Told where one of its isolates is near another's."""
    from abscope.cli import user_session

    user_session.contact(folder, jurisdiction, text)
