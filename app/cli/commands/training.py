"""`anypeople training …`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli import data_sets
from app.cli.errors import CommandFailed
from app.core.config import Settings
from app.core.signing import Forged, Verifier
from app.training.building import Progress
from app.training.export import check
from app.training.marking import IN_WORDS
from app.training.sets import TrainingSetRecord
from app.training.verification import Verdict, Verification

app = typer.Typer(no_args_is_help=True, add_completion=False)
Name = Annotated[str, typer.Argument(help="The data set's name.")]


@app.callback()
def training() -> None:
    """Data sets: which pictures models may be trained on, each with the reason why. No bytes are copied."""


@app.command(name="build")
def build_set(
    name: Annotated[str | None, typer.Option(help="1 to 64 characters; else the day and a number.")] = None,
) -> None:
    """Put together all pictures that may train models now, and seal that. After a crash it goes on where it was."""
    if name is not None and not (0 < len(name) <= 64 and name.isprintable()):
        raise CommandFailed("Give it a name of 1 to 64 characters.")
    try:
        made = data_sets.build(Settings.load(), name, _tell_building)
    except OSError as error:
        raise CommandFailed(f"The object store cannot be read ({type(error).__name__}): build again later.") from None
    _show(made)


@app.command(name="list")
def list_sets() -> None:
    """Show the data sets, the latest first: when each was sealed, how many pictures it has, how many are excluded."""
    found = data_sets.listed(Settings.load())
    if not found:
        typer.echo("There is no data set yet.")
    for each in found:
        sealed = f"{each.sealed_at:%Y-%m-%d %H:%M}" if each.sealed_at else "not finished    "
        typer.echo(f"{sealed}  {each.items:>9} pictures {each.excluded:>9} excluded  {each.name}")


@app.command(name="show")
def show_set(name: Name) -> None:
    """Show a data set: its numbers, the hash of its manifest and the signature of that."""
    _show(data_sets.shown(Settings.load(), name))


@app.command(name="verify")
def verify_set(name: Name) -> None:
    """Replay every decision: by the records of then, whether it was right; by those of now, whether it still holds.

    An item that was changed, added by hand, or should never have been taken is named, and the exit code is 1.
    """
    found = data_sets.verify(Settings.load(), name, _tell_verifying)
    for verdict in Verdict:
        typer.echo(f"{found.counts[verdict]:>9} {verdict.value.lower()}")
    for because, count in sorted(found.because.items()):
        typer.echo(f"{count:>9} {because.value}: {IN_WORDS[because]}")
    if not found.holds:
        raise CommandFailed(_wrong(found))


@app.command(name="export")
def export_set(
    name: Name, file: Annotated[Path, typer.Option(help="Where to write the manifest.")] = Path("manifest.jsonl")
) -> None:
    """Write what a trainer is given: key and hash of each picture that may still be used, and a signature of it all."""
    try:
        count = data_sets.write_manifest(Settings.load(), name, file)
    except OSError as error:
        raise CommandFailed(f"{file}: {error.strerror}") from None
    typer.echo(f"{count} pictures are in {file}.")


@app.command(name="reseal")
def reseal_sets() -> None:
    """Seal data sets anew after ANYPEOPLE_SECRET_KEY was replaced; the old one comes on standard input."""
    count = data_sets.seal_anew(Settings.load(), sys.stdin.readline().rstrip("\n"), _tell_verifying)
    typer.echo(f"{count} data sets are sealed anew.")


@app.command(name="check")
def check_manifest(
    file: Annotated[Path, typer.Argument(help="A manifest that was exported.")],
    jwks: Annotated[Path, typer.Option(help="The published keys: a copy of /.well-known/jwks.json.")],
) -> None:
    """Say whether a manifest is signed with these keys and unchanged. Needs no service."""
    try:
        with file.open("rb") as lines:
            found = check(Verifier.of(json.loads(jwks.read_text())), lines)
    except OSError as error:
        raise CommandFailed(f"{error.filename}: {error.strerror}") from None
    except ValueError:
        raise CommandFailed(f"{jwks} is no JWK set: take a copy of /.well-known/jwks.json.") from None
    except Forged as error:
        raise CommandFailed(str(error)) from None
    typer.echo(f"{found.items} pictures of the data set {found.name}: signed with these keys, and unchanged.")


def _show(data_set: TrainingSetRecord) -> None:
    typer.echo(f"{data_set.name}: {data_set.items} pictures, {data_set.excluded} of them excluded since.")
    if data_set.sealed_at is None:
        typer.echo("It is not finished: `anypeople training build` goes on with it.")
        return
    typer.echo(f"Sealed at {data_set.sealed_at:%Y-%m-%d %H:%M:%S} UTC. SHA-256 of the manifest: {data_set.sha256}")
    typer.echo(data_set.signature)


def _tell_building(done: Progress) -> None:
    unreadable = f", {done.unreadable} could not be read" if done.unreadable else ""
    typer.echo(f"{done.seen} pictures looked at, {done.taken} taken{unreadable}", err=True)


def _tell_verifying(items: int) -> None:
    typer.echo(f"{items} replayed", err=True)


def _wrong(found: Verification) -> str:
    named = [f"Item {item}: {faults}" for item, faults in found.wrong]
    left = found.counts[Verdict.WRONG] - len(named)
    more = [f"And {left} more."] if left else []
    return "\n".join(["THE DATA SET IS NOT WHAT MAY BE TRAINED ON.", *found.faults, *named, *more])
