"""The buttons of providers, wherever a page of ours shows them."""

from dataclasses import dataclass

from app.accounts.providers import Providers


@dataclass(frozen=True, slots=True)
class Offer:
    """One button."""

    label: str
    path: str
    provider: str


@dataclass(frozen=True, slots=True)
class Offers:
    """Those of one service."""

    offers: tuple[Offer, ...]
    leads_to: str
    """Where the buttons lead, as sources of a content security policy."""


def offers_of(providers: Providers) -> Offers:
    """Return a button for each provider that is offered."""
    return Offers(
        tuple(Offer(name.label, f"/account/with/{name.processor}", name.value) for name in providers.offered),
        " ".join(provider.leads_to for provider in providers.offered.values()),
    )
