"""Servers of others, played in the tests' own loop."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route


@asynccontextmanager
async def serving(routes: list[Route]) -> AsyncGenerator[str, None]:
    """Serve on a free port in this loop until the block ends; yields the address."""
    config = uvicorn.Config(
        Starlette(routes=routes),
        port=0,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    # Not `serve`: it looks every tenth of a second whether to stop, and would take longer than the tests.
    await server.startup()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        await server.shutdown()
