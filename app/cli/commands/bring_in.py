"""`anypeople import`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.archives import bring, keys_of
from app.cli.errors import CommandFailed
from app.core.config import Settings
from app.core.signing import Forged
from app.privacy.export.reading import ArchiveReader, Unreadable
from app.privacy.importing import Imported

app = typer.Typer(add_completion=False)


@app.command()
def bring_in(
    file: Annotated[Path, typer.Argument(help="An archive of PORTABILITY, from this service or another one.")],
    email: Annotated[str, typer.Option(help="The confirmed address of the account that it comes to.")],
    jwks: Annotated[
        Path | None, typer.Option(help="The keys of where it is from: a copy of /.well-known/jwks.json there.")
    ] = None,
) -> None:
    """Bring what somebody had made elsewhere into their account. After a crash it goes on; nothing comes twice.

    Pictures come, private, with what was asked for. Consents do not: they were given to somebody else.
    """
    try:
        keys = keys_of(jwks) if jwks else None
        with ArchiveReader(file) as reader:
            if keys:
                reader.verify_signature(keys)
            else:
                typer.echo("Whose archive it is was not verified: name the keys with --jwks.", err=True)
            reader.verify_files()
            done = bring(Settings.load(), reader, email, _tell)
    except (Forged, Unreadable) as error:
        raise CommandFailed(str(error)) from None
    except OSError as error:
        raise CommandFailed(f"{error.filename or file}: {error.strerror or type(error).__name__}") from None
    except ValueError:
        raise CommandFailed(f"{jwks} is no JWK set: take a copy of /.well-known/jwks.json.") from None
    typer.echo(f"{done.generations} generations came, with {done.pictures} pictures; {done.known} were here already.")


def _tell(done: Imported) -> None:
    if (seen := done.generations + done.known) % 100 == 0:
        typer.echo(f"{seen} generations looked at", err=True)
