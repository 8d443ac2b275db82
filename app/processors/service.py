"""The gate: every adapter that talks to a processor does so inside `Gate.disclose` (privacy policy, P11 and P12)."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from app.core.personal_data import Activity
from app.processors import records
from app.processors.errors import (
    ActivityNotRegistered,
    CategoryNotRegistered,
    DisclosureRefused,
    FaceWithoutProof,
    ProcessorUnregistered,
)
from app.processors.fetcher import AddressRefused
from app.processors.outcomes import Outcome, Refusal
from app.processors.records import About, Parcel
from app.processors.register import Disclosed, Processor, Register

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Sending:
    """A disclosure that is under way."""

    id: UUID
    processor: Processor
    parcel: Parcel

    def belongs_to(self, person: UUID) -> None:
        """Note whose it is, where that is known only from the answer; it is written down with the outcome."""
        self.parcel = replace(self.parcel, subject=person)

    async def refuse_address(self) -> None:
        """Put on record that an address which the recipient named was not asked: nothing left for it."""
        await _refuse(replace(self.parcel, categories=frozenset()), Refusal.ADDRESS_REFUSED)

    async def end(self, outcome: Outcome, refusal: Refusal | None = None) -> None:
        """Write down how it ended. What cannot be written stays unknown, and changes nothing of what happened."""
        try:
            await records.end(self.id, outcome, refusal, self.parcel.subject)
        except Exception as error:  # noqa: BLE001 - see above
            log.warning("disclosure.outcome_lost", processor=self.processor.name, error=type(error).__name__)


class Gate:
    """Lets out what the register allows, and nothing else."""

    def __init__(self, register: Register) -> None:
        self.register = register

    @asynccontextmanager
    async def disclose(
        self,
        processor: str,
        activity: Activity,
        subject: UUID | None,
        categories: Collection[Disclosed],
        about: About | None = None,
    ) -> AsyncGenerator[Sending, None]:
        """Run the block in which `categories` of the person `subject` leave for `processor`.

        The row is committed before the block begins, and gets its outcome after it: an exception is a failure; where
        the process dies there is none. Raises a DisclosureRefused before the block begins, which is on record, and
        RuntimeError inside of a transaction.
        """
        parcel = Parcel(processor, activity, subject, frozenset(categories), about)
        entry = await self._checked(parcel)
        sending = Sending(await records.write(parcel), entry, parcel)
        try:
            yield sending
        except AddressRefused as error:
            await sending.end(Outcome.FAILED if error.sent else Outcome.REFUSED, Refusal.ADDRESS_REFUSED)
            raise
        except (Exception, asyncio.CancelledError, GeneratorExit):
            await sending.end(Outcome.FAILED)
            raise
        await sending.end(Outcome.SENT)

    @asynccontextmanager
    async def ask(self, processor: str, activity: Activity) -> AsyncGenerator[Processor, None]:
        """Run the block in which a processor is asked something that holds nothing about anybody.

        No row is written, because nothing is disclosed. Raises as `disclose`.
        """
        yield await self._checked(Parcel(processor, activity, None, frozenset()))

    async def _checked(self, parcel: Parcel) -> Processor:
        records.outside_transactions()
        entry = self.register.find(parcel.processor)
        if entry is None:
            error: DisclosureRefused | None = ProcessorUnregistered(
                "Nothing was sent: the recipient is not in the register."
            )
        else:
            error = _objection(entry, parcel)
        if entry is None or error is not None:
            assert error is not None
            await _refuse(parcel, error.refusal)
            raise error
        return entry


def _objection(entry: Processor, parcel: Parcel) -> DisclosureRefused | None:
    if parcel.activity not in entry.activities:
        return ActivityNotRegistered(f"Nothing was sent: {entry.name} is not registered for {parcel.activity.value}.")
    if excess := sorted(category.value for category in parcel.categories - entry.categories):
        return CategoryNotRegistered(f"Nothing was sent: {entry.name} is not registered for {', '.join(excess)}.")
    if Disclosed.FACE in parcel.categories and not entry.proves_retention:
        return FaceWithoutProof(
            f"Nothing was sent: {entry.name} gives no proof that it keeps nothing, so it gets no faces."
        )
    return None


async def _refuse(parcel: Parcel, refusal: Refusal) -> None:
    log.error("disclosure.refused", processor=parcel.processor, reason=refusal.value)
    await records.write(parcel, refusal)
