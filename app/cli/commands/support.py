"""`anypeople support …`."""

from typing import Annotated

import typer

from app.cli import correspondence
from app.core.config import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def support() -> None:
    """What people write to support."""


@app.command(name="forget")
def forget_address(
    address: Annotated[str, typer.Argument(help="An address that wrote without an account.")],
) -> None:
    """Delete what an address without an account wrote, and the mail about it. First make sure who asks."""
    gone = correspondence.forget_address(Settings.load(), address)
    if not gone:
        typer.echo("Nothing was deleted: without an account nobody wrote from this address.")
        return
    typer.echo("1 thread is gone." if gone == 1 else f"{gone} threads are gone.")
