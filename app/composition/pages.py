"""The pages that people and developers use, and the browser that they come with."""

from starlette.routing import Route

from app.accounts.browser_sessions import BrowserSessions
from app.composition.ports import providers_of
from app.consents.cookies import CookieConsents
from app.core.config import Mode, Settings
from app.core.keys import derive
from app.core.sealing import Sealer
from app.core.signing import Signer
from app.media.avatars import request_copy
from app.web.authorization import authorization_routes
from app.web.browser import Browser
from app.web.cookie_consent import CookieConsent
from app.web.cookie_ports import PublishedPolicy
from app.web.gpc import gpc_routes
from app.web.graphiql.page import graphiql_routes
from app.web.pages.account import account_routes
from app.web.pages.arrivals import ArrivalPages
from app.web.pages.choices import ChoicesPage
from app.web.pages.consent import ConsentPage
from app.web.pages.cookies import CookiePage
from app.web.pages.documents import document_routes
from app.web.pages.factors import FactorPages
from app.web.pages.forgot import forgot_routes
from app.web.pages.landing import landing_routes
from app.web.pages.lists import list_routes
from app.web.pages.mailbox import mailbox_routes
from app.web.pages.offers import offers_of
from app.web.pages.prove import ProofPage
from app.web.pages.provider_memory import Memory
from app.web.pages.providers import ProviderPages
from app.web.pages.rendering import sign_with
from app.web.pages.request_links import RequestLinks
from app.web.pages.requests import RequestPage
from app.web.pages.scripts import script_routes
from app.web.pages.security import SecurityPage
from app.web.pages.sign_in import SignInPages
from app.web.pages.staff_only import StaffOnly
from app.web.pages.support import SupportPage
from app.web.pages.surroundings import Surroundings
from app.web.pages.unsubscribe import unsubscribe_routes
from app.web.wellknown import wellknown_routes
from schema.context import Ports


def browser_of(settings: Settings, ports: Ports) -> Browser:
    """Compose how a browser is known, and its forms."""
    sessions = BrowserSessions(
        derive(settings.security.key, "browser-sessions"), ports.clock, ports.session_lifetime, ports.session_limit
    )
    return Browser(
        settings.server.base_url, derive(settings.security.key, "forms"), sessions, ports.cookies, ports.tally
    )


def surroundings_of(browser: Browser, ports: Ports) -> Surroundings:
    """Compose what stands around every page: who is signed in, the banners, the cookies."""
    consent = CookieConsent(ports.cookies, PublishedPolicy(ports.clock), CookieConsents(ports.consents), ports.clock)
    return Surroundings(browser, consent, ports.cookies, ports.clock, ports.allows)


def people_routes(settings: Settings, ports: Ports, around: Surroundings) -> list[Route]:
    """Return the pages of accounts, choices and documents. Raises ConfigurationError for a provider of sign-in."""
    browser = around.browser
    providers = providers_of(settings, ports)
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
        *CookiePage(browser, around.consent, ports.cookies, ports.limits).routes(),
        *SupportPage(browser, ports).routes(),
        *RequestPage(browser, ports).routes(),
        *RequestLinks(browser, ports, ports.intake.store).routes(),
        *script_routes(),
        *list_routes(ports.processors),
        *document_routes(ports.facts, ports.clock),
        *gpc_routes(),
        *unsubscribe_routes(ports.consents),
        *wellknown_routes(settings.server.base_url, settings.mail.contact_email, ports.clock),
    ]


def app_routes(settings: Settings, browser: Browser) -> list[Route]:
    """Return what apps ask for authorization with, and the page that asks their person."""
    issuer = settings.server.base_url
    signer = Signer(derive(settings.security.key, "signatures"))
    return [*authorization_routes(issuer, signer), *ConsentPage(issuer, browser).routes()]


def tool_routes(settings: Settings, browser: Browser) -> list[Route]:
    """Return the pages for developers: for everybody in development, in production GraphiQL, for staff."""
    base_url = settings.server.base_url
    if settings.mode is not Mode.DEVELOPMENT:
        return graphiql_routes(base_url, StaffOnly(browser).refuse)
    return [*landing_routes(), *graphiql_routes(base_url), *mailbox_routes(settings.stores.var / "mail")]
