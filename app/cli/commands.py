"""What `anypeople` can do. Each command does one thing of another module and prints what came of it."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli import (
    checkup,
    correspondence,
    demonstration,
    people,
    schema_changes,
    schema_history,
    supervisor,
)
from app.cli.demonstration import DemoFailed
from app.cli.supervisor import StartFailed
from app.core import migrations
from app.core.config import Settings
from app.core.errors import AppError
from app.core.security_register import SECURITY_REGISTER
from app.core.viewer import Role, Scope
from app.embedded import EmbeddedError
from app.main import graphql_schema
from app.main import serve as serve_web
from workers.carriers import QUEUES
from workers.settings import work

SCHEMA_FILE = Path(__file__).parents[2] / "schema" / "schema.graphql"

app = typer.Typer(
    help="AnyPeople: pictures of people over GraphQL, with a privacy policy that is kept by code.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

users = typer.Typer(help="What only the operator does to accounts.", no_args_is_help=True)
app.add_typer(users, name="users")
clients = typer.Typer(help="Apps of others that may ask people to let them in.", no_args_is_help=True)
app.add_typer(clients, name="clients")
mail = typer.Typer(help="Mail that comes in.", no_args_is_help=True)
app.add_typer(mail, name="mail")


def main() -> None:
    """Run the command; what a person can mend is a message, not a traceback."""
    try:
        app()
    except (AppError, EmbeddedError, DemoFailed, StartFailed) as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        sys.exit(1)


@app.command()
def up() -> None:
    """Run everything here: web, worker and, where no URL is set, PostgreSQL and Valkey. Ctrl-C ends it."""
    supervisor.run_until_interrupted(Settings.load())


@app.command()
def serve() -> None:
    """Run the web server alone."""
    serve_web(Settings.load())


@app.command()
def worker(
    queue: Annotated[list[str] | None, typer.Option(help="Take jobs of this queue only; may be repeated.")] = None,
) -> None:
    """Run a worker alone."""
    queues = tuple(queue or QUEUES)
    if unknown := set(queues) - set(QUEUES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: there are {', '.join(QUEUES)}", param_hint="--queue")
    asyncio.run(work(Settings.load(), queues))


@app.command()
def migrate(
    make: Annotated[bool, typer.Option("--make", help="Write a migration for what changed in the models.")] = False,
) -> None:
    """Bring the database's structure up to date."""
    settings = Settings.load()
    if make:
        written = asyncio.run(migrations.make("postgresql://nobody@localhost/none"))
        typer.echo("\n".join(written) or "The models have not changed.")
        return
    with supervisor.database(settings) as url:
        applied = asyncio.run(migrations.migrate(url))
    typer.echo(f"Applied {', '.join(applied)}." if applied else "The database is up to date.")


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


@app.command()
def demo(
    prompt: Annotated[str, typer.Argument(help="Who should be in the pictures.")],
    count: Annotated[int, typer.Option(min=1, max=4, help="How many pictures.")] = 2,
    url: Annotated[str | None, typer.Option(help="Use a service that runs already, at this address.")] = None,
) -> None:
    """Make pictures through the API and watch it happen."""
    settings = Settings.load()
    if url is not None:
        asyncio.run(demonstration.run(url, prompt, count, settings.stores.var / "demo"))
        return
    with supervisor.running(settings, quiet=True) as service:
        asyncio.run(demonstration.run(service.url, prompt, count, settings.stores.var / "demo", service.stages))


@app.command()
def doctor() -> None:
    """Say what is configured, what is reachable, what is missing, and what to do about it."""
    findings = asyncio.run(checkup.examine())
    for finding in findings:
        typer.secho(finding.line(), fg=None if finding.healthy else "red")
    typer.echo("\nSecurity measures, and the tests that show them:")
    for measure in SECURITY_REGISTER:
        typer.echo(f"  {measure.name}: {measure.statement}")
        for check in measure.checks:
            typer.echo(f"      {check}")
    if not all(finding.healthy for finding in findings):
        raise typer.Exit(1)


@users.command(name="promote")
def promote_user(
    email: Annotated[str, typer.Argument(help="The address of an account that exists.")],
    role: Annotated[Role, typer.Option(help="What the person may do; USER takes it away.")] = Role.ADMIN,
) -> None:
    """Give a person a role; the first administrator comes from here. It is written into the person's audit log."""
    person = people.give_role(Settings.load(), email, role)
    typer.echo(f"{person.display_name} is {person.role} now.")


@clients.command(name="register")
def register_client(
    name: Annotated[str, typer.Argument(help="What people know the app by.")],
    redirect: Annotated[list[str], typer.Option(help="Where people come back to, exactly; may be repeated.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may ask for; may be repeated.")],
) -> None:
    """Register an app, and print its client id. It has no secret: it uses PKCE."""
    typer.echo(str(people.register_client(Settings.load(), name, redirect, scope).id))


@mail.command(name="receive")
def receive_mail() -> None:
    """Take a message on standard input, as a mail server pipes it: bounces of our mail are recorded."""
    typer.echo(correspondence.receive(Settings.load(), sys.stdin.buffer.read(correspondence.MAX_BYTES)))
