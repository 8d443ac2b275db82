"""The ports of the web process: what resolvers, routes and pages ask for."""

from arq.connections import ArqRedis

from app.accounts.passkeys import RelyingParty
from app.accounts.providers import Provider, Providers
from app.analytics.tally import Tally
from app.composition.consents import facts_of
from app.consents.enforcement import PurposeLimitation
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.hub import Hub
from app.core.identity_settings import GitHubSettings, GoogleSettings
from app.core.keys import derive
from app.core.limits import Limits
from app.core.one_time import OneTimeTokens
from app.core.ports import Compute, IdentityProvider, ObjectStore, Signals
from app.core.sealing import Sealer
from app.generation.engines.registry import Engines
from app.integrations.budgets import LIMIT_PREFIX, PREFIX, SharedBudgets
from app.integrations.identity_providers import github_of, google_of
from app.integrations.mail import mailer_of
from app.media.links import ImageLinks, UploadLinks
from app.media.uploads import Intake, IntakeLimits
from app.policy.cookies import cookie_register
from app.privacy.office import Office
from app.processors.service import Gate
from app.registries import PERSONAL_DATA, consent_office_of, processor_register
from app.support.letters import Desk
from schema.context import Ports


def intake_of(settings: Settings, store: ObjectStore, compute: Compute, engines: Engines) -> Intake:
    """Compose what takes what people send."""
    clock, uploads = SystemClock(), settings.uploads
    limits = IntakeLimits(
        uploads.upload_max_bytes,
        uploads.upload_max_pixels,
        uploads.open_uploads_per_person,
        uploads.references_per_person,
    )
    links = UploadLinks(settings.security.key, settings.server.base_url, clock)
    return Intake(store, compute, links, clock, limits, consent_office_of(settings, engines))


def ports_of(settings: Settings, client: ArqRedis, signals: Signals, engines: Engines, intake: Intake) -> Ports:
    """Compose the ports. Raises ConfigurationError for what the settings lack."""
    clock = SystemClock()
    lifetime = settings.security.image_link_lifetime
    allows = PurposeLimitation.of(PERSONAL_DATA.values(), intake.consents.notices, clock)

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
        facts=facts_of(settings),
        notice=settings.policy.notice,
        processors=processor_register(settings, engines, mailer_of(settings)),
        consents=intake.consents,
        cookies=cookie_register(
            secure=settings.server.base_url.startswith("https:"), session_lifetime=settings.security.session_lifetime
        ),
        allows=allows,
        tally=Tally(allows, clock),
        support=Desk(settings.mail.support_mailbox, settings.mail.contact_email),
        purge_after=settings.minors.purge_after,
        requests=Office.configured(clock, settings.mail.contact_email),
    )


def providers_of(settings: Settings, ports: Ports) -> Providers:
    """Compose the providers of sign-in that the settings name. Raises ConfigurationError."""
    google, github = GoogleSettings.load(), GitHubSettings.load()
    base = f"{settings.server.base_url}/account/with"
    offered: dict[Provider, IdentityProvider] = {}
    if google.client_id:
        offered[Provider.GOOGLE] = google_of(google, "google", f"{base}/google/callback", ports.clock)
    if github.client_id:
        offered[Provider.GITHUB] = github_of(github, "github", f"{base}/github/callback", ports.clock)
    return Providers(offered, Gate(ports.processors))
