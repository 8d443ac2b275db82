"""OPT_OUT_OF_SALE (Cal. Civ. Code 1798.120): nothing is sold, and every transmission on record shows it.

A request to opt out need not be verified (Cal. Code Regs. tit. 11, 7060(b)), beyond what lets us find the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.db import transaction
from app.core.personal_data import Activity
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Request
from app.privacy.rights.base import Doing, Plain, RunPorts, Step, StepResult, Work
from app.privacy.status import StepAction
from app.processors.records import sent_for

NOTHING_SOLD = "Nothing was sold or shared for advertising, and there is no purpose for which it could be."


@dataclass(frozen=True, slots=True)
class OptOutOfSale(Plain):
    """Looks at what left us."""

    right: PrivacyRight = PrivacyRight.OPT_OUT_OF_SALE
    needs_account: bool = False

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """One: the record of disclosures."""
        return [Doing("disclosures", StepAction.CHECK, _check)]


async def _check(request: Request, work: Work) -> StepResult:
    """Count what left by purpose. Raises ValueError for a purpose that the register of activities does not know."""
    sent = await sent_for(request.person) if request.person else {}
    for purpose in sent:
        Activity(purpose)  # "sale" is none
    async with transaction():
        await work.hold()
        await work.count(sum(sent.values()))
    return StepResult(NOTHING_SOLD)
