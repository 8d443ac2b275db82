"""Pictures' bytes and rows: no object without a row, whatever is cut off."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.core.clock import SystemClock
from app.core.db import execute, fetch
from app.integrations.local_store import LocalObjectStore
from app.media.links import UploadLinks
from app.media.service import delete_bytes, upload
from app.media.uploads import Intake, IntakeLimits, create_upload, delete_used, receive
from app.media.variants import EncodedVariant, PreparedPicture, Variant
from tests.conftest import SignUp, inline
from tests.fakes.consents import consent_office
from tests.fakes.sweeping import swept
from tests.fakes.uploads import pieces
from tests.fakes.waiting import until

PICTURE = PreparedPicture(8, 8, "x", tuple(EncodedVariant(variant, b"bytes", 8, 8) for variant in Variant))


class SlowDisk(ThreadPoolExecutor):
    """The first call waits until `go`; like every thread it goes on when nobody waits for it any more."""

    def __init__(self) -> None:
        super().__init__(4)
        self.begun, self.go = threading.Event(), threading.Event()
        self.first: Future[Any] | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the call in a thread."""
        if self.first is not None:
            return super().submit(fn, *args, **kwargs)
        self.first = super().submit(self._slowly, fn)
        return self.first

    def _slowly(self, call: Callable[[], Any]) -> None:
        self.begun.set()
        self.go.wait(60)
        call()


async def test_a_write_that_arrives_after_its_upload_was_cancelled_is_found_and_deleted(
    tmp_path: Path, person: SignUp
) -> None:
    ada, disk = await person("ada"), SlowDisk()
    asyncio.get_running_loop().set_default_executor(disk)
    store = LocalObjectStore(tmp_path, durable=False)

    async def objects() -> list[str]:
        return [key async for key in store.list("")]

    async def begun() -> bool:
        return disk.begun.is_set()

    uploading = asyncio.create_task(upload(ada.viewer.user_id, PICTURE, store))
    await until(begun)
    uploading.cancel()
    await asyncio.wait([uploading], timeout=20)
    assert uploading.cancelled()
    assert await objects() == []
    disk.go.set()
    await until(objects)

    await delete_bytes(store, timedelta())

    assert await objects() == []
    assert await fetch("SELECT id FROM pictures") == []


async def test_a_write_that_arrives_after_its_upload_was_used_is_found_and_deleted(
    tmp_path: Path, person: SignUp
) -> None:
    ada, disk, clock = await person("ada"), SlowDisk(), SystemClock()
    asyncio.get_running_loop().set_default_executor(disk)
    store = LocalObjectStore(tmp_path, durable=False)
    intake = Intake(
        store, inline, UploadLinks(bytes(32), "http://test", clock), clock, IntakeLimits(99, 99, 1, 1), consent_office()
    )
    upload_id = await create_upload(ada.viewer, "image/png", 5, key="1", intake=intake, hash_key=b"k" * 32)

    async def objects() -> list[str]:
        return [key async for key in store.list("")]

    async def begun() -> bool:
        return disk.begun.is_set()

    async def send() -> None:
        await receive(upload_id, "image/png", 5, pieces(b"bytes"), store)

    sending = asyncio.create_task(send())
    await until(begun)
    sending.cancel()
    await asyncio.wait([sending], timeout=20)
    await send()
    await execute("UPDATE uploads SET state = 'DELETED'")
    assert (await delete_used(store), await delete_used(store)) == (1, 0)
    assert await objects() == []
    disk.go.set()
    await until(objects)

    await execute("UPDATE uploads SET expires_at = now() - interval '61 minutes'")
    assert await swept("uploads", store) == 1

    assert await objects() == []
    assert await fetch("SELECT id FROM uploads") == []
