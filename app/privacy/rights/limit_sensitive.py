"""LIMIT_SENSITIVE (Cal. Civ. Code 1798.121): sensitive data is used for what its person asks for, and nothing else.

That is what faces in reference pictures are: kept and handed on for the pictures that somebody asks for. Nothing is
inferred from them, so there is nothing to limit (Cal. Code Regs. tit. 11, 7027(m)); the answer shows that on record.
Whoever wants no face kept at all withdraws FACE_REFERENCE_IMAGES.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.personal_data import Activity
from app.core.privacy_rights import PrivacyRight
from app.media.references import faces_of
from app.privacy.asked import Request
from app.privacy.rights.base import Plain, RunPorts, Step, person_of
from app.privacy.rights.checking import Checking
from app.processors.records import sent_to
from app.processors.register import Disclosed

NEEDED = frozenset({Activity.IMAGE_GENERATION, Activity.FACE_REFERENCES})
"""What faces may leave for."""
KEPT = "Kept to make what you ask for. Nothing is inferred from a face; nobody is recognised in it."
SENT = "Handed to the engines that you chose, for the pictures that you asked for, and for nothing else."


@dataclass(frozen=True, slots=True)
class LimitSensitive(Plain):
    """Looks at the faces that are kept, and at those that left."""

    right: PrivacyRight = PrivacyRight.LIMIT_SENSITIVE
    needs_account: bool = False

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """What is kept, and what left."""
        return [Checking("reference_images", _kept), Checking("disclosures", _sent)]

    async def claims(self, request: Request, ports: RunPorts) -> Mapping[str, Any]:
        """What it is used for."""
        return {"used_for": sorted(NEEDED), "inferred": []}


async def _kept(request: Request) -> tuple[int, str]:
    return await faces_of(person_of(request)), KEPT


async def _sent(request: Request) -> tuple[int, str]:
    """Count faces that left. Raises RuntimeError where one left for something else: then this is no answer."""
    sent = await sent_to(person_of(request), Disclosed.FACE)
    if other := {each.activity for each in sent} - NEEDED:
        raise RuntimeError(f"faces left for {', '.join(sorted(other))}")
    return sum(each.number for each in sent), SENT
