"""The gate: every adapter that talks to a processor does so inside `Gate.disclose` (privacy policy, P11 and P12)."""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager

import structlog

from app.core.personal_data import Activity
from app.processors.errors import DisclosureRefused
from app.processors.register import Disclosed, Processor, Register

log = structlog.get_logger(__name__)


class Gate:
    """Lets out what the register allows, and nothing else."""

    def __init__(self, register: Register) -> None:
        self.register = register

    @asynccontextmanager
    async def disclose(
        self, processor: str, activity: Activity, subject: str | None, categories: Collection[Disclosed]
    ) -> AsyncGenerator[Processor, None]:
        """Run the block in which `categories` of `subject` leave for `processor`; yields the register's entry.

        `subject` is an opaque hash, never a user's id; None where the data is nobody's. Raises DisclosureRefused before
        the block begins. Nothing but the processor's name and the reason is logged.
        """
        entry = self.register.find(processor)
        reason = "undeclared processor" if entry is None else _objection(entry, activity, categories)
        if entry is None or reason is not None:
            log.error("disclosure.refused", processor=processor, reason=reason)
            raise DisclosureRefused(f"Nothing was sent: {reason}.")
        yield entry


def _objection(entry: Processor, activity: Activity, categories: Collection[Disclosed]) -> str | None:
    if activity not in entry.activities:
        return f"{entry.name} is not declared for {activity.value}"
    if excess := sorted(category.value for category in set(categories) - entry.categories):
        return f"{entry.name} is not declared for {', '.join(excess)}"
    if Disclosed.FACE in categories and entry.retention is None:
        return f"{entry.name} gives no proof that it keeps nothing, so it may not get faces"
    return None
