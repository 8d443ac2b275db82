"""Every engine passes the contract suite, and the suite fails on an engine that breaks a rule."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from app.generation.engines import base
from app.generation.engines.base import Compute, Engine, EngineError, Event, ImageReady, Order, Preview, Progress
from app.generation.engines.registry import AVAILABLE
from app.media.pool import ProcessCompute
from tests.conftest import inline
from tests.contracts import engines as contract
from tests.contracts.engines import BrokenContract, an_order
from tests.fakes.engines import FaultyEngine, SlowEngine, paint
from tests.fakes.openai_server import FakeOpenAI
from tests.generation.engines.openai.workshop import engine_of

MAX_LAG = 0.2
"""Seconds that an engine may keep the event loop from everybody else."""

MAKE: dict[str, Callable[[], Engine]] = {**AVAILABLE, "slow": lambda: SlowEngine(2, 0.0), "faulty": FaultyEngine}
AT_A_SERVER: dict[str, Callable[[FakeOpenAI], Engine]] = {
    "openai": lambda server: engine_of(server, partial_images=2, seeded=True)
}
"""Engines that are given a fake to talk to."""
NO_PREVIEWS = {"faulty"}
"""Sends bad previews on purpose."""


@pytest.fixture(params=MAKE)
def engine(request: pytest.FixtureRequest, openai_server: FakeOpenAI, ledger: str) -> Engine:
    """Each engine there is."""
    if make := AT_A_SERVER.get(request.param):
        return make(openai_server)
    return MAKE[request.param]()


def test_an_engine_says_what_it_is(engine: Engine) -> None:
    contract.check_capabilities(engine)
    contract.check_presentation(engine)
    contract.check_retention(engine)


@pytest.mark.parametrize("indexes", [(0,), (0, 1), (1, 3)])
async def test_an_order_is_filled(engine: Engine, indexes: tuple[int, ...]) -> None:
    run = await contract.run(engine, an_order(engine, indexes), inline)
    contract.check_run(engine, run, previews=engine.name not in NO_PREVIEWS)


async def test_every_style_and_a_negative_prompt_is_filled(engine: Engine) -> None:
    for style in engine.capabilities.styles:
        order = replace(an_order(engine, (0,)), style=style)
        if engine.capabilities.negative_prompt:
            order = replace(order, negative_prompt="glasses")
        contract.check_run(engine, await contract.run(engine, order, inline), previews=engine.name not in NO_PREVIEWS)


async def test_the_same_order_gives_the_same_pictures(engine: Engine) -> None:
    await contract.check_determinism(engine, inline)
    await contract.check_subset(engine, inline)


async def test_closing_stops_the_work(engine: Engine) -> None:
    await contract.check_closing(engine, inline)


async def test_nothing_runs_long_on_the_event_loop(engine: Engine) -> None:
    async with ProcessCompute(workers=1, timeout=60) as compute:
        await compute.warm()
        lags: list[float] = []
        while not lags or (lags[-1] >= MAX_LAG and len(lags) < 8):  # a busy machine is late too, but not every time
            lag = asyncio.create_task(longest_lag())
            await asyncio.sleep(0)
            await engine.warm(compute)
            contract.check_outcomes(await contract.run(engine, an_order(engine, (0, 1)), compute))
            lag.cancel()
            lags.append(await lag)
    assert min(lags) < MAX_LAG


async def longest_lag() -> float:
    """Return, when cancelled, by how much the loop was late at the most."""
    longest = 0.0
    with suppress(asyncio.CancelledError):
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.002)
            longest = max(longest, time.perf_counter() - before - 0.002)
    return longest


async def test_the_measure_of_lag_notices_an_engine_that_keeps_the_loop() -> None:
    lag = asyncio.create_task(longest_lag())
    await asyncio.sleep(0.01)
    time.sleep(MAX_LAG + 0.05)  # noqa: ASYNC251 - this is what no engine may do
    await asyncio.sleep(0.01)
    lag.cancel()
    assert await lag > MAX_LAG


@pytest.mark.parametrize("word", ["unavailable", "refused"])
async def test_what_an_engine_raises_is_an_engine_error_that_can_be_shown(word: str) -> None:
    order = replace(an_order(FaultyEngine(), (0,)), prompt=f"{word} person")
    with pytest.raises(EngineError) as failed:
        await contract.run(FaultyEngine(), order, inline)
    assert failed.value.message.endswith(".")
    assert failed.value.code != EngineError.code


class Broken(SlowEngine):
    """Breaks one rule: it changes what a good engine yields."""

    def __init__(self, change: Callable[[list[Event]], list[Event]]) -> None:
        super().__init__(2, 0.0)
        self._change = change

    async def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Yield the changed events."""
        for event in self._change([event async for event in super().run(order, compute)]):
            yield event


