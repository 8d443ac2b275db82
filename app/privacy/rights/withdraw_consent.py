"""WITHDRAW_CONSENT (Art. 7(3) GDPR): some consents, or all that stand. What a no does is done in the same transaction.

The receipt names the record of each; the records themselves are signed, and the person's (`consentRecords`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.consents.purposes import Method
from app.consents.service import Choice, Way, decide, granted, refused_by
from app.core.consent_purposes import ConsentPurpose
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked, Request
from app.privacy.rights.base import Doing, Plain, RunPorts, Step, StepResult, Work
from app.privacy.rights.checking import NO_ACCOUNT
from app.privacy.status import StepAction

WITHDRAWN = "None of these is consented to any more: {}."


@dataclass(frozen=True, slots=True)
class WithdrawConsent(Plain):
    """Says no."""

    right: PrivacyRight = PrivacyRight.WITHDRAW_CONSENT
    needs_account: bool = False

    def check(self, asked: Asked) -> None:
        """Raise InvalidInput for what nobody is asked to consent to."""
        known = [purpose.value for purpose in ConsentPurpose]
        if not set(asked.purposes) <= set(known):
            raise InvalidInput(f"Consents are to: {', '.join(known)}.", path=("purposes",))

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """One: the records of consents, and what a no does to what they permitted."""
        return [Doing("consent_records", StepAction.CHANGE, _withdraw)]

    async def claims(self, request: Request, ports: RunPorts) -> Mapping[str, Any]:
        """The records that were written."""
        if request.person is None or request.verified_at is None:
            return {"consent_records": []}
        written = await refused_by(request.person, Method.PRIVACY_REQUEST, request.verified_at)
        return {"consent_records": [{"id": str(id), "purpose": purpose.value} for id, purpose in written]}


async def _withdraw(request: Request, work: Work) -> StepResult:
    chosen = request.asked.purposes if request.asked else ()
    return await withdraw(request, work, [each for each in ConsentPurpose if not chosen or each.value in chosen])


async def withdraw(request: Request, work: Work, purposes: Sequence[ConsentPurpose]) -> StepResult:
    """Withdraw what stands of these, in a transaction that counts it. Raises LeaseLost."""
    if request.person is None:
        return StepResult(NO_ACCOUNT)
    async with transaction():
        await work.hold()
        standing = await granted(request.person)
        choices = [Choice(purpose, False) for purpose in purposes if purpose in standing]
        way = Way(Method.PRIVACY_REQUEST)
        await work.count(await decide(request.person, choices, None, work.ports.consents, way))
    return StepResult(WITHDRAWN.format(", ".join(purpose.value for purpose in purposes)))
