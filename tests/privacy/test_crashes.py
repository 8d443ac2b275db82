"""A worker dies at every commit of a request: the next one ends it, once, and the receipt says the same.

By default it dies at some of them, as many as are cheap; with `ANYPEOPLE_CRASHES=1000` at every one.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.db import Row, execute, fetch, fetch_one
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked
from app.privacy.asking import submit
from app.registries import PERSONAL_DATA
from tests.conftest import SignUp
from tests.fakes.carriers import Crash, DirectQueue
from tests.fakes.crashes import CrashPoints, dying_at_commits
from tests.fakes.mail import FakeMailer
from tests.fakes.privacy import OFFICE
from tests.privacy.planting import Planter
from workers.runner import Runner

POINTS = int(os.environ.get("ANYPEOPLE_CRASHES", "4"))
"""At how many points a worker dies, at most."""
RIGHTS = {PrivacyRight.ERASURE: "Your account is deleted", PrivacyRight.ACCESS: "Your privacy request is done"}
"""What is asked for, and the subject of the letter that says that it is done."""


@dataclass
class Trial:
    """People who ask for the same, each with as much as the others, and the workers that carry it out."""

    right: PrivacyRight
    sign_up: SignUp
    planter: Planter
    runner: Runner
    mailer: FakeMailer

    async def ask(self) -> tuple[str, UUID]:
        """Have somebody new ask; return their address and the request. The letters so far are sent."""
        name = f"ada-{uuid4().hex[:8]}"
        person = await self.sign_up(name)
        await self.planter.plant(person.viewer.user_id)
        asked = Asked(self.right, waive_grace=True)
        request = await submit(person.viewer, asked, OFFICE, key="once", hash_key=b"k" * 32)
        await execute("UPDATE jobs SET state = 'CANCELED' WHERE kind = 'mail.send' AND state = 'QUEUED'")
        return f"{name}@example.com", request.id

    async def carry_out(self, request_id: UUID, points: CrashPoints) -> None:
        """Be the worker that carries a request out, and dies at a point of that. Raises Crash."""
        while job := await self._job(request_id):
            await execute("UPDATE jobs SET run_after = now() WHERE id = $1", job["id"])
            with dying_at_commits(points):
                await asyncio.create_task(self.runner.run(job["id"], job["attempt"]))
            await self.run_others()

    async def go_on(self, request_id: UUID) -> None:
        """Do what happens next: the lease lapses, the dispatcher finds what is due, workers that live do it."""
        await execute("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'RUNNING'")
        await self.run_others()
        await self.carry_out(request_id, CrashPoints())
        await self.run_others()

    async def run_others(self) -> None:
        """Send the mails that wait."""
        for job in await fetch("SELECT id, attempt FROM jobs WHERE state = 'QUEUED' AND kind = 'mail.send'"):
            await self.runner.run(job["id"], job["attempt"])

    async def _job(self, request_id: UUID) -> Row | None:
        return await fetch_one(
            """SELECT j.id, j.attempt FROM jobs j JOIN privacy_requests r ON r.job_id = j.id
               WHERE r.id = $1 AND j.state IN ('QUEUED', 'RUNNING')""",
            request_id,
        )

    async def outcome(self, address: str, request_id: UUID) -> Mapping[str, Any]:
        """Return what a receipt says was done. It is one, and so is the letter."""
        request = await fetch_one("SELECT status, receipt FROM privacy_requests WHERE id = $1", request_id)
        assert request is not None
        assert request["status"] == "COMPLETED"
        letters = {letter.id for letter in self.mailer.to(address) if letter.subject == RIGHTS[self.right]}
        assert len(letters) == 1
        _, claims = self.runner.context.requests.signer.verifier.read(request["receipt"])
        assert claims["jti"] == str(request_id)
        return {f"{step['action']} {step['holder']}": step["count"] for step in claims["steps"]}


@pytest.mark.parametrize("right", RIGHTS)
async def test_a_worker_that_dies_anywhere_leaves_what_the_next_one_ends(
    right: PrivacyRight, person: SignUp, queue: DirectQueue, runner: Runner, mailer: FakeMailer
) -> None:
    trial = Trial(right, person, await Planter.of(PERSONAL_DATA), runner, mailer)
    undisturbed = CrashPoints()
    await trial.ask()  # so that tables of nobody have a row for everybody
    address, request_id = await trial.ask()
    await trial.carry_out(request_id, undisturbed)
    expected = await trial.outcome(address, request_id)
    stride = max(1, undisturbed.passed // POINTS) | 1  # odd: before a commit and after one in turn
    places = range(stride // 2, undisturbed.passed, stride)
    print(f"{right}: {undisturbed.passed} points around {undisturbed.passed // 2} commits; died at {len(places)}")

    for at in places:
        address, request_id = await trial.ask()
        with pytest.raises(Crash):
            await trial.carry_out(request_id, CrashPoints(at))
        await trial.go_on(request_id)
        assert await trial.outcome(address, request_id) == expected, at