def without(kind: type[Event]) -> Callable[[list[Event]], list[Event]]:
    return lambda events: [event for event in events if not isinstance(event, kind)]


def resized(events: list[Event]) -> list[Event]:
    return [replace(event, content=paint(1, 1, 8, 8)) if isinstance(event, ImageReady) else event for event in events]


def previewed(content: bytes) -> Callable[[list[Event]], list[Event]]:
    return lambda events: [replace(e, content=content) if isinstance(e, Preview) else e for e in events]


BROKEN: dict[str, Callable[[list[Event]], list[Event]]] = {
    "progress is within 0 and 1": lambda events: [Progress(-0.1, "x"), *events],
    "progress never falls": lambda events: [Progress(0.9, "x"), *events],
    "progress ends at 1": lambda events: [e for e in events if not (isinstance(e, Progress) and e.fraction == 1)],
    "notes come at most once": lambda events: [base.Notes(("One.",)), base.Notes(("Two.",)), *events],
    "notes say it": lambda events: [base.Notes(()), *events],
    "each index has exactly one outcome": lambda events: [*events, events[-1]],
    "each index has exactly one outcome ": without(ImageReady),
    "it ends after the last outcome": lambda events: [*events, Progress(1.0, "x")],
    "a rejection says where and why": lambda events: [
        base.ImageRejected(e.index, "somewhere", ()) if isinstance(e, ImageReady) else e for e in events
    ],
    "a picture has exactly the ordered size": resized,
    "previews come where they were promised": without(Preview),
    "a preview is of an ordered picture": lambda events: [Preview(3, paint(1, 1, 8, 8)), *events],
    "a preview is a small picture": previewed(b"no picture"),
    "a preview is a small picture ": previewed(paint(1, 1, 257, 8)),
}


@pytest.mark.parametrize("rule", BROKEN)
async def test_the_suite_fails_on_an_engine_that_breaks(rule: str) -> None:
    engine = Broken(BROKEN[rule])
    run = await contract.run(engine, an_order(engine, (0, 1)), inline)
    with pytest.raises(BrokenContract, match=rule.strip()):
        contract.check_run(engine, run)


async def test_the_suite_passes_the_engine_that_the_broken_ones_are_made_of() -> None:
    engine = Broken(list)
    contract.check_run(engine, await contract.run(engine, an_order(engine, (0, 1)), inline))


async def test_the_suite_fails_on_an_error_that_is_no_engine_error() -> None:
    order = replace(an_order(FaultyEngine(), (0,)), prompt="bug person")
    with pytest.raises(BrokenContract, match="errors are EngineErrors"):
        await contract.run(FaultyEngine(), order, inline)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"min_side": 0}, "sides are a range"),
        ({"min_side": 1024}, "sides are a range"),
        ({"side_step": 7}, "sides fit the step"),
        ({"max_count": 0}, "at least one"),
        ({"max_prompt_length": 0}, "prompt"),
        ({"styles": ("a", "a")}, "styles"),
    ],
)
def test_the_suite_fails_on_capabilities_that_make_no_sense(change: dict[str, object], rule: str) -> None:
    engine = SlowEngine()
    engine.capabilities = replace(engine.capabilities, **change)  # type: ignore[arg-type]
    with pytest.raises(BrokenContract, match=rule):
        contract.check_capabilities(engine)


def test_the_suite_fails_on_a_proof_or_a_name_that_says_nothing() -> None:
    engine = SlowEngine()
    engine.retention, engine.name = base.RetentionProof("", ""), "Two Words"
    with pytest.raises(BrokenContract, match="retention"):
        contract.check_retention(engine)
    with pytest.raises(BrokenContract, match="plain word"):
        contract.check_presentation(engine)


class Restless(SlowEngine):
    """Gives other pictures each time, and does not stop when it is closed."""

    def __init__(self) -> None:
        super().__init__(1, 0.0)
        self.orders = 0

    async def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Yield what depends on how often it was asked, or on which indexes."""
        self.orders += 1
        for index in order.indexes:
            yield ImageReady(index, paint(self.orders, index, order.width, order.height))


async def test_the_suite_fails_on_pictures_that_depend_on_more_than_the_order() -> None:
    with pytest.raises(BrokenContract, match="same order"):
        await contract.check_determinism(Restless(), inline)
    with pytest.raises(BrokenContract, match="subset"):
        await contract.check_subset(Restless(), inline)


class Hasty(SlowEngine):
    """Computes everything before it yields anything."""

    async def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Yield what was made before."""
        for event in [event async for event in super().run(order, compute)]:
            yield event


async def test_the_suite_fails_on_an_engine_that_cannot_be_stopped() -> None:
    with pytest.raises(BrokenContract, match="stops its work"):
        await contract.check_closing(Hasty(2, 0.0), inline)
