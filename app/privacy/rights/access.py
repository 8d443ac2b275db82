"""ACCESS (Art. 15 GDPR): a copy of all that we hold, with what the law has us say with it.

An address without an account has it too: whoever wrote to us gets what they wrote, and what we answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Request
from app.privacy.export.office import Extent
from app.privacy.rights.base import Plain, Proof, RunPorts, Step
from app.privacy.rights.exports import export_steps


@dataclass(frozen=True, slots=True)
class Access(Plain):
    """An archive of everything."""

    right: PrivacyRight = PrivacyRight.ACCESS
    proof: Proof = Proof.STEP_UP
    needs_account: bool = False

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """One for each table, and one for the archive."""
        return await export_steps(Extent.ACCESS, request, ports)
