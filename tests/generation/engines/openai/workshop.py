"""The engine against its fake server."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from app.generation.engines.base import Event, ImageReady, Order, Preview
from app.generation.engines.openai import OpenAIEngine
from app.generation.engines.openai.settings import OpenAISettings
from app.processors.register import Register
from app.processors.service import Gate
from tests.conftest import inline
from tests.fakes.openai_server import KEY, FakeOpenAI

PROMPT = "a smiling person"


def settings_of(fake: FakeOpenAI, **changes: Any) -> OpenAISettings:
    """Return settings for the fake: small pictures, hardly any waiting."""
    values: dict[str, Any] = {
        "base_url": fake.base_url,
        "api_key": KEY,
        "model": "a-model",
        "min_side": 64,
        "max_side": 512,
        "side_step": 8,
        "max_references": 4,
        "retry_delay": 0.001,
        "timeout": 10.0,
    }
    settings = OpenAISettings(**{**values, **changes})
    assert settings.problems() == []
    return settings


def engine_of(fake: FakeOpenAI, **changes: Any) -> OpenAIEngine:
    """Return the engine for the fake."""
    settings = settings_of(fake, **changes)
    return OpenAIEngine(settings, Gate(Register([settings.processor])))


def an_order(*indexes: int, prompt: str = PROMPT, **changes: Any) -> Order:
    """Return an order of small pictures."""
    return Order("the-key", prompt, 7, 64, 72, indexes or (0,), subject="a-pseudonym", **changes)


async def run(engine: OpenAIEngine, order: Order) -> list[Event]:
    """Return all events."""
    events: list[Event] = []
    await collect(engine, order, events)
    return events


async def collect(engine: OpenAIEngine, order: Order, events: list[Event]) -> None:
    """Add events to the list, also those before an error."""
    stream: AsyncGenerator[Event, None] = engine.run(order, inline)
    async with aclosing(stream):
        async for event in stream:
            events.append(event)


def ready(events: list[Event]) -> list[int]:
    """Return the indexes of finished pictures, in order of index."""
    return sorted(event.index for event in events if isinstance(event, ImageReady))


def previews(events: list[Event]) -> list[int]:
    """Return the index of each preview."""
    return [event.index for event in events if isinstance(event, Preview)]
