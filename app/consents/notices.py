"""Which privacy notice a consent is bound to, and which purposes have to be asked for again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.core.consent_purposes import ConsentPurpose
from app.policy import queries
from app.policy.texts import DocumentKind


@dataclass(frozen=True, slots=True)
class Notice:
    """A version of the privacy policy."""

    version: str
    sha256: str


class Notices(Protocol):
    """What is published."""

    async def in_force(self, at: datetime) -> Notice:
        """Return the version in force at a moment."""
        ...

    async def asked_again(self, at: datetime) -> Mapping[ConsentPurpose, datetime]:
        """Return, for each purpose that a material version asks for anew, since when: what was said before is over."""
        ...


class PublishedNotices:
    """What `app.policy` published, or the program came with."""

    async def in_force(self, at: datetime) -> Notice:
        """Return the version in force at a moment: one statement."""
        document = (await queries.in_force(DocumentKind.PRIVACY, at)).document
        return Notice(document.version, document.sha256)

    async def asked_again(self, at: datetime) -> Mapping[ConsentPurpose, datetime]:
        """Return since when each purpose is asked anew: one statement."""
        return await queries.asked_again(at)
