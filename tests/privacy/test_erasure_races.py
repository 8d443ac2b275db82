"""What is under way for somebody while they are erased: it is stopped, and what comes of it all the same is thrown
away.

Each of these waits in the middle until the erasure is through, and goes on then.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from app.core import erased_keys, jobs
from app.core.config import Settings
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.erased_keys import KEYS_LAST, Where
from app.core.errors import NotFound
from app.core.ids import uuid7
from app.core.jobs import LeaseLost
from app.core.one_time import OneTimeTokens
from app.core.personal_data import Activity
from app.core.ports import Letter, ObjectStore
from app.core.sweeps import SweepPorts
from app.generation.engines import base
from app.generation.engines.base import Capabilities, Compute, Event, Order
from app.integrations.local_store import LocalObjectStore
from app.mail.kinds import MailKind
from app.mail.service import record_mail
from app.media.avatars import AvatarCopier, request_copy
from app.media.uploads import PART_BYTES, receive
from app.privacy.erasure import Eraser
from app.privacy.objects import object_erasers
from app.processors.fetcher import Fetcher
from app.processors.register import Disclosed, Processor, Register
from app.processors.service import Gate
from app.registries import PERSONAL_DATA, SWEEPS
from tests.conftest import SignUp, inline
from tests.fakes.engines import CAPABILITIES, paint
from tests.fakes.mail import FakeMailer, post_office
from tests.fakes.providers import providers_register
from tests.fakes.sweeping import SIGNER
from tests.generation.workshop import Bench
from tests.media.pictures import painted, saved
from tests.privacy.test_erasure import free, leading_to
from tests.processors.painters import PAINTER

PAINT = Activity.IMAGE_GENERATION


@dataclass
class Pause:
    """Where something waits in the middle."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def here(self) -> None:
        """Wait here."""
        self.reached.set()
        await self.over.wait()


