"""Google and GitHub as a test's service knows them: on this machine."""

from app.accounts.providers import Provider, provider_processor
from app.core.identity_settings import GoogleSettings
from app.processors.register import Register

LOCAL = GoogleSettings(client_id="an-app", issuer="http://127.0.0.1")


def providers_register() -> Register:
    """Return a register with both."""
    return Register(provider_processor(provider, LOCAL) for provider in Provider)
