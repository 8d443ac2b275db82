"""Workers killed for real in the middle of an erasure: the next one ends it, once, and counts the same."""

import signal
from pathlib import Path
from uuid import UUID

from app.core.config import Settings
from app.core.db import execute, fetch
from app.core.keys import derive
from app.core.receipts import ERASURE
from app.core.signing import Signer
from tests.faults.processes import Client, Json, Processes, until
from tests.privacy.asking import SUBMIT
from tests.schema.world import key_of

DEATHS = (20, 40, 60)
"""Commits after which workers are killed: an erasure has some 180."""


async def ask(client: Client) -> UUID:
    """Have a picture made, then ask to be erased at once."""
    generation = await client.create("key", engine="faulty")

    async def is_made() -> bool:
        return await client.status(generation) == "SUCCEEDED"

    await until(is_made, 120, "a picture is made")
    await execute("UPDATE users SET confirmed_email = email")
    said = {"right": "ERASURE", "waiveGrace": True, "idempotencyKey": "once"}
    payload = (await client.execute(SUBMIT, {"input": said}))["submitPrivacyRequest"]
    assert payload["errors"] == []
    return UUID(key_of(payload["request"]["id"]))


async def receipt(request_id: UUID, settings: Settings) -> Json:
    """Wait until a request is done, and return what its receipt says was done."""

    async def is_done() -> bool:
        return await fetch("SELECT 1 FROM privacy_requests WHERE id = $1 AND status = 'COMPLETED'", request_id) != []

    await until(is_done, 120, "the erasure ends")
    [row] = await fetch("SELECT receipt FROM privacy_requests WHERE id = $1", request_id)
    claims = Signer(derive(settings.security.key, "signatures")).verify(row["receipt"], ERASURE)
    return {step["holder"]: (step["count"], step["note"]) for step in claims["steps"]}


async def test_three_workers_are_killed_and_a_fourth_ends_what_they_began(
    processes: Processes, client: Client, settings: Settings, tmp_path: Path
) -> None:
    order = tmp_path / "die"
    workers = [
        processes.start("tests.fakes.dying_worker", f"after {at}", DIE=str(order), DIE_AT=str(at)) for at in DEATHS
    ]
    undisturbed = await receipt(await ask(client), settings)
    client.token = ""
    await client.sign_up()
    order.touch()

    request_id = await ask(client)
    await until(lambda: all(worker.poll() is not None for worker in workers), 120, "three workers are killed")
    assert [worker.returncode for worker in workers] == [-signal.SIGKILL] * 3
    [row] = await fetch("SELECT status FROM privacy_requests WHERE id = $1", request_id)
    assert row["status"] == "IN_PROGRESS"
    processes.start("tests.fakes.worker", "fourth")

    assert await receipt(request_id, settings) == undisturbed
    assert await fetch("SELECT id FROM users") == []
    [job] = await fetch("SELECT state, failures FROM jobs WHERE kind = 'privacy.run' ORDER BY id DESC LIMIT 1")
    assert (job["state"], job["failures"]) == ("SUCCEEDED", len(DEATHS))
    left = [path.parent.name for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    assert left == ["journal", "journal"], "each decision once, and no picture"
