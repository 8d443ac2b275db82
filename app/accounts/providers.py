"""Google and GitHub, as accounts know them: every question to one of them leaves through the gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import structlog

from app.accounts.errors import AnswerRefused, ProviderRefused, ProviderUnavailable
from app.core.db import fetch_one
from app.core.identity_settings import ClientSettings
from app.core.personal_data import Activity
from app.core.ports import (
    Departure,
    IdentityProvider,
    ProvenIdentity,
    ProviderAway,
    ProviderDenied,
    ProviderMistrusted,
)
from app.processors.register import LOCAL, Disclosed, Processor, Register, Role, Transfer
from app.processors.service import Gate

log = structlog.get_logger(__name__)


class Provider(StrEnum):
    """Who signs people in for us. The values are stored and appear in the API."""

    GOOGLE = "GOOGLE"
    GITHUB = "GITHUB"

    @property
    def label(self) -> str:
        """What people call it."""
        return {"GOOGLE": "Google", "GITHUB": "GitHub"}[self.value]

    @property
    def processor(self) -> str:
        """Its name in the register of processors."""
        return self.value.lower()


@dataclass(frozen=True, slots=True)
class Proven:
    """Who came back from which provider."""

    provider: Provider
    identity: ProvenIdentity


@dataclass(frozen=True, slots=True)
class Providers:
    """Those that this service offers."""

    offered: Mapping[Provider, IdentityProvider]
    gate: Gate

    async def depart(self, provider: Provider, *, anew: bool) -> Departure:
        """Return where to send a browser: what the provider is asked for that is about nobody.

        Raises ProviderUnavailable.
        """
        asked = self._find(provider)
        async with self.gate.ask(provider.processor, Activity.ACCOUNT_MANAGEMENT):
            try:
                return await asked.depart(anew=anew)
            except (ProviderAway, ProviderMistrusted) as error:
                log.warning("provider.away", provider=provider.value, reason=str(error))
                raise _away(provider) from None

    async def arrive(
        self, provider: Provider, answer: Mapping[str, str], departure: Departure, person: UUID | None = None
    ) -> Proven:
        """Return who came back; `person` is who asks, where that is known: whoever links or proves.

        Raises ProviderUnavailable, ProviderRefused, AnswerRefused.
        """
        asked = self._find(provider)
        async with self.gate.disclose(
            provider.processor, Activity.ACCOUNT_MANAGEMENT, person, {Disclosed.SIGN_IN}
        ) as sending:
            try:
                proven = Proven(provider, await asked.arrive(answer, departure))
            except ProviderAway as error:
                log.warning("provider.away", provider=provider.value, reason=str(error))
                raise _away(provider) from None
            except ProviderDenied:
                raise ProviderRefused(
                    f"{provider.label} did not sign you in: you, or they, said no. Nothing was done here."
                ) from None
            except ProviderMistrusted as error:
                log.warning("provider.mistrusted", provider=provider.value, reason=str(error))
                raise AnswerRefused(
                    f"What came back from {provider.label} is no answer to what this browser asked, or is an old one. "
                    "Nothing was done: start again."
                ) from None
            if person := await _owner(proven):
                sending.belongs_to(person)
        return proven

    def _find(self, provider: Provider) -> IdentityProvider:
        found = self.offered.get(provider)
        if found is None:
            raise ProviderUnavailable(f"Sign-in with {provider.label} is not offered here: choose another way.")
        return found


def provider_register(google: ClientSettings, github: ClientSettings) -> Register:
    """Return the register's entries of those that are offered."""
    settings = {Provider.GOOGLE: google, Provider.GITHUB: github}
    return Register(provider_processor(name, each) for name, each in settings.items() if each.client_id)


def provider_processor(provider: Provider, settings: ClientSettings) -> Processor:
    """Return the register's entry for a provider."""
    return Processor(
        name=provider.processor,
        operator="ourselves" if settings.is_local else settings.operator,
        role=Role.OURSELVES if settings.is_local else Role.CONTROLLER,
        purpose="Signs people in who choose to sign in with it.",
        activities=frozenset({Activity.ACCOUNT_MANAGEMENT}),
        categories=frozenset({Disclosed.SIGN_IN}),
        country=LOCAL if settings.is_local else settings.country,
        transfer=Transfer.NONE_NEEDED if settings.is_local else Transfer(settings.transfer),
    )


async def _owner(proven: Proven) -> UUID | None:
    """Return whose account it opens; None while it opens none."""
    row = await fetch_one(
        "SELECT user_id FROM identities WHERE provider = $1 AND subject = $2",
        proven.provider.value,
        proven.identity.subject,
    )
    return row["user_id"] if row else None


def _away(provider: Provider) -> ProviderUnavailable:
    return ProviderUnavailable(f"{provider.label} does not answer at present: try again later, or sign in another way.")
