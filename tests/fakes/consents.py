"""A consent office, and what asks it, for tests at the commands."""

from collections.abc import Mapping
from datetime import datetime

from app.consents.enforcement import PurposeLimitation
from app.consents.notices import Notice, PublishedNotices
from app.consents.office import ConsentOffice, Effect
from app.core.clock import SystemClock
from app.core.consent_purposes import ConsentPurpose
from app.core.controller import Controller
from app.core.ports import Clock
from app.core.signing import Signer
from app.registries import PERSONAL_DATA

CONTROLLER = Controller("Example Ltd", "1 High Street, Cork", "privacy@example.com", "https://example.com", "IE", "DE")
OLD, NEW = Notice("2026-01-01", "0" * 64), Notice("2026-06-01", "1" * 64)


class FakeNotices:
    """Says what it was told."""

    def __init__(self) -> None:
        self.notice = OLD
        self.again: dict[ConsentPurpose, datetime] = {}

    async def in_force(self, at: datetime) -> Notice:
        """Return what is in force."""
        return self.notice

    async def asked_again(self, at: datetime) -> Mapping[ConsentPurpose, datetime]:
        """Return what is asked anew."""
        return {purpose: since for purpose, since in self.again.items() if since <= at}


def consent_office(
    notices: FakeNotices | None = None,
    clock: Clock | None = None,
    on_withdrawal: Mapping[ConsentPurpose, Effect] | None = None,
) -> ConsentOffice:
    """Return an office that signs with a key of the tests."""
    return ConsentOffice(
        Signer(b"c" * 32), clock or SystemClock(), CONTROLLER, notices or FakeNotices(), on_withdrawal or {}
    )


def purpose_limitation() -> PurposeLimitation:
    """Return what composition roots hand out: the registry, and what was published."""
    return PurposeLimitation.of(PERSONAL_DATA.values(), PublishedNotices(), SystemClock())
