"""What the choice about cookies needs to know: of the privacy policy, and of the account of whoever is signed in."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from app.core.consent_purposes import ConsentPurpose
from app.core.origin import Origin
from app.core.viewer import Viewer
from app.policy.texts import DocumentKind, shipped


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


class ShippedPolicy:
    """The policy as the program came with it: the newest version, which asks nothing again."""

    def __init__(self) -> None:
        """Raises ValueError where a text cannot be read."""
        self._version = shipped(DocumentKind.PRIVACY)[-1].version

    async def version(self) -> str:
        """Return the version of the newest text."""
        return self._version

    async def asked_again(self) -> Mapping[ConsentPurpose, date]:
        """Return nothing."""
        return {}


class BrowserAlone:
    """Where accounts keep no consents: what was chosen in the browser is all that counts."""

    async def withdrawn(self, _viewer: Viewer) -> frozenset[ConsentPurpose]:
        """Return nothing."""
        return frozenset()

    async def choose(self, viewer: Viewer, choices: Mapping[ConsentPurpose, bool], origin: Origin) -> None:
        """Keep nothing: the browser does."""

    async def opt_out(self, viewer: Viewer, origin: Origin) -> None:
        """Keep nothing: the browser does."""
