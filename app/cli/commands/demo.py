"""`anypeople demo`."""

import asyncio
from typing import Annotated

import typer

from app.cli import demonstration, supervisor
from app.core.config import Settings

app = typer.Typer(add_completion=False)


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
