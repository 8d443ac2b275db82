"""ERASURE (Art. 17 GDPR; Cal. Civ. Code 1798.105): the account and everything about the person, or chosen things.

An account is locked from the moment on that we know who asks, and erased after a while in which the person may take
that back; at once where they waive it, and where the account is said to be a child's. Chosen things go at once. What
stays is in the receipt, with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.accounts.erasing import give_back, lock_out, standing_of
from app.accounts.status import UserStatus
from app.core import receipts
from app.core.db import fetch_one
from app.core.errors import InvalidInput
from app.core.privacy_rights import PrivacyRight
from app.generation.freezing import stop
from app.journal import service as journal
from app.privacy import chosen, leaving
from app.privacy.asked import Asked, Request, steps_of
from app.privacy.kept import kept
from app.privacy.office import Office
from app.privacy.rights.base import Denial, Plain, Proof, RunPorts, Step, person_of
from app.training.marking import mark_inactive


@dataclass(frozen=True, slots=True)
class Erasure(Plain):
    """Locks, waits, erases, looks, and says so."""

    right: PrivacyRight = PrivacyRight.ERASURE
    proof: Proof = Proof.STEP_UP
    receipt: str = receipts.ERASURE

    def check(self, asked: Asked) -> None:
        """Refuse a grace that is waived where there is none."""
        if asked.is_partial and asked.waive_grace:
            raise InvalidInput("Chosen things are deleted at once: there is nothing to waive.", path=("waiveGrace",))

    async def grace(self, request: Request, office: Office) -> timedelta:
        """None for chosen things, for whoever waives it, and for a child; else as the settings say."""
        if not request.erases_account or (request.asked and request.asked.waive_grace):
            return timedelta()
        child = await standing_of(person_of(request)) is UserStatus.FROZEN
        return timedelta() if child else office.erasure_grace

    async def refusal(self, request: Request) -> Denial | None:
        """Refuse the last administrator: nobody could run the service, nor answer requests, any more."""
        if not request.erases_account:
            return None
        row = await fetch_one(
            """SELECT u.role = 'ADMIN' AND NOT EXISTS (
                 SELECT FROM users o WHERE o.role = 'ADMIN' AND o.id <> u.id AND o.status = 'ACTIVE') AS is_last
               FROM users u WHERE u.id = $1""",
            person_of(request),
        )
        if row is None or not row["is_last"]:
            return None
        return Denial(
            "LAST_ADMINISTRATOR",
            "This is the account of the only administrator: give that role to somebody else, then ask again.",
        )

    async def verified(self, request: Request) -> None:
        """Lock the account."""
        if request.erases_account:
            person = person_of(request)
            await lock_out(person)
            await stop(person)
            await mark_inactive(person)

    async def canceled(self, request: Request) -> None:
        """Give it back."""
        if request.erases_account:
            person = person_of(request)
            await give_back(person)
            await journal.record(journal.Decision.ERASURE_TAKEN_BACK, person)

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """Return those that were begun with, also where there are other tables by now; else those of now."""
        begun = [row.holder for row in (await steps_of([request.id]))[request.id]]
        if begun:
            return [(chosen.step_of if chosen.SCAN in begun else leaving.step_of)(holder) for holder in begun]
        if request.asked is not None and request.asked.is_partial:
            return [chosen.step_of(holder) for holder in chosen.ORDER]
        holders = [
            leaving.JOURNAL,
            leaving.MADE_OF_CHILD,
            *await ports.erasing.eraser.names(),
            leaving.COUNTERS,
            leaving.RECIPIENTS,
            leaving.LAST_MAIL,
            leaving.ACCOUNT,
            leaving.SCAN,
            leaving.WAIT,
        ]
        return [leaving.step_of(holder) for holder in holders]

    async def claims(self, request: Request, ports: RunPorts) -> Mapping[str, Any]:
        """Say what stays and why, what recipients have, and when the last backup is gone that knows more."""
        now = ports.clock.now()
        partial = request.asked is not None and request.asked.is_partial
        held = await ports.erasing.recall.held(request.subject, now) if request.subject and not partial else []
        return {
            "scope": "CHOSEN" if partial else "ACCOUNT",
            "kept": [] if partial else await kept(ports.erasing.registry, request.subject),
            "recipients": [
                {
                    "name": each.processor,
                    "got": each.got,
                    "deleted": each.deleted,
                    "holding": each.holding.value,
                    "until": each.until.isoformat() if each.until else None,
                }
                for each in held
            ],
            "backups_expire_at": (now + ports.erasing.journal.kept).isoformat(),
        }
