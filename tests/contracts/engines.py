"""The contract of an engine (`app/generation/engines/base.py`), as checks that any engine can be given to.

Each rule is a function that raises BrokenContract; `tests/contracts/test_engines.py` runs all of them on every engine.
"""

import io
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace

from PIL import Image

from app.generation.engines.base import (
    Compute,
    Engine,
    EngineError,
    Event,
    ImageReady,
    ImageRejected,
    Notes,
    Order,
    Preview,
    Progress,
)

MAX_PREVIEW_SIDE = 256


class BrokenContract(AssertionError):
    """The engine breaks a rule that the message names."""


def demand(condition: object, rule: str) -> None:
    """Raise BrokenContract unless the condition holds."""
    if not condition:
        raise BrokenContract(rule)


@dataclass(frozen=True, slots=True)
class Run:
    """An order and all that came of it."""

    order: Order
    events: tuple[Event, ...]

    def of(self, kind: type[Event]) -> Iterator[Event]:
        """Yield the events of a kind."""
        return (event for event in self.events if isinstance(event, kind))

    @property
    def pictures(self) -> dict[int, bytes]:
        """The finished pictures by index."""
        return {event.index: event.content for event in self.events if isinstance(event, ImageReady)}


def an_order(engine: Engine, indexes: tuple[int, ...], seed: int = 7) -> Order:
    """Return an order within the engine's capabilities, not square where it can be."""
    can = engine.capabilities
    width, height = can.min_side, min(can.max_side, can.min_side + can.side_step)
    return Order("contract", "a smiling person with red hair", seed, width, height, indexes)


async def run(engine: Engine, order: Order, compute: Compute) -> Run:
    """Run an order to its end. Raises BrokenContract where it ends with anything but an EngineError."""
    events: list[Event] = []
    try:
        async with aclosing(engine.run(order, compute)) as stream:
            events.extend([event async for event in stream])
    except EngineError:
        raise
    except Exception as error:
        raise BrokenContract("errors are EngineErrors") from error
    return Run(order, tuple(events))


def check_capabilities(engine: Engine) -> None:
    """What it says that it can do makes sense."""
    can = engine.capabilities
    demand(0 < can.min_side <= can.max_side, "sides are a range")
    demand(
        can.side_step > 0 and can.min_side % can.side_step == 0 == can.max_side % can.side_step, "sides fit the step"
    )
    demand(can.max_count >= 1, "it makes at least one picture")
    demand(can.max_prompt_length >= 1, "it reads a prompt")
    demand(len(set(can.styles)) == len(can.styles) and all(can.styles), "styles are names, each once")


def check_presentation(engine: Engine) -> None:
    """People can be told what it is."""
    demand(engine.name and engine.name == engine.name.lower() and engine.name.isascii(), "its name is a plain word")
    demand(engine.title and engine.description, "it has a title and a description")


def check_retention(engine: Engine) -> None:
    """Its proof that nothing is kept is stated, or it says that there is none."""
    proof = engine.retention
    demand(proof is None or (proof.statement.endswith(".") and proof.source), "a retention proof is stated")


def check_progress(run: Run) -> None:
    """Progress is within 0 and 1, never falls, and ends at 1 where there is any."""
    fractions = [event.fraction for event in run.events if isinstance(event, Progress)]
    demand(all(0 <= fraction <= 1 for fraction in fractions), "progress is within 0 and 1")
    demand(fractions == sorted(fractions), "progress never falls")
    demand(not fractions or fractions[-1] == 1, "progress ends at 1")


def check_notes(run: Run) -> None:
    """Notes come at most once, and are sentences."""
    notes = [event for event in run.events if isinstance(event, Notes)]
    demand(len(notes) <= 1, "notes come at most once")
    demand(
        all(note.sentences and all(sentence.strip() for sentence in note.sentences) for note in notes), "notes say it"
    )


def check_outcomes(run: Run) -> None:
    """Each index has one outcome, and the last one is the last event."""
    outcomes = [event for event in run.events if isinstance(event, ImageReady | ImageRejected)]
    indexes = sorted(event.index for event in outcomes)
    demand(indexes == sorted(run.order.indexes), "each index has exactly one outcome")
    demand(run.events[-1] is outcomes[-1], "it ends after the last outcome")
    for event in outcomes:
        if isinstance(event, ImageRejected):
            demand(event.stage in {"input", "output"} and event.categories, "a rejection says where and why")


def check_pictures(run: Run) -> None:
    """Pictures decode, and have the size that was ordered."""
    for content in run.pictures.values():
        demand(size_of(content) == (run.order.width, run.order.height), "a picture has exactly the ordered size")


def check_previews(engine: Engine, run: Run) -> None:
    """Previews decode and are small; they come where they were promised, and only for what is ordered."""
    previews = [event for event in run.events if isinstance(event, Preview)]
    demand(bool(previews) == engine.capabilities.previews, "previews come where they were promised")
    demand({event.index for event in previews} <= set(run.order.indexes), "a preview is of an ordered picture")
    for event in previews:
        size = size_of(event.content)
        demand(size is not None and max(size) <= MAX_PREVIEW_SIDE, "a preview is a small picture")


def size_of(content: bytes) -> tuple[int, int] | None:
    """Return a picture's size; None where it does not decode."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as picture:
            picture.load()
            return picture.size
    except (OSError, ValueError, SyntaxError):
        return None


def check_run(engine: Engine, run: Run, *, previews: bool = True) -> None:
    """All rules for one run."""
    check_progress(run)
    check_notes(run)
    check_outcomes(run)
    check_pictures(run)
    if previews:
        check_previews(engine, run)


async def check_determinism(engine: Engine, compute: Compute) -> None:
    """The same order gives the same pictures; another seed gives others, and each index its own."""
    order = an_order(engine, (0, 1))
    first, again = [(await run(engine, order, compute)).pictures for _ in range(2)]
    demand(first == again, "the same order gives the same pictures")
    demand(first[0] != first[1], "each index is a picture of its own")
    other = (await run(engine, replace(order, seed=order.seed + 1), compute)).pictures
    demand(other != first, "another seed gives other pictures")


async def check_subset(engine: Engine, compute: Compute) -> None:
    """A retry that asks for some of the indexes gets the same pictures."""
    indexes = tuple(range(min(3, engine.capabilities.max_count)))
    whole = (await run(engine, an_order(engine, indexes), compute)).pictures
    part = (await run(engine, an_order(engine, indexes[1:]), compute)).pictures
    demand(part == {index: whole[index] for index in indexes[1:]}, "a subset of the indexes gives the same pictures")


class CountingCompute:
    """`Compute` that counts the calls."""

    def __init__(self, compute: Compute) -> None:
        self._compute = compute
        self.calls = 0

    async def __call__(self, function, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        """Run it."""
        self.calls += 1
        return await self._compute(function, *args, **kwargs)


async def check_closing(engine: Engine, compute: Compute) -> None:
    """Closing the generator after its first event stops it: no more of it is computed, and nothing more is yielded."""
    counting = CountingCompute(compute)
    stream: AsyncGenerator[Event, None] = engine.run(an_order(engine, (0, 1)), counting)
    await anext(stream)
    await stream.aclose()
    before = counting.calls
    demand([event async for event in stream] == [], "closing the generator stops it")
    demand(counting.calls == before <= 2, "closing the generator stops its work")
