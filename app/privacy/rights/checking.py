"""Steps that look, and change nothing; and what every right says where there is nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.core.db import fetch_one, transaction
from app.privacy.asked import Request
from app.privacy.rights.base import StepResult, Work
from app.privacy.status import StepAction

NO_ACCOUNT = "No account here has this address: nothing of that is held about it."
NOT_ASKED = "This was not asked for."

Look = Callable[[Request], Awaitable[tuple[int, str]]]
"""Returns how much there is, and what to say of it."""


@dataclass(frozen=True, slots=True)
class Checking:
    """A step that counts what one holder has of an account, once, however often it is run."""

    holder: str
    look: Look
    action: StepAction = StepAction.CHECK

    async def run(self, request: Request, work: Work) -> StepResult:
        """Look. Raises LeaseLost."""
        async with transaction():
            await work.hold()
            number, note = await self.look(request) if request.person else (0, NO_ACCOUNT)
            if await _is_uncounted(request, self):
                await work.count(number)
        return StepResult(note)


async def _is_uncounted(request: Request, step: Checking) -> bool:
    row = await fetch_one(
        """SELECT count FROM privacy_request_steps
           WHERE request_id = $1 AND holder = $2 AND action = $3 AND count IS NOT NULL""",
        request.id,
        step.holder,
        step.action.value,
    )
    return row is None
