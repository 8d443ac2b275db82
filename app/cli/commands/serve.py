"""`anypeople serve`."""

import typer

from app.core.config import Settings
from app.main import serve as serve_web

app = typer.Typer(add_completion=False)


@app.command()
def serve() -> None:
    """Run the web server alone."""
    serve_web(Settings.load())
