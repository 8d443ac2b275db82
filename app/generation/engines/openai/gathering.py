"""Several requests at once, one stream of events: what one picture meets is no matter of the others."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from app.generation.engines.base import (
    Compute,
    EngineError,
    Event,
    ImageReady,
    ImageRejected,
    OrderRejected,
    Preview,
    Progress,
)
from app.generation.engines.openai.client import Conversation
from app.generation.engines.openai.failures import Refused
from app.generation.engines.openai.preview import small
from app.generation.engines.openai.settings import OpenAISettings
from app.generation.engines.openai.stream import Partial
from app.generation.engines.openai.wire import Wanted
from app.media.errors import UnreadablePicture

STAGE = "drawing"

log = structlog.get_logger(__name__)

News = tuple[int, Partial | bytes | Exception]
"""What is heard of one index: an unfinished picture, the finished one, or why there is none."""


@dataclass(slots=True)
class _Tally:
    """What has become of each picture."""

    shares: dict[int, float]
    refused: list[ImageRejected] = field(default_factory=list)
    """Refused for what was put in; held back until it is known whether that holds for all of them."""
    failures: list[Exception] = field(default_factory=list)
    open: int = 0

    def progress(self, index: int, share: float) -> Progress:
        """Note how far one picture is, 0 to 1."""
        self.shares[index] = max(self.shares[index], share)
        return Progress(sum(self.shares.values()) / len(self.shares), STAGE)


async def gather(
    conversation: Conversation, wanted: Sequence[Wanted], settings: OpenAISettings, compute: Compute
) -> AsyncGenerator[Event, None]:
    """Yield progress, previews and one outcome for each picture, at most `settings.parallel` of them at work.

    A picture that fails in a way that may pass does not stop the others; its error is raised after them, so that a
    retry asks for what is missing. Any other error ends all at once. Raises OrderRejected where every picture was
    refused for what was put in. Closing it cancels every request.
    """
    tally = _Tally(dict.fromkeys((one.index for one in wanted), 0.0), open=len(wanted))
    news: asyncio.Queue[News] = asyncio.Queue()
    limit = asyncio.Semaphore(settings.parallel)
    tasks = [asyncio.create_task(_draw(conversation, one, news, limit)) for one in wanted]
    try:
        while tally.open:
            index, what = await news.get()
            if isinstance(what, Partial):
                share = min(1.0, (what.ordinal + 1) / (settings.partial_images + 1))
                yield tally.progress(index, share)
                if (preview := await _preview(index, what, wanted[0], compute)) is not None:
                    yield preview
                continue
            for event in _outcome(tally, index, what):
                yield event
    finally:
        await _stopped(tasks)
    for event in _end(tally):
        yield event


async def _draw(
    conversation: Conversation, wanted: Wanted, news: asyncio.Queue[News], limit: asyncio.Semaphore
) -> None:
    what: bytes | Exception
    try:
        async with limit:
            what = await conversation.draw(wanted, lambda partial: news.put_nowait((wanted.index, partial)))
    except Exception as error:  # noqa: BLE001 - raised again by whoever reads the news
        what = error
    news.put_nowait((wanted.index, what))


async def _preview(index: int, partial: Partial, wanted: Wanted, compute: Compute) -> Preview | None:
    """Return a small picture; one that cannot be read is left out."""
    try:
        return Preview(index, await compute(small, partial.content, wanted.order.width * wanted.order.height))
    except UnreadablePicture:
        log.warning("engine.unreadable_preview")
        return None


def _outcome(tally: _Tally, index: int, what: bytes | Exception) -> Iterable[Event]:
    tally.open -= 1
    if isinstance(what, Refused):
        yield tally.progress(index, 1.0)
        rejected = ImageRejected(index, what.stage, what.categories)
        if what.stage == "input":
            tally.refused.append(rejected)
        else:
            yield rejected
    elif isinstance(what, EngineError) and what.retryable:
        tally.failures.append(what)
    elif isinstance(what, Exception):
        raise what
    else:
        yield tally.progress(index, 1.0)
        yield ImageReady(index, what)


def _end(tally: _Tally) -> Iterable[Event]:
    if tally.refused and len(tally.refused) == len(tally.shares):
        categories = dict.fromkeys(category for rejected in tally.refused for category in rejected.categories)
        raise OrderRejected(
            "The image server's safety check refused the prompt: change it and try again.",
            stage="input",
            categories=tuple(categories),
        )
    yield from tally.refused
    if tally.failures:
        raise tally.failures[0]


async def _stopped(tasks: Iterable[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
