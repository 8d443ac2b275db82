"""What support hands over to whoever keeps privacy requests, a domain that it knows nothing of."""

from typing import Protocol

from app.core.privacy_rights import PrivacyRight
from app.support.threads import Thread


class PrivacyRequests(Protocol):
    """Opens requests of what people wrote."""

    def asked_in(self, subject: str, text: str) -> PrivacyRight | None:
        """Return the right that a letter plainly asks for; None: a person has to read it."""
        ...

    async def open(self, thread: Thread, text: str) -> None:
        """Open the request that a thread asks for, or join one, and mail its link: in the caller's transaction."""
        ...
