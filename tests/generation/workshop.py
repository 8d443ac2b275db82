"""A workshop without a server: ask for pictures, run their job, look at everything that it left."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from app.accounts.sessions import SignedIn
from app.core import jobs
from app.core.clock import SystemClock
from app.core.concerns import WorkSettings
from app.core.db import Row, execute, fetch, fetch_one
from app.core.one_time import OneTimeTokens
from app.core.ports import ObjectStore
from app.core.sweeps import SweepPorts
from app.gallery.service import publish
from app.generation.engines.base import Engine
from app.generation.engines.registry import Engines
from app.generation.fulfilment import Studio
from app.generation.service import create_generation
from app.generation.wishes import Wish
from app.journal.writing import Journal
from app.marketing.readership import Readership
from app.media.avatars import MAX_BYTES, AvatarCopier
from app.media.service import delete_bytes
from app.media.variants import Variant
from app.privacy.erasure import Eraser
from app.privacy.objects import object_erasers
from app.processors.fetcher import Fetcher
from app.processors.service import Gate
from app.registries import JOB_KINDS, PERSONAL_DATA, SWEEPS
from app.retention.service import Sweeper
from tests.conftest import SUBJECT_KEY, inline
from tests.fakes.consents import consent_office, purpose_limitation
from tests.fakes.mail import FakeMailer, post_office
from tests.fakes.privacy import run_ports
from tests.fakes.providers import providers_register
from tests.fakes.sweeping import SIGNER
from workers.context import WorkerContext
from workers.runner import Runner
from workers.settings import HANDLERS

RARELY = 60.0
"""Seconds between renewals where a test wants none."""


@dataclass
class Bench:
    """One person, a store, engines; each runner is a worker process."""

    owner: SignedIn
    settings: WorkSettings
    store: ObjectStore
    engines: list[Engine]
    keys: dict[UUID, UUID] = field(default_factory=dict)

    async def create(self, prompt: str = "a person", count: int = 2, engine: str = "faulty", key: str = "") -> UUID:
        """Ask for pictures, at the command."""
        return await create_generation(
            self.owner.viewer,
            Wish(prompt=prompt, engine=engine, width=64, height=64, count=count, seed="7"),
            key=key or str(uuid4()),
            engines=Engines(self.engines),
            clock=SystemClock(),
            hash_key=b"k" * 32,
            consents=consent_office(),
        )

    def runner(self, *, renewal: float = RARELY, lease: float = 10.0, store: ObjectStore | None = None) -> Runner:
        """Return a worker."""
        settings = self.settings.model_copy(update={"job_renewal": renewal, "job_lease": lease})
        studio = Studio(Engines(self.engines), inline, store or self.store, publish, SUBJECT_KEY, purpose_limitation())
        return Runner(
            WorkerContext(
                settings,
                studio,
                post_office(FakeMailer(), OneTimeTokens(b"k" * 32)),
                AvatarCopier(Fetcher(max_bytes=MAX_BYTES, timeout=5.0), Gate(providers_register()), inline, self.store),
                SIGNER,
                Readership(purpose_limitation()),
                Eraser(PERSONAL_DATA.values(), object_erasers(self.store)),
                Sweeper(SWEEPS, SweepPorts(self.store, SIGNER), SystemClock()),
                run_ports(self.store, SIGNER, providers_register()),
                Journal(self.store, SIGNER, timedelta(days=35)),
            ),
            JOB_KINDS,
            HANDLERS,
        )

    async def job(self, generation_id: UUID) -> Row:
        """Return the generation's job row."""
        row = await fetch_one("SELECT * FROM jobs WHERE payload ->> 'generation' = $1", str(generation_id))
        assert row is not None
        return row

    async def attempt(self, generation_id: UUID, runner: Runner | None = None) -> Row:
        """Run the job once, whenever it is due, and return its row."""
        row = await self.job(generation_id)
        await execute("UPDATE jobs SET run_after = now() WHERE id = $1", row["id"])
        await (runner or self.runner()).run(row["id"], row["attempt"])
        return await self.job(generation_id)

    async def lapse(self, generation_id: UUID) -> None:
        """Let the lease's time pass."""
        await execute(
            "UPDATE jobs SET lease_until = now() - interval '1 second' WHERE payload ->> 'generation' = $1",
            str(generation_id),
        )

    async def recover(self, generation_id: UUID) -> None:
        """What happens after a crash: the lease lapses, the dispatcher finds the row, a worker takes it."""
        await self.lapse(generation_id)
        for _, job_id, attempt in await jobs.claim_due(timedelta()):
            await self.runner().run(job_id, attempt)

    async def generation(self, generation_id: UUID) -> Row:
        """Return the generation's row."""
        row = await fetch_one("SELECT * FROM generations WHERE id = $1", generation_id)
        assert row is not None
        return row

    async def events(self, generation_id: UUID) -> list[str]:
        """Return the types of the generation's feed entries, in order."""
        rows = await fetch("SELECT type FROM feed_entries WHERE object_id = $1 ORDER BY sequence", generation_id)
        return [row["type"] for row in rows]

    async def images(self, generation_id: UUID) -> list[Row]:
        """Return the outcomes, by index."""
        return await fetch("SELECT * FROM generated_images WHERE generation_id = $1 ORDER BY index", generation_id)

    async def pictures(self, state: str) -> set[UUID]:
        """Return the ids of the owner's pictures in a state."""
        rows = await fetch(
            "SELECT id FROM pictures WHERE person_id = $1 AND state = $2", self.owner.viewer.user_id, state
        )
        return {row["id"] for row in rows}

    async def objects(self) -> dict[UUID, int]:
        """Return how many objects the store has of each picture."""
        found: dict[UUID, int] = {}
        async for key in self.store.list("pictures/"):
            picture_id = UUID(key.split("/")[1])
            found[picture_id] = found.get(picture_id, 0) + 1
        return found


async def assert_whole(bench: Bench, generation_id: UUID, count: int) -> None:
    """Everything happened once, and what a crash left is found and removed, bytes and row."""
    generation, job = await bench.generation(generation_id), await bench.job(generation_id)
    assert (generation["status"], job["state"]) == ("SUCCEEDED", "SUCCEEDED")
    images = await bench.images(generation_id)
    assert [image["index"] for image in images] == list(range(count))
    expected = ["QUEUED", "STARTED", *["IMAGE_READY"] * count, "SUCCEEDED"]
    assert await bench.events(generation_id) == expected
    own = {image["picture_id"] for image in images}
    assert len(own) == count
    stored, pending = await bench.pictures("STORED"), await bench.pictures("PENDING")
    assert own <= stored
    objects = await bench.objects()
    assert objects.keys() <= stored | pending
    while await delete_bytes(bench.store, timedelta()):
        pass
    assert await bench.pictures("PENDING") == set()
    assert await bench.objects() == dict.fromkeys(stored, len(Variant))
    assert len(stored) == len(await fetch("SELECT id FROM generated_images WHERE picture_id IS NOT NULL"))
