"""`anypeople doctor`."""

import asyncio

import typer

from app.cli import checkup
from app.core.security_register import SECURITY_REGISTER

app = typer.Typer(add_completion=False)


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
