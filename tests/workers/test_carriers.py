"""ARQ as it is carried: what a killed worker or a lost connection leaves in Valkey costs no job and no place."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import cast
from uuid import UUID, uuid4

import pytest
from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix
from structlog.testing import capture_logs

from app.integrations import valkey
from tests.fakes.waiting import until
from workers import carriers
from workers.runner import Runner

pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated close")  # ARQ says goodbye so
QUEUE = "interactive"


class Taking:
    """A runner that notes what it is given."""

    def __init__(self) -> None:
        self.taken: list[tuple[UUID, int]] = []

    async def run(self, job_id: UUID, attempt: int) -> None:
        self.taken.append((job_id, attempt))


@pytest.fixture
async def client(valkey_url: str) -> AsyncGenerator[ArqRedis, None]:
    made = valkey.connect(valkey_url)
    yield made
    await made.aclose()


@asynccontextmanager
async def carrying(url: str, runner: Taking, concurrency: int = 1) -> AsyncGenerator[None, None]:
    stop = asyncio.Event()
    worker = carriers.build(QUEUE, url, cast(Runner, runner), concurrency)
    task = asyncio.create_task(carriers.carry([worker], stop, 0.1))
    try:
        yield
    finally:
        stop.set()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_job_whose_worker_was_killed_before_it_took_the_row_is_carried_again(
    valkey_url: str, client: ArqRedis
) -> None:
    queue, runner, job_id = valkey.ArqQueue(client), Taking(), uuid4()
    await queue.enqueue(QUEUE, job_id, 0)
    # All that ARQ wrote before the worker died: whoever sees this leaves the job to that worker, for a day.
    await client.set(f"{in_progress_key_prefix}{job_id}:0", b"1")

    async with carrying(valkey_url, runner):
        await queue.enqueue(QUEUE, job_id, 0)  # the dispatcher finds the row, which is still queued

        async def taken() -> bool:
            return runner.taken == [(job_id, 0)]

        await until(taken)


async def test_a_lost_connection_costs_no_place_for_jobs(valkey_url: str, client: ArqRedis) -> None:
    queue, runner, elsewhere, job_id = valkey.ArqQueue(client), Taking(), uuid4(), uuid4()
    await queue.enqueue(QUEUE, elsewhere, 0)
    await client.set(f"{in_progress_key_prefix}{elsewhere}:0", b"1")  # looked at in each round, and left alone
    async with carrying(valkey_url, runner):
        with capture_logs() as lines:

            async def lost_three_times() -> bool:
                await client.client_kill_filter(_type="normal", skipme=True)
                return [line["event"] for line in lines].count("worker.valkey_away") >= 3

            await until(lost_three_times, within=60)
        await queue.enqueue(QUEUE, job_id, 0)

        async def taken() -> bool:
            return runner.taken == [(job_id, 0)]

        await until(taken)
