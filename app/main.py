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
from app.accounts.browser_sessions import BrowserSessions
from app.accounts.passkeys import RelyingParty
from app.accounts.providers import Provider, Providers
from app.consents.cookies import CookieConsents
from app.consents.enforcement import PurposeLimitation
from app.consents.notices import PublishedNotices
from app.consents.office import ConsentOffice
from app.core import feed, jobs
from app.core.clock import SystemClock
from app.core.config import Mode, Settings
from app.core.consent_purposes import ConsentPurpose
from app.core.controller import Controller, ControllerSettings
from app.core.db import connected, fetch_one
from app.core.hub import Hub
from app.core.identity_settings import GitHubSettings, GoogleSettings
from app.core.keys import derive
from app.core.limits import Limits
from app.core.log import configure
from app.core.one_time import OneTimeTokens
from app.core.ports import Compute, IdentityProvider, ObjectStore, Signals
from app.core.sealing import Sealer
from app.core.signing import Signer
from app.generation.engines.registry import Engines
from app.integrations import valkey
from app.integrations.budgets import LIMIT_PREFIX, PREFIX, SharedBudgets
from app.integrations.identity_providers import github_of, google_of
from app.integrations.mail import mailer_of
from app.integrations.object_store import object_store
from app.media.avatars import request_copy
from app.media.links import ImageLinks, UploadLinks
from app.media.pool import ProcessCompute
from app.media.queries import stored_image
from app.media.uploads import Intake, IntakeLimits
from app.policy.cookies import CookieRegister, cookie_register
from app.policy.queries import check_published
from app.policy.wording import Facts
from app.processors.service import Gate
from app.registries import ON_WITHDRAWAL, PERSONAL_DATA, processor_register
from app.web.authorization import OPEN_TO_ALL_ORIGINS, authorization_routes
from app.web.browser import Browser
from app.web.cookie_consent import CookieConsent
from app.web.cookie_ports import PublishedPolicy
from app.web.cookies import Cookies
from app.web.gpc import gpc_routes
from app.web.graphiql.page import graphiql_routes
from app.web.health import health_routes
from app.web.images import image_routes
from app.web.origins import CrossOrigin
from app.web.pages.account import account_routes
from app.web.pages.arrivals import ArrivalPages
from app.web.pages.choices import ChoicesPage
from app.web.pages.consent import ConsentPage
from app.web.pages.cookies import CookiePage
from app.web.pages.documents import document_routes
from app.web.pages.factors import FactorPages
from app.web.pages.forgot import forgot_routes
from app.web.pages.landing import landing_routes
from app.web.pages.mailbox import mailbox_routes
from app.web.pages.offers import offers_of
from app.web.pages.prove import ProofPage
from app.web.pages.provider_memory import Memory
from app.web.pages.providers import ProviderPages
from app.web.pages.rendering import sign_with
from app.web.pages.scripts import script_routes
from app.web.pages.security import SecurityPage
from app.web.pages.sign_in import SignInPages
from app.web.pages.staff_only import StaffOnly
from app.web.pages.surroundings import Surroundings
from app.web.requests import RequestIds
from app.web.uploads import upload_routes
from app.web.wellknown import wellknown_routes
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
    intake = _intake(settings, store, compute or pool, _consent_office(settings, engines))
    ports = _ports(settings, client, signals, engines, intake)
    browser = _browser(settings, ports)
    surroundings = _surroundings(browser, ports)
    endpoint = _endpoint(settings, ports, browser)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None, None]:
        jobs.carry_with(valkey.ArqQueue(client))
        feed.signal_with(signals)
        async with (
            connected(database_url, pool_size=settings.stores.database_pool_size),
            pool,
            endpoint.sessions.swept(),
        ):
            await check_published()
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
            *health_routes({"postgresql": _database_answers, "valkey": lambda: _valkey_answers(client)}),
            *_people_routes(settings, ports, surroundings),
            *_app_routes(settings, browser),
            *_tool_routes(settings, browser),
        ],
        middleware=_middleware(settings, ports.cookies),
        lifespan=lifespan,
    )
    app.state.before_shutdown = endpoint.end_subscriptions
    app.state.surroundings = surroundings
    return app


