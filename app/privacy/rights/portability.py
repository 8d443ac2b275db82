"""PORTABILITY (Art. 20 GDPR): what is processed for a contract or by consent, to be read by another service.

Which that is the registry says; `docs/export-format.md` says how it is written, and `anypeople import` reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Request
from app.privacy.export.office import Extent
from app.privacy.rights.base import Plain, Proof, RunPorts, Step
from app.privacy.rights.exports import export_steps


@dataclass(frozen=True, slots=True)
class Portability(Plain):
    """An archive of what may be taken along."""

    right: PrivacyRight = PrivacyRight.PORTABILITY
    proof: Proof = Proof.STEP_UP

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """One for each table, and one for the archive."""
        return await export_steps(Extent.PORTABILITY, request, ports)
