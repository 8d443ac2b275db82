"""A person's cap: nobody starves the others."""

from datetime import timedelta

from app.core import jobs
from app.core.db import execute, fetch
from tests.fakes.engines import FaultyEngine
from tests.generation.workshop import Bench


async def test_a_person_has_only_so_many_generations_running_and_the_rest_wait_their_turn(
    bench: Bench, faulty: FaultyEngine
) -> None:
    running, second, third = [await bench.create() for _ in range(3)]
    await execute("UPDATE generations SET status = 'RUNNING', started_at = now() WHERE id = ANY($1)", [running, second])

    job = await bench.job(third)
    await bench.runner().run(job["id"], 0)

    after = await bench.job(third)
    assert (await bench.generation(third))["status"] == "QUEUED"
    assert (after["state"], after["failures"], after["lease_until"]) == ("QUEUED", 0, None)
    assert after["run_after"] > job["run_after"]
    assert faulty.calls == []

    await execute("UPDATE generations SET status = 'SUCCEEDED' WHERE id = $1", running)
    await execute("UPDATE jobs SET run_after = now() WHERE id = $1", job["id"])
    assert job["id"] in {job_id for _, job_id, _ in await jobs.claim_due(timedelta(0))}
    await bench.runner().run(job["id"], after["attempt"])

    assert (await bench.generation(third))["status"] == "SUCCEEDED"
    assert len(await fetch("SELECT id FROM generated_images WHERE generation_id = $1", third)) > 0
