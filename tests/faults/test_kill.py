"""Processes killed for real: nothing is lost, nothing happens twice."""

import signal
from pathlib import Path

from app.core.db import fetch
from tests.conftest import Servers
from tests.faults.processes import Client, Processes, until

TERMINAL = {"SUCCEEDED", "FAILED"}


async def state_events() -> list[str]:
    """Return the feed's events in order."""
    return [row["type"] for row in await fetch("SELECT type FROM feed_entries ORDER BY sequence")]


async def images_done() -> int:
    """Return how many images are decided."""
    return len(await fetch("SELECT id FROM generated_images"))


async def finished(client: Client, id: str) -> bool:
    """Whether a generation has ended."""
    return await client.status(id) in TERMINAL


async def assert_made_once(count: int, objects: Path) -> None:
    """One set of pictures, one set of events, no stray bytes."""
    assert await state_events() == ["QUEUED", "STARTED", *["IMAGE_READY"] * count, "SUCCEEDED"]
    images = await fetch("SELECT index, picture_id FROM generated_images ORDER BY index")
    assert [image["index"] for image in images] == list(range(count))
    stored = await fetch("SELECT id FROM pictures WHERE state = 'STORED'")
    assert {row["id"] for row in stored} == {image["picture_id"] for image in images}
    for row in stored:
        assert len(list((objects / "pictures" / str(row["id"])).iterdir())) == 3


async def test_another_worker_finishes_what_a_killed_one_began(
    processes: Processes, client: Client, tmp_path: Path
) -> None:
    first = processes.start("tests.fakes.worker", "first", SLOW_PAUSE="1", ANYPEOPLE_JOB_LEASE="4")
    await processes.until_logged("first", "worker.ready")
    id = await client.create("key", count=3)
    second = processes.start("tests.fakes.worker", "second")
    await processes.until_logged("second", "worker.ready")

    async def one_image() -> bool:
        return await images_done() > 0

    await until(one_image, 60, "one image is ready")
    first.send_signal(signal.SIGKILL)
    assert await images_done() < 3

    took = await until(lambda: finished(client, id), 60, "another worker finishes")

    await assert_made_once(3, tmp_path / "objects")
    assert second.poll() is None
    print(f"finished {took:.1f} s after the kill (lease 4 s)")


GENERATIONS_AND_THEIR_JOBS = "SELECT * FROM generations g JOIN jobs j ON j.id = g.job_id ORDER BY j.id"
"""Not the jobs of the clock: those may run at any moment."""


async def test_a_worker_that_stalls_and_wakes_late_changes_nothing(
    processes: Processes, client: Client, tmp_path: Path
) -> None:
    first = processes.start("tests.fakes.worker", "first", SLOW_PAUSE="1")
    await processes.until_logged("first", "worker.ready")
    id = await client.create("key", count=2)

    async def started() -> bool:
        return "STARTED" in await state_events()

    await until(started, 60, "the first worker starts")
    first.send_signal(signal.SIGSTOP)
    processes.start("tests.fakes.worker", "second")
    await until(lambda: finished(client, id), 60, "the second worker finishes")
    before = await fetch(GENERATIONS_AND_THEIR_JOBS)
    first.send_signal(signal.SIGCONT)
    await processes.until_logged("first", "job.lease_lost")

    await assert_made_once(2, tmp_path / "objects")
    assert await fetch(GENERATIONS_AND_THEIR_JOBS) == before


async def test_a_valkey_that_dies_and_comes_back_loses_nothing(
    processes: Processes, client: Client, servers: Servers, tmp_path: Path
) -> None:
    worker = processes.start("tests.fakes.worker", "worker", SLOW_PAUSE="0.1")
    await processes.until_logged("worker", "worker.ready")
    running = await client.create("running", count=2)

    async def started() -> bool:
        return "STARTED" in await state_events()

    await until(started, 60, "the work has begun")
    servers.valkey.kill()
    try:
        waiting = await client.create("while it is away")
        await until(lambda: finished(client, running), 60, "the running job ends without Valkey")
    finally:
        servers.valkey.restart()

    await until(lambda: finished(client, waiting), 60, "the job that was recorded meanwhile is done")
    after = await client.create("afterwards")
    await until(lambda: finished(client, after), 60, "new work is done")
    assert worker.poll() is None
    assert [await client.status(id) for id in (running, waiting, after)] == ["SUCCEEDED"] * 3


async def test_a_worker_that_is_told_to_stop_gives_its_work_back(
    processes: Processes, client: Client, tmp_path: Path
) -> None:
    first = processes.start("tests.fakes.worker", "first", SLOW_PAUSE="1", ANYPEOPLE_SHUTDOWN_GRACE="0.1")
    await processes.until_logged("first", "worker.ready")
    id = await client.create("key", count=2)

    async def started() -> bool:
        return "STARTED" in await state_events()

    await until(started, 60, "the first worker starts")
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert "job.given_back" in processes.log("first")
    [job] = await fetch("SELECT state, failures, lease_until FROM jobs WHERE kind = 'generation.run'")
    assert (job["state"], job["failures"], job["lease_until"]) == ("QUEUED", 0, None)

    processes.start("tests.fakes.worker", "second")
    await until(lambda: finished(client, id), 60, "the second worker finishes")
    await assert_made_once(2, tmp_path / "objects")


async def test_a_job_that_always_fails_ends_with_a_reason(processes: Processes, client: Client) -> None:
    processes.start("tests.fakes.worker", "worker")
    id = await client.create("key", prompt="unavailable person", engine="faulty")

    await until(lambda: finished(client, id), 60, "the job is given up")

    [row] = await fetch("SELECT status, failure_code, failure_message FROM generations")
    assert (row["status"], row["failure_code"]) == ("FAILED", "ENGINE_UNAVAILABLE")
    assert row["failure_message"] == "The engine is away: try again later."
    [job] = await fetch("SELECT state, attempt, error FROM jobs WHERE kind = 'generation.run'")
    assert (job["state"], job["attempt"], job["error"]) == ("FAILED", 4, "ENGINE_UNAVAILABLE")


async def test_canceling_reaches_a_worker_at_once(processes: Processes, client: Client) -> None:
    worker = processes.start(
        "tests.fakes.worker", "worker", SLOW_PAUSE="25", ANYPEOPLE_JOB_RENEWAL="30", ANYPEOPLE_JOB_LEASE="60"
    )
    await processes.until_logged("worker", "worker.ready")
    id = await client.create("key", count=4)

    async def started() -> bool:
        return "STARTED" in await state_events()

    await until(started, 60, "the work has begun")
    cancel = "mutation ($id: ID!) { cancelGeneration(input: {id: $id}) { generation { status } } }"
    answer = await client.execute(cancel, {"id": id})
    took = await until(lambda: "job.lease_lost" in processes.log("worker"), 20, "the worker stops")

    assert answer["cancelGeneration"]["generation"]["status"] == "CANCELED"
    assert await state_events() == ["QUEUED", "STARTED", "CANCELED"]
    assert worker.poll() is None
    print(f"the worker stopped {took * 1000:.0f} ms after the answer")
