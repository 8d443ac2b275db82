"""A process that dies at any point of an upload: what it left is found and removed, and trying again works."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.accounts.sessions import SignedIn
from app.consents.purposes import Method
from app.consents.service import Choice, Way, decide
from app.core.clock import SystemClock
from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch, transaction
from app.core.errors import Conflict
from app.core.ports import ObjectStore
from app.integrations.local_store import LocalObjectStore
from app.media.acknowledgement import CURRENT, Acknowledged, FaceStatement
from app.media.links import UploadLinks
from app.media.references import add_reference_image
from app.media.service import delete_bytes
from app.media.uploads import GRACE, Intake, IntakeLimits, create_upload, receive
from app.media.variants import Variant
from tests.conftest import SignUp, inline
from tests.fakes.carriers import Crash, DirectQueue
from tests.fakes.consents import consent_office
from tests.fakes.crashes import CrashPoints, DyingStore, dying_at_commits, dying_at_statements
from tests.fakes.sweeping import swept
from tests.fakes.uploads import pieces
from tests.media.faces import drawn_face

CONTENT = drawn_face()
HASH_KEY = b"k" * 32
SAID = Acknowledged(CURRENT.version, FaceStatement.OWN_FACE)
Dying = Callable[[CrashPoints], AbstractContextManager[None]]


class Desk:
    """One person who sends a picture, at the commands."""

    def __init__(self, owner: SignedIn, store: ObjectStore) -> None:
        self.owner = owner
        self.store = store
        self.dying = DyingStore(store)
        links = UploadLinks(bytes(32), "http://test", SystemClock())
        self.intake = Intake(
            self.dying, inline, links, SystemClock(), IntakeLimits(10**7, 10**7, 1000, 1000), consent_office()
        )

    async def announce(self, key: str = "") -> UUID:
        return await create_upload(
            self.owner.viewer, "image/png", len(CONTENT), key=key or str(uuid4()), intake=self.intake, hash_key=HASH_KEY
        )

    async def send(self, upload_id: UUID) -> None:
        await receive(upload_id, "image/png", len(CONTENT), pieces(CONTENT), self.dying)

    async def sent(self) -> UUID:
        upload_id = await self.announce()
        await self.send(upload_id)
        return upload_id

    async def add(self, upload_id: UUID, key: str) -> UUID:
        return await add_reference_image(
            self.owner.viewer, upload_id, SAID, saved=True, key=key, intake=self.intake, hash_key=HASH_KEY
        )

    async def withdraw(self) -> None:
        """Have the next picture record a consent: a yes that is there already is not recorded again."""
        choice, way = Choice(ConsentPurpose.FACE_REFERENCE_IMAGES, False), Way(Method.API)
        async with transaction():
            await decide(self.owner.viewer.user_id, [choice], None, self.intake.consents, way)

    async def objects(self, folder: str) -> set[UUID]:
        return {UUID(key.split("/")[1]) async for key in self.store.list(folder)}

    async def swept(self) -> None:
        """Nothing is in the store that no row stands for; then, hours later, no trace is left of what was not used."""
        assert await self.objects("uploads/") <= await ids("uploads")
        assert await self.objects("pictures/") <= await ids("pictures")
        await execute("UPDATE uploads SET expires_at = now() - $1::interval", GRACE + timedelta(seconds=1))
        await swept("uploads", self.store)
        await delete_bytes(self.store, timedelta())
        assert await self.objects("uploads/") == await ids("uploads") == set()
        assert await self.objects("pictures/") == await ids("pictures")
        keys = [key async for key in self.store.list("pictures/")]
        assert len(keys) == len(Variant) * len(await ids("reference_images"))


async def ids(table: str) -> set[UUID]:
    return {row["id"] for row in await fetch(f"SELECT id FROM {table}")}


@pytest.fixture
async def desk(person: SignUp, tmp_path: Path, queue: DirectQueue) -> Desk:
    return Desk(await person("ada"), LocalObjectStore(tmp_path / "objects", durable=False))


async def dies(dying: Dying, work: Callable[[], Awaitable[object]], at: int) -> None:
    async def run() -> None:
        await work()

    with dying(CrashPoints(at)), pytest.raises(Crash):
        await asyncio.create_task(run())


async def points_of(dying: Dying, work: Callable[[], Awaitable[object]]) -> int:
    async def run() -> None:
        await work()

    points = CrashPoints()
    with dying(points):
        await asyncio.create_task(run())
    return points.passed


@pytest.mark.parametrize("dying", [dying_at_commits, dying_at_statements])
async def test_announcing_survives_a_crash_at_every_point(desk: Desk, dying: Dying) -> None:
    number = await points_of(dying, desk.announce)
    assert number >= 2
    for at in range(number):
        key, before = f"crash {at}", len(await ids("uploads"))
        await dies(dying, lambda key=key: desk.announce(key), at)  # type: ignore[misc]
        assert await desk.announce(key) == await desk.announce(key)
        assert len(await ids("uploads")) == before + 1


async def test_sending_survives_a_crash_at_every_point(desk: Desk) -> None:
    upload_id = await desk.announce()
    number = await points_of(dying_at_statements, lambda: desk.send(upload_id))
    assert number == 3
    for at in range(number):
        upload_id = await desk.announce()
        await dies(dying_at_statements, lambda id=upload_id: desk.send(id), at)  # type: ignore[misc]
        [row] = await fetch("SELECT state FROM uploads WHERE id = $1", upload_id)
        assert row["state"] == ("OPEN" if at < 2 else "RECEIVING")
        if row["state"] == "RECEIVING":
            with pytest.raises(Conflict):
                await desk.send(upload_id)
        else:
            await desk.send(upload_id)
    await desk.swept()


async def test_sending_survives_a_crash_around_every_write_to_the_store(desk: Desk) -> None:
    for at in range(2):
        upload_id = await desk.announce()
        desk.dying.points = CrashPoints(at)
        with pytest.raises(Crash):
            await desk.send(upload_id)
        assert len(await desk.objects("uploads/")) == at
        with pytest.raises(Conflict):
            await desk.send(upload_id)
    desk.dying.points = CrashPoints()
    await desk.swept()


@pytest.mark.parametrize("dying", [dying_at_commits, dying_at_statements])
async def test_adding_survives_a_crash_at_every_point(desk: Desk, dying: Dying) -> None:
    upload_id = await desk.sent()
    await desk.withdraw()
    number = await points_of(dying, lambda: desk.add(upload_id, "whole"))
    assert number >= 4
    for at in range(number):
        await desk.withdraw()
        upload_id, key, before = await desk.sent(), f"crash {at}", await ids("reference_images")
        await dies(dying, lambda id=upload_id, key=key: desk.add(id, key), at)  # type: ignore[misc]

        reference_id = await desk.add(upload_id, key)

        assert await ids("reference_images") == before | {reference_id}
        records = await fetch("SELECT 1 FROM face_acknowledgements WHERE reference_image_id = $1", reference_id)
        assert len(records) == 1
        assert len(await ids("face_acknowledgements")) == len(before) + 1
        assert len(await fetch("SELECT 1 FROM consent_records WHERE granted")) == len(before) + 1
    await desk.swept()


async def test_adding_survives_a_crash_around_every_write_to_the_store(desk: Desk) -> None:
    for at in range(2 * len(Variant)):
        upload_id = await desk.sent()
        desk.dying.points = CrashPoints(at)
        with pytest.raises(Crash):
            await desk.add(upload_id, f"crash {at}")
        desk.dying.points = CrashPoints()
        await desk.add(upload_id, f"crash {at}")
    assert len(await ids("reference_images")) == 2 * len(Variant)
    await desk.swept()


async def test_ten_at_once_make_one(desk: Desk) -> None:
    upload_id = await desk.sent()
    made = await asyncio.gather(*(desk.add(upload_id, str(n)) for n in range(10)), return_exceptions=True)
    assert len([result for result in made if isinstance(result, UUID)]) == 1
    assert len(await ids("reference_images")) == len(await ids("face_acknowledgements")) == 1
    await desk.swept()
