"""What `anypeople` can do: a module for each command, which does one thing of another module and prints the outcome.

A module is imported when its command is asked for: `anypeople up` is a process beside the web server and the worker,
and would load all of both only to hand over to them.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer

from app.cli.errors import CommandFailed
from app.core.errors import AppError
from app.embedded import EmbeddedError

NO_NAMES = {"import": "bring_in"}
"""Commands that no module can be called like."""
COMMANDS: Mapping[str, str] = {
    name: f"{__name__}.{NO_NAMES.get(name, name)}"
    for name in (
        *("up", "serve", "worker", "migrate", "schema", "demo", "doctor"),
        *("users", "clients", "mail", "campaigns", "support", "audit", "policy", "register", "receipts", "analytics"),
        *("training", "retention", "restore", "privacy", "export", "import"),
    )
}
"""Names and modules, in the order of `anypeople --help`."""


class Commands(typer.core.TyperGroup):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(import_module(COMMANDS[cmd_name]).app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def anypeople() -> None:
    """AnyPeople: pictures of people over GraphQL, with a privacy policy that is kept by code."""


def main() -> None:
    """Run the command; what a person can mend is a message, not a traceback."""
    try:
        app()
    except (AppError, EmbeddedError, CommandFailed) as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        sys.exit(1)
