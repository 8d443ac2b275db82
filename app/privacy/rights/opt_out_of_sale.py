"""OPT_OUT_OF_SALE (Cal. Civ. Code 1798.120): nothing is sold or shared, and every transmission on record shows it.

A request to opt out need not be verified (Cal. Code Regs. tit. 11, 7060(b)), beyond what lets us find the person.
Nobody gets less, or pays more, for having asked (1798.125).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Request
from app.privacy.rights.base import Plain, RunPorts, Step, person_of
from app.privacy.rights.checking import Checking
from app.privacy.rights.recipients import disclosed
from app.processors.records import sent_to

NOTHING_SOLD = "Nothing was sold or shared for advertising, and there is no purpose for which it could be."


@dataclass(frozen=True, slots=True)
class OptOutOfSale(Plain):
    """Looks at what left us."""

    right: PrivacyRight = PrivacyRight.OPT_OUT_OF_SALE
    needs_account: bool = False

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """One: the record of disclosures."""
        return [Checking("disclosures", _look)]

    async def claims(self, request: Request, ports: RunPorts) -> Mapping[str, Any]:
        """What left, by recipient and activity: none of these is a sale."""
        return {"sold": 0, "shared": 0, "disclosed": await disclosed(request)}


async def _look(request: Request) -> tuple[int, str]:
    """Count what left. Raises ValueError for a purpose that is no activity of the register: "sale" is none."""
    return sum(sent.number for sent in await sent_to(person_of(request))), NOTHING_SOLD
