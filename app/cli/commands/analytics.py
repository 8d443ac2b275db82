"""`anypeople analytics`."""

import csv
import sys
from typing import Annotated

import typer

from app.analytics.queries import FEWEST
from app.cli.usage import recent_usage
from app.core.config import Settings

app = typer.Typer(add_completion=False)
COLUMNS = ("day", "event", "client", "page", "engine", "style", "outcome", "count", "final")


@app.command()
def analytics(
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days back (UTC).")] = 30,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV; the count of a small one is empty.")] = False,
) -> None:
    """Show how the service was used, day by day, and the visits of browsers that allowed the cookie for that.

    Of a day that is not final some of the last 24 hours may be missing still. Numbers below five are not shown.
    """
    usage, visits = recent_usage(Settings.load(), days)
    if as_csv:
        rows = csv.writer(sys.stdout, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows([getattr(one, name) for name in COLUMNS] for one in usage)
        return
    if not usage:
        typer.echo("Nothing was counted in these days.")
    for one in usage:
        about = " ".join(part for part in (one.page, one.engine, one.style) if part)
        number = f"<{FEWEST}" if one.count is None else str(one.count)
        typer.echo(f"{one.day}  {one.event:<20} {one.client:<10} {about:<28} {one.outcome:<8} {number:>8}")
    if visits:
        typer.echo("\nVisits of browsers that allowed the cookie, by the page that came first:")
    for visit in visits:
        typer.echo(f"{visit.day}  {visit.page:<20} {visit.new:>8} new {visit.returning:>8} returning")
