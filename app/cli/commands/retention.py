"""`anypeople retention …`."""

from typing import Annotated

import typer

from app.cli import sweeping
from app.core.config import Settings
from app.retention.queries import Run

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def retention() -> None:
    """What time ends: the sweeper, and its reports."""


@app.command()
def sweep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go now, and delete nothing.")] = False,
) -> None:
    """End now what is over, and show the report. Workers do the same every five minutes."""
    if not dry_run:
        _tell(sweeping.sweep(Settings.load()))
        return
    found = sweeping.due(Settings.load())
    for each, due in found:
        since = f"{due.oldest:%Y-%m-%d %H:%M}" if due.oldest else ""
        typer.echo(f"{each.name:<34} {each.retention.name:<14} {due.number:>9} over since {since}")
    if not found:
        typer.echo("Nothing is over.")


@app.command()
def report(runs: Annotated[int, typer.Option(min=1, max=100, help="How many, the latest first.")] = 5) -> None:
    """Show the last sweeps: what each ended, and what it had to leave though its time was over."""
    seen = sweeping.last(Settings.load(), runs)
    for run in seen:
        _tell(run)
    if not seen:
        typer.echo("Nothing was swept yet.")


def _tell(run: Run) -> None:
    ended = f"finished {run.finished_at:%H:%M:%S}" if run.finished_at else "NOT FINISHED: the next sweep goes on"
    typer.echo(f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC, {ended}")
    for count in run.counts:
        left = f", LEFT {count.remaining} over since {count.oldest:%Y-%m-%d %H:%M}" if count.oldest else ""
        error = f", broken off by {count.error}" if count.error else ""
        typer.echo(f"  {count.sweep:<34} {count.ended:>9} ended{left}{error}")
    if not run.counts:
        typer.echo("  Nothing was over.")
