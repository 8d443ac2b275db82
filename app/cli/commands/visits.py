"""`anypeople visits`."""

from typing import Annotated

import typer

from app.cli.audience import recent_visits
from app.core.config import Settings

app = typer.Typer(add_completion=False)


@app.command()
def visits(days: Annotated[int, typer.Option(min=1, max=366, help="How many days back.")] = 30) -> None:
    """Show the visits of our pages, of browsers that allowed us to count: by day, and by the page that came first."""
    seen = recent_visits(Settings.load(), days)
    if not seen:
        typer.echo("Nobody came in these days who allowed us to count.")
    for visit in seen:
        typer.echo(f"{visit.day}  {visit.page:<20} {visit.new:>8} new {visit.returning:>8} returning")
