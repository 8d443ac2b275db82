"""Things that change, somebody who watches them, and a gate that holds up reads."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from uuid import uuid4

from app.core import feed
from app.core.db import execute, fetch, transaction
from app.core.feed import Entry
from app.core.hub import Ephemeral, Hub
from tests.fakes.waiting import until

Change = Entry | Ephemeral


class Thing:
    """Something of a person's that changes."""

    def __init__(self) -> None:
        self.person_id, self.id = uuid4(), uuid4()

    async def change(self, type: str = "CHANGED", progress: float = 0.0) -> int:
        async with transaction():
            return await feed.append(self.person_id, self.id, type, progress)

    async def advance(self, progress: float, preview: str | None = None) -> None:
        await feed.publish_progress(self.person_id, self.id, progress, preview)

    @asynccontextmanager
    async def watched(self, hub: Hub, after: int = 0) -> AsyncGenerator["Watch", None]:
        async with aclosing(hub.follow(self.person_id, after, self.id)) as changes:
            yield Watch(changes)


class Watch:
    """One subscriber; what does not come within twenty seconds does not come."""

    def __init__(self, changes: AsyncGenerator[Change, None]) -> None:
        self.changes = changes

    async def next(self) -> Change:
        async with asyncio.timeout(20):
            return await anext(self.changes)

    async def entry(self) -> Entry:
        while not isinstance(change := await self.next(), Entry):
            pass
        return change

    async def ephemeral(self) -> Ephemeral:
        change = await self.next()
        assert isinstance(change, Ephemeral)
        return change

    async def until(self, type: str) -> list[Change]:
        found = [await self.next()]
        while not (isinstance(found[-1], Entry) and found[-1].type == type):
            found.append(await self.next())
        return found


class Gate:
    """Holds up every read of the feed after it has begun: it sees the rows as they were then."""

    def __init__(self) -> None:
        self._opened = asyncio.Event()
        self._closed = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    async def _keep(self) -> None:
        async with transaction():
            await execute("SELECT pg_advisory_xact_lock(7)")
            self._closed.set()
            await self._opened.wait()

    async def close(self) -> None:
        self._keeper = asyncio.create_task(self._keep())
        await self._closed.wait()

    async def open(self) -> None:
        self._opened.set()
        if self._keeper is not None:
            await self._keeper

    async def somebody_waits(self) -> None:
        await until(lambda: fetch("SELECT pid FROM pg_locks WHERE NOT granted"))

    async def write(self, thing: Thing, sequence: int) -> None:
        await execute(
            "INSERT INTO real_entries (id, person_id, sequence, object_id, type, progress, at) "
            "VALUES (gen_random_uuid(), $1, $2, $3, 'CHANGED', 0.5, now())",
            thing.person_id,
            sequence,
            thing.id,
        )


@asynccontextmanager
async def gate() -> AsyncGenerator[Gate, None]:
    await execute("ALTER TABLE feed_entries RENAME TO real_entries")
    await execute(
        """CREATE VIEW feed_entries AS WITH gate AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(7) AS passed)
           SELECT r.* FROM gate, LATERAL (SELECT * FROM real_entries WHERE passed::text IS NOT NULL OFFSET 0) r"""
    )
    made = Gate()
    try:
        yield made
    finally:
        await made.open()
