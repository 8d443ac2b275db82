"""Carries a request out: its right's steps in order, each a row that says how far it is.

A worker that dies leaves rows; the next one goes on with the first step that is not done. What a step did and how much
of it are one transaction each, so that nothing is done or counted twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from app.core import jobs
from app.core.db import execute, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import Lease, LeaseLost, NotYet
from app.privacy.asked import Request, StepRecord, steps_of
from app.privacy.errors import RequestNotFound
from app.privacy.receipts import receipt_for
from app.privacy.requests import announce, complete, locked, transition
from app.privacy.rights.base import RunPorts, Step, StepResult, Work
from app.privacy.rights.registry import rule_of
from app.privacy.status import RUNNABLE, RequestEvent, RequestStatus, StepStatus

SOON = timedelta(minutes=1)
"""What waits is looked at again no sooner."""


async def run_request(lease: Lease, request_id: UUID, ports: RunPorts) -> None:
    """Carry a request out, or go on with it, and complete the job with it.

    Raises LeaseLost, NotYet where somebody outside needs time, and whatever a step raises, which is tried again.
    """
    hold = partial(jobs.hold, lease)
    async with transaction():
        await hold()
        request = await _runnable(request_id)
        if request is None:
            await jobs.complete(lease)
            return
    steps = await rule_of(request).steps(request, ports)
    waits: list[datetime] = []
    for row, step in await _begun(lease, request, steps):
        if row.status is not StepStatus.DONE:
            until = await _carry_out(lease, request, row, step, ports)
            waits += [until] if until else []
            request = await _now(request)
    if waits:  # the other steps need not wait for these
        raise NotYet(max(min(waits) - ports.clock.now(), SOON))
    async with transaction():
        request = await _held(lease, request.id)
        receipt = await receipt_for(request, ports)
        await complete(request.id, receipt, ports.office)
        await jobs.complete(lease)


async def _runnable(request_id: UUID) -> Request | None:
    try:
        request = await locked(request_id)
    except RequestNotFound:
        return None
    return request if request.status in RUNNABLE else None


async def _held(lease: Lease, request_id: UUID) -> Request:
    """Lock the job, then the request, for the caller's transaction; return it.

    Raises LeaseLost, also where it ended meanwhile: what has ended is never gone on with.
    """
    await jobs.hold(lease)
    request = await _runnable(request_id)
    if request is None:
        raise LeaseLost
    return request


async def _now(request: Request) -> Request:
    async with transaction():
        return await locked(request.id)


async def _begun(lease: Lease, request: Request, steps: Sequence[Step]) -> list[tuple[StepRecord, Step]]:
    """Write the rows of the steps, once; return each with its step.

    A deployment may bring a step meanwhile: it gets a row then. One that is no more stays as it was.
    """
    rows = (await steps_of([request.id]))[request.id]
    known = {(row.holder, row.action) for row in rows}
    missing = [step for step in steps if (step.holder, step.action) not in known]
    if missing:
        await _write_rows(lease, request, missing, len(rows))
        rows = (await steps_of([request.id]))[request.id]
    found = {(row.holder, row.action): row for row in rows}
    return [(found[step.holder, step.action], step) for step in steps]


async def _write_rows(lease: Lease, request: Request, steps: Sequence[Step], first: int) -> None:
    async with transaction():
        await _held(lease, request.id)
        for position, step in enumerate(steps, first):
            await execute(
                """INSERT INTO privacy_request_steps (id, request_id, position, holder, action, status)
                   VALUES ($1, $2, $3, $4, $5, 'PENDING')""",
                uuid7(),
                request.id,
                position,
                step.holder,
                step.action.value,
            )
        if not first:
            await transition(request.id, RequestStatus.IN_PROGRESS, RequestEvent.STARTED)


async def _carry_out(lease: Lease, request: Request, row: StepRecord, step: Step, ports: RunPorts) -> datetime | None:
    """Do a step; return when it is to be done again where it waits for somebody."""
    hold = partial(jobs.hold, lease)

    async def count(number: int) -> None:
        await execute(
            """UPDATE privacy_request_steps SET count = coalesce(count, 0) + $3
               WHERE request_id = $1 AND position = $2""",
            request.id,
            row.position,
            number,
        )

    async with transaction():
        await hold()
        await execute(
            """UPDATE privacy_request_steps SET status = 'RUNNING', started_at = coalesce(started_at, $3)
               WHERE request_id = $1 AND position = $2""",
            request.id,
            row.position,
            ports.clock.now(),
        )
    result = await step.run(request, Work(hold, count, ports))
    await _note_result(lease, request.id, row.position, result, ports)
    return result.awaiting_until


async def _note_result(lease: Lease, request_id: UUID, position: int, result: StepResult, ports: RunPorts) -> None:
    """Write down how a step ended, or that it waits."""
    waits = result.awaiting_until is not None
    async with transaction():
        request = await _held(lease, request_id)
        await execute(
            """UPDATE privacy_request_steps SET status = $3, note = $4, awaiting_until = $5, finished_at = $6,
                      count = coalesce($7, count)
               WHERE request_id = $1 AND position = $2""",
            request_id,
            position,
            (StepStatus.AWAITING if waits else StepStatus.DONE).value,
            result.note,
            result.awaiting_until,
            None if waits else ports.clock.now(),
            result.count,
        )
        if not waits:
            await announce(request, RequestEvent.STEP_DONE, await _progress(request_id))
        elif request.status is not RequestStatus.AWAITING_PROCESSOR:
            await transition(request_id, RequestStatus.AWAITING_PROCESSOR, RequestEvent.AWAITING_PROCESSOR)


async def _progress(request_id: UUID) -> float:
    row = await fetch_one(
        """SELECT count(*) FILTER (WHERE status = 'DONE') AS done, count(*) AS all FROM privacy_request_steps
           WHERE request_id = $1""",
        request_id,
    )
    return float(row["done"] / row["all"]) if row and row["all"] else 0.0
