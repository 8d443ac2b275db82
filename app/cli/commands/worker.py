"""`anypeople worker`."""

import asyncio
from typing import Annotated

import typer

from app.core.config import Settings
from workers.carriers import QUEUES
from workers.settings import work

app = typer.Typer(add_completion=False)


@app.command()
def worker(
    queue: Annotated[list[str] | None, typer.Option(help="Take jobs of this queue only; may be repeated.")] = None,
) -> None:
    """Run a worker alone."""
    queues = tuple(queue or QUEUES)
    if unknown := set(queues) - set(QUEUES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: there are {', '.join(QUEUES)}", param_hint="--queue")
    asyncio.run(work(Settings.load(), queues))
