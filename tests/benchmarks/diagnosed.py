"""The web process with a window into it: `python -m tests.benchmarks.diagnosed`. Production has no such route."""

import asyncio
import gc
import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

from app.core.config import Settings
from app.core.log import configure
from app.main import Server, application, server_config
from schema.transport.http import GraphQLEndpoint


def window(app: Starlette) -> Route:
    """Return the route."""
    [endpoint] = [route.app for route in app.routes if isinstance(route, WebSocketRoute)]
    assert isinstance(endpoint, GraphQLEndpoint)

    async def diagnostics(request: Request) -> JSONResponse:
        if "collect" in request.query_params:
            gc.collect()
        return JSONResponse(
            {
                "asyncio tasks": len(asyncio.all_tasks()),
                "hub subscriptions": endpoint.ports.hub.subscriber_count,
                "sockets served": len(endpoint._sockets),
                "loads shared": len(endpoint.ports.hub._loads),
                "Python objects": len(gc.get_objects()),
                "open files": len(os.listdir("/dev/fd")),
            }
        )

    return Route("/diagnostics", diagnostics)


def main() -> None:
    """Serve."""
    settings = Settings.load()
    configure(settings.log.log_level, as_json=settings.log.log_json)
    app = application(settings)
    app.router.routes.append(window(app))
    Server(server_config(settings, app)).run()


if __name__ == "__main__":
    main()
