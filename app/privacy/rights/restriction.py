"""RESTRICTION (Art. 18 GDPR): what is held is stored, and used for nothing but the law and what its person does.

Every ground of Art. 18(1) is taken at the person's word: to check first would be to go on processing meanwhile. It
lasts until staff lift it, and the person is told before (Art. 18(3)).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.consents.restrictions import is_restricted, restrict
from app.core.db import transaction
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Request
from app.privacy.lifting import call_off
from app.privacy.rights.base import Doing, Plain, RunPorts, Step, StepResult, Work
from app.privacy.rights.checking import NO_ACCOUNT
from app.privacy.rights.recipients import RECIPIENTS
from app.privacy.status import StepAction
from app.training.marking import mark_restricted

REASON = "You asked for it (Art. 18 GDPR)."
RESTRICTED = "Your data is only stored from now on; before that ends, you are told."


@dataclass(frozen=True, slots=True)
class Restriction(Plain):
    """Restricts."""

    right: PrivacyRight = PrivacyRight.RESTRICTION
    needs_account: bool = False

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """The restriction itself, and who else has something."""
        return [Doing("restriction_records", StepAction.CHANGE, _restrict), RECIPIENTS]


async def _restrict(request: Request, work: Work) -> StepResult:
    person = request.person
    if person is None:
        return StepResult(NO_ACCOUNT)
    async with transaction():
        await work.hold()
        await call_off(person)
        before = await is_restricted(person)
        await restrict(person, REASON, actor=person, clock=work.ports.clock, effect=mark_restricted)
        await work.count(0 if before else 1)
    return StepResult(RESTRICTED)
