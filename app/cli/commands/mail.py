"""`anypeople mail …`."""

import os
import sys

import typer

from app.cli import correspondence
from app.core.concerns import ConfigurationError
from app.core.config import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def mail() -> None:
    """Mail that comes in."""


@app.command(name="receive")
def receive_mail() -> None:
    """Take a message on standard input, as a mail server pipes it: bounces of our mail, and letters to support.

    The exit code is sendmail's (sysexits.h): 0 it was taken, or is ignored; 65 it cannot be read; 75 try again.
    """
    content = sys.stdin.buffer.read(correspondence.MAX_BYTES + 1)
    while sys.stdin.buffer.read(correspondence.MAX_BYTES):  # a mail server takes a pipe that ends early for a failure
        continue
    try:
        receipt = correspondence.receive(Settings.load(), content)
    except ConfigurationError as error:  # of settings alone
        receipt = correspondence.Receipt(os.EX_TEMPFAIL, f"Not taken, try again: {error}")
    except Exception as error:  # noqa: BLE001 - its text may quote the message, and the message must not be lost
        receipt = correspondence.Receipt(os.EX_TEMPFAIL, f"Not taken, try again: {type(error).__name__}.")
    typer.echo(receipt.words, err=receipt.code != os.EX_OK)
    raise typer.Exit(receipt.code)
