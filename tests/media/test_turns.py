"""Pictures are looked at in turns: one person cannot keep the others out."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from app.accounts.sessions import SignedIn
from app.core.clock import SystemClock
from app.integrations.local_store import LocalObjectStore
from app.media.links import UploadLinks
from app.media.references import add_reference_image
from app.media.uploads import Intake, IntakeLimits, create_upload, receive
from tests.conftest import SignUp
from tests.fakes.carriers import DirectQueue
from tests.fakes.consents import consent_office
from tests.fakes.uploads import pieces
from tests.fakes.waiting import until
from tests.media.pictures import painted, saved

P = ParamSpec("P")
R = TypeVar("R")
HASH_KEY = b"k" * 32


class Gate:
    """A compute that takes as long as the test wants."""

    def __init__(self) -> None:
        self.busy_with: list[object] = []
        self.open = asyncio.Event()

    async def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        self.busy_with.append(args[0])
        await self.open.wait()
        return function(*args, **kwargs)


async def test_who_sends_many_slow_pictures_keeps_nobody_out(
    tmp_path: Path, person: SignUp, queue: DirectQueue
) -> None:
    gate, store, clock = Gate(), LocalObjectStore(tmp_path, durable=False), SystemClock()
    intake = Intake(
        store,
        gate,
        UploadLinks(bytes(32), "http://test", clock),
        clock,
        IntakeLimits(10**7, 10**7, 9, 9),
        consent_office(),
    )

    async def add(owner: SignedIn, content: bytes, key: str) -> None:
        upload_id = await create_upload(
            owner.viewer, "image/png", len(content), key=key, intake=intake, hash_key=HASH_KEY
        )
        await receive(upload_id, "image/png", len(content), pieces(content), store)
        await add_reference_image(owner.viewer, upload_id, None, saved=False, key=key, intake=intake, hash_key=HASH_KEY)

    ada, ben = await person("ada"), await person("ben")
    slow, quick = saved(painted()), saved(painted(48, 32))
    many = [asyncio.create_task(add(ada, slow, str(number))) for number in range(4)]

    async def busy() -> bool:
        return bool(gate.busy_with)

    async def ben_is_served() -> bool:
        return quick in gate.busy_with

    await until(busy)
    bens = asyncio.create_task(add(ben, quick, "1"))
    await until(ben_is_served)

    assert gate.busy_with == [slow, quick]
    gate.open.set()
    await asyncio.gather(*many, bens)
    assert gate.busy_with.count(slow) == 4
