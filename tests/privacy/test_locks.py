"""Two transactions about one person at once: whoever waits for the other goes on afterwards, and nothing is undone.

Jobs are locked before requests, requests before accounts, the feed last.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from app.core import feed, jobs
from app.core.config import Settings
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.privacy_rights import PrivacyRight
from app.integrations.local_store import LocalObjectStore
from app.privacy.asked import Asked, Request, steps_of
from app.privacy.ending import end_open
from app.privacy.requests import Requester, cancel, locked, open_request, stop
from app.privacy.status import Channel
from tests.conftest import SignUp
from tests.fakes.engines import FaultyEngine
from tests.fakes.privacy import OFFICE
from tests.fakes.waiting import until
from tests.generation.workshop import Bench
from tests.privacy.rights.conftest import asking as asking  # a fixture
from tests.privacy.rights.world import Asking
from tests.privacy.test_erasure_races import erase

Do = Callable[[], Awaitable[object]]
HOUR = timedelta(hours=1)


async def meet(first: Do, other: Do, then: Do) -> None:
    """Have one transaction do `first`, another one come until it waits for that, and the one go on with `then`."""
    begin = asyncio.Event()

    async def later() -> None:
        await begin.wait()
        await other()

    task = asyncio.create_task(later())  # before the transaction: what is begun in one is a part of it
    try:
        async with transaction():
            await first()
            begin.set()
            await until(lambda: fetch("SELECT 1 FROM pg_locks WHERE NOT granted"))
            await then()
    finally:
        begin.set()
        await asyncio.gather(task, return_exceptions=True)
    task.result()


async def ask(person: UUID, right: PrivacyRight = PrivacyRight.OPT_OUT_OF_SALE) -> UUID:
    """Ask for something, proved; return the request."""
    async with transaction():
        who = Requester(person, Channel.SIGNED_IN, proved=True)
        return (await open_request(Asked(right), who, OFFICE))[0]


async def stands(request_id: UUID) -> Request:
    """Return a request as it stands."""
    async with transaction():
        return await locked(request_id)


async def test_who_asks_for_erasure_while_a_picture_is_made_waits_for_it(
    person: SignUp, settings: Settings, tmp_path: Path
) -> None:
    ada = await person("ada")
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    bench = Bench(ada, settings.work, store, [FaultyEngine()])
    generation = await bench.create()
    job = await bench.job(generation)
    lease = await jobs.take(job["id"], job["attempt"], HOUR)
    assert lease is not None

    await meet(
        lambda: jobs.hold(lease),
        lambda: ask(ada.viewer.user_id, PrivacyRight.ERASURE),
        lambda: feed.append(ada.viewer.user_id, generation, "STARTED", 0.0),
    )

    assert (await bench.generation(generation))["status"] == "CANCELED"
    told = await fetch("SELECT type FROM feed_entries ORDER BY sequence DESC LIMIT 4")
    assert [entry["type"] for entry in told] == ["PRIVACY_VERIFIED", "PRIVACY_RECEIVED", "CANCELED", "STARTED"]


async def test_who_takes_a_request_back_while_the_account_is_erased_does(person: SignUp, tmp_path: Path) -> None:
    ada = (await person("ada")).viewer.user_id
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    first, second = await ask(ada), await ask(ada, PrivacyRight.RESTRICTION)

    async def begin() -> None:
        await stop(first)
        await locked(first)

    await meet(begin, lambda: erase(ada, store), lambda: cancel(first, OFFICE, actor=None))

    ends = [await stands(request_id) for request_id in (first, second)]
    assert [(each.status.value, each.denial) for each in ends] == [("CANCELED", None), ("DENIED", "ACCOUNT_ERASED")]
    assert await fetch("SELECT id FROM users") == []


async def test_what_is_answered_while_the_account_is_erased_stays_answered(person: SignUp) -> None:
    ada = (await person("ada")).viewer.user_id
    request = await stands(await ask(ada))
    subject, job_id = request.subject, request.job_id
    assert subject is not None

    async def end() -> None:
        async with transaction():
            await end_open(subject, None)

    await meet(
        lambda: execute("UPDATE jobs SET state = 'SUCCEEDED' WHERE id = $1", job_id),
        end,
        lambda: execute("UPDATE privacy_requests SET status = 'COMPLETED' WHERE id = $1", request.id),
    )

    answered = await stands(request.id)
    assert (answered.status.value, answered.denial) == ("COMPLETED", None)


async def test_what_has_ended_while_a_step_ran_is_not_gone_on_with(person: SignUp, asking: Asking) -> None:
    ada = (await person("ada")).viewer.user_id
    request_id = await ask(ada, PrivacyRight.RESTRICTION)

    await meet(
        lambda: execute("SELECT id FROM users WHERE id = $1 FOR UPDATE", ada),
        lambda: asking.work(request_id),
        lambda: execute("UPDATE privacy_requests SET status = 'DENIED' WHERE id = $1", request_id),
    )
    await asking.work(request_id)

    assert (await stands(request_id)).status.value == "DENIED"
    row = await fetch_one("SELECT state FROM jobs WHERE payload ->> 'request' = $1", str(request_id))
    assert row == {"state": "SUCCEEDED"}
    assert (await steps_of([request_id]))[request_id][0].status.value == "RUNNING"
