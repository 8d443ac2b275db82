"""`anypeople users …`."""

from typing import Annotated

import typer

from app.cli import people
from app.core.config import Settings
from app.core.viewer import Role

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def users() -> None:
    """What only the operator does to accounts."""


@app.command(name="promote")
def promote_user(
    email: Annotated[str, typer.Argument(help="The address of an account that exists.")],
    role: Annotated[Role, typer.Option(help="What the person may do; USER takes it away.")] = Role.ADMIN,
) -> None:
    """Give a person a role; the first administrator comes from here. It is written into the person's audit log."""
    person = people.give_role(Settings.load(), email, role)
    typer.echo(f"{person.display_name} is {person.role} now.")