def _intake(settings: Settings, store: ObjectStore, compute: Compute, consents: ConsentOffice) -> Intake:
    clock, uploads = SystemClock(), settings.uploads
    limits = IntakeLimits(
        uploads.upload_max_bytes,
        uploads.upload_max_pixels,
        uploads.open_uploads_per_person,
        uploads.references_per_person,
    )
    links = UploadLinks(settings.security.key, settings.server.base_url, clock)
    return Intake(store, compute, links, clock, limits, consents)


def _ports(settings: Settings, client: ArqRedis, signals: Signals, engines: Engines, intake: Intake) -> Ports:
    clock = SystemClock()
    lifetime = settings.security.image_link_lifetime

    def buckets(size: int, restore_rate: float, prefix: str) -> SharedBudgets:
        key = derive(settings.security.key, "budgets")
        return SharedBudgets(client, key, size, restore_rate, settings.budget.budget_timeout, prefix)

    return Ports(
        clock=clock,
        hub=Hub(signals),
        engines=engines,
        links=ImageLinks(settings.security.key, settings.server.base_url, lifetime, clock),
        session_lifetime=settings.security.session_lifetime,
        session_limit=settings.security.session_limit,
        idempotency_hash_key=derive(settings.security.key, "idempotency"),
        budgets=buckets(settings.budget.budget_size, settings.budget.budget_restore_rate, PREFIX),
        limits=Limits(lambda size, rate: buckets(size, rate, LIMIT_PREFIX)),
        intake=intake,
        one_time=OneTimeTokens(derive(settings.security.key, "one-time-tokens")),
        sealer=Sealer(derive(settings.security.key, "second-factors")),
        recovery_wait=settings.security.recovery_wait,
        relying_party=RelyingParty.of(settings.server.base_url, settings.server.allowed_origins),
        facts=_facts(settings),
        notice=settings.policy.notice,
        processors=processor_register(settings, engines, mailer_of(settings)),
        consents=intake.consents,
        cookies=cookie_register(
            secure=settings.server.base_url.startswith("https:"), session_lifetime=settings.security.session_lifetime
        ),
        allows=PurposeLimitation.of(PERSONAL_DATA.values(), intake.consents.notices, clock),
    )


def _consent_office(settings: Settings, engines: Engines) -> ConsentOffice:
    """Compose what keeps consents."""
    server, said = settings.server, ControllerSettings()
    controller = Controller(
        said.name, said.address, settings.mail.contact_email, server.base_url, said.country, said.storage_country
    )
    given_faces = {engine.processor.operator for engine in engines if engine.processor and engine.retention}
    recipients = {
        ConsentPurpose.MARKETING_EMAIL: [settings.mail.smtp_operator] if settings.mail.smtp_url else [],
        ConsentPurpose.FACE_REFERENCE_IMAGES: sorted(given_faces),
    }
    signer = Signer(derive(settings.security.key, "signatures"))
    return ConsentOffice(signer, SystemClock(), controller, PublishedNotices(), ON_WITHDRAWAL, recipients)


def _facts(settings: Settings) -> Facts:
    said = settings.controller
    return Facts(said.name, said.address, settings.mail.contact_email, settings.policy.service_name)


def _endpoint(settings: Settings, ports: Ports, browser: Browser) -> GraphQLEndpoint:
    return GraphQLEndpoint(
        build(),
        ports,
        browser,
        allowed_origins=settings.server.allowed_origins,
        local_origins=settings.mode is Mode.DEVELOPMENT,
        max_body_bytes=settings.server.max_body_bytes,
    )


def _surroundings(browser: Browser, ports: Ports) -> Surroundings:
    consent = CookieConsent(ports.cookies, PublishedPolicy(ports.clock), CookieConsents(ports.consents), ports.clock)
    return Surroundings(browser, consent, ports.cookies, ports.clock)


