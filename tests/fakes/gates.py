"""An engine that waits at a gate, so that a test can do something in the middle of its work."""

import asyncio
from collections.abc import AsyncGenerator

from app.generation.engines import base
from app.generation.engines.base import Compute, Event, Order, RetentionProof
from app.processors.register import Processor
from tests.fakes.engines import CAPABILITIES, paint


class GatedEngine:
    """Before each picture it sets `arrived` and waits for `go`; `closed` counts the orders that ended."""

    name = "gated"
    title = "Gated"
    description = "Waits."
    capabilities = CAPABILITIES
    processor: Processor | None = None
    retention: RetentionProof | None = None

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.go = asyncio.Event()
        self.calls: list[Order] = []
        self.closed = 0

    async def warm(self, compute: Compute) -> None:
        """Nothing to load."""

    async def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Yield a picture for each time that the gate opens."""
        self.calls.append(order)
        try:
            for index in order.indexes:
                self.arrived.set()
                await self.go.wait()
                yield base.ImageReady(index, paint(order.seed, index, order.width, order.height))
        finally:
            self.closed += 1
