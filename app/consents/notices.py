"""Which privacy notice a consent is bound to, and which purposes have to be asked for again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.core.consent_purposes import ConsentPurpose
from app.policy.texts import DocumentKind, shipped


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


class ShippedNotices:
    """The versions that the program came with, each in force from its date. None of them asks for anything anew."""

    def __init__(self) -> None:
        self._documents = shipped(DocumentKind.PRIVACY)

    async def in_force(self, at: datetime) -> Notice:
        """Return the newest whose date has come, else the oldest."""
        documents = [document for document in self._documents if document.effective <= at.date()]
        document = documents[-1] if documents else self._documents[0]
        return Notice(document.version, document.sha256)

    async def asked_again(self, at: datetime) -> Mapping[ConsentPurpose, datetime]:
        """Return nothing: being material is decided when a version is published."""
        return {}
