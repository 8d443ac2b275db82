"""`anypeople up`."""

import typer

from app.cli import supervisor
from app.core.config import Settings

app = typer.Typer(add_completion=False)


@app.command()
def up() -> None:
    """Run everything here: web, worker and, where no URL is set, PostgreSQL and Valkey. Ctrl-C ends it."""
    supervisor.run_until_interrupted(Settings.load())
