"""How tests have an account erased: over the API, with the job run by hand."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.core.db import execute, fetch
from app.core.receipts import ERASURE
from app.core.signing import Signer
from tests.fakes.server import Json, RunningServer
from tests.privacy.asking import submit
from tests.schema.world import key_of
from workers.runner import Runner


async def asked_to_erase(server: RunningServer, token: str, **given: Any) -> Json:
    """Ask for an erasure; return the request."""
    payload = await submit(server, token, "ERASURE", **given)
    assert payload["errors"] == []
    request: Json = payload["request"]
    return request


async def job_of(request: str) -> Mapping[str, Any]:
    """Return the row of the job of a request."""
    [row] = await fetch(
        "SELECT j.* FROM jobs j JOIN privacy_requests r ON r.job_id = j.id WHERE r.id = $1", UUID(key_of(request))
    )
    return row


async def carried_out(runner: Runner, request: str, times: int = 4) -> str:
    """Let the grace pass and run the job until it waits for nobody here; return where the request stands."""
    for _ in range(times):
        await execute("UPDATE jobs SET run_after = now() WHERE state = 'QUEUED'")
        job = await job_of(request)
        await runner.run(job["id"], job["attempt"])
        if (status := await status_of(request)) not in ("VERIFIED", "IN_PROGRESS"):
            return status
        await sent(runner)
    return status


async def sent(runner: Runner) -> None:
    """Send the mail that waits."""
    rows = await fetch("SELECT id, attempt FROM jobs WHERE kind = 'mail.send' AND state = 'QUEUED'")
    await asyncio.gather(*(runner.run(row["id"], row["attempt"]) for row in rows))


async def status_of(request: str) -> str:
    """Return where a request stands."""
    [row] = await fetch("SELECT status FROM privacy_requests WHERE id = $1", UUID(key_of(request)))
    return str(row["status"])


async def receipt_of(request: str, signer: Signer) -> dict[str, Any]:
    """Return what the receipt says, which is the one of an erasure."""
    [row] = await fetch("SELECT receipt FROM privacy_requests WHERE id = $1", UUID(key_of(request)))
    return signer.verify(row["receipt"], ERASURE)


async def counts_of(request: str) -> dict[str, int]:
    """Return how much each step did, of those that did something."""
    rows = await fetch(
        "SELECT holder, count FROM privacy_request_steps WHERE request_id = $1 AND count > 0", UUID(key_of(request))
    )
    return {row["holder"]: row["count"] for row in rows}
