"""What our pages need of the process that serves them."""

from datetime import timedelta
from typing import Protocol

from app.accounts.passkeys import RelyingParty
from app.consents.office import ConsentOffice
from app.core.limits import Limits
from app.core.one_time import OneTimeTokens
from app.core.ports import Clock
from app.core.sealing import Sealer
from app.privacy.office import Office
from app.support.letters import Desk


class PagePorts(Protocol):
    """Satisfied by what the API gets."""

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def limits(self) -> Limits:
        """How often something may be tried."""
        ...

    @property
    def one_time(self) -> OneTimeTokens:
        """Reads the links of mails."""
        ...

    @property
    def sealer(self) -> Sealer:
        """Opens secrets of authenticator apps."""
        ...

    @property
    def relying_party(self) -> RelyingParty:
        """Whom passkeys are made for."""
        ...

    @property
    def session_lifetime(self) -> timedelta:
        """How long a session lives after its last use."""
        ...

    @property
    def consents(self) -> ConsentOffice:
        """Records what people consent to."""
        ...

    @property
    def idempotency_hash_key(self) -> bytes:
        """Hashes the input of a command that has an idempotency key."""
        ...

    @property
    def requests(self) -> Office:
        """Who keeps privacy requests."""
        ...

    @property
    def support(self) -> Desk:
        """Who reads what people write."""
        ...
