"""Pictures from any server that speaks OpenAI's image API."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Self

import httpx

from app.core.personal_data import Activity
from app.generation.engines.base import (
    Capabilities,
    Compute,
    EngineError,
    Event,
    FaceNotAllowed,
    Notes,
    Order,
    RetentionProof,
)
from app.generation.engines.openai import wording
from app.generation.engines.openai.client import Conversation, connected
from app.generation.engines.openai.gathering import gather
from app.generation.engines.openai.settings import NAME, OpenAISettings
from app.generation.engines.openai.wire import EXTENSIONS, Wanted
from app.processors.addresses import Resolve, resolve
from app.processors.errors import DisclosureRefused, FaceWithoutProof
from app.processors.fetcher import Fetcher, Origin
from app.processors.register import Disclosed, Processor, Register
from app.processors.service import Gate


class OpenAIEngine:
    """One configured server. Holds nothing between two orders but the certificates that it trusts."""

    name = NAME
    title = "OpenAI-compatible"

    def __init__(self, settings: OpenAISettings, gate: Gate, resolve: Resolve = resolve) -> None:
        self._settings = settings
        self._gate = gate
        self._tls = httpx.create_ssl_context(trust_env=False)
        self._fetcher = Fetcher(
            max_bytes=settings.max_answer_bytes,
            timeout=settings.timeout,
            trusted=Origin.of(settings.url),
            tls=self._tls,
            resolve=resolve,
        )

    @classmethod
    def configured(cls) -> Self:
        """Build from the environment. Raises ConfigurationError, which names what is missing."""
        settings = OpenAISettings.load()
        return cls(settings, Gate(Register([settings.processor])))

    @property
    def processor(self) -> Processor | None:
        """Who gets what is ordered."""
        return self._settings.processor

    @property
    def description(self) -> str:
        """Who makes the pictures, and where."""
        where = self._settings.processor
        place = "on this machine" if self._settings.is_local else f"of {where.operator} ({where.country})"
        return f"Pictures by the model {self._settings.model}, on a server {place}."

    @property
    def capabilities(self) -> Capabilities:
        """What the settings say that the server can do."""
        return self._settings.capabilities

    @property
    def retention(self) -> RetentionProof | None:
        """The agreement that the settings name: this API has no per-request promise."""
        promise = self._settings.promise
        return RetentionProof(promise.statement, promise.source) if promise else None

    async def warm(self, compute: Compute) -> None:
        """Nothing to load."""

    async def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Ask for each picture of `order`; closing the generator closes the connections, so the server can stop.

        Pictures come in the order in which they are finished. Raises EngineError.
        """
        words = wording.neutralised(order.prompt)
        self._check(order, words.prompt)
        if words.sentences:
            yield Notes(words.sentences)
        wanted = [Wanted(order, words.prompt, index) for index in order.indexes]
        settings = self._settings
        try:
            async with (
                self._gate.disclose(
                    NAME, Activity.IMAGE_GENERATION, order.person, disclosed(order), order.about
                ) as sending,
                connected(settings, self._tls) as client,
            ):
                talk = Conversation(client, settings, self._fetcher, sending)
                async with aclosing(gather(talk, wanted, settings, compute)) as events:
                    async for event in events:
                        yield event
        except FaceWithoutProof as error:
            raise FaceNotAllowed from error
        except DisclosureRefused as error:
            raise EngineError("This engine may not be given what was ordered: choose another one.") from error

    def _check(self, order: Order, prompt: str) -> None:
        if not prompt:
            raise EngineError("The prompt held nothing but commands: say who should be in the picture.")
        if len(order.references) > self._settings.max_references:
            raise EngineError(f"This engine takes at most {self._settings.max_references} reference pictures.")
        if any(reference.content_type not in EXTENSIONS for reference in order.references):
            raise EngineError("Reference pictures are PNG, JPEG or WebP.")


def disclosed(order: Order) -> frozenset[Disclosed]:
    """Return the kinds of data that leave with an order."""
    found = {Disclosed.PROMPT}
    if order.subject is not None:
        found.add(Disclosed.PSEUDONYM)
    if order.references:
        found.add(Disclosed.REFERENCE)
    if any(reference.has_face for reference in order.references):
        found.add(Disclosed.FACE)
    return frozenset(found)
