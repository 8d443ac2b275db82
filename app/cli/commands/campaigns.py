"""`anypeople campaigns …`."""

from typing import Annotated
from uuid import UUID

import typer

from app.cli import campaigns as work
from app.cli.errors import CommandFailed
from app.core.config import Settings
from app.marketing.queries import Campaign

app = typer.Typer(no_args_is_help=True, add_completion=False)
Id = Annotated[UUID, typer.Argument(help="The campaign, as `anypeople campaigns list` names it.")]


@app.callback()
def campaigns() -> None:
    """News by mail, to people who turned it on."""


@app.command(name="send")
def send_campaign(
    file: Annotated[typer.FileText, typer.Argument(encoding="utf-8-sig", help="Its text; - reads standard input.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many it would reach now, and send nothing.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Send a text that was sent before.")] = False,
) -> None:
    """Send a text to everybody who turned on news by mail and may be written to; a worker does it.

    The file begins with a line of three dashes, a line "subject: …" and three dashes again. Then come its paragraphs,
    with empty lines between them. There is no markup.
    """
    try:
        content = file.read()
    except UnicodeDecodeError:
        raise CommandFailed("This is no text in UTF-8: save it as UTF-8, and send it again.") from None
    if dry_run:
        text, number = work.readers(Settings.load(), content)
        people = "1 person" if number == 1 else f"{number} people"
        typer.echo(f"{text.subject}\n\n{text.text}\n\nIt would reach {people} now. Nothing was sent.")
        return
    typer.echo(work.send(Settings.load(), content, again=again))


@app.command(name="list")
def list_campaigns() -> None:
    """List the latest campaigns."""
    for campaign in work.latest(Settings.load()):
        typer.echo(_line(campaign))


@app.command(name="show")
def show_campaign(campaign: Id) -> None:
    """Say what a campaign said, how far it came, and what became of its mails; those of last week are counted."""
    found, mails = work.standing(Settings.load(), campaign)
    typer.echo(f"{_line(found)}\n\n{found.text}\n")
    for state, number in mails.items():
        typer.echo(f"{state:<12} {number}")


@app.command(name="stop")
def stop_campaign(campaign: Id) -> None:
    """Have a campaign reach nobody more; what was not handed over yet is called back."""
    typer.echo(f"Stopped. {work.stop(Settings.load(), campaign)} mails were called back.")


def _line(campaign: Campaign) -> str:
    began = f"{campaign.created_at:%Y-%m-%d %H:%M}"
    return f"{campaign.id}  {began}  {campaign.state:<8} {campaign.recipients:>8}  {campaign.subject}"
