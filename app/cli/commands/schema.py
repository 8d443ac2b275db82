"""`anypeople schema`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from app.cli import schema_changes, schema_history
from app.main import graphql_schema

SCHEMA_FILE = Path(__file__).parents[3] / "schema" / "schema.graphql"

app = typer.Typer(add_completion=False)


@app.command()
def schema(
    check: Annotated[
        bool,
        typer.Option("--check", help="Fail if schema/schema.graphql is out of date, or breaks clients unannounced."),
    ] = False,
) -> None:
    """Write the GraphQL schema to schema/schema.graphql."""
    text = graphql_schema().as_str().rstrip() + "\n"
    if not check:
        SCHEMA_FILE.write_text(text)
        typer.echo(f"Wrote {SCHEMA_FILE.name}.")
    elif not SCHEMA_FILE.exists() or SCHEMA_FILE.read_text() != text:
        typer.secho("schema/schema.graphql is out of date: run `make schema` and commit it.", fg="red", err=True)
        raise typer.Exit(1)
    else:
        _check_changes(text)


def _check_changes(text: str) -> None:
    """Fail on a change that breaks clients; without an earlier schema say so, and where CI=true fail."""
    try:
        before = schema_history.earlier(SCHEMA_FILE)
    except schema_history.NothingToCompare as reason:
        typer.secho(f"THE SCHEMA IS NOT COMPARED with an earlier one: {reason}.", fg="yellow", err=True)
        raise typer.Exit(1 if os.environ.get("CI", "").lower() in {"1", "true"} else 0) from None
    if before.text is None:
        return
    for surprise in schema_changes.dangers(before.text, text):
        typer.echo(f"May surprise clients: {surprise}")
    if broken := schema_changes.breaks(before.text, text, before.changed_on):
        typer.secho("This breaks clients of the API:\n  " + "\n  ".join(broken), fg="red", err=True)
        typer.secho(f"How something is removed: {schema_changes.__doc__}", err=True)
        raise typer.Exit(1)
