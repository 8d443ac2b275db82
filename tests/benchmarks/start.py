"""From accepting `createGeneration` to the worker that starts on it, while nothing else happens."""

import asyncio
import time
from typing import Any

from app.integrations.valkey import health_key
from schema.relay import parse_global_id
from tests.benchmarks.accepted import CREATE
from tests.benchmarks.population import Populace
from tests.benchmarks.report import Row, WrongAnswer, quantile, spread
from tests.benchmarks.rig import CORES, NotStarted, Rig, execute
from tests.benchmarks.sizes import Size

WISH = {"prompt": "a smiling woman with a bun", "width": 256, "height": 256, "count": 1}
DELAY = "SELECT extract(epoch FROM started_at - created_at) * 1000 FROM generations WHERE id = $1 AND status = $2"
END_SECONDS = 90.0
READY_SECONDS = 60.0


async def measure(machine: Rig, populace: Populace, size: Size) -> list[Row]:
    """Return median and 99th percentile, by the database's clock. Web and worker have all cores, as they always do."""
    connection = await machine.connect()
    try:
        with (
            machine.web("app.cli", "serve", cores=set(CORES)) as serve,
            machine.process("app.cli", "worker", cores=set(CORES)),
        ):
            await worker_ready(machine)
            delays = []
            for number in range(size.starts + 1):
                token = populace.tokens[number % len(populace.tokens)]
                delays.append(await _delay(connection, serve.port, token, f"start {number}"))
    finally:
        await connection.close()
    warm = delays[1:]
    what = f"createGeneration → started, {size.starts} times, idle"
    return [
        Row(f"{what}: median, ms", spread([quantile(warm, 0.5)]), at_most=30),
        Row("… p99, ms", spread([quantile(warm, 0.99)]), at_most=150, remarks=[f"slowest {max(warm):.0f}"]),
    ]


async def _delay(connection: Any, port: int, token: str, key: str) -> float:
    """Make a picture, to its end, and return the milliseconds until it was begun."""
    variables = {"input": {"generation": WISH, "idempotencyKey": key}}
    made = (await asyncio.to_thread(execute, port, CREATE, variables, token))["createGeneration"]
    parsed = parse_global_id(made["generation"]["id"])
    assert parsed is not None
    deadline = time.monotonic() + END_SECONDS
    while (delay := await connection.fetchval(DELAY, parsed[1], "SUCCEEDED")) is None:
        if time.monotonic() > deadline:
            raise WrongAnswer(f"a picture was not made within {END_SECONDS:.0f} s")
        await asyncio.sleep(0.02)
    return float(delay)


async def worker_ready(machine: Rig) -> None:
    """Wait until the worker has said that it lives. Raises NotStarted."""
    reader, writer = await asyncio.open_unix_connection(machine.valkey_socket)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            writer.write(f"EXISTS {health_key('interactive')}\r\n".encode())
            if await reader.readline() == b":1\r\n":
                return
            await asyncio.sleep(0.05)
    finally:
        writer.close()
    raise NotStarted("the worker did not say that it lives")
