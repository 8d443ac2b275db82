"""Composition root of the web process: settings → ports → registries → Starlette application."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from arq.connections import ArqRedis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from app.accounts import passwords
from app.composition.pages import app_routes, browser_of, people_routes, surroundings_of, tool_routes
from app.composition.ports import intake_of, ports_of
from app.core import feed, jobs
from app.core.config import Mode, Settings
from app.core.db import connected, fetch_one
from app.core.log import configure
from app.core.ports import Compute, ObjectStore
from app.generation.engines.registry import Engines
from app.integrations import valkey
from app.integrations.object_store import object_store
from app.journal.errors import JournalError
from app.journal.standing import check_standing
from app.media.pool import ProcessCompute
from app.media.queries import stored_image
from app.policy.beginning import begin
from app.policy.cookies import CookieRegister
from app.policy.queries import check_published
from app.web.archives import ArchiveDownloads
from app.web.authorization import OPEN_TO_ALL_ORIGINS
from app.web.browser import Browser
from app.web.cookies import Cookies
from app.web.health import health_routes
from app.web.images import image_routes
from app.web.origins import CrossOrigin
from app.web.requests import RequestIds
from app.web.uploads import upload_routes
from schema.context import Ports
from schema.executable import Schema, build
from schema.transport.http import LOCAL_ORIGIN, GraphQLEndpoint

GC_THRESHOLDS = (25_000, 10, 1)
"""The cyclic collector makes the tail of live updates; what lives on after start is frozen out of its sight.

They count what is made less what is freed, so that progress, which leaves no cycles, never fills them. An operation and
a socket leave some 100 objects each, in graphql-core's and uvicorn's cycles: all of them are looked for after half a
million.
"""
HEALTH_TIMEOUT = 2
"""Seconds that a server gets to say that it lives."""
SHUTDOWN_TIMEOUT = 5
"""Seconds that open requests get."""

log = structlog.get_logger(__name__)


def graphql_schema() -> Schema:
    """Return the executable schema, for the command line."""
    return build()


def application(settings: Settings, engines: Engines | None = None, compute: Compute | None = None) -> Starlette:
    """Compose the web application. Raises ConfigurationError for what the settings lack.

    Without `compute` it has a process of its own to look at uploads in, which starts with the first one.
    """
    passwords.configure(settings.security.password_memory)
    database_url, valkey_url = settings.stores.urls()
    client = valkey.connect(valkey_url)
    signals = valkey.ValkeySignals(client)
    store = object_store(settings)
    pool = ProcessCompute(workers=1, timeout=settings.work.image_timeout)
    engines = engines or Engines.configured(settings.work.engines)
    intake = intake_of(settings, store, compute or pool, engines)
    ports = ports_of(settings, client, signals, engines, intake)
    browser = browser_of(settings, ports)
    surroundings = surroundings_of(browser, ports)
    endpoint = _endpoint(settings, ports, browser)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
        async with (
            connected(database_url, pool_size=settings.stores.database_pool_size),
            pool,
            endpoint.sessions.swept(),
            ports.tally.written(settings.work.tally_interval),
        ):
            await begin(ports.clock)
            await _check(app, store)
            jobs.carry_with(valkey.ArqQueue(client))
            feed.signal_with(signals)
            await ports.hub.start()
            gc.collect()
            gc.freeze()
            gc.set_threshold(*GC_THRESHOLDS)
            try:
                yield
            finally:
                await ports.hub.close()
                jobs.carry_with(None)
                feed.signal_with(None)
                await client.aclose()

    app = Starlette(
        routes=[
            Route("/graphql", endpoint),
            WebSocketRoute("/graphql", endpoint),
            *image_routes(stored_image, store, ports.links),
            *upload_routes(store, intake.links),
            *ArchiveDownloads(browser, store, ports.clock, ports.session_lifetime, ports.session_limit).routes(),
            *health_routes({"postgresql": _database_answers, "valkey": lambda: _valkey_answers(client)}),
            *people_routes(settings, ports, surroundings),
            *app_routes(settings, browser),
            *tool_routes(settings, browser),
        ],
        middleware=_middleware(settings, ports.cookies),
        lifespan=lifespan,
    )
    app.state.before_shutdown = endpoint.end_subscriptions
    app.state.surroundings = surroundings
    return app


def _endpoint(settings: Settings, ports: Ports, browser: Browser) -> GraphQLEndpoint:
    return GraphQLEndpoint(
        build(),
        ports,
        browser,
        allowed_origins=settings.server.allowed_origins,
        local_origins=settings.mode is Mode.DEVELOPMENT,
        max_body_bytes=settings.server.max_body_bytes,
    )


def _middleware(settings: Settings, cookies: CookieRegister) -> list[Middleware]:
    cors = Middleware(
        CrossOrigin,
        origins=settings.server.allowed_origins,
        pattern=LOCAL_ORIGIN.pattern if settings.mode is Mode.DEVELOPMENT else None,
        open_paths=OPEN_TO_ALL_ORIGINS,
    )
    return [Middleware(RequestIds, https_only=settings.mode is Mode.PRODUCTION), cors, Middleware(Cookies, cookies)]


async def _check(app: Starlette, store: ObjectStore) -> None:
    """Raise where nothing may be served from this database, for whoever serves to say so at the end too."""
    await check_published()
    try:
        await check_standing(store)
    except JournalError as error:
        app.state.refused = error
        raise


async def _database_answers() -> bool:
    return await asyncio.wait_for(fetch_one("SELECT 1 AS one"), HEALTH_TIMEOUT) is not None


async def _valkey_answers(client: ArqRedis) -> bool:
    return bool(await asyncio.wait_for(client.ping(), HEALTH_TIMEOUT))


class Server(uvicorn.Server):
    """uvicorn, ending subscriptions with a reason before it stops accepting work."""

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
        # Whose address a request has is never what a stranger says it is.
        proxy_headers=bool(settings.server.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in settings.server.trusted_proxies],
        ws_per_message_deflate=False,  # 48 KB for each subscriber
        ws_max_size=settings.server.max_body_bytes,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
        log_config=None,
    )


def serve(settings: Settings, engines: Engines | None = None) -> None:
    """Run the web server until SIGTERM or SIGINT. Raises ConfigurationError, JournalError."""
    configure(settings.log.log_level, as_json=settings.log.log_json)
    app = application(settings, engines)
    try:
        Server(server_config(settings, app)).run()
    except SystemExit:  # uvicorn says by it that the application did not start
        if refused := getattr(app.state, "refused", None):
            raise refused from None
        raise
