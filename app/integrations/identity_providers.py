"""The providers of sign-ins that the settings name."""

from app.core.identity_settings import ClientSettings, GitHubSettings, GoogleSettings
from app.core.ports import Clock, IdentityProvider
from app.integrations.github import GitHub
from app.integrations.oauth import Client
from app.integrations.oidc import OpenIDProvider


def google_of(settings: GoogleSettings, processor: str, redirect: str, clock: Clock) -> IdentityProvider:
    """Return Google, or whichever issuer is set."""
    return OpenIDProvider(processor, settings.issuer, _client(settings, redirect, clock))


def github_of(settings: GitHubSettings, processor: str, redirect: str, clock: Clock) -> IdentityProvider:
    """Return GitHub."""
    return GitHub(processor, settings.url, settings.api_url, _client(settings, redirect, clock))


def _client(settings: ClientSettings, redirect: str, clock: Clock) -> Client:
    secret = settings.client_secret.get_secret_value()
    return Client(settings.client_id, secret, redirect, settings.timeout, clock)
