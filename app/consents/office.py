"""What keeping consents takes: who signs, who is the controller, which notice is in force, and what a no does."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.consents.notices import Notices
from app.consents.purposes import Objectionable
from app.core.consent_purposes import ConsentPurpose
from app.core.controller import Controller
from app.core.ports import Clock
from app.core.signing import Signer

Effect = Callable[[UUID], Awaitable[None]]
"""What a no does to a person's things, in the transaction that records it: rows now, bytes by a job."""


@dataclass(frozen=True, slots=True)
class ConsentOffice:
    """Composed in `app.composition`: what a no does belongs to domains that consents know nothing of."""

    signer: Signer
    clock: Clock
    controller: Controller
    notices: Notices
    on_withdrawal: Mapping[ConsentPurpose, Effect] = field(default_factory=dict)
    recipients: Mapping[ConsentPurpose, Sequence[str]] = field(default_factory=dict)
    """Who else gets the data; nobody where a purpose has no entry."""
    on_objection: Mapping[Objectionable, Effect] = field(default_factory=dict)