class PausedEngine:
    """Sends the order through the gate, waits, and answers; then asks once more, as one does that tries again."""

    name, title, description = "paused", "Paused", "Waits."
    processor: Processor | None = PAINTER
    capabilities: Capabilities = CAPABILITIES
    retention = None

    def __init__(self, pause: Pause) -> None:
        self.pause = pause
        self.gate = Gate(Register([PAINTER]))

    async def warm(self, compute: Compute) -> None:
        """Nothing to load."""

    async def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Answer late."""
        async with self.gate.disclose("painter", PAINT, order.person, {Disclosed.PROMPT}, order.about):
            await self.pause.here()
        async with self.gate.disclose("painter", PAINT, order.person, {Disclosed.PROMPT}, order.about):
            pass
        yield base.Preview(0, paint(order.seed, 0, 16, 16))
        yield base.ImageReady(0, paint(order.seed, 0, order.width, order.height))


async def erase(person: UUID, store: ObjectStore) -> None:
    """Erase everything of a person."""
    eraser = Eraser(PERSONAL_DATA.values(), object_erasers(store))
    await execute("UPDATE users SET status = 'ERASING', status_before_erasure = status WHERE id = $1", person)
    await eraser.clear(person, free)
    async with transaction():
        await eraser.finish(person)


async def raced(work: Awaitable[object], pause: Pause, person: UUID, store: ObjectStore) -> BaseException | None:
    """Erase while something waits in the middle, let it go on, and return how it failed."""
    task = asyncio.ensure_future(work)
    await asyncio.wait_for(pause.reached.wait(), 20)
    await erase(person, store)
    pause.over.set()
    [end] = await asyncio.gather(task, return_exceptions=True)
    return end if isinstance(end, BaseException) else None


async def objects(store: LocalObjectStore) -> list[str]:
    return [key async for key in store.list("")]


async def test_a_provider_that_answers_afterwards_makes_nothing(
    person: SignUp, settings: Settings, tmp_path: Path
) -> None:
    ada, pause = await person("ada"), Pause()
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    bench = Bench(ada, settings.work, store, [PausedEngine(pause)])
    generation = await bench.create("a canary", count=1, engine="paused")
    job = await bench.job(generation)
    feed_before = await fetch("SELECT count(*) AS number FROM feed_entries")
    assert feed_before[0]["number"] > 0

    failure = await raced(bench.runner().run(job["id"], job["attempt"]), pause, ada.viewer.user_id, store)

    assert failure is None, "the runner finds that the row is gone"
    assert await leading_to(str(ada.viewer.user_id), str(generation), "canary") == {}
    assert await objects(store) == []
    for table in ("pictures", "generated_images", "feed_entries", "feeds", "jobs"):
        assert await fetch(f"SELECT * FROM {table}") == [], table
    first, second = await fetch("SELECT subject_id, object_id, outcome FROM disclosures ORDER BY id")
    assert (first["object_id"], first["outcome"]) == (None, "SENT")
    assert (second["subject_id"], second["object_id"], second["outcome"]) == (None, None, "SENT")


async def test_an_upload_that_arrives_afterwards_is_taken_back(person: SignUp, tmp_path: Path) -> None:
    ada, pause = await person("ada"), Pause()
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    upload = uuid7()
    await execute(
        """INSERT INTO uploads (id, person_id, state, content_type, byte_size, created_at, expires_at)
           VALUES ($1, $2, 'OPEN', 'image/png', $3, now(), now() + interval '1 hour')""",
        upload,
        ada.viewer.user_id,
        PART_BYTES + 1,
    )

    async def chunks() -> AsyncIterator[bytes]:
        yield b"f" * PART_BYTES
        await pause.here()
        yield b"f"

    sending = receive(upload, "image/png", PART_BYTES + 1, chunks(), store)
    assert isinstance(await raced(sending, pause, ada.viewer.user_id, store), NotFound)

    assert await objects(store) == []
    assert await leading_to(str(ada.viewer.user_id)) == {}


async def test_a_picture_that_is_copied_meanwhile_is_not_kept(person: SignUp, tmp_path: Path) -> None:
    ada, pause = await person("ada"), Pause()
    store = LocalObjectStore(tmp_path / "objects", durable=False)

    async def answer(_request: httpx.Request) -> httpx.Response:
        await pause.here()
        return httpx.Response(200, stream=httpx.ByteStream(saved(painted(64, 64))))

    async def resolve(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14"]

    fetcher = Fetcher(max_bytes=10**6, timeout=20, transport=httpx.MockTransport(answer), resolve=resolve)
    copier = AvatarCopier(fetcher, Gate(providers_register()), inline, store)
    async with transaction():
        await request_copy(ada.viewer.user_id, "google", "https://pictures.example.com/ada.png?canary")
    lease = await taken("media.copy_avatar")

    failure = await raced(copier.copy(lease), pause, ada.viewer.user_id, store)

    assert isinstance(failure, NotFound)
    assert await objects(store) == []
    assert await leading_to(str(ada.viewer.user_id), "canary") == {}


async def test_a_letter_that_is_on_its_way_is_the_last_and_one_that_waits_is_not_sent(
    person: SignUp, tmp_path: Path
) -> None:
    ada, pause = await person("ada"), Pause()
    store = LocalObjectStore(tmp_path / "objects", durable=False)

    class SlowMailer(FakeMailer):
        async def send(self, letter: Letter) -> None:
            await pause.here()
            await super().send(letter)

    mailer = SlowMailer()
    office = post_office(mailer, OneTimeTokens(b"k" * 32))
    await execute("UPDATE mails SET state = 'SENT'")
    await execute("DELETE FROM jobs")
    async with transaction():
        for number in range(2):
            await record_mail(
                MailKind.PASSWORD_CHANGED, "ada@example.com", person=ada.viewer.user_id, values={"name": str(number)}
            )
    lease, waiting = await taken("mail.send"), await taken("mail.send")

    failure = await raced(office.send(lease), pause, ada.viewer.user_id, store)
    with pytest.raises(LeaseLost):
        await office.send(waiting)

    assert isinstance(failure, LeaseLost)
    assert len(mailer.letters) == 1
    assert await leading_to(str(ada.viewer.user_id), "ada@example.com") == {}


async def taken(kind: str) -> jobs.Lease:
    """Take a job of a kind."""
    row = await fetch_one("SELECT id, attempt FROM jobs WHERE kind = $1 AND state = 'QUEUED' ORDER BY id", kind)
    assert row is not None
    lease = await jobs.take(row["id"], row["attempt"], KEYS_LAST)
    assert lease is not None
    return lease


async def test_bytes_that_a_dead_process_had_under_way_are_found_by_their_keys(person: SignUp, tmp_path: Path) -> None:
    """They land after everything else: the sweep that forgets the keys erases them, a day later."""
    ada = await person("ada")
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    picture = uuid7()
    await execute(
        """INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
           VALUES ($1, $2, 'PENDING', 8, 8, 'x', '{}', now())""",
        picture,
        ada.viewer.user_id,
    )
    [alias] = await fetch("SELECT id FROM subject_aliases WHERE user_id = $1", ada.viewer.user_id)
    await erase(ada.viewer.user_id, store)
    await store.put(f"pictures/{picture}/original.png", b"a face")

    noted = [key async for keys in erased_keys.noted(alias["id"], Where.OBJECTS) for key in keys]
    assert noted == [f"pictures/{picture}/"]
    await execute("UPDATE erased_keys SET erased_at = now() - interval '25 hours'")
    sweep, ports = SWEEPS["erased_keys"], SweepPorts(store, SIGNER)
    [row] = await fetch("SELECT now() AS now")
    prepared = await sweep.prepare(ports, row["now"], 10)
    async with transaction():
        assert await sweep.end(ports, row["now"], 10, prepared) == 1
    assert await objects(store) == []
