"""Requests a second: ours against the bare handler's."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.report import Row, WrongAnswer, spread
from tests.benchmarks.rig import Rig, Web
from tests.benchmarks.rounds import alternate
from tests.benchmarks.sizes import Size

SATURATED = 0.85
"""A server that is less busy than this waits for something else: what sends the load, or the database."""

Measured = dict[str, Any]
Measurements = Sequence[Measured]


@dataclass(frozen=True, slots=True)
class Target:
    """A server, the requests that it gets, and what tells right answers from wrong ones."""

    web: Web
    requests: Sequence[str]
    wanted: str
    unwanted: str


async def throughput(machine: Rig, size: Size, what: str, limit: Target, ours: Target, at_least: float) -> Row:
    """Return the row. Raises WrongAnswer."""

    async def run(target: Target) -> Measured:
        measured = await asyncio.to_thread(
            machine.load,
            "tests.benchmarks.http_load",
            requests=target.requests,
            wanted=target.wanted,
            unwanted=target.unwanted,
            pid=target.web.process.pid,
            port=target.web.port,
            connections=size.connections,
            warmup=size.seconds / 4,
            seconds=size.seconds,
        )
        if measured["wrong"] is not None:
            raise WrongAnswer(f"{what}: {measured['wrong']}")
        return measured

    limits, own = await alternate(size.rounds, lambda: run(limit), lambda: run(ours))
    return compared(what, limits, own, at_least)


def compared(what: str, limits: Measurements, own: Measurements, at_least: float) -> Row:
    """Return the row of what both do in a second.

    Where one of them did not have its core for itself, the ratio per second of its CPU says more, so that is told too.
    """
    remarks = [*_idle("limit", limits), *_idle("ours", own)]
    if remarks:
        by_cpu = [_per_cpu(one) / _per_cpu(other) for one, other in zip(own, limits, strict=True)]
        remarks.append(f"÷ limit per second of CPU: {spread(by_cpu)}")
    return Row(
        what,
        ours=spread([each["per_second"] for each in own]),
        limit=spread([each["per_second"] for each in limits]),
        ratio=spread([one["per_second"] / other["per_second"] for one, other in zip(own, limits, strict=True)]),
        at_least=at_least,
        remarks=remarks,
    )


def _per_cpu(measured: Measured) -> float:
    return float(measured["per_second"] / max(measured["server_busy"], 0.01))


def _idle(name: str, measured: Measurements) -> list[str]:
    """Say it where the server was not what was measured."""
    server, load = (spread([each[key] for each in measured]).median for key in ("server_busy", "load_busy"))
    if server >= SATURATED:
        return []
    return [f"{name}: server busy {server:.0%}, load {load:.0%}: something else held it back"]
