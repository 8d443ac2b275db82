"""Idempotency keys as a client meets them: over HTTP, all at once, and again."""

import asyncio
from typing import Any

from app.core.db import fetch
from tests.fakes.server import CREATE, RunningServer

KEY = "one wish"


async def made() -> tuple[int, int, int]:
    """Return how many generations, jobs and events there are."""
    [row] = await fetch(
        """SELECT (SELECT count(*) FROM generations) AS generations, (SELECT count(*) FROM jobs) AS jobs,
                  (SELECT count(*) FROM feed_entries) AS events"""
    )
    return row["generations"], row["jobs"], row["events"]


async def test_a_hundred_identical_requests_at_once_make_one_generation(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()

    payloads = await asyncio.gather(*(server.create(token, key=KEY) for _ in range(100)))

    ids = {payload["generation"]["id"] for payload in payloads if payload["generation"]}
    errors = {error["code"] for payload in payloads for error in payload["errors"]}
    assert all(bool(payload["generation"]) is not bool(payload["errors"]) for payload in payloads)
    assert len(ids) == 1
    assert errors <= {"IDEMPOTENCY_IN_PROGRESS"}
    assert await made() == (1, 1, 1)
    assert (await server.create(token, key=KEY))["generation"]["id"] in ids
    assert await made() == (1, 1, 1)


async def test_another_input_under_the_key_is_refused_and_makes_nothing(server: RunningServer) -> None:
    server.queue.work_with(None)
    token, eve = await server.sign_up("ada"), await server.sign_up("eve")
    first = (await server.create(token, key=KEY, seed="7"))["generation"]["id"]

    changes: list[dict[str, Any]] = [{"prompt": "somebody else"}, {"seed": "8"}, {"count": 2}, {"visibility": "PUBLIC"}]
    for change in changes:
        refused = await server.create(token, key=KEY, **{"seed": "7", **change})
        assert refused["generation"] is None
        [error] = refused["errors"]
        assert (error["__typename"], error["code"]) == ("IdempotencyError", "IDEMPOTENCY_MISMATCH")
        assert error["path"] == ["idempotencyKey"]
    assert await made() == (1, 1, 1)
    assert (await server.create(token, key=KEY, seed="7"))["generation"]["id"] == first
    assert (await server.create(eve, key=KEY, seed="7"))["generation"]["id"] != first


async def test_the_order_of_the_input_does_not_matter(server: RunningServer) -> None:
    server.queue.work_with(None)
    token = await server.sign_up()
    generation = {"prompt": "a person", "width": 64, "height": 64, "count": 1}
    inputs = [
        {"generation": generation, "idempotencyKey": KEY},
        {"idempotencyKey": KEY, "generation": dict(reversed(generation.items()))},
    ]

    ids = {
        (await server.data(CREATE, {"input": input}, token))["createGeneration"]["generation"]["id"] for input in inputs
    }

    assert len(ids) == 1
