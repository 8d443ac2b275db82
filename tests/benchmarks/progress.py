"""Live progress: many subscribers of one process, each with a generation of its own."""

import asyncio
from typing import Any

from app.integrations.valkey import CHANNEL
from tests.benchmarks.population import Populace
from tests.benchmarks.report import Row, Spread, spread
from tests.benchmarks.rig import Rig
from tests.benchmarks.rounds import alternate
from tests.benchmarks.sizes import Size
from tests.benchmarks.traffic import Measurements, compared


async def measure(machine: Rig, populace: Populace, size: Size) -> list[Row]:
    """Return events a second, latency and memory. Each round has fresh processes: memory is not given back."""

    async def run(module: str, *arguments: str) -> dict[str, Any]:
        with machine.web(module, *arguments) as web:
            return await asyncio.to_thread(
                machine.load,
                "tests.benchmarks.socket_load",
                pid=web.process.pid,
                port=web.port,
                valkey=machine.valkey_socket,
                channel=CHANNEL,
                ids=populace.running[: size.subscribers],
                tokens=populace.tokens[: size.subscribers],
                people=[str(person) for person in populace.people[: size.subscribers]],
                keys=[str(key) for key in populace.running_keys[: size.subscribers]],
                seconds=size.seconds,
                pace=size.pace,
            )

    limits, own = await alternate(
        size.rounds, lambda: run("tests.benchmarks.bare_sockets"), lambda: run("app.cli", "serve")
    )
    missing = _each(own, "missing").median
    return [
        compared(f"progress to {size.subscribers:,}, events/s at saturation", limits, own, at_least=0.25),
        Row(f"… p50 at {size.pace:,} events/s, ms", _each(own, "p50"), limit=_each(limits, "p50")),
        Row(
            f"… p99 at {size.pace:,} events/s, ms",
            _each(own, "p99"),
            at_most=25,
            limit=_each(limits, "p99"),
            remarks=[f"{missing:.1%} merged with a later event"] if missing > 0 else [],
        ),
        Row("… KB of memory per subscriber", _each(own, "kilobytes"), at_most=75, limit=_each(limits, "kilobytes")),
    ]


def _each(measured: Measurements, name: str) -> Spread:
    return spread([each[name] for each in measured])
