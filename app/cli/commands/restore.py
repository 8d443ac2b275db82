"""`anypeople restore …`."""

import sys
from typing import Annotated

import typer

from app.cli import restoring
from app.cli.errors import CommandFailed
from app.core.config import Settings

EVERY = 100
"""Entries between two lines."""

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def restore() -> None:
    """After a backup was restored: what people decided since is done again, before anything is served."""


@app.command()
def replay(
    accept_missing: Annotated[
        bool, typer.Option("--accept-missing", help="Go on without entries that are gone for good. They are lost.")
    ] = False,
    old_key: Annotated[
        bool, typer.Option("--old-key", help="Read the ANYPEOPLE_SECRET_KEY of before from standard input.")
    ] = False,
) -> None:
    """Apply the decision journal to this database: erasures, deletions, consents, objections, restrictions.

    Nobody is mailed. After a crash the same command goes on; once all is applied it does nothing.
    """
    old_secret = sys.stdin.readline().rstrip("\n") if old_key else None
    try:
        done = restoring.replay(Settings.load(), _tell, old_secret=old_secret, accept_missing=accept_missing)
    except OSError as error:
        raise CommandFailed(
            f"The object store cannot be read ({type(error).__name__}): the same command goes on later."
        ) from None
    typer.echo(f"{done.applied} entries were applied." if done.applied else "There is nothing to replay.")
    for line in done.left:
        typer.secho(f"To do by hand: {line}", fg=typer.colors.YELLOW)
    typer.echo("The database knows its journal: start the service.")


def _tell(done: int, number: int) -> None:
    if done % EVERY == 0 or done == number:
        typer.echo(f"{done} of {number} entries", err=True)
