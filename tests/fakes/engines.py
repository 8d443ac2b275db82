"""Engines for tests: one that takes its time, one that misbehaves in every way that the contract allows for."""

import asyncio
import io
from collections.abc import AsyncGenerator

from PIL import Image

from app.core.personal_data import Activity
from app.generation.engines import base
from app.generation.engines.base import Capabilities, Compute, Event, Order, RetentionProof
from app.processors.register import LOCAL, Disclosed, Processor, Proof, RetentionPromise, Role, Transfer

CAPABILITIES = Capabilities(
    min_side=64,
    max_side=512,
    side_step=8,
    max_count=4,
    max_prompt_length=500,
    styles=("plain",),
    negative_prompt=True,
    previews=True,
    max_references=2,
)


def paint(seed: int, index: int, width: int, height: int) -> bytes:
    """Return a PNG of one colour that tells seed and index."""
    colour = (seed % 256, index * 60 % 256, (seed >> 8) % 256)
    output = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(output, "PNG", compress_level=1)
    return output.getvalue()


SLOW = Processor(
    name="slow",
    operator="ourselves",
    role=Role.OURSELVES,
    purpose="Takes its time.",
    activities=frozenset({Activity.IMAGE_GENERATION}),
    categories=frozenset({Disclosed.PROMPT}),
    country=LOCAL,
    transfer=Transfer.NONE_NEEDED,
    retention=RetentionPromise("It forgets.", Proof.NONE, "its word"),
)


class SlowEngine:
    """Makes each picture in `steps` steps of `pause` seconds."""

    name = "slow"
    title = "Slow"
    description = "Takes its time."
    processor: Processor | None = SLOW
    capabilities = CAPABILITIES
    retention: RetentionProof | None = RetentionProof("Nothing leaves.", "nothing leaves")

    def __init__(self, steps: int = 4, pause: float = 0.05) -> None:
        self.steps = steps
        self.pause = pause

    async def warm(self, compute: Compute) -> None:
        """Nothing to load."""

    async def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Yield progress and a preview for each step."""
        total = len(order.indexes) * self.steps
        done = 0
        for index in order.indexes:
            for _ in range(self.steps):
                await asyncio.sleep(self.pause)
                done += 1
                yield base.Progress(done / total, "drawing")
                yield base.Preview(index, await compute(paint, order.seed, index, 16, 16))
            yield base.ImageReady(index, await compute(paint, order.seed, index, order.width, order.height))


class FaultyEngine:
    """Does what the first word of the prompt says; without such a word it behaves."""

    name = "faulty"
    title = "Faulty"
    description = "Misbehaves on demand."
    processor: Processor | None = None
    capabilities = CAPABILITIES
    retention: RetentionProof | None = None

    def __init__(self) -> None:
        self.calls: list[Order] = []

    async def warm(self, compute: Compute) -> None:
        """Nothing to load."""

    async def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Fail, reject or break off as told."""
        self.calls.append(order)
        match order.prompt.split()[0]:
            case "unavailable":
                raise base.EngineUnavailable("The engine is away: try again later.")
            case "once" if len(self.calls) == 1:
                yield base.ImageReady(0, paint(order.seed, 0, order.width, order.height))
                raise base.EngineUnavailable("The engine is away: try again later.")
            case "refused":
                raise base.OrderRejected("The prompt was refused: change it.", categories=("violence",))
            case "bug":
                raise KeyError("a bug, with a secret in its text")
            case "garbage":
                yield base.ImageReady(0, b"this is no picture")
            case "small":
                yield base.ImageReady(0, paint(order.seed, 0, 8, 8))
            case "short":
                yield base.ImageReady(0, paint(order.seed, 0, order.width, order.height))
            case "flagged":
                yield base.ImageRejected(0, "output", ("nudity",))
                for index in order.indexes[1:]:
                    yield base.ImageReady(index, paint(order.seed, index, order.width, order.height))
            case "all-flagged":
                for index in order.indexes:
                    yield base.ImageRejected(index, "output", ("nudity",))
            case _:
                yield base.Notes(("It paints one colour only.",))
                for index in order.indexes:
                    yield base.Preview(index, b"no preview either")
                    yield base.ImageReady(index, paint(order.seed, index, order.width, order.height))
