"""`anypeople users …`."""

from typing import Annotated

import typer

from app.cli import people
from app.core.config import Settings
from app.core.days import day
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


@app.command(name="flag-minor")
def flag_minor(
    email: Annotated[str, typer.Argument(help="The address of an account that exists.")],
    reason: Annotated[str, typer.Option(help="What shows that it is a child's; it is written into the audit log.")],
) -> None:
    """Freeze an account that is a child's: nobody uses or sees it from now on, and it is deleted within 72 hours."""
    flagged = people.flag_minor(Settings.load(), email, reason)
    typer.echo(f"The account is frozen. It is deleted from {flagged.purge_at:%Y-%m-%d %H:%M} UTC on.")


@app.command(name="lift-minor-flag")
def lift_minor_flag(
    email: Annotated[str, typer.Argument(help="The address of a frozen account.")],
    reason: Annotated[str, typer.Option(help="For the person; it is written into the audit log.")],
) -> None:
    """Give a frozen account back as it was, as long as it is not deleted."""
    person = people.lift_minor_flag(Settings.load(), email, reason)
    typer.echo(f"{person.display_name} has the account back: {person.status}.")


@app.command()
def restrict(
    email: Annotated[str, typer.Argument(help="The address of an account that exists.")],
    reason: Annotated[str, typer.Option(help="Why, for the person's own log: 1 to 500 characters.")],
) -> None:
    """Restrict processing of a person's data to storage (Art. 18 GDPR). They use the service as before."""
    person = people.set_restriction(Settings.load(), email, reason)
    typer.echo(f"{person.display_name} is {person.status} now.")


@app.command()
def unrestrict(
    email: Annotated[str, typer.Argument(help="The address of an account that is restricted.")],
    reason: Annotated[str, typer.Option(help="Why, for the person: 1 to 500 characters.")],
) -> None:
    """Tell a person that the restriction of their data ends (Art. 18(3) GDPR); three days later it does."""
    ends = people.end_restriction(Settings.load(), email, reason)
    typer.echo(f"The person is told. Their data is used again from {day(ends)} on.")
