"""`anypeople mail …`."""

import sys

import typer

from app.cli import correspondence
from app.core.config import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def mail() -> None:
    """Mail that comes in."""


@app.command(name="receive")
def receive_mail() -> None:
    """Take a message on standard input, as a mail server pipes it: bounces of our mail are recorded."""
    content = sys.stdin.buffer.read(correspondence.MAX_BYTES)
    while sys.stdin.buffer.read(correspondence.MAX_BYTES):  # a mail server takes a pipe that ends early for a failure
        continue
    typer.echo(correspondence.receive(Settings.load(), content))
