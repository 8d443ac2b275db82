"""A process may die at any commit of an export: it ends completed, once, with one archive and the same counts."""

import asyncio
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from app.core import jobs
from app.core.db import execute, fetch, transaction
from app.core.jobs import LeaseLost
from app.core.privacy_rights import PrivacyRight
from app.integrations.local_store import LocalObjectStore
from app.privacy import archives
from app.privacy.asked import Asked
from app.privacy.requests import Requester, open_request
from app.privacy.run import run_request
from app.privacy.status import Channel
from app.registries import PERSONAL_DATA
from tests.conftest import SignUp
from tests.fakes.carriers import Crash, DirectQueue
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.fakes.privacy import OFFICE, export_office, run_ports
from tests.fakes.providers import providers_register
from tests.privacy.export.exporting import SIGNER, put_pictures
from tests.privacy.export.test_memory import make_generations

TABLES = ("generations", "pictures")
"""An export of fewer tables has as many kinds of commits."""
MADE = 2
WORK = timedelta(minutes=10)


class Desk:
    """Somebody whose requests are carried out by processes that may die."""

    def __init__(self, person: UUID, store: LocalObjectStore) -> None:
        self.person = person
        self.store = store
        registry = {table: PERSONAL_DATA[table] for table in TABLES}
        ports = run_ports(store, SIGNER, providers_register())
        self.ports = replace(ports, exports=export_office(store, SIGNER, registry))

    async def ask(self) -> UUID:
        async with transaction():
            who = Requester(self.person, Channel.SIGNED_IN, proved=True)
            request, is_new = await open_request(Asked(PrivacyRight.ACCESS), who, OFFICE)
        assert is_new
        return request

    async def run(self, request: UUID, at: int | None) -> CrashPoints | None:
        """Carry a request out in a process that dies at a point; return what it passed if it did not."""
        await execute("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'RUNNING'")
        [job] = await fetch("SELECT id, attempt, state FROM jobs WHERE payload ->> 'request' = $1", str(request))
        if job["state"] == "SUCCEEDED":  # it died after its last commit
            return CrashPoints()
        lease = await jobs.take(job["id"], job["attempt"], WORK)
        assert lease
        points = CrashPoints(at)

        async def process() -> None:
            with dying_at_commits(points):
                await run_request(lease, request, self.ports)

        try:
            await asyncio.create_task(process())
        except Crash:
            return None
        return points


@pytest.fixture
async def desk(person: SignUp, queue: DirectQueue, tmp_path: Path) -> Desk:
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    ada = (await person("ada")).viewer.user_id
    await make_generations(ada, MADE)
    await put_pictures(store, ada)
    return Desk(ada, store)


async def test_an_export_that_dies_anywhere_ends_once(desk: Desk) -> None:
    passed = await desk.run(await desk.ask(), None)
    assert passed
    expected, dying = await ended(desk), passed.passed
    await execute("DELETE FROM privacy_archives")

    for at in range(dying):
        request = await desk.ask()
        if await desk.run(request, at) is None:
            await desk.run(request, None)
        assert await ended(desk) == expected, at
        await execute("DELETE FROM privacy_archives")
    print(f"an export died at each of {dying} points")
    assert dying > 2 * (2 * len(TABLES) + 3)


async def ended(desk: Desk) -> dict[str, int]:
    """Return the counts of the last request, which is completed and has one whole archive."""
    [request] = await fetch("SELECT id, status, receipt FROM privacy_requests ORDER BY id DESC LIMIT 1")
    assert request["status"] == "COMPLETED"
    told = await fetch("SELECT 1 FROM feed_entries WHERE object_id = $1 AND type = 'PRIVACY_COMPLETED'", request["id"])
    assert len(told) == 1
    archive = (await archives.archives_of([request["id"]], OFFICE.clock.now()))[request["id"]]
    assert archive.byte_size == sum([len(chunk) async for chunk in archives.bytes_of(archive, desk.store)])
    keys = {key.rpartition("/")[0] async for key in desk.store.list(f"{archive.prefix}/")}
    assert keys == {archive.place}, "what was begun is gone"
    counts = SIGNER.verify(request["receipt"], "privacy-receipt+jwt")["steps"]
    return {step["holder"]: step["count"] for step in counts}


async def test_a_table_that_comes_with_a_deployment_is_collected_too(desk: Desk) -> None:
    request = await desk.ask()
    assert await desk.run(request, 9) is None
    registry = {table: PERSONAL_DATA[table] for table in (*TABLES[1:], "users")}
    desk.ports = replace(desk.ports, exports=replace(desk.ports.exports, registry=registry))

    await desk.run(request, None)

    await ended(desk)
    [row] = await fetch("SELECT id FROM privacy_archives")
    archive = await archives.archive_by_id(row["id"], OFFICE.clock.now())
    assert archive
    content = b"".join([chunk async for chunk in archives.bytes_of(archive, desk.store)])
    with zipfile.ZipFile(BytesIO(content)) as packed:
        assert {name for name in packed.namelist() if name.startswith("data/")} == {
            "data/pictures.json",
            "data/users.json",
        }


async def test_what_ends_after_the_person_is_gone_leaves_nothing(desk: Desk) -> None:
    """Erased while the archive is packed: the late result is thrown away, bytes and all."""
    request = await desk.ask()

    class Erasing:
        """A store that loses the row as soon as the archive's bytes are there."""

        def __getattr__(self, name: str) -> object:
            return getattr(desk.store, name)

        async def put(self, key: str, content: bytes) -> None:
            await desk.store.put(key, content)
            if "/zip-" in key:
                await execute("DELETE FROM privacy_archives")

    exports = replace(desk.ports.exports, store=Erasing())  # type: ignore[arg-type]
    desk.ports = replace(desk.ports, exports=exports)
    with pytest.raises(LeaseLost):
        await desk.run(request, None)

    assert not any(["/zip-" in key async for key in desk.store.list("exports/")])
