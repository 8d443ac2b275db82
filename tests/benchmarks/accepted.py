"""`createGeneration` a second, on one process. No worker runs: what is measured is accepting."""

import asyncio
from typing import Any

import orjson

from tests.benchmarks.http_load import KEY, request
from tests.benchmarks.population import PROMPT, Populace
from tests.benchmarks.report import Row, WrongAnswer
from tests.benchmarks.rig import Rig, send
from tests.benchmarks.sizes import Size
from tests.benchmarks.traffic import Target, throughput

CREATE = """mutation Create($input: CreateGenerationInput!) {
  createGeneration(input: $input) {
    generation { id status images { id url } } errors { __typename code message path } } }"""
WISH = {"prompt": PROMPT, "width": 1024, "height": 1024, "count": 1}
BODY = orjson.dumps(
    {"query": CREATE, "variables": {"input": {"generation": WISH, "idempotencyKey": KEY.decode()}}},
)
RIGHT = '"status":"QUEUED","images":[]},"errors":[]'
TABLES = ("generations", "jobs", "feed_entries", "idempotency_keys")


async def measure(machine: Rig, populace: Populace, size: Size) -> list[Row]:
    """Return the row."""
    with machine.web("tests.benchmarks.bare") as bare, machine.web("app.cli", "serve") as serve:
        for port, path in ((bare.port, "/create"), (serve.port, "/graphql")):
            await _check_rows(machine, port, path, populace.tokens[0])
        limit = Target(bare, [request(BODY, token, "/create") for token in populace.tokens], RIGHT, '"message"')
        ours = Target(serve, [request(BODY, token) for token in populace.tokens], RIGHT, '"message"')
        return [await throughput(machine, size, "createGeneration accepted/s", limit, ours, at_least=0.25)]


async def _check_rows(machine: Rig, port: int, path: str, token: str) -> None:
    """Raises WrongAnswer where one call does not write one row into each table."""
    connection = await machine.connect()
    try:
        before = await _counts(connection)
        answer = await asyncio.to_thread(
            send, port, path, BODY.replace(KEY, path.encode().ljust(len(KEY), b"-")), token
        )
        written = [after - count for after, count in zip(await _counts(connection), before, strict=True)]
    finally:
        await connection.close()
    if written != [1] * len(TABLES) or RIGHT.encode() not in answer:
        raise WrongAnswer(f"{path} wrote {written} rows into {TABLES} and answered {answer!r:.600}")


async def _counts(connection: Any) -> list[int]:
    return [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]
