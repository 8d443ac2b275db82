"""`anypeople audit …`."""

import sys
from typing import Annotated

import typer

from app.audit.verification import Verified
from app.cli import audit_log
from app.core.config import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def audit() -> None:
    """The audit log, which is sealed into a chain of hashes."""


@app.command(name="verify")
def verify_log(
    tip: Annotated[
        str | None, typer.Option(help="What an earlier run printed: the chain has to go on from it.")
    ] = None,
) -> None:
    """Check every link; the first entry that was changed, removed or slipped in is named, and the exit code is 1.

    Keep what it prints last somewhere else: with it a later run can tell whether the end of the chain was cut off.
    """
    _tell(audit_log.check(Settings.load(), tip))


@app.command(name="resign")
def resign_log() -> None:
    """Sign the end of the chain after ANYPEOPLE_SECRET_KEY was replaced; the old one comes on standard input."""
    _tell(audit_log.sign_anew(Settings.load(), sys.stdin.readline().rstrip("\n")))


def _tell(found: Verified) -> None:
    typer.echo(f"{found.sealed} entries are sealed, and every link holds. {found.unsealed} are not sealed yet.")
    if found.ended:
        typer.echo(f"The {found.ended} before them have ended, after seven years.")
    if found.tip:
        typer.echo(found.tip)
