"""`anypeople privacy …`."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import typer

from app.cli import requests
from app.core.config import Settings
from app.privacy.asked import Request
from app.privacy.clock import in_words
from app.privacy.decisions import DenialCode
from app.privacy.office import Office

app = typer.Typer(no_args_is_help=True, add_completion=False)
MOST = 1_000
RequestId = Annotated[UUID, typer.Argument(help="The request, as `anypeople privacy queue` shows it.")]
Reason = Annotated[str, typer.Option(help="For the person, who is mailed it: 1 to 500 characters.")]


@app.callback()
def privacy() -> None:
    """What people ask of us about their data, and how long there is to answer."""


@app.command()
def queue(first: Annotated[int, typer.Option(min=1, max=MOST, help="How many.")] = 50) -> None:
    """Show the open requests, those with the least time left first. It names nobody."""
    office, found = requests.queue(Settings.load(), first)
    for each in found:
        _tell(each, office)
    if not found:
        typer.echo("Nothing is open.")


@app.command()
def overdue() -> None:
    """Show the requests that should have been answered by now; exit with 1 where there are any, for a watchdog."""
    office, found = requests.queue(Settings.load(), MOST, overdue=True)
    for each in found:
        _tell(each, office)
    if found:
        raise typer.Exit(1)
    typer.echo("Nothing is overdue.")


@app.command()
def extend(
    request: RequestId,
    reason: Reason,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day; left out: as late as the law lets it.")
    ] = None,
) -> None:
    """Have a request answered later: once, and before its time is over."""
    changed = requests.extend(Settings.load(), request, reason, _day(until))
    typer.echo(f"It is due on {changed.due_at:%Y-%m-%d %H:%M} UTC. The person is told.")


@app.command()
def deny(
    request: RequestId,
    code: Annotated[DenialCode, typer.Option(help="The reason in a word.")],
    reason: Reason,
) -> None:
    """Not grant a request of which nothing is done yet. The person is told why, and how to complain."""
    requests.deny(Settings.load(), request, code, reason)
    typer.echo("It is denied. The person is told.")


@app.command()
def retry(request: RequestId) -> None:
    """Have a request carried out again that was given up: it goes on with the first step that is not done."""
    requests.retry(Settings.load(), request)
    typer.echo("It is carried out again as soon as a worker is free.")


def _tell(request: Request, office: Office) -> None:
    due = request.due_at or request.legal_due_at
    left = due - office.clock.now()
    words = f"{in_words(left)} left" if left.total_seconds() >= 0 else f"OVERDUE by {in_words(-left)}"
    extended = ", extended" if request.extended_at else ""
    local = due.astimezone(office.zone)
    typer.echo(f"{request.id}  {request.right:<18} {request.status:<21} due {local:%Y-%m-%d %H:%M}, {words}{extended}")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
