"""`anypeople register …`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli import records
from app.core.config import Settings
from app.policy.record_files import as_csv, as_html

app = typer.Typer(no_args_is_help=True, add_completion=False)


class Format(StrEnum):
    """What the record is written as."""

    CSV = "csv"
    HTML = "html"


@app.callback()
def register() -> None:
    """The registers that the service runs by."""


@app.command(name="export")
def export_record(
    format: Annotated[Format, typer.Option(help="csv for a spreadsheet, html to read and to print.")] = Format.HTML,
    out: Annotated[Path | None, typer.Option(help="Write it to this file, not to standard output.")] = None,
) -> None:
    """Write the record of processing activities (Art. 30(1) GDPR) of this service, as it is configured."""
    record = records.record_of(Settings.load())
    text = as_csv(record) if format is Format.CSV else as_html(record)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, newline="")
        typer.echo(f"Wrote {out.name}.")