def _people_routes(settings: Settings, ports: Ports, around: Surroundings) -> list[Route]:
    browser = around.browser
    providers = _providers(settings, ports)
    offers, sealer = offers_of(providers), Sealer(derive(settings.security.key, "providers"))
    memory = Memory.of(sealer, ports.clock, ports.cookies)
    account = SecurityPage(browser, ports, offers)
    sign_with(settings.mail.contact_email)
    return [
        *account_routes(ports.one_time, ports.limits, ports.recovery_wait, browser),
        *forgot_routes(ports.limits, ports.recovery_wait, settings.mail.contact_email),
        *SignInPages(browser, ports, offers).routes(),
        *ProofPage(browser, ports, offers).routes(),
        *account.routes(),
        *ChoicesPage(browser, ports).routes(),
        *FactorPages(browser, ports, account).routes(),
        *ProviderPages(browser, ports, providers, memory).routes(),
        *ArrivalPages(browser, ports, memory, request_copy).routes(),
        *CookiePage(browser, around.consent, ports.cookies).routes(),
        *script_routes(),
        *document_routes(ports.facts, ports.clock),
        *gpc_routes(),
        *wellknown_routes(settings.server.base_url, settings.mail.contact_email, ports.clock),
    ]


def _app_routes(settings: Settings, browser: Browser) -> list[Route]:
    issuer = settings.server.base_url
    signer = Signer(derive(settings.security.key, "signatures"))
    return [*authorization_routes(issuer, signer), *ConsentPage(issuer, browser).routes()]


def _providers(settings: Settings, ports: Ports) -> Providers:
    """Compose those that the settings name. Raises ConfigurationError."""
    google, github = GoogleSettings.load(), GitHubSettings.load()
    base = f"{settings.server.base_url}/account/with"
    offered: dict[Provider, IdentityProvider] = {}
    if google.client_id:
        offered[Provider.GOOGLE] = google_of(google, "google", f"{base}/google/callback", ports.clock)
    if github.client_id:
        offered[Provider.GITHUB] = github_of(github, "github", f"{base}/github/callback", ports.clock)
    return Providers(offered, Gate(ports.processors))


def _browser(settings: Settings, ports: Ports) -> Browser:
    sessions = BrowserSessions(
        derive(settings.security.key, "browser-sessions"), ports.clock, ports.session_lifetime, ports.session_limit
    )
    return Browser(settings.server.base_url, derive(settings.security.key, "forms"), sessions, ports.cookies)


def _middleware(settings: Settings, cookies: CookieRegister) -> list[Middleware]:
    cors = Middleware(
        CrossOrigin,
        origins=settings.server.allowed_origins,
        pattern=LOCAL_ORIGIN.pattern if settings.mode is Mode.DEVELOPMENT else None,
        open_paths=OPEN_TO_ALL_ORIGINS,
    )
    return [Middleware(RequestIds, https_only=settings.mode is Mode.PRODUCTION), cors, Middleware(Cookies, cookies)]


async def _database_answers() -> bool:
    return await asyncio.wait_for(fetch_one("SELECT 1 AS one"), HEALTH_TIMEOUT) is not None


async def _valkey_answers(client: ArqRedis) -> bool:
    return bool(await asyncio.wait_for(client.ping(), HEALTH_TIMEOUT))


def _tool_routes(settings: Settings, browser: Browser) -> list[Route]:
    """Return the pages for developers: for everybody in development, in production GraphiQL, for staff."""
    base_url = settings.server.base_url
    if settings.mode is not Mode.DEVELOPMENT:
        return graphiql_routes(base_url, StaffOnly(browser).refuse)
    return [*landing_routes(), *graphiql_routes(base_url), *mailbox_routes(settings.stores.var / "mail")]


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
    """Run the web server until SIGTERM or SIGINT. Raises ConfigurationError."""
    configure(settings.log.log_level, as_json=settings.log.log_json)
    Server(server_config(settings, application(settings, engines))).run()
