"""`anypeople policy …`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.errors import CommandFailed
from app.policy import evidence
from app.policy.clause import Clause
from app.policy.clauses import CLAUSES
from app.policy.duties import page
from app.policy.evidence import ClauseState, Evidence

app = typer.Typer(no_args_is_help=True, add_completion=False)
COLOURS = {ClauseState.KEPT: "green", ClauseState.PLANNED: "yellow", ClauseState.BROKEN: "red"}


@app.callback()
def policy() -> None:
    """What the policy promises, and whether it is kept."""


@app.command()
def check(
    file: Annotated[Path, typer.Option("--evidence", help="What `make test` wrote down.")] = evidence.FILE,
) -> None:
    """List every clause with how it stands: kept, planned or broken, and when its tests were last all green.

    Ends with 1 where a clause that we publish is broken.
    """
    try:
        found = evidence.load(file)
    except (OSError, ValueError):
        raise CommandFailed(f"{file} is not what `make test` writes: run that, or name another file.") from None
    broken = [clause.id for clause in CLAUSES if _tell(clause, found) is ClauseState.BROKEN]
    run = found.last_run
    typer.echo(f"\nLast run of the tests: {f'{run.finished_at:%Y-%m-%d %H:%M} UTC, {run.commit}' if run else 'never'}")
    if run is None:
        typer.secho("Nothing is shown to be kept yet. Run `make test`: it writes the evidence.", fg="red")
        raise typer.Exit(1)
    if broken:
        typer.secho(f"Broken: {', '.join(broken)}. Run `make test`, and mend what is red.", fg="red")
        raise typer.Exit(1)


@app.command()
def duties(
    out: Annotated[Path | None, typer.Option(help="Write it to this file, not to standard output.")] = None,
) -> None:
    """Lead from each duty of the law to the clauses that answer it, their code and their tests (docs/regulator.md)."""
    text = page()
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text)
        typer.echo(f"Wrote {out.name}.")


def _tell(clause: Clause, found: Evidence) -> ClauseState:
    missing = evidence.missing_code(clause)
    state = ClauseState.BROKEN if missing else found.state(clause)
    green = found.last_green(clause.checks)
    last = f"{green.finished_at:%Y-%m-%d %H:%M}" if green else ""
    typer.secho(f"{clause.id:<6} {state.value.lower():<8} {last:<17} {clause.title}", fg=COLOURS[state])
    if clause.planned is not None:
        typer.echo(f"       planned: {clause.planned}")
    for symbol in clause.kept_by:
        typer.echo(f"       kept by  {symbol}")
    for test in clause.checks:
        typer.echo(f"       shown by {test}")
    for fault in [*missing, *(found.faults(clause) if found.last_run else [])] if clause.planned is None else []:
        typer.secho(f"       {fault}", fg="red")
    return state
