"""What is done for an address that is of no account, where a right is about accounts: we say what we hold about it.

That is the letters that it sent us, with our answers. Who asks for its erasure has these deleted, and copies of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.db import fetch_one, transaction
from app.core.privacy_rights import PrivacyRight
from app.privacy.archives import erase_archives_for
from app.privacy.asked import Request
from app.privacy.rights.base import DONE, Doing, Plain, RunPorts, Step, StepResult, Work
from app.privacy.status import StepAction
from app.support.service import forget

NO_ACCOUNT = "No account has confirmed this address."
LETTERS = "Letters of this address with our answers, and the mails that we sent it: nothing else is held about it."
GONE = "Deleted with the mails that we sent it. This request stays on record, without the address after 30 days."


@dataclass(frozen=True, slots=True)
class Nobodys(Plain):
    """The rule of any right that needs an account, for an address without one."""

    needs_account: bool = False

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """Look for an account, and at what was written."""
        erases = request.right is PrivacyRight.ERASURE
        letters = Doing("support_threads", StepAction.ERASE, _forget) if erases else _LETTERS
        return [Doing("users", StepAction.CHECK, _no_account), letters]


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
    await erase_archives_for(request.address, work.ports.store, work.hold)  # a copy of the letters
    return StepResult(GONE)


_LETTERS = Doing("support_threads", StepAction.CHECK, _count)
