"""Pictures of people themselves: copied once, square and small, without metadata; gone when they say so."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from PIL import Image

from app.accounts.sessions import SignedIn
from app.core import jobs
from app.core.db import execute, fetch, transaction
from app.core.jobs import Lease
from app.integrations.local_store import LocalObjectStore
from app.media.avatars import AvatarCopier, request_copy, update_profile
from app.media.service import delete_bytes
from app.processors.fetcher import Fetcher, FetchFailed
from app.processors.service import Gate
from tests.conftest import SignUp, inline
from tests.fakes.carriers import Crash, DirectQueue
from tests.fakes.crashes import CrashPoints, DyingStore, dying_at_commits, dying_at_statements
from tests.fakes.providers import providers_register
from tests.fakes.sweeping import swept
from tests.media.pictures import painted, saved

Dying = Callable[[CrashPoints], AbstractContextManager[None]]
URL = "https://pictures.example.com/ada.png?secret=canary"


class Desk:
    """One person whose picture is elsewhere, and the job that copies it."""

    def __init__(self, owner: SignedIn, folder: Path) -> None:
        self.person_id = owner.viewer.user_id
        self.viewer = owner.viewer
        self.folder = folder
        self.store = LocalObjectStore(folder, durable=False)
        self.dying = DyingStore(self.store)
        self.asked: list[httpx.Request] = []
        fetcher = Fetcher(
            max_bytes=10**6, timeout=5, transport=httpx.MockTransport(self._answer), resolve=self._resolve
        )
        self.copier = AvatarCopier(fetcher, Gate(providers_register()), inline, self.dying)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(200, stream=httpx.ByteStream(saved(painted(640, 400))))

    async def _resolve(self, host: str, _port: int) -> list[str]:
        return ["93.184.215.14" if host == "pictures.example.com" else "10.0.0.7"]

    async def request(self, url: str = URL, processor: str = "google") -> None:
        async with transaction():
            await request_copy(self.person_id, processor, url)

    async def lease(self) -> Lease:
        """Take the job, also from a worker that died."""
        await execute("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL")
        [row] = await fetch("SELECT id, attempt FROM jobs WHERE kind = 'media.copy_avatar' AND state <> 'SUCCEEDED'")
        lease = await jobs.take(row["id"], row["attempt"], timedelta(seconds=30))
        assert lease is not None
        return lease

    async def copy(self) -> None:
        await self.copier.copy(await self.lease())

    async def pictures(self) -> list[UUID]:
        return [row["picture_id"] for row in await fetch("SELECT picture_id FROM avatars")]

    async def swept(self) -> None:
        """Nothing is left but what is shown."""
        await delete_bytes(self.store, timedelta())
        shown = await self.pictures()
        assert [row["id"] for row in await fetch("SELECT id FROM pictures")] == shown
        assert [key async for key in self.store.list("pictures/")] == [f"pictures/{id}/small.webp" for id in shown]


@pytest.fixture
async def desk(person: SignUp, tmp_path: Path, queue: DirectQueue) -> Desk:
    return Desk(await person("ada"), tmp_path / "objects")


async def test_a_picture_is_copied_square_and_small_and_its_address_forgotten(desk: Desk) -> None:
    await desk.request()
    [job] = await fetch("SELECT payload::text AS payload FROM jobs WHERE kind = 'media.copy_avatar'")
    assert "canary" not in job["payload"]

    await desk.copy()

    [picture] = await desk.pictures()
    with Image.open(desk.folder / f"pictures/{picture}/small.webp") as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))
        assert image.getexif() == {}
    assert await fetch("SELECT id FROM avatar_sources") == []
    assert len(desk.asked) == 1
    await desk.swept()


REFUSED = {
    "inside": ("https://inside.example.com/x.png", "google"),
    "plain": ("http://pictures.example.com/x.png", "google"),
    "no address": ("javascript:alert(1)", "google"),
    "of nobody who is declared": (URL, "somebody"),
}


@pytest.mark.parametrize(("url", "processor"), REFUSED.values(), ids=REFUSED)
async def test_what_must_not_be_fetched_is_forgotten(desk: Desk, url: str, processor: str) -> None:
    await desk.request(url, processor)
    await desk.copy()

    assert desk.asked == []
    assert await fetch("SELECT id FROM avatar_sources") == []
    await desk.swept()


async def test_what_is_no_picture_is_not_kept_and_what_may_come_later_is_tried_again(desk: Desk) -> None:
    answers = [httpx.Response(503), httpx.Response(200, stream=httpx.ByteStream(b"<html>"))]
    transport = httpx.MockTransport(lambda _request: answers.pop(0))
    fetcher = Fetcher(max_bytes=10**6, timeout=5, transport=transport, resolve=desk._resolve)
    copier = AvatarCopier(fetcher, desk.copier.gate, inline, desk.store)
    await desk.request()

    with pytest.raises(FetchFailed):
        await copier.copy(await desk.lease())
    assert len(await fetch("SELECT id FROM avatar_sources")) == 1
    await copier.copy(await desk.lease())

    assert await fetch("SELECT id FROM avatar_sources") == []
    await desk.swept()


async def test_another_picture_takes_the_place_of_the_first_and_both_go_with_it(desk: Desk) -> None:
    for _ in range(2):
        await desk.request()
        await desk.copy()
    assert len(await desk.pictures()) == 1
    await desk.swept()

    await desk.request()
    await update_profile(desk.viewer, None, remove_avatar=True)
    await desk.copy()  # it was under way

    assert await desk.pictures() == []
    await desk.swept()


async def test_an_address_whose_job_is_lost_is_forgotten(desk: Desk) -> None:
    await desk.request()
    assert await swept("avatar_sources") == 0
    await execute("UPDATE avatar_sources SET created_at = now() - interval '25 hours'")
    assert await swept("avatar_sources") == 1


async def dies(dying: Dying, work: Callable[[], Awaitable[None]], at: int | None) -> int:
    points = CrashPoints(at)
    with dying(points):
        if at is None:
            await work()
        else:
            with pytest.raises(Crash):
                await work()
    return points.passed


@pytest.mark.parametrize("dying", [dying_at_commits, dying_at_statements])
async def test_copying_survives_a_crash_at_every_point(desk: Desk, dying: Dying) -> None:
    await desk.request()
    lease = await desk.lease()
    number = await dies(dying, lambda: desk.copier.copy(lease), None)
    assert number >= 2
    for at in range(number):
        await desk.request()
        lease = await desk.lease()
        await dies(dying, lambda lease=lease: desk.copier.copy(lease), at)  # type: ignore[misc]
        if await fetch("SELECT id FROM jobs WHERE kind = 'media.copy_avatar' AND state <> 'SUCCEEDED'"):
            await desk.copy()
        assert await fetch("SELECT id FROM avatar_sources") == []
        assert len(await desk.pictures()) == 1
    await desk.swept()


async def test_copying_survives_a_crash_around_the_write_to_the_store(desk: Desk) -> None:
    for at in range(2):
        await desk.request()
        desk.dying.points = CrashPoints(at)
        with pytest.raises(Crash):
            await desk.copy()
        desk.dying.points = CrashPoints()
        await desk.copy()
        assert len(await desk.pictures()) == 1
    await desk.swept()
