"""`anypeople migrate`."""

import asyncio
from typing import Annotated

import typer

from app.cli import supervisor
from app.core import migrations
from app.core.config import Settings

app = typer.Typer(add_completion=False)


@app.command()
def migrate(
    make: Annotated[bool, typer.Option("--make", help="Write a migration for what changed in the models.")] = False,
) -> None:
    """Bring the database's structure up to date."""
    settings = Settings.load()
    if make:
        written = asyncio.run(migrations.make("postgresql://nobody@localhost/none"))
        typer.echo("\n".join(written) or "The models have not changed.")
        return
    with supervisor.database(settings) as url:
        applied = asyncio.run(migrations.migrate(url))
    typer.echo(f"Applied {', '.join(applied)}." if applied else "The database is up to date.")
