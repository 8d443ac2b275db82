"""RECTIFICATION (Art. 16 GDPR; Cal. Civ. Code 1798.106): what a person may change is changed, the rest staff look at.

A name is theirs to choose. An address changes once its own link is opened, as always; this waits for that. What they
say besides goes to staff as a thread about a privacy request, and is done once staff close it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.addresses import begin_change, change_ends, has_address
from app.accounts.identity import display_name, normal_email
from app.accounts.profile import correct_name
from app.core.db import fetch_one, transaction
from app.core.errors import InvalidInput
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked, Request
from app.privacy.rights.base import Doing, Plain, Proof, RunPorts, Step, StepResult, Work
from app.privacy.rights.checking import NO_ACCOUNT, NOT_ASKED
from app.privacy.rights.recipients import RECIPIENTS
from app.privacy.status import StepAction
from app.support.service import hand_over
from app.support.texts import printable
from app.support.threads import Inquiry
from app.support.topics import ThreadState, Topic

LOOK_AGAIN = timedelta(hours=1)
"""After which it is looked again whether the address is confirmed, and whether staff are done."""
RENAMED = "The name is the one that you gave."
TO_CONFIRM = "A mail went to the new address: the link in it makes the change."
MOVED = "The new address is the account's."
NOT_MOVED = "Nobody opened the link that went to the new address, so the address is the old one."
WITH_STAFF = "Staff look at what you wrote, and answer in the thread."
LOOKED_AT = "Staff have looked at what you wrote."


@dataclass(frozen=True, slots=True)
class Rectification(Plain):
    """Corrects. It takes a fresh proof, as a change of the address does."""

    right: PrivacyRight = PrivacyRight.RECTIFICATION
    proof: Proof = Proof.STEP_UP
    needs_account: bool = False

    def check(self, asked: Asked) -> None:
        """Raise InvalidInput for a name or an address that cannot be one, and where nothing is said to be wrong."""
        if asked.display_name is not None:
            display_name(asked.display_name)
        if asked.email is not None:
            normal_email(asked.email)
        if asked.display_name is None and asked.email is None and not printable(asked.statement):
            raise InvalidInput("Send the right name or address, or say what is wrong.", path=("statement",))

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """The name, the address, what staff have to look at, and who else has something."""
        return [
            Doing("users", StepAction.CHANGE, _rename),
            Doing("tickets", StepAction.CHANGE, _move),
            Doing("support_threads", StepAction.CHANGE, _ask_staff),
            RECIPIENTS,
        ]


async def _rename(request: Request, work: Work) -> StepResult:
    if request.person is None:
        return StepResult(NO_ACCOUNT)
    if request.asked is None or request.asked.display_name is None:
        return StepResult(NOT_ASKED)
    async with transaction():
        await work.hold()
        await work.count(int(await correct_name(request.person, request.asked.display_name)))
    return StepResult(RENAMED)


async def _move(request: Request, work: Work) -> StepResult:
    """Begin the change of the address, once, and wait for its end. What is counted is that it was begun."""
    if request.person is None:
        return StepResult(NO_ACCOUNT)
    if request.asked is None or request.asked.email is None:
        return StepResult(NOT_ASKED)
    address = normal_email(request.asked.email)
    async with transaction():
        await work.hold()
        if await has_address(request.person, address):
            return StepResult(MOVED)
        if not await _is_begun(request):
            await begin_change(request.person, address)
            await work.count(1)
        ends = await change_ends(request.person, address)
    return StepResult(TO_CONFIRM, min(ends, _later(work))) if ends else StepResult(NOT_MOVED)


async def _is_begun(request: Request) -> bool:
    row = await fetch_one(
        "SELECT count FROM privacy_request_steps WHERE request_id = $1 AND holder = 'tickets' AND count > 0", request.id
    )
    return row is not None


async def _ask_staff(request: Request, work: Work) -> StepResult:
    """Open a thread for staff, once, and wait until they close it."""
    text = printable(request.asked.statement) if request.asked else ""
    if not text or not (request.person or request.address):
        return StepResult(NOT_ASKED)
    asked = Inquiry(Topic.PRIVACY_REQUEST, text, PrivacyRight.RECTIFICATION)
    source = hashlib.sha256(f"privacy request {request.id}".encode()).hexdigest()
    async with transaction():
        await work.hold()
        state, new = await hand_over(asked, source, work.ports.desk, person=request.person, address=request.address)
        await work.count(int(new))
    return StepResult(LOOKED_AT) if state is ThreadState.CLOSED else StepResult(WITH_STAFF, _later(work))


def _later(work: Work) -> datetime:
    return work.ports.clock.now() + LOOK_AGAIN
