"""Carries a request out: its right's steps in order, each a row that says how far it is.

A worker that dies leaves rows; the next one goes on with the first step that is not done. What a step did and how much
of it are one transaction each, so that nothing is done or counted twice.
"""

from collections.abc import Sequence
from datetime import timedelta
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
    rows = await _begun(lease, request, steps)
    for row, step in zip(rows, steps, strict=True):
        if row.status is not StepStatus.DONE:
            await _carry_out(lease, request, row, step, ports)
            request = await _now(request)
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


async def _begun(lease: Lease, request: Request, steps: Sequence[Step]) -> list[StepRecord]:
    """Write the rows of the steps, once; return them."""
    rows = (await steps_of([request.id]))[request.id]
    if rows:
        return rows
    async with transaction():
        await _held(lease, request.id)
        for position, step in enumerate(steps):
            await execute(
                """INSERT INTO privacy_request_steps (id, request_id, position, holder, action, status)
                   VALUES ($1, $2, $3, $4, $5, 'PENDING')""",
                uuid7(),
                request.id,
                position,
                step.holder,
                step.action.value,
            )
        await transition(request.id, RequestStatus.IN_PROGRESS, RequestEvent.STARTED)
    return (await steps_of([request.id]))[request.id]


async def _carry_out(lease: Lease, request: Request, row: StepRecord, step: Step, ports: RunPorts) -> None:
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


async def _note_result(lease: Lease, request_id: UUID, position: int, result: StepResult, ports: RunPorts) -> None:
    """Write down how a step ended. Raises NotYet where it has to be asked again later."""
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
        status = RequestStatus.AWAITING_PROCESSOR if waits else RequestStatus.IN_PROGRESS
        if request.status is not status:
            await transition(request_id, status, RequestEvent.AWAITING_PROCESSOR if waits else RequestEvent.STARTED)
        if not waits:
            await announce(request, RequestEvent.STEP_DONE, await _progress(request_id))
    if result.awaiting_until is not None:
        raise NotYet(max(result.awaiting_until - ports.clock.now(), timedelta(minutes=1)))


async def _progress(request_id: UUID) -> float:
    row = await fetch_one(
        """SELECT count(*) FILTER (WHERE status = 'DONE') AS done, count(*) AS all FROM privacy_request_steps
           WHERE request_id = $1""",
        request_id,
    )
    return float(row["done"] / row["all"]) if row and row["all"] else 0.0
