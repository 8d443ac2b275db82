"""Composition root of the web process: settings → ports → registries → Starlette application."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route, WebSocketRoute

from app.core import feed, jobs
from app.core.clock import SystemClock
from app.core.config import Mode, Settings
from app.core.db import connected, fetch_one
from app.core.hub import Hub
from app.core.keys import derive
from app.core.log import configure
from app.generation.engines.registry import Engines
from app.integrations import valkey
from app.integrations.object_store import LocalObjectStore
from app.media.links import ImageLinks
from app.media.queries import stored_image
from app.web.health import health_routes
from app.web.images import image_routes
from app.web.requests import RequestIds
from schema.context import Ports
from schema.executable import Schema, build
from schema.transport.http import LOCAL_ORIGIN, GraphQLEndpoint

GC_THRESHOLDS = (50_000, 20, 50)
"""The cyclic collector makes the tail of live updates; what lives on after start is frozen out of its sight."""
SHUTDOWN_TIMEOUT = 5
"""Seconds that open requests get."""

log = structlog.get_logger(__name__)


def graphql_schema() -> Schema:
    """Return the executable schema, for the command line."""
    return build()


def application(settings: Settings, engines: Engines | None = None) -> Starlette:
    """Compose the web application. Raises ConfigurationError for what the settings lack."""
    database_url, valkey_url = settings.stores.urls()
    client = valkey.connect(valkey_url)
    signals = valkey.ValkeySignals(client)
    hub = Hub(signals)
    clock = SystemClock()
    links = ImageLinks(settings.security.key, settings.server.base_url, settings.security.image_link_lifetime, clock)
    ports = Ports(
        clock=clock,
        hub=hub,
        engines=engines or Engines.configured(settings.work.engines),
        links=links,
        session_lifetime=settings.security.session_lifetime,
        idempotency_hash_key=derive(settings.security.key, "idempotency"),
    )
    development = settings.mode is Mode.DEVELOPMENT
    endpoint = GraphQLEndpoint(
        build(),
        ports,
        allowed_origins=settings.server.allowed_origins,
        local_origins=development,
        max_body_bytes=settings.server.max_body_bytes,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None, None]:
        jobs.carry_with(valkey.ArqQueue(client))
        feed.signal_with(signals)
        async with connected(database_url, pool_size=settings.stores.database_pool_size):
            await hub.start()
            gc.collect()
            gc.freeze()
            gc.set_threshold(*GC_THRESHOLDS)
            try:
                yield
            finally:
                await hub.close()
                jobs.carry_with(None)
                feed.signal_with(None)
                await client.aclose()

    async def database_answers() -> bool:
        return await asyncio.wait_for(fetch_one("SELECT 1 AS one"), 2) is not None

    async def valkey_answers() -> bool:
        return bool(await asyncio.wait_for(client.ping(), 2))

    app = Starlette(
        routes=[
            Route("/graphql", endpoint),
            WebSocketRoute("/graphql", endpoint),
            *image_routes(stored_image, LocalObjectStore(settings.stores.objects), links),
            *health_routes({"postgresql": database_answers, "valkey": valkey_answers}),
        ],
        middleware=[
            Middleware(RequestIds),
            Middleware(
                CORSMiddleware,
                allow_origins=settings.server.allowed_origins,
                allow_origin_regex=LOCAL_ORIGIN.pattern if development else None,
                allow_methods=["GET", "POST"],
                allow_headers=["authorization", "content-type"],
                expose_headers=["x-request-id"],
                max_age=3600,
            ),
        ],
        lifespan=lifespan,
    )
    app.state.before_shutdown = endpoint.close_sockets
    return app


class Server(uvicorn.Server):
    """uvicorn, closing sockets with a reason before it stops accepting work."""

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Tell subscribers to come back, then shut down."""
        await self.config.app.state.before_shutdown()  # type: ignore[union-attr]
        await super().shutdown(sockets)  # type: ignore[arg-type]


def server_config(settings: Settings, app: Starlette) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    return uvicorn.Config(
        app,
        host=settings.server.host,
        port=settings.server.port,
        access_log=False,  # it holds whole addresses and signatures
        server_header=False,
        ws_per_message_deflate=False,  # 48 KB for each subscriber
        ws_max_size=settings.server.max_body_bytes,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
        log_config=None,
    )


def serve(settings: Settings, engines: Engines | None = None) -> None:
    """Run the web server until SIGTERM or SIGINT. Raises ConfigurationError."""
    configure(settings.log.log_level, as_json=settings.log.log_json)
    Server(server_config(settings, application(settings, engines))).run()
