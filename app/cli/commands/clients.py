"""`anypeople clients …`."""

from typing import Annotated
from uuid import UUID

import typer

from app.cli import people
from app.core.config import Settings
from app.core.viewer import Scope

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def clients() -> None:
    """Apps of others that may ask people to let them in."""


@app.command(name="register")
def register_client(
    name: Annotated[str, typer.Argument(help="What people know the app by.")],
    redirect: Annotated[list[str], typer.Option(help="Where people come back to, exactly; may be repeated.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may ask for; may be repeated.")],
) -> None:
    """Register an app, and print its client id. It has no secret: it uses PKCE."""
    typer.echo(str(people.register_client(Settings.load(), name, redirect, scope).id))


@app.command(name="remove")
def remove_client(client_id: Annotated[UUID, typer.Argument(help="What `register` printed.")]) -> None:
    """Remove an app and all that people let it do. It is written into their audit logs."""
    typer.echo(f"{people.remove_client(Settings.load(), client_id)} is gone.")
