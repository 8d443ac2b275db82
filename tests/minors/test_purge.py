"""What nobody lifts is gone within 72 hours: the child's, and what others made from it."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from app.audit.chain import seal
from app.audit.verification import verify
from app.core import jobs
from app.core.config import Settings
from app.core.db import execute, fetch, transaction
from app.core.jobs import Lease
from app.core.keys import derive
from app.core.signing import Signer
from app.core.sweeps import SweepPorts
from app.media.service import DELETE_PICTURES, delete_bytes
from app.minors.purge import PURGE_MINORS, purge_due
from app.privacy.erasure import Eraser
from app.registries import SWEEPS
from tests.fakes.mail import FakeMailer
from tests.fakes.server import RunningServer
from tests.gallery.test_gallery import made, show
from tests.minors.household import household
from tests.privacy.test_erasure import died, leading_to
from tests.schema.world import key_of
from tests.workers.test_schedule import Watch
from workers.context import WorkerContext
from workers.schedule import CRON

RESET = """mutation { requestPasswordReset(input: {email: "child@example.com"}) { mailed } }"""
WORK = timedelta(hours=1)


async def leased() -> Lease:
    """Take a job that purges."""
    async with transaction():
        job_id = await jobs.record(PURGE_MINORS, {})
    lease = await jobs.take(job_id, 0, WORK)
    assert lease is not None
    return lease


class Later(Watch):
    """A clock so many hours after now."""

    def __init__(self, hours: float) -> None:
        self.time = datetime.now(UTC) + timedelta(hours=hours)


async def test_within_72_hours_nothing_of_a_child_is_left(
    server: RunningServer, worker_context: WorkerContext, settings: Settings, mailer: FakeMailer
) -> None:
    home, store = await household(server), worker_context.studio.store
    own = await made(server, home.adult, "a garden")
    await show(server, home.adult, own, prompt=True)
    ids = [key_of(id) for id in (home.child_id, home.made, home.reference)]
    links = [*await home.images(home.child, home.made), *await home.images(home.adult, home.derived)]
    signer = Signer(derive(settings.security.key, "signatures"))
    mailer.letters.clear()
    await home.flag()
    await server.data(RESET)
    await server.queue.settle()
    server.queue.work_with(None)
    [letter] = mailer.to("child@example.com")
    assert "/support?topic=APPEAL" in letter.text, "what happened is told, and nothing else"
    await seal(signer)
    late = [entry.every for entry in CRON if entry.kind in (PURGE_MINORS, DELETE_PICTURES)]
    assert settings.minors.purge_after + sum(late, WORK) < timedelta(hours=72)
    lease = await leased()
    assert await purge_due(lease, worker_context.eraser, Later(47)) == 0
    await execute("UPDATE reference_images SET saved = FALSE, expires_at = now()")
    async with transaction():
        ports = SweepPorts(store, signer)
        ended = await SWEEPS["reference_images"].end(ports, Later(47).now(), 10, None)
    assert ended == 0, "what leads to the pictures that others made of it does not expire before them"
    assert len(await fetch("SELECT 1 FROM pictures")) == 4

    with capture_logs() as lines:
        assert await purge_due(lease, worker_context.eraser, Later(50)) == 1

    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["minors.purge_overdue"]
    await worker_context.journal.write()
    assert await leading_to("child@example.com", *ids) == {}
    assert [row["prompt"] for row in await fetch("SELECT prompt FROM generations")] == ["a garden"]
    await delete_bytes(store)  # of the adult's picture, as of all that its owner deletes
    left = {key.split("/")[1] async for key in store.list("pictures/")}
    assert left == {str(row["id"]) for row in await fetch("SELECT id FROM pictures WHERE state = 'STORED'")}
    assert [await home.status_of(link) for link in links] == [404, 404]
    assert [item["prompt"] for item in await home.shown()] == ["a garden"]
    assert (await home.images(home.adult, own)) != []
    [flag] = await fetch("SELECT state, user_id FROM minor_flags f JOIN subject_aliases a ON a.id = f.subject_id")
    assert flag == {"state": "PURGED", "user_id": None}
    assert (await verify(signer)).sealed
    [gone] = (await home.lift())["errors"]
    assert (gone["code"], gone["path"]) == ("NOT_FOUND", ["id"])
    assert "deleted, for good" in gone["message"]
    again = await server.sign_up("child")
    assert (await server.data("{ viewer { generations { edges { cursor } } } }", None, again))["viewer"] == {
        "generations": {"edges": []}
    }
    assert await purge_due(lease, worker_context.eraser, Later(100)) == 0


async def test_a_purge_that_dies_is_gone_on_with_and_cannot_be_lifted_meanwhile(
    server: RunningServer, worker_context: WorkerContext
) -> None:
    home = await household(server)
    server.queue.work_with(None)
    lease = await leased()
    await home.flag()
    purge, at = partial(purge_due, lease, worker_context.eraser, Later(49)), 3
    while await died(purge, at):
        [row] = await fetch("SELECT state FROM minor_flags")
        if row["state"] == "PURGING":
            [refused] = (await home.lift())["errors"]
            assert refused["code"] == "CONFLICT"
        at += 9

    assert at > 40
    assert await fetch("SELECT state FROM minor_flags") == [{"state": "PURGED"}]
    assert await worker_context.journal.write() == 1
    assert await leading_to(key_of(home.child_id), "child@example.com") == {}
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'MINOR_PURGED'")) == 1


async def test_one_that_fails_stops_nobody_elses_and_two_workers_do_nothing_twice(
    server: RunningServer, worker_context: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = await household(server)
    server.queue.work_with(None)
    await home.flag()
    other = (await server.data("{ viewer { id } }", None, home.adult))["viewer"]["id"]
    await home.flag(id=other, key="of the other")

    class Broken(Eraser):
        async def clear(self, person: UUID, hold: jobs.Hold) -> dict[str, int]:
            if str(person) == key_of(home.child_id):
                raise OSError("the store is away")
            return dict(await super().clear(person, hold))

    eraser = worker_context.eraser
    broken = Broken(eraser._holders.values(), eraser._objects)
    monkeypatch.setattr("app.minors.purge.BATCH", 1)  # as many fail as are looked up at a time
    with pytest.raises(OSError, match="away"):
        await purge_due(await leased(), broken, Later(49))

    states = await fetch("SELECT state FROM minor_flags ORDER BY id")
    assert [row["state"] for row in states] == ["PURGING", "PURGED"]
    lost = await leased()
    await execute("UPDATE jobs SET state = 'CANCELED'")
    with pytest.raises(jobs.LeaseLost):
        await purge_due(lost, eraser, Later(49))
    leases = [await leased(), await leased()]
    await asyncio.gather(*(purge_due(lease, eraser, Later(49)) for lease in leases))
    assert {row["state"] for row in await fetch("SELECT state FROM minor_flags")} == {"PURGED"}
    assert len(await fetch("SELECT 1 FROM audit_entries WHERE action = 'MINOR_PURGED'")) == 2, "each once"
