"""`anypeople export …`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.archives import keys_of
from app.cli.errors import CommandFailed
from app.core.signing import Forged
from app.privacy.export.reading import ArchiveReader, Unreadable

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def export() -> None:
    """Archives that people were given of their data."""


@app.command(name="verify")
def verify_archive(
    file: Annotated[Path, typer.Argument(help="The archive.")],
    jwks: Annotated[Path, typer.Option(help="The published keys: a copy of /.well-known/jwks.json.")],
) -> None:
    """Say whether an archive is signed with these keys, and whole: every file as listed. Needs no service."""
    try:
        keys = keys_of(jwks)
        with ArchiveReader(file) as reader:
            claims = reader.verify_signature(keys)
            count = reader.verify_files()
    except (Forged, Unreadable) as error:
        raise CommandFailed(str(error)) from None
    except OSError as error:
        raise CommandFailed(f"{error.filename or file}: {error.strerror}") from None
    except ValueError:
        raise CommandFailed(f"{jwks} is no JWK set: take a copy of /.well-known/jwks.json.") from None
    typer.echo(f"{count} files, all as listed and signed with these keys, for {claims['sub'] or 'an address'}.")
