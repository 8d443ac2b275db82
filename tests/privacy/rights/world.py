"""Somebody who asks for a right, what there is about them, and a worker that carries it out."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

import orjson

from app.consents.purposes import Method
from app.consents.service import Choice, Way, decide
from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch, transaction
from app.core.personal_data import Activity
from app.core.receipts import PRIVACY
from app.core.signing import Signer
from app.privacy.asked import Asked, Request, StepRecord, steps_of
from app.privacy.requests import Requester, locked, open_request
from app.privacy.status import Channel
from app.processors.register import Disclosed
from tests.fakes.privacy import CONSENTS, OFFICE
from workers.runner import Runner

GRANTED = (ConsentPurpose.MARKETING_EMAIL, ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT)


class Asking:
    """Asks, and works."""

    def __init__(self, runner: Runner, signer: Signer) -> None:
        self.runner, self._signer = runner, signer

    async def ask(self, asked: Asked, person: UUID | None, address: str | None = None) -> UUID:
        """Ask, proved; return the request."""
        async with transaction():
            id, new = await open_request(asked, Requester(person, Channel.SIGNED_IN, address, proved=True), OFFICE)
        assert new
        return id

    async def work(self, request_id: UUID) -> Request:
        """Run the job, also from a worker that died or before it is due; return the request."""
        [row] = await fetch(
            """UPDATE jobs SET lease_until = now() - interval '1 second', run_after = now(), failures = 0
               WHERE payload ->> 'request' = $1 RETURNING id, attempt""",
            str(request_id),
        )
        await self.runner.run(row["id"], row["attempt"])
        return await self.now(request_id)

    async def now(self, request_id: UUID) -> Request:
        """Return the request as it stands."""
        async with transaction():
            return await locked(request_id)

    async def answer(self, asked: Asked, person: UUID | None, address: str | None = None) -> Request:
        """Ask, and have it carried out to its end."""
        done = await self.work(await self.ask(asked, person, address))
        assert done.status == "COMPLETED", done.status
        return done

    def claims(self, request: Request) -> Mapping[str, object]:
        """Return what the receipt says, which verifies."""
        assert request.receipt is not None
        said: Mapping[str, object] = self._signer.verify(request.receipt, PRIVACY)
        return said


async def steps(request: Request) -> Sequence[StepRecord]:
    """Return its steps."""
    return (await steps_of([request.id]))[request.id]


async def counts(request: Request) -> list[tuple[str, str, int | None]]:
    """Return how much was done where."""
    return [(step.holder, step.status.value, step.count) for step in await steps(request)]


async def give(person: UUID) -> None:
    """Have somebody consent to two things, with a face on file and two things that left."""
    async with transaction():
        choices = [Choice(purpose, True) for purpose in GRANTED]
        await decide(person, choices, None, CONSENTS, Way(Method.API))
    picture = uuid4()
    await execute(
        """INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
           VALUES ($1, $2, 'STORED', 8, 8, 'x', '{}', now())""",
        picture,
        person,
    )
    await execute(
        """INSERT INTO reference_images (id, person_id, picture_id, has_face, saved, created_at, expires_at)
           VALUES (gen_random_uuid(), $1, $2, true, false, now(), now() + interval '1 day')""",
        person,
        picture,
    )
    await sent(person, Activity.IMAGE_GENERATION, Disclosed.FACE)
    await sent(person, Activity.ACCOUNT_MANAGEMENT, Disclosed.ADDRESS)


async def sent(person: UUID, activity: Activity | str, category: Disclosed) -> None:
    """Write down that something left."""
    await execute(
        """INSERT INTO disclosures (id, subject_id, processor, activity, categories, created_at)
           SELECT gen_random_uuid(), id, 'acme', $2, $3, now() FROM subject_aliases WHERE user_id = $1""",
        person,
        str(activity),
        orjson.dumps([category.value]).decode(),
    )
