"""What is done for an address that is of no account, where a right is about accounts: we say what we hold about it.

That is the letters that it sent us, with our answers, and requests like this one. Who asks for its erasure has these
deleted, but for this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.db import fetch_one, transaction
from app.core.privacy_rights import PrivacyRight
from app.privacy.addressed import erase_copies, forget_said, said_of
from app.privacy.asked import Request
from app.privacy.erasure import Residue
from app.privacy.rights.base import DONE, Doing, Plain, RunPorts, Step, StepResult, Work
from app.privacy.status import StepAction
from app.support.service import forget

NO_ACCOUNT = "No account has confirmed this address."
LETTERS = (
    "Letters of this address with our answers; mails that we sent it, and its requests, are all else that is held."
)
GONE = "Deleted with the mails that we sent it. This request stays on record, without the address after 30 days."
SAID = "What was said in its other requests, and copies that were made for it."


@dataclass(frozen=True, slots=True)
class Nobodys(Plain):
    """The rule of any right that needs an account, for an address without one."""

    needs_account: bool = False

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """Look for an account, and at what was written."""
        erases = request.right is PrivacyRight.ERASURE
        letters = Doing("support_threads", StepAction.ERASE, _forget) if erases else _LETTERS
        said = [Doing("privacy_request_details", StepAction.ERASE, _forget_said)] if erases else []
        return [Doing("users", StepAction.CHECK, _no_account), letters, *said]


async def _no_account(_request: Request, _work: Work) -> StepResult:
    """Say that there is none: it was looked for when the address was proved."""
    return StepResult(NO_ACCOUNT, count=0)


async def _count(request: Request, _work: Work) -> StepResult:
    row = await fetch_one("SELECT count(*) AS number FROM support_threads WHERE address = $1", request.address)
    return StepResult(LETTERS, count=row["number"] if row else 0)


async def _forget(request: Request, work: Work) -> StepResult:
    if request.address is None:
        return DONE
    async with transaction():
        await work.hold()
        await work.count(await forget(request.address))
    return StepResult(GONE)


async def _forget_said(request: Request, work: Work) -> StepResult:
    """Delete its other requests' words and copies. Raises Residue where one of them was being answered meanwhile."""
    if request.address is None:
        return DONE
    await erase_copies(request.address, work.ports.store, work.hold, request.id)
    async with transaction():
        await work.hold()
        await work.count(await forget_said(request.address, request.id))
    if left := await said_of(request.address, request.id):
        raise Residue(f"privacy_request_details: {left}")
    return StepResult(SAID)


_LETTERS = Doing("support_threads", StepAction.CHECK, _count)
