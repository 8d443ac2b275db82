"""`anypeople receipts …`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.errors import CommandFailed
from app.core.receipts import KINDS, verify
from app.core.signing import Forged, Verifier

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def receipts() -> None:
    """Receipts that people were given."""


@app.command(name="verify")
def verify_receipt(
    receipt: Annotated[typer.FileText, typer.Argument(help="A file with the receipt; - reads standard input.")],
    jwks: Annotated[Path, typer.Option(help="The published keys: a copy of /.well-known/jwks.json.")],
) -> None:
    """Say whether a receipt is signed with these keys and unchanged, and what it says. Needs no service."""
    try:
        found = verify(Verifier.of(json.loads(jwks.read_text())), receipt.read().strip())
    except (OSError, ValueError) as error:
        raise CommandFailed(f"{jwks}: {error}") from None
    except Forged as error:
        raise CommandFailed(str(error)) from None
    typer.echo(f"{KINDS[found.kind]}: signed with these keys, and unchanged.")
    typer.echo(json.dumps(found.claims, indent=2, ensure_ascii=False))
