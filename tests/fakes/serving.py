"""Servers of others, played in the tests' own loop."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route


@asynccontextmanager
async def started(server: uvicorn.Server) -> AsyncGenerator[str, None]:
    """Run a server in this loop until the block ends; yields the address.

    Not `serve`: it looks every tenth of a second whether to stop, and would take longer than the tests.
    """
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    await server.on_tick(0)  # writes the headers of all answers
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        await server.shutdown()


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
    async with started(uvicorn.Server(config)) as address:
        yield address
