"""What the choice about cookies needs to know: of the privacy policy, and of the account of whoever is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.core.consent_purposes import ConsentPurpose
from app.core.origin import Origin
from app.core.ports import Clock
from app.core.viewer import Viewer
from app.policy.queries import asked_again, in_force
from app.policy.texts import DocumentKind


class Policy(Protocol):
    """The privacy policy, as far as choices depend on it."""

    async def version(self) -> str:
        """Return the version that is in force."""
        ...

    async def asked_again(self) -> Mapping[ConsentPurpose, date]:
        """Return the purposes that a version in force asks for again, and since which day."""
        ...


class AccountConsents(Protocol):
    """The consents of whoever is signed in."""

    async def withdrawn(self, viewer: Viewer) -> frozenset[ConsentPurpose]:
        """Return the purposes that the person refused or took back, wherever that was."""
        ...

    async def choose(self, viewer: Viewer, choices: Mapping[ConsentPurpose, bool], origin: Origin) -> None:
        """Record a choice. Raises AppError."""
        ...

    async def opt_out(self, viewer: Viewer, origin: Origin) -> None:
        """Record that the browser sent the opt-out signal; once is enough."""
        ...


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """The policy as it was published."""

    clock: Clock

    async def version(self) -> str:
        """Return the version that is in force: one statement."""
        return (await in_force(DocumentKind.PRIVACY, self.clock.now())).document.version

    async def asked_again(self) -> Mapping[ConsentPurpose, date]:
        """Return what has to be asked again, and since which day: one statement."""
        return {purpose: since.date() for purpose, since in (await asked_again(self.clock.now())).items()}
